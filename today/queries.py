"""A day of visits as somebody sees it: their own in order, or their team's by officer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from people import queries as people
from people.rules import SignedIn
from properties.position import metres_between
from pwa.prepared import PreparedFor
from today import rules
from today.day import Card, Day, Officer
from today.rules import Point, Start, Stop
from today.tables import DayOrder
from visits import queries as visits
from visits.rules import Happening, State, Window, day_of, planned_moment
from visits.seen import Seen

FIRST_HOUR = Window.ANY.hours[0]
# Homes do not move, and the way round the ellipsoid takes a sixth of a millisecond each.
metres = lru_cache(maxsize=50_000)(metres_between)
_ORDERS = PreparedFor(
    lambda people, day: (
        DayOrder.select(DayOrder.person, DayOrder.visits)
        .where(DayOrder.person.is_in(people), DayOrder.day == day)
        .order_by(DayOrder.received_at)
        .order_by(DayOrder.id)
    )
)


async def my_day(person: SignedIn, day: date, at: datetime, here: Point | None = None) -> Day:
    """The person's own visits of a day in the order to make them, and what is left from before.

    `here` is where their phone is, if they asked for the order from there. Else the order begins where they
    last began a visit, else at their team's office.
    """
    own, left = await visits.day_of(person, day, left=day <= day_of(at))
    order = await hand_order(person.id, day)
    office = await people.office_of(person.team_id)
    return _day(own, left, order, office, day, at, here, await visits.attempts_at(own))


async def team_day(person: SignedIn, day: date, at: datetime) -> list[Officer]:
    """The team's visits of a day by officer, each officer's in their own order."""
    found, left = await visits.day_of(person, day, left=day <= day_of(at), team=True)
    office = await people.office_of(person.team_id)
    orders = await hand_orders({visit.officer_id for visit in found}, day)
    officers = {visit.officer_id: visit.officer for visit in [*found, *left]}
    return [
        Officer(
            officer,
            name,
            _day(
                [visit for visit in found if visit.officer_id == officer],
                [visit for visit in left if visit.officer_id == officer],
                orders.get(officer, []),
                office,
                day,
                at,
            ),
        )
        for officer, name in sorted(officers.items(), key=lambda one: (one[1], one[0]))
    ]


async def hand_order(person: UUID, day: date) -> list[UUID]:
    return (await hand_orders({person}, day)).get(person, [])


async def hand_orders(people: Iterable[UUID], day: date) -> dict[UUID, list[UUID]]:
    """How each of them last put this day in order by hand."""
    rows = await _ORDERS(people, day)
    return {row["person"]: [UUID(id) for id in row["visits"].split()] for row in rows}


def _day(
    found: list[Seen],
    left: list[Seen],
    order: list[UUID],
    office: Point | None,
    day: date,
    at: datetime,
    here: Point | None = None,
    tries: dict[UUID, int] | None = None,
) -> Day:
    open_now = {visit.id: visit for visit in found if visit.state is State.PLANNED}
    start = _start(found, office, day, here)
    route = rules.in_order([_stop(visit) for visit in open_now.values()], start, metres, order)
    begun = [visit for visit in found if visit.state is State.STARTED]
    over = sorted((visit for visit in found if visit.over), key=lambda visit: (visit.planned_for, visit.id))
    # The order must not change with the clock; when the day is done by does.
    arrivals = rules.arrivals(route, replace(start, at=max(start.at, at)), metres)
    ends = arrivals[-1] + timedelta(minutes=route[-1].minutes) if route else None
    cards = [Card(visit, at, (tries or {}).get(visit.id, 1)) for visit in _listed(begun, route, open_now, over)]
    return Day(day, cards, left, ends, by_hand=any(id in open_now for id in order), from_here=here is not None)


def _listed(begun: list[Seen], route: list[Stop], open_now: dict[UUID, Seen], over: list[Seen]) -> list[Seen]:
    return [*begun, *(open_now[stop.id] for stop in route), *over]


def _stop(visit: Seen) -> Stop:
    return Stop(visit.id, visit.planned_for, visit.begins_by, visit.minutes, visit.home.point, visit.home.label)


def _start(found: list[Seen], office: Point | None, day: date, here: Point | None) -> Start:
    """Where the rest of the day begins. The last thing that happened counts by when it was recorded."""
    begins = planned_moment(day, FIRST_HOUR)
    events = [
        (event.captured_at, event.what, visit)
        for visit in found
        for event in visit.events
        if event.what in (Happening.STARTED, Happening.FINISHED)
    ]
    if not events:
        return Start(begins, here or office)
    last, what, visit = max(events, key=lambda one: one[0])
    free = last + timedelta(minutes=visit.minutes) if what is Happening.STARTED else last
    return Start(max(free, begins), here or visit.home.point or office)
