"""What is forgotten of what goes with a session: codes after a day, times after a year (then a number is checked
and a buddy chosen anew), and PINs and what helps whoever comes a month after somebody has left."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from lone_working.sessions.tables import (
    BuddyChoice,
    HelpCard,
    HelpPhoto,
    PhoneCode,
    PhoneProved,
    Unwatched,
    WarningsRead,
)
from lone_working.tables import SafePin
from media import commands as media
from messages import subscriptions
from pwa.outbox import writing

CODES_KEPT = timedelta(days=1)
TIMES_KEPT = timedelta(days=366)
LEFT = timedelta(days=30)


async def forget(at: datetime) -> int:
    """How many rows. Safe to run twice at once."""
    year = at - TIMES_KEPT
    done = 0
    rules: tuple[tuple[Any, Any], ...] = (
        (PhoneCode, PhoneCode.made_at < at - CODES_KEPT),
        (PhoneProved, PhoneProved.at < year),
        (Unwatched, Unwatched.received_at < year),
        (BuddyChoice, BuddyChoice.chosen_at < year),
        (WarningsRead, WarningsRead.read_at < year),
        (HelpCard, _left(HelpCard, at)),
        (SafePin, _left(SafePin, at)),
    )
    for table, old in rules:
        if ids := [row["id"] for row in await table.select(table.id).where(old)]:
            async with writing():
                done += len(await table.delete().where(table.id.is_in(ids)).returning(table.id))
    return done + await _photos(at) + await subscriptions.forget_answers(year)


def _left(table: Any, at: datetime) -> Any:
    return table.person.disabled_at < at - LEFT


async def _photos(at: datetime) -> int:
    rows = await HelpPhoto.select(HelpPhoto.id, HelpPhoto.sha256).where(_left(HelpPhoto, at))
    if not rows:
        return 0
    async with writing():
        await media.let_go({row["sha256"] for row in rows} - {""}, at)
        gone = HelpPhoto.id.is_in([row["id"] for row in rows])
        return len(await HelpPhoto.delete().where(gone).returning(HelpPhoto.id))


async def photos_named(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that somebody is known by."""
    rows = await HelpPhoto.select(HelpPhoto.sha256).where(HelpPhoto.sha256.is_in(sorted(hashes)))
    return {row["sha256"] for row in rows}
