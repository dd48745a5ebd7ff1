"""What occupancy and welfare checks found, erased once it was kept for as long as the council keeps it.

The visit stays: that somebody called is evidence, who was there then is not wanted for ever.
"""

from datetime import datetime
from uuid import UUID

from properties import hold_commands
from pwa import commands
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from visits.erasing import visits_due
from visits.occupancy_tables import OccupancyCheck


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase what up to ten visits found before that; of how many it did.

    It waits for the office to decide about what is held for the visit, and for the end of a hold on its home.
    Safe to run twice at once.
    """
    old = OccupancyCheck.received_at < before
    if not await OccupancyCheck.exists().where(old):
        return 0
    erased = 0
    for visit, home in (await visits_due(OccupancyCheck, old)).items():
        async with writing():
            rows = await claim(
                OccupancyCheck.select(OccupancyCheck.id).where(old & (OccupancyCheck.visit == visit))
            )
            if rows and await hold_commands.may_erase(home):
                sent = from_rule(f"/visits/{visit}", at)
                await once(sent, _erase, visit, home, [row["id"] for row in rows])
                erased += 1
    return erased


async def _erase(sent: Sent, visit: UUID, home: UUID, checks: list[UUID]) -> None:
    await commands.forget_bodies(f"/visits/{visit}")
    await OccupancyCheck.delete().where(OccupancyCheck.id.is_in(checks))
    await hold_commands.note_erased(sent, home, "What an occupancy check found")
    sent.note = "what an occupancy check found erased: it was kept as long as it is to be"
