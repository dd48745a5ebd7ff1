"""What a phone's clock said, beside ours. Things stand in the order they were received, whatever it said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WRONG = timedelta(minutes=5)
LATER = timedelta(minutes=2)  # captured and received further apart than this are both shown


def wrong(captured: datetime, received: datetime, skew_seconds: int = 0) -> bool:
    """The phone's clock differed from ours by `skew_seconds` when it sent, or dated this after it came."""
    return captured - received > WRONG or abs(skew_seconds) > WRONG.total_seconds()


def happened(captured: datetime, received: datetime, skew_seconds: int = 0) -> datetime:
    """When it was by our clock, as near as can be told: never after it was received."""
    if not wrong(captured, received, skew_seconds):
        return captured
    return min(captured + timedelta(seconds=skew_seconds), received)


def came_later(captured: datetime, received: datetime, skew_seconds: int = 0) -> bool:
    """It waited on the phone for so long that a reader should know when it came."""
    return received - happened(captured, received, skew_seconds) > LATER


def by_whom(by: str, at: datetime) -> str:
    """by Asha Verma at 14:30 on Tue 24 Nov: for the sentence to somebody whose news came after it."""
    local = at.astimezone(LONDON)
    return f"by {by} at {local:%H:%M} on {local:%a} {local.day} {local:%b}"
