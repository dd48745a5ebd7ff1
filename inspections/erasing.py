"""Inspections that were kept for as long as the council keeps them, erased whole.

All that belongs to one goes in one transaction with a receipt, so that the chain says that it was erased,
when, and nothing of what it said. Its documents go with it; its photographs are let go of and follow when
nothing else names them.
"""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from documents import commands as documents
from inspections import inventory_queries, reference
from inspections.inventory_tables import InventoryPhoto
from inspections.tables import Completion, Finding, Inspection, InspectionPhoto, Phrase
from media import commands as media
from messages import commands as messages
from properties import hold_commands, hold_queries
from pwa import commands, queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from tasks import commands as tasks

BATCH = 10


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase up to BATCH inspections that were completed, or else started, before that; how many it erased.

    By the server's clock, because a phone's may be years wrong. One waits while the office has still to decide
    about something that came too late for it, or twice, and while its home is on hold. Safe to run twice at once,
    and after a crash at any moment.
    """
    if await _due(before).first() is None:
        return 0
    waiting, erased = await queries.undecided_records("/inspections/"), 0
    for row in await _due(before, waiting, await hold_queries.homes_on_hold()).limit(BATCH):
        words = await _said_nowhere_else(row["id"])
        async with writing():
            # Asked again in the transaction: another engine may have it, or somebody has just completed it.
            mine = await claim(_due(before, waiting).where(Inspection.id == row["id"]))
            if mine and await hold_commands.may_erase(row["property"]):
                sent = from_rule(f"/inspections/{row['id']}", at)
                await once(sent, _erase, row["id"], row["property"], words)
                erased += 1
    return erased


def _due(before: datetime, but: list[UUID] | None = None, homes: list[UUID] | None = None) -> Any:
    since = Completion.select(Completion.inspection).where(Completion.received_at >= before)
    old = Inspection.select(Inspection.id, Inspection.property).where(Inspection.received_at < before)
    old = old.where(Inspection.id.not_in(since.where(Completion.inspection.received_at < before)))
    old = old.where(Inspection.id.not_in(but)) if but else old
    old = old.where(Inspection.property.not_in(homes)) if homes else old
    return old.order_by(Inspection.received_at)


async def _erase(sent: Sent, inspection: UUID, home: UUID, words: Collection[tuple[str, str]]) -> None:
    await media.let_go(await _hashes_of(inspection), sent.received_at)
    await messages.forget(await inventory_queries.messages_of(inspection))
    await commands.forget_bodies(f"/inspections/{inspection}")
    await documents.erase(inspection, sent.received_at)
    await tasks.let_go_of(inspection)
    for what, text in words:
        await Phrase.delete().where((Phrase.what == what) & (Phrase.text == text) & (Phrase.uses > 0))
    # Everything that belongs to it refers to it and goes with it.
    await Inspection.delete().where(Inspection.id == inspection)
    await hold_commands.note_erased(sent, home, "An inspection")
    sent.note = "inspection erased: it was kept as long as it is to be"


async def _hashes_of(inspection: UUID) -> set[str]:
    photos = InspectionPhoto.select(InspectionPhoto.sha256, InspectionPhoto.drawn_from)
    rows = await photos.where(InspectionPhoto.inspection == inspection)
    ends = await Completion.select(Completion.promised).where(Completion.inspection == inspection)
    promised = {sha for row in ends for sha in row["promised"].split()}
    theirs = await inventory_queries.hashes_of(inspection)
    return {sha for row in rows for sha in row.values() if sha} | promised | theirs


async def homes_of(inspections: Collection[UUID]) -> dict[UUID, UUID]:
    """Of those of some inspections that are there, by their id, the home."""
    rows = Inspection.select(Inspection.id, Inspection.property).where(Inspection.id.is_in(sorted(inspections)))
    return {row["id"]: row["property"] for row in (await rows if inspections else [])}


async def photos_named(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that an inspection still names, whether or not it is completed."""
    wanted = sorted(hashes)
    named = InspectionPhoto.sha256.is_in(wanted) | InspectionPhoto.drawn_from.is_in(wanted)
    rows = await InspectionPhoto.select(InspectionPhoto.sha256, InspectionPhoto.drawn_from).where(named)
    theirs = await InventoryPhoto.select(InventoryPhoto.sha256).where(InventoryPhoto.sha256.is_in(wanted))
    found = {sha for row in [*rows, *theirs] for sha in row.values()} & set(hashes)
    if left := set(hashes) - found:
        promises = reduce(or_, (Completion.promised.like(f"%{sha}%") for sha in left))
        for row in await Completion.select(Completion.promised).where(promises):
            found |= left & set(row["promised"].split())
    return found


async def _said_nowhere_else(inspection: UUID) -> list[tuple[str, str]]:
    """Short notes of its findings that are offered as phrases only because of it: (kind of finding, words)."""
    rows = await Finding.select(Finding.what, Finding.note).where(Finding.inspection == inspection)
    said = {(row["what"], _first_line(row["note"])) for row in rows if row["note"].strip()}
    ours = reference.first_phrases()
    return [
        (what, text)
        for what, text in said
        if text not in ours.get(what, ()) and await _only(inspection, what, text)
    ]


async def _only(inspection: UUID, what: str, text: str) -> bool:
    if not await Phrase.exists().where((Phrase.what == what) & (Phrase.text == text)):
        return False
    others = Finding.select(Finding.note).where((Finding.inspection != inspection) & (Finding.what == what))
    like = others.where(Finding.note.like("%" + text.replace("\\", "_") + "%"))
    return all(_first_line(row["note"]) != text for row in await like)


def _first_line(note: str) -> str:
    return note.strip().split("\n")[0]
