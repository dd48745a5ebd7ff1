"""Days and times of the demo council, counted from now, on the clock on the wall."""

from datetime import UTC, date, datetime, timedelta

from pwa.clock import LONDON

SATURDAY = 5


def day(now: datetime, days: int) -> date:
    """So many days from today. A day in the past is never at a weekend: it moves back to the Friday."""
    found = now.astimezone(LONDON).date() + timedelta(days=days)
    while days < 0 and found.weekday() >= SATURDAY:
        found -= timedelta(days=1)
    return found


def moment(now: datetime, days: int, clock: str) -> datetime:
    on = day(now, days)
    hour, minute = clock.split(":")
    return datetime(on.year, on.month, on.day, int(hour), int(minute), tzinfo=LONDON).astimezone(UTC)
