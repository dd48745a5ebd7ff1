"""A list of properties handed in: read and compared outside any transaction, kept as a preview, then begun."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from people.rules import Role, SignedIn
from people.tables import Team
from properties import rules, sheet
from properties.clearing import open_to
from properties.comparing import Held, Outcome, Reader, compared
from properties.sheet import NotASheet, TooLong
from properties.tables import ImportChunk, ImportRun, Property
from pwa.answers import NotFound, Refused, Turned
from pwa.outbox import Sent

CHUNK = 100
SHOWN = {"wrong": 200, "changed": 200, "new": 50}
TOO_LARGE = "That file is over 20 MB."
TOO_LONG = "That file has more than 100,000 rows. Split it and import each part."


@dataclass(frozen=True)
class Preview:
    """A file compared with what we hold, not yet stored."""

    outcomes: list[Outcome]
    ignored: list[str]
    held: Held

    def count(self, state: str) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def reader_of(person: SignedIn | None) -> Reader:
    """The command line is used by whoever runs the server, who may do what an administrator may."""
    return Reader(person.role, person.team_id, person.id) if person else Reader(Role.ADMINISTRATOR, None)


async def prepare(person: SignedIn | None, body: bytes) -> Preview:
    """Read and compare a file. Refused when it is no list of properties, 413 when it is too large."""
    if len(body) > sheet.MOST_BYTES:
        raise Turned(413, TOO_LARGE)
    held = await everything_held(person)
    try:
        # In a thread: a long file must not keep the server from answering others.
        return await asyncio.to_thread(_prepared, body, held, reader_of(person))
    except NotASheet as error:
        raise Refused({"file": str(error)}) from error
    except TooLong as error:
        raise Turned(413, TOO_LONG) from error


def _prepared(body: bytes, held: Held, reader: Reader) -> Preview:
    read = sheet.read(body)
    return Preview(compared(read, held, reader), read.ignored, held)


async def everything_held(person: SignedIn | None) -> Held:
    """That this person may know of: beside a confidential home the file says what it would beside none."""
    held = Held(teams={row["name"].lower(): row["id"] for row in await Team.select(Team.id, Team.name)})
    for row in await Property.select().where(
        open_to(person, Property.id) if person else Property.id.is_not_null()
    ):
        held.add(row)
    return held


async def store_preview(sent: Sent, person: SignedIn | None, run_id: UUID, preview: Preview) -> None:
    """Keep what the file would do, so that it can be looked at and then applied."""
    run = ImportRun(
        id=run_id,
        person=person.id if person else None,
        person_name=sent.person_name,
        created_at=sent.received_at,
        shown=json.dumps({"ignored": preview.ignored, **_shown(preview)}),
        new=preview.count("new"),
        changed=preview.count("changed"),
        same=preview.count("same"),
        wrong=preview.count("wrong"),
    )
    await ImportRun.insert(run)
    todo = [outcome.line for outcome in preview.outcomes if outcome.state in ("new", "changed")]
    chunks = [
        ImportChunk(
            run=run_id, number=start, rows=json.dumps([[line.number, line.values] for line in todo[start:end]])
        )
        for start in range(0, len(todo), CHUNK)
        for end in (start + CHUNK,)
    ]
    for start in range(0, len(chunks), CHUNK):
        await ImportChunk.insert(*chunks[start : start + CHUNK])
    sent.note = "previewed an import"


def _shown(preview: Preview) -> dict[str, list[Any]]:
    shown: dict[str, list[Any]] = {state: [] for state in SHOWN}
    for outcome in preview.outcomes:
        rows = shown.get(outcome.state)
        if rows is not None and len(rows) < SHOWN[outcome.state]:
            rows.append([outcome.line.number, outcome.line.title, _said(outcome, preview.held)])
    return shown


def _said(outcome: Outcome, held: Held) -> list[list[str]]:
    if outcome.state == "wrong":
        return [[rules.FIELD_WORDS.get(one.column, ""), one.sentence] for one in outcome.line.mistakes]
    return [
        [rules.FIELD_WORDS[name], _words(name, old, held), _words(name, new, held)]
        for name, old, new in outcome.changes
    ]


def _words(name: str, value: Any, held: Held) -> str:
    if value is None or value == "":
        return ""
    if name == "team":
        return held.team_name(value)
    return (
        {**rules.KIND_WORDS, **rules.USE_WORDS}.get(value, str(value)) if name in ("kind", "use") else str(value)
    )


async def start_import(sent: Sent, person: SignedIn | None, run_id: UUID) -> None:
    """Hand the rows to the engine. Pressing twice starts it once."""
    await run_for(person, run_id)
    await ImportRun.update(
        {
            ImportRun.state: "applying",
            ImportRun.receipt: sent.id,
            ImportRun.captured_at: sent.captured_at,
            ImportRun.started_at: sent.received_at,
        }
    ).where((ImportRun.id == run_id) & (ImportRun.state == "preview"))
    sent.note = "imported properties"


async def run_for(person: SignedIn | None, run_id: UUID) -> ImportRun:
    """An import, for whoever began it: a preview shows homes that others may not know of."""
    run = await ImportRun.objects().get(ImportRun.id == run_id)
    if run is None or (person and run.person != person.id):
        raise NotFound
    return run


def shown(run: ImportRun) -> dict[str, Any]:
    """The first rows of each sort as [row number, title, [[column, before or mistake, after]]]."""
    found: dict[str, Any] = json.loads(run.shown)
    return found


async def runs_of(person: SignedIn, most: int = 5) -> list[dict[str, Any]]:
    """The latest imports this person began."""
    rows: list[dict[str, Any]] = await (
        ImportRun.select()
        .where((ImportRun.person == person.id) & (ImportRun.state != "preview"))
        .order_by(ImportRun.created_at, ascending=False)
        .limit(most)
    )
    return rows
