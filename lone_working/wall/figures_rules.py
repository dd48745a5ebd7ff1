"""What a council may count of lone working: of a team, never of a person. Pure: rows in, figures out.

Fewer than FEW of anything is too few to say: a share of three says nothing, and might be about somebody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

YEAR = timedelta(days=366)
FEW = 5
SHARES = (0.8, 0.985)
"""The two that alarm centres report (BS 8484); we claim nothing of that standard."""
FLOOR_SECONDS = 120
"""98.5 % of calls for help taken on within so long is what we hold ourselves to."""
MOST_FALSE = 0.05
"""More than this and a team's lengths of visits are wrong: people stop believing alarms."""


@dataclass(frozen=True)
class Called:
    """One call for help, and when a person who was called first dealt with it."""

    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Late:
    """One session that was overdue: did others hear of it, and was its officer well all along."""

    told_others: bool
    was_safe: bool


@dataclass(frozen=True)
class Share:
    """So many of so many; no share of fewer than FEW."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole >= FEW else None


@dataclass(frozen=True)
class Figures:
    calls: int
    unanswered: int
    """Nobody has dealt with them yet: they count as answered only now."""
    answered: tuple[float | None, ...]
    """Seconds within which each of SHARES was answered; None when there are too few."""
    false_alarms: Share
    with_timer: Share
    """Of the visits that were started those that somebody was looking out for."""

    @property
    def floor_met(self) -> bool | None:
        return None if self.answered[-1] is None else self.answered[-1] <= FLOOR_SECONDS

    @property
    def too_many_false(self) -> bool:
        return (self.false_alarms.share or 0) > MOST_FALSE


def within(seconds: Sequence[float], share: float) -> float | None:
    """The nearest rank: that share of them took no longer."""
    if len(seconds) < FEW:
        return None
    return sorted(seconds)[ceil(len(seconds) * share) - 1]


def figures(
    calls: Sequence[Called], late: Iterable[Late], sessions: int, visits: int, timed: int, at: datetime
) -> Figures:
    took = [max(0.0, ((one.answered_at or at) - one.asked_at).total_seconds()) for one in calls]
    return Figures(
        calls=len(calls),
        unanswered=sum(one.answered_at is None for one in calls),
        answered=tuple(within(took, share) for share in SHARES),
        false_alarms=Share(sum(one.told_others and one.was_safe for one in late), sessions),
        with_timer=Share(min(timed, visits), visits),
    )


TOO_FEW = "too few to say"


def percent(share: Share) -> str:
    return TOO_FEW if share.share is None else f"{share.share * 100:.1f} %"


def seconds(took: float | None) -> str:
    if took is None:
        return TOO_FEW
    whole = ceil(took)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"
