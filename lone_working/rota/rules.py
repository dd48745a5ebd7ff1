"""Who is on duty when, and when nobody is. Pure: days and times on the wall in, moments in UTC out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from people.rules import Role
from pwa.clock import LONDON

Span = tuple[datetime, datetime]
"""From the first moment to the last, which is no part of it: who comes on at 17:00 relieves who goes off then."""


class Duty(StrEnum):
    MANAGER = "manager"
    DEPUTY = "deputy"


class Each(StrEnum):
    ONCE = "once"
    DAILY = "daily"
    WEEKDAYS = "weekdays"


DUTY_WORDS = {Duty.MANAGER: "Duty manager", Duty.DEPUTY: "Deputy"}
EACH_WORDS = {
    Each.ONCE: "In one go, from the first to the last",
    Each.DAILY: "On each day, between these times",
    Each.WEEKDAYS: "Monday to Friday, between these times",
}
DAYS_SHOWN = 14
MOST_WEEKS, MOST_DAYS, MOST_AT_ONCE = 26, 31, 200
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Shift:
    """Somebody on duty for a team, or with none for the whole council. `acting`: put there as an officer."""

    id: UUID
    team: UUID | None
    duty: Duty
    person: UUID
    acting: bool
    starts: datetime
    ends: datetime

    @property
    def span(self) -> Span:
        return self.starts, self.ends


def counts(shift: Shift, role: Role | None, team: UUID | None) -> bool:
    """As they are now: whoever left is out, and who was put there as a manager counts only while they are one.

    A manager counts wherever they were put; an officer acts up for their own team and no other.
    """
    if role is Role.MANAGER:
        return True
    return shift.acting and role is Role.OFFICER and team is not None and team == shift.team


def for_team(shifts: Iterable[Shift], team: UUID | None) -> list[Shift]:
    """The duty manager before the deputy, and who was put there for the team before the whole council's."""
    mine = [one for one in shifts if one.team is None or one.team == team]
    return sorted(mine, key=lambda one: (one.team is None, one.duty is Duty.DEPUTY, one.starts, str(one.id)))


def moment(day: date, clock: time) -> datetime:
    """A time on the wall in London, as the moment it names.

    Of the hour that comes twice in October it is the first; in the one that is left out in March it is as long
    after midnight as it says. Going off and coming on at the same time on the wall is the same moment always.
    """
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
NO_TIME = "Enter a time, like 17:00."


def clock(text: str) -> time | None:
    return time.fromisoformat(text) if _CLOCK.fullmatch(text) else None


@dataclass(frozen=True)
class Wish:
    """What the form asks for: from a day and time to a day and time, in one go or on each day, week by week."""

    day: date
    starts: time
    until: date
    ends: time
    each: Each = Each.ONCE
    weeks: int = 1


def wrong_with_wish(wish: Wish, at: datetime) -> dict[str, str]:
    """Field to sentence."""
    wrong = {}
    today = at.astimezone(LONDON).date()
    if not 1 <= wish.weeks <= MOST_WEEKS:
        wrong["weeks"] = f"Enter a number of weeks from 1 to {MOST_WEEKS}."
    if wish.day < today - timedelta(days=1):
        wrong["day"] = "This day is over. Choose today or a later one."
    elif wish.day > today + FARTHEST:
        wrong["day"] = "Choose a day within a year."
    if not wish.day <= wish.until <= wish.day + timedelta(days=MOST_DAYS):
        wrong["until"] = f"The last day is the first or up to {MOST_DAYS} days after it."
    if wrong:
        return wrong
    made = spans(wish)
    if not made:
        return {"each": "None of these days is from Monday to Friday."}
    if any(ends <= starts for starts, ends in made):
        return {"ends": "They must go off duty after they come on."}
    if max(ends for _, ends in made) <= at:
        return {"ends": "This is over already."}
    if len(made) > MOST_AT_ONCE:
        return {"weeks": f"That is more than {MOST_AT_ONCE} times at once. Choose fewer weeks."}
    return {}


