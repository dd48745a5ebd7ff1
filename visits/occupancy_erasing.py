"""What occupancy and welfare checks found, erased once it was kept for as long as the council keeps it.

The visit stays: that somebody called is evidence, who was there then is not wanted for ever.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from properties import hold_commands, hold_queries
from pwa import commands, queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from visits.occupancy_tables import OccupancyCheck

BATCH = 10


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase what up to BATCH visits found before that; of how many it did.

    It waits for the office to decide about what is held for the visit, and for the end of a hold on its home.
    Safe to run twice at once.
    """
    if not await OccupancyCheck.exists().where(OccupancyCheck.received_at < before):
        return 0
    erased = 0
    for visit, home in (await _due(before)).items():
        async with writing():
            old = (OccupancyCheck.received_at < before) & (OccupancyCheck.visit == visit)
            rows = await claim(OccupancyCheck.select(OccupancyCheck.id).where(old))
            if rows and await hold_commands.may_erase(home):
                sent = from_rule(f"/visits/{visit}", at)
                await once(sent, _erase, visit, home, [row["id"] for row in rows])
                erased += 1
    return erased


async def _due(before: datetime) -> dict[UUID, UUID]:
    """Visits with something to erase, by their id, and their homes."""
    home: Any = OccupancyCheck.visit.property
    old = OccupancyCheck.select(OccupancyCheck.visit, home.as_alias("home"))
    old = old.where(OccupancyCheck.received_at < before)
    if waiting := await queries.undecided_records("/visits/"):
        old = old.where(OccupancyCheck.visit.not_in(waiting))
    if held := await hold_queries.homes_on_hold():
        old = old.where(home.not_in(held))
    rows = await old.order_by(OccupancyCheck.received_at).limit(BATCH)
    return {row["visit"]: row["home"] for row in rows}


async def _erase(sent: Sent, visit: UUID, home: UUID, checks: list[UUID]) -> None:
    await commands.forget_bodies(f"/visits/{visit}")
    await OccupancyCheck.delete().where(OccupancyCheck.id.is_in(checks))
    await hold_commands.note_erased(sent, home, "What an occupancy check found")
    sent.note = "what an occupancy check found erased: it was kept as long as it is to be"
