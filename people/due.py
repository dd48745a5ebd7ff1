"""Forgetting: tallies nobody waits for, and sessions and invitations that ended long ago."""

from datetime import datetime, timedelta

from people.rules import WINDOW
from people.tables import Invitation, Session, Tally
from pwa.outbox import writing

OLD = timedelta(days=30)


async def run_due(at: datetime) -> int:
    """Sweep what is old. Looks first, so that a quiet second writes nothing."""
    old = [
        (Tally, Tally.last_at < at - 2 * WINDOW),
        (Session, Session.started_at < at - OLD),
        (Invitation, Invitation.made_at < at - OLD),
    ]
    for table, which in old:
        if await table.exists().where(which):
            async with writing():
                await table.delete(force=False).where(which)
    return 0
