"""Applying an import chunk by chunk, so that the server goes on answering and a stop loses nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from people.rules import Role
from people.tables import Person, Team
from properties.clearing import open_for, sent_since
from properties.commands import Act, insert_properties, update_property
from properties.comparing import Held, Reader, decide
from properties.facts import Facts
from properties.importing import reader_of
from properties.sheet import Line
from properties.tables import ImportChunk, ImportRun, Property
from pwa.outbox import writing

FORGOTTEN_AFTER = timedelta(days=7)


async def apply_next(at: datetime, run_id: UUID | None = None) -> int:
    """Apply one chunk of the import that waits longest, or of `run_id`. Rows done; 0 when none waits."""
    waiting = ImportRun.select(ImportRun.id).where(ImportRun.state == "applying").order_by(ImportRun.started_at)
    run_row = await (waiting.where(ImportRun.id == run_id) if run_id else waiting).first()
    if run_row is None:
        return 0
    async with writing():
        # The count is raised first: on PostgreSQL that locks the run, so two engines never share a chunk.
        await ImportRun.update({ImportRun.turns: ImportRun.turns + 1}).where(ImportRun.id == run_row["id"])
        run = await ImportRun.objects().get(ImportRun.id == run_row["id"])
        assert run is not None
        chunk = await ImportChunk.objects().where(ImportChunk.run == run.id).order_by(ImportChunk.number).first()
        rows = json.loads(chunk.rows) if chunk else []
        skipped = await _apply(run, rows, at)
        if chunk:
            await ImportChunk.delete().where(ImportChunk.id == chunk.id)
        left = await ImportChunk.exists().where(ImportChunk.run == run.id)
        await ImportRun.update(
            {
                ImportRun.applied: ImportRun.applied + len(rows),
                ImportRun.skipped: ImportRun.skipped + skipped,
                ImportRun.state: "applying" if left else "done",
                ImportRun.done_at: None if left else at,
            }
        ).where(ImportRun.id == run.id)
    return max(1, len(rows))


async def _apply(run: ImportRun, rows: list[Any], at: datetime) -> int:
    """Each row beside what is held now, not when it was previewed. How many cannot be applied any more."""
    reader = await _reader_for(run)
    held = await _held_for(rows, reader)
    act = Act(run.receipt, run.person_name, run.captured_at or at, at)
    fresh: list[Facts] = []
    skipped = 0
    for number, values in rows:
        outcome = decide(Line(number, values), held, reader)
        if outcome.property_id in held.closed:
            skipped += 1  # whatever the row says of it, so that nothing is learnt from what was left out
        elif outcome.state == "new" and outcome.after:
            fresh.append(outcome.after)
        elif outcome.state == "changed" and outcome.property_id and outcome.before and outcome.after:
            await update_property(outcome.property_id, outcome.before, outcome.after, act)
        elif outcome.state == "wrong":
            skipped += 1
    if fresh:
        await insert_properties(fresh, at)
    return skipped


async def _held_for(rows: list[Any], reader: Reader) -> Held:
    """What we hold of the homes in these rows only, and which of them are not for this reader to know of."""
    held = Held(teams={row["name"].lower(): row["id"] for row in await Team.select(Team.id, Team.name)})
    uprns = [values["uprn"] for _, values in rows if "uprn" in values]
    postcodes = list({values["postcode"] for _, values in rows})
    if uprns:
        for row in await Property.select().where(Property.uprn.is_in(uprns)):
            held.add(row)
    if postcodes:
        for row in await Property.select().where(Property.postcode.is_in(postcodes)):
            held.add(row)
    held.closed = await _closed(held, reader)
    return held


async def _closed(held: Held, reader: Reader) -> set[UUID]:
    ids = {row["id"] for row in (*held.by_uprn.values(), *held.by_address.values())}
    if reader.person is None or not ids:
        return set()
    known = open_for(reader.role, reader.person, reader.team, sent_since(datetime.now(UTC)), Property.id)
    return ids - {
        row["id"] for row in await Property.select(Property.id).where(Property.id.is_in(list(ids)), known)
    }


async def _reader_for(run: ImportRun) -> Reader:
    """The rights of whoever began it, as they are now."""
    if run.person is None:
        return reader_of(None)
    row = await Person.select(Person.role, Person.team).where(Person.id == run.person).first()
    assert row is not None
    return Reader(Role(row["role"]), row["team"], run.person)


async def forget_previews(at: datetime) -> None:
    """A preview nobody applied for a week goes, with the rows it kept."""
    old = await ImportRun.select(ImportRun.id).where(
        (ImportRun.state == "preview") & (ImportRun.created_at < at - FORGOTTEN_AFTER)
    )
    if ids := [row["id"] for row in old]:
        async with writing():
            await ImportChunk.delete().where(ImportChunk.run.is_in(ids))
            await ImportRun.delete().where(ImportRun.id.is_in(ids))