def spans(wish: Wish) -> list[Span]:
    """Week by week the times on the wall stay what they are, whatever the clocks do."""
    found = []
    for week in range(wish.weeks):
        later = timedelta(weeks=week)
        if wish.each is Each.ONCE:
            found.append((moment(wish.day + later, wish.starts), moment(wish.until + later, wish.ends)))
            continue
        days = [wish.day + later + timedelta(days=n) for n in range((wish.until - wish.day).days + 1)]
        found += [_night(day, wish) for day in days if wish.each is Each.DAILY or day.weekday() < 5]
    return sorted(set(found))


def _night(day: date, wish: Wish) -> Span:
    """What ends when it starts or before goes on into the next day."""
    over = day if wish.ends > wish.starts else day + timedelta(days=1)
    return moment(day, wish.starts), moment(over, wish.ends)


@dataclass(frozen=True)
class Hours:
    """When somebody must be on duty: these days of the week (0 is Monday), from and to a time on the wall."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)

    def spans(self, first: date, last: date) -> list[Span]:
        wishes = (
            Wish(day, self.opens, day, self.closes) for day in _days(first, last) if day.weekday() in self.days
        )
        return merged(_night(one.day, one) for one in wishes)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, and those that touch are one."""
    found: list[Span] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        elif starts < ends:
            found.append((starts, ends))
    return found


def gaps(needed: Iterable[Span], covered: Iterable[Span], since: datetime) -> list[Span]:
    """What of `needed` is not covered, from `since` on."""
    found: list[Span] = []
    on = merged(covered)
    for starts, ends in merged(needed):
        free = max(starts, since)
        for on_starts, on_ends in on:
            if on_ends <= free or on_starts >= ends:
                continue
            if on_starts > free:
                found.append((free, on_starts))
            free = max(free, on_ends)
        if free < ends:
            found.append((free, ends))
    return found


NEAR = (1, 3, 7)
"""So many days before it begins a gap is told of, each time once."""


def nearness(gap: Span, at: datetime) -> int | None:
    """How near it is, in the days of NEAR; none for what is farther."""
    return next((days for days in NEAR if gap[0] - at <= timedelta(days=days)), None)


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def gap_words(gap: Span, at: datetime) -> str:
    """On Saturday from 17:00; with its date when it is a week away, and until when it lasts into another day."""
    starts, ends, now = (one.astimezone(LONDON) for one in (*gap, at))
    days = (starts.date() - now.date()).days
    named = {0: "today", 1: "tomorrow"}.get(days, f"on {starts:%A}")
    if days > 6:
        named = f"on {starts:%A} {starts.day} {starts:%B}"
    if ends.date() == starts.date():
        return f"{named} from {starts:%H:%M} to {ends:%H:%M}"
    return f"{named} from {starts:%H:%M} until {ends:%A} {ends:%H:%M}"


def shown(text: str, at: datetime) -> date | None:
    """The day from which two weeks are looked at, up to a year back and ahead; none of anything else."""
    try:
        first = date.fromisoformat(text)
    except ValueError:
        return None
    return first if abs(first - at.astimezone(LONDON).date()) <= FARTHEST else None


def on_day(spans: Sequence[Span], day: date) -> list[int]:
    """Which of them are on, for any part of a day in London: their places in the list."""
    whole = (moment(day, time()), moment(day + timedelta(days=1), time()))
    return [place for place, one in enumerate(spans) if overlap(one, whole)]


def times_on(span: Span, day: date) -> str:
    """As it stands on one day's card: 09:00–17:00, from 17:00, until 09:00, all day."""
    starts, ends = (one.astimezone(LONDON) for one in span)
    begins = starts.date() == day
    over = ends.date() == day or (ends.time() == time() and ends.date() == day + timedelta(days=1))
    if begins and over:
        return f"{starts:%H:%M}–{ends:%H:%M}"
    if begins:
        return f"from {starts:%H:%M}"
    return f"until {ends:%H:%M}" if over and ends.time() != time() else "all day"
