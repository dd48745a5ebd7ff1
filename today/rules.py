"""In which order a day's visits are made: appointments in time, everything else where it adds least driving.

Nothing here knows the clock's hand. The order depends on what is planned, what has happened and where the day
begins, so it stays as it is until one of these changes (docs/decisions/0027-the-order-of-a-day.md).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import perm
from uuid import UUID

Point = tuple[float, float]
Metres = Callable[[Point, Point], float]

METRES_A_MINUTE = 500
"""Of the straight line, not of the road. Cars on local A roads in England go 25.4 miles an hour on average
(Department for Transport, travel time measures, year to June 2019: 681 m a minute); we take roads to be about
a third longer than the straight line, which is our assumption. It decides which order fits, and no more."""
SECONDS_A_METRE = 60 / METRES_A_MINUTE

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
"""Seconds late at appointments, seconds outside windows, metres, and how far from the plain order."""
Route = list[int]
"""Stops by their numbers in the plain order."""


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


class Prices:
    """What any order of these stops costs. Hundreds are tried for a day, so all that is asked of a stop or of two
    of them is worked out once, as plain numbers: seconds from the start, and metres in a straight line."""

    def __init__(self, stops: Iterable[Stop], start: Start, metres: Metres) -> None:
        self.stops = sorted(stops, key=lambda stop: stop.plain)
        self._times = [
            (
                (stop.earliest - start.at).total_seconds(),
                (stop.latest - start.at).total_seconds(),
                stop.minutes * 60.0,
                stop.fixed,
                stop.point is not None,
            )
            for stop in self.stops
        ]
        # The last one is the start. A home without a position adds nothing.
        points = [*(stop.point for stop in self.stops), start.point]
        self._begins_somewhere = start.point is not None
        self._legs = [[0.0] * len(points) for _ in points]
        for one, other in combinations([n for n, point in enumerate(points) if point], 2):
            far = metres(points[one] or (0, 0), points[other] or (0, 0))
            self._legs[one][other] = self._legs[other][one] = far

    def __call__(self, route: Route) -> Cost:
        late = broken = turned = passed = 0
        now = driven = 0.0
        here = len(self.stops) if self._begins_somewhere else None
        for n in route:
            earliest, latest, lasts, fixed, located = self._times[n]
            if located:
                if here is not None:
                    driven += self._legs[here][n]
                    now += self._legs[here][n] * SECONDS_A_METRE
                here = n
            now = max(now, earliest)
            if now > latest:
                over = round(now - latest)
                late, broken = (late + over, broken) if fixed else (late, broken + over)
            now += lasts
            turned += (passed >> n).bit_count()  # those made before it that stand after it in the plain order
            passed |= 1 << n
        return late, broken, round(driven), turned


def cost(route: Sequence[Stop], start: Start, metres: Metres) -> Cost:
    """Of one order."""
    price = Prices(route, start, metres)
    return price([price.stops.index(stop) for stop in route])


def in_order(stops: Sequence[Stop], start: Start, metres: Metres, by_hand: Sequence[UUID] = ()) -> list[Stop]:
    """The order to make them in. What `by_hand` names keeps the order it has there; the rest is fitted in.

    `metres` is the geodesic distance of two points. Appointments keep their times' order among themselves; a
    visit with a window never makes one late that would be in time without it, as long as there is a place for
    it where it does not.
    """
    price = Prices(stops, start, metres)
    known = {stop.id: n for n, stop in enumerate(price.stops)}
    named = [known[id] for id in dict.fromkeys(by_hand) if id in known]
    return [price.stops[n] for n in _fitted(price, named)]


def _fitted(price: Prices, named: Route) -> Route:
    stops, plain, route = price.stops, list(range(len(price.stops))), named
    for n in plain:
        if stops[n].fixed and n not in named:
            route = _with_appointment(route, n, price)
    loose = [n for n in plain if not stops[n].fixed and n not in named]
    for n in sorted(loose, key=lambda one: (stops[one].latest, one)):
        route = _cheapest(route, n, price)
    if len(route) <= MOST_TO_SEARCH:
        route = _improved(route, loose, price)
    fixed = [n for n in route if n not in loose]
    if price(route)[:2] > price(fixed)[:2] and perm(len(route), len(loose)) <= MOST_ORDERS:
        route = min(_every(fixed, loose), key=price)
    # Fitting in one by one is quick but may be beaten by luck.
    return min(route, plain, key=price) if not named else route


def _with_appointment(route: Route, stop: int, price: Prices) -> Route:
    """Between the appointments before it and after it in time, wherever somebody put those."""
    fixed = [n for n, one in enumerate(route) if price.stops[one].fixed]
    first = next((n + 1 for n in reversed(fixed) if route[n] < stop), 0)
    last = next((n for n in fixed if n >= first), len(route))
    return _cheapest(route, stop, price, range(first, last + 1))


def _cheapest(route: Route, stop: int, price: Prices, places: range | None = None) -> Route:
    places = range(len(route) + 1) if places is None else places
    return min(([*route[:n], stop, *route[n:]] for n in places), key=price)


def _every(route: Route, loose: Route) -> Iterator[Route]:
    """All the ways to fit them in."""
    if not loose:
        yield route
        return
    for n in range(len(route) + 1):
        yield from _every([*route[:n], loose[0], *route[n:]], loose[1:])


def _improved(route: Route, loose: Route, price: Prices) -> Route:
    """Each loose one taken out and put in again, as long as that makes it better."""
    best = price(route)
    while True:
        for stop in loose:
            route = _cheapest([one for one in route if one != stop], stop, price)
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
