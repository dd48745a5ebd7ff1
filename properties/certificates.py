"""When a certificate counts: in date, about to lapse, lapsed."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LAPSES_WITHIN = timedelta(days=28)


class State(StrEnum):
    IN_DATE = "in date"
    LAPSES_SOON = "lapses soon"
    LAPSED = "lapsed"
    NO_END = "no end date"
    NONE = "none"


@dataclass(frozen=True)
class Standing:
    """One kind of certificate at one property, as it stands on a day."""

    kind: str
    name: str
    state: State
    issued_on: date | None = None
    expires_on: date | None = None
    reference: str = ""
    days: int = 0


def state_at(expires_on: date | None, day: date) -> State:
    """Valid through its last day; "soon" from 28 days before it, the time the law gives to hand over a new one."""
    if expires_on is None:
        return State.NO_END
    if expires_on < day:
        return State.LAPSED
    return State.LAPSES_SOON if expires_on - day <= LAPSES_WITHIN else State.IN_DATE


def expiry(issued_on: date, months: int) -> date:
    """The last day of a certificate that lasts `months`: the day before the same day, or the month's last day."""
    year, month = divmod(issued_on.month - 1 + months, 12)
    year += issued_on.year
    month += 1
    day = min(issued_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
