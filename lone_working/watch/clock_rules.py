"""Whether a clock is to be believed. Pure: readings in, what to go by out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

APART_TOLD, APART_MOST = timedelta(seconds=2), timedelta(seconds=10)
"""How far a machine's clock may be from the database's: then somebody is told, then it takes no work any more."""
JUMP = timedelta(seconds=30)
HOLD = timedelta(seconds=60)


@dataclass(frozen=True)
class Now:
    """`at`: the database's time. `holding`: nobody may be overdue by it yet. `jumped`: now it is believed."""

    at: datetime
    holding: bool = False
    jumped: bool = False
    by: timedelta = timedelta()
    """How far it is from where it should be by the time that has passed."""
    returned: timedelta = timedelta()
    """It was held, and came back by so much (negative) before it was believed."""


class Watch:
    """The time by a clock, held against the time that really passed (`monotonic`, in seconds)."""

    def __init__(self) -> None:
        self._known: tuple[datetime, float] | None = None
        self._held_since: float | None = None
        self._held_by = timedelta()

    def read(self, clock: datetime, monotonic: float) -> Now:
        by = clock - self._expected(clock, monotonic)
        if by > JUMP and not self._held_long(monotonic):
            self._held_by = max(self._held_by, by)
            return Now(clock, holding=True, by=by)
        jumped, returned = abs(by) > JUMP, by - self._held_by
        self._known, self._held_since, self._held_by = (clock, monotonic), None, timedelta()
        return Now(clock, jumped=jumped, by=by, returned=timedelta() if jumped else min(returned, timedelta()))

    def _expected(self, clock: datetime, monotonic: float) -> datetime:
        if self._known is None:
            return clock
        at, then = self._known
        return at + timedelta(seconds=monotonic - then)

    def _held_long(self, monotonic: float) -> bool:
        if self._held_since is None:
            self._held_since = monotonic
        return monotonic - self._held_since >= HOLD.total_seconds()
