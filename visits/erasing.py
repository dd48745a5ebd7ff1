"""Photographs of doors that were kept for as long as the council keeps them. The visit itself stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from media import commands as media
from properties import hold_commands, hold_queries
from pwa import commands, queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from visits.tables import Visit, VisitPhoto

BATCH = 10


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase the up to BATCH photographs that came before that; of how many visits it did.

    Their rows stay, emptied, so that a visit can say that there was one. They wait as an inspection does: for the
    office to decide, and for the end of a hold on their home. Safe to run twice at once.
    """
    if not await VisitPhoto.exists().where(_old(before)):
        return 0
    erased = 0
    for visit, home in (await visits_due(VisitPhoto, _old(before))).items():
        async with writing():
            mine = VisitPhoto.select(VisitPhoto.id).where(_old(before) & (VisitPhoto.visit == visit))
            if (rows := await claim(mine)) and await hold_commands.may_erase(home):
                photos = [row["id"] for row in rows]
                await once(from_rule(f"/visits/{visit}", at), _erase, visit, home, photos)
                erased += 1
    return erased


async def visits_due(table: Any, old: Any) -> dict[UUID, UUID]:
    """Visits with rows of a table old enough to erase, and waiting for nothing, by their id; and their homes."""
    home = table.visit.property
    found = table.select(table.visit, home.as_alias("home")).where(old)
    if waiting := await queries.undecided_records("/visits/"):
        found = found.where(table.visit.not_in(waiting))
    if held := await hold_queries.homes_on_hold():
        found = found.where(home.not_in(held))
    rows = await found.order_by(table.received_at).limit(BATCH)
    return {row["visit"]: row["home"] for row in rows}


def _old(before: datetime) -> Any:
    return (VisitPhoto.received_at < before) & VisitPhoto.erased_at.is_null()


async def _erase(sent: Sent, visit: UUID, home: UUID, photos: list[UUID]) -> None:
    these = VisitPhoto.id.is_in(photos)
    rows = await VisitPhoto.select(VisitPhoto.sha256, VisitPhoto.drawn_from).where(these)
    await media.let_go({sha for row in rows for sha in row.values() if sha}, sent.received_at)
    await commands.forget_bodies(f"/visits/{visit}")
    await VisitPhoto.update(
        {
            VisitPhoto.erased_at: sent.received_at,
            VisitPhoto.sha256: "",
            VisitPhoto.drawn_from: "",
            VisitPhoto.caption: "",
            VisitPhoto.taken_at: None,
            VisitPhoto.latitude: None,
            VisitPhoto.longitude: None,
            VisitPhoto.accuracy: None,
            VisitPhoto.doubt: "",
        }
    ).where(these)
    await hold_commands.note_erased(sent, home, "A photo of the door")
    sent.note = "photo of the door erased: it was kept as long as it is to be"


async def homes_of(visits: Collection[UUID]) -> dict[UUID, UUID]:
    """Of those of some visits that are there, by their id, the home."""
    rows = Visit.select(Visit.id, Visit.property).where(Visit.id.is_in(sorted(visits)))
    return {row["id"]: row["property"] for row in (await rows if visits else [])}


async def photos_named(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that a visit still names."""
    wanted = sorted(hashes)
    named = VisitPhoto.sha256.is_in(wanted) | VisitPhoto.drawn_from.is_in(wanted)
    rows = await VisitPhoto.select(VisitPhoto.sha256, VisitPhoto.drawn_from).where(named)
    return {sha for row in rows for sha in row.values()} & set(hashes)
