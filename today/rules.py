"""In which order a day's visits are made: appointments in time, everything else where it adds least driving.

Nothing here knows the clock's hand. The order depends on what is planned, what has happened and where the day
begins, so it stays as it is until one of these changes (docs/decisions/0027-the-order-of-a-day.md).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from math import perm
from uuid import UUID

Point = tuple[float, float]
Metres = Callable[[Point, Point], float]

METRES_A_MINUTE = 500
"""Of the straight line, not of the road. Cars on local A roads in England go 25.4 miles an hour on average
(Department for Transport, travel time measures, year to June 2019: 681 m a minute); we take roads to be about
a third longer than the straight line, which is our assumption. It decides which order fits, and no more."""

LATE = timedelta(minutes=15)
"""Later than this, an appointment that nobody has begun is called late. Ours: a polite quarter of an hour."""

MOST_TO_SEARCH = 30
"""Beyond so many in a day each is put in once and not tried again elsewhere: it is no day, it is a list."""

MOST_ORDERS = 250
"""Where fitting in one by one keeps less than could be kept, so many orders are tried one and all: every one of
a day with four appointments and three other visits."""


@dataclass(frozen=True)
class Stop:
    """One visit still to make. It may begin from `earliest` to `latest`; for an appointment these are the same."""

    id: UUID
    earliest: datetime
    latest: datetime
    minutes: int
    point: Point | None = None
    address: str = ""

    @property
    def fixed(self) -> bool:
        return self.earliest == self.latest

    @property
    def plain(self) -> tuple[datetime, bool, str, UUID]:
        """Its place when nothing is known of distances: by time, appointments first, then by address."""
        return self.earliest, not self.fixed, self.address, self.id


@dataclass(frozen=True)
class Start:
    """Where and when the rest of the day begins: the last visit begun, else the office at the start of the day."""

    at: datetime
    point: Point | None = None


Cost = tuple[int, int, int, int]
Route = list[Stop]


def arrivals(route: Sequence[Stop], start: Start, metres: Metres) -> list[datetime]:
    """When each visit can begin, by `METRES_A_MINUTE`, waiting where one would be early."""
    found, now, here = [], start.at, start.point
    for stop in route:
        if here and stop.point:
            now += timedelta(minutes=metres(here, stop.point) / METRES_A_MINUTE)
        now = max(now, stop.earliest)
        found.append(now)
        now, here = now + timedelta(minutes=stop.minutes), stop.point or here
    return found


def driving(route: Sequence[Stop], start: Start, metres: Metres) -> float:
    """Metres in a straight line from one to the next. A home without a position adds none."""
    points = [point for point in (start.point, *(stop.point for stop in route)) if point]
    return sum(metres(one, other) for one, other in pairwise(points))


def cost(route: Sequence[Stop], start: Start, metres: Metres) -> Cost:
    """Seconds late at appointments, seconds outside windows, metres, and how far from the plain order."""
    late = broken = 0
    for stop, at in zip(route, arrivals(route, start, metres), strict=True):
        over = max(0, round((at - stop.latest).total_seconds()))
        late, broken = (late + over, broken) if stop.fixed else (late, broken + over)
    plain = [stop.plain for stop in route]
    turned = sum(one > other for n, one in enumerate(plain) for other in plain[n + 1 :])
    return late, broken, round(driving(route, start, metres)), turned


def in_order(stops: Sequence[Stop], start: Start, metres: Metres, by_hand: Sequence[UUID] = ()) -> Route:
    """The order to make them in. What `by_hand` names keeps the order it has there; the rest is fitted in.

    `metres` is the geodesic distance of two points. Appointments keep their times' order among themselves; a
    visit with a window never makes one late that would be in time without it, as long as there is a place for
    it where it does not.
    """
    price = partial(cost, start=start, metres=metres)
    plain = sorted(stops, key=lambda stop: stop.plain)
    known = {stop.id: stop for stop in plain}
    route = [known[id] for id in dict.fromkeys(by_hand) if id in known]
    named = {stop.id for stop in route}
    for stop in plain:
        if stop.fixed and stop.id not in named:
            route = _with_appointment(route, stop, price)
    loose = [stop for stop in plain if not stop.fixed and stop.id not in named]
    for stop in sorted(loose, key=lambda one: (one.latest, one.plain)):
        route = _cheapest(route, stop, price)
    if len(route) <= MOST_TO_SEARCH:
        route = _improved(route, loose, price)
    fixed = [stop for stop in route if stop not in loose]
    if price(route)[:2] > price(fixed)[:2] and perm(len(route), len(loose)) <= MOST_ORDERS:
        route = min(_every(fixed, loose), key=price)
    # Fitting in one by one is quick but may be beaten by luck.
    return min(route, plain, key=price) if not named else route


def _with_appointment(route: Route, stop: Stop, price: Callable[[Route], Cost]) -> Route:
    """Between the appointments before it and after it in time, wherever somebody put those."""
    before = [n for n, one in enumerate(route) if one.fixed and one.plain < stop.plain]
    first = before[-1] + 1 if before else 0
    after = [n for n, one in enumerate(route) if n >= first and one.fixed]
    return _cheapest(route, stop, price, range(first, after[0] + 1 if after else len(route) + 1))


def _cheapest(route: Route, stop: Stop, price: Callable[[Route], Cost], places: range | None = None) -> Route:
    places = range(len(route) + 1) if places is None else places
    return min(([*route[:n], stop, *route[n:]] for n in places), key=price)


def _every(route: Route, loose: Sequence[Stop]) -> Iterator[Route]:
    """All the ways to fit them in."""
    if not loose:
        yield route
        return
    for n in range(len(route) + 1):
        yield from _every([*route[:n], loose[0], *route[n:]], loose[1:])


def _improved(route: Route, loose: Sequence[Stop], price: Callable[[Route], Cost]) -> Route:
    """Each loose one taken out and put in again, as long as that makes it better."""
    best = price(route)
    while True:
        for stop in loose:
            route = _cheapest([one for one in route if one.id != stop.id], stop, price)
        if price(route) >= best:
            return route
        best = price(route)


def moved(order: Sequence[UUID], visit: UUID, steps: int) -> list[UUID]:
    """The order with one of them `steps` places later (less than 0: earlier), as far as there are places."""
    rest = [id for id in order if id != visit]
    if visit not in order:
        return rest
    place = max(0, min(len(rest), list(order).index(visit) + steps))
    return [*rest[:place], visit, *rest[place:]]


def is_late(latest: datetime, begun: bool, over: bool, at: datetime) -> bool:
    """Nobody has begun it, and its time or its window is `LATE` ago."""
    return not begun and not over and at > latest + LATE
