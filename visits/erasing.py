"""Photographs of doors that were kept for as long as the council keeps them. The visit itself stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from media import commands as media
from pwa import commands, queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from visits.tables import VisitPhoto

BATCH = 10


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase the up to BATCH photographs that came before that; of how many visits it did.

    Their rows stay, emptied, so that a visit can say that there was one. Safe to run twice at once.
    """
    if not await VisitPhoto.exists().where(_old(before)):
        return 0
    old, erased = VisitPhoto.select(VisitPhoto.visit).where(_old(before)).order_by(VisitPhoto.received_at), 0
    if waiting := await queries.undecided_records("/visits/"):
        old = old.where(VisitPhoto.visit.not_in(waiting))
    for visit in {row["visit"] for row in await old.limit(BATCH)}:
        async with writing():
            mine = VisitPhoto.select(VisitPhoto.id).where(_old(before) & (VisitPhoto.visit == visit))
            if rows := await claim(mine):
                await once(from_rule(f"/visits/{visit}", at), _erase, visit, [row["id"] for row in rows])
                erased += 1
    return erased


def _old(before: datetime) -> Any:
    return (VisitPhoto.received_at < before) & VisitPhoto.erased_at.is_null()


async def _erase(sent: Sent, visit: UUID, photos: list[UUID]) -> None:
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
    sent.note = "photo of the door erased: it was kept as long as it is to be"


async def photos_named(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that a visit still names."""
    wanted = sorted(hashes)
    named = VisitPhoto.sha256.is_in(wanted) | VisitPhoto.drawn_from.is_in(wanted)
    rows = await VisitPhoto.select(VisitPhoto.sha256, VisitPhoto.drawn_from).where(named)
    return {sha for row in rows for sha in row.values()} & set(hashes)
