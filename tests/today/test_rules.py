"""The order of a day: kept to its times, short where it may be, and always the same."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from properties.position import metres_between
from today import rules
from today.rules import Start, Stop

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OFFICE = (52.945, 0.205)
START = Start(NINE, OFFICE)


# How long a busy machine takes is no property of the order.
AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def flat(one: rules.Point, other: rules.Point) -> float:
    """Quick, and a metric like the real one: what is proved here does not lean on the ellipsoid."""
    return float(abs(one[0] - other[0]) * 111_000 + abs(one[1] - other[1]) * 67_000)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return NINE.replace(hour=int(hour), minute=int(minute))


def stop(number: int, begins: str, by: str = "", east: float | None = 0.0, minutes: int = 30) -> Stop:
    point = None if east is None else (OFFICE[0], OFFICE[1] + east)
    return Stop(UUID(int=number), at(begins), at(by or begins), minutes, point, f"{number} Fennel Street")


def numbers(route: list[Stop]) -> list[int]:
    return [one.id.int for one in route]


def test_appointments_are_made_in_their_times_order_however_far_apart() -> None:
    stops = [stop(1, "14:00", east=0.001), stop(2, "10:00", east=0.05), stop(3, "11:30", east=0.002)]
    assert numbers(rules.in_order(stops, START, flat)) == [2, 3, 1]


def test_a_visit_at_any_time_is_made_where_it_is_on_the_way() -> None:
    far, near = stop(2, "14:00", east=0.10), stop(1, "10:00", east=0.01)
    beside_the_far_one = stop(3, "09:00", "16:30", east=0.101)
    assert numbers(rules.in_order([near, far, beside_the_far_one], START, flat)) in ([1, 2, 3], [1, 3, 2])
    beside_the_near_one = stop(3, "09:00", "16:30", east=0.009)
    assert numbers(rules.in_order([near, far, beside_the_near_one], START, flat))[:2] in ([3, 1], [1, 3])


def test_a_detour_that_would_make_an_appointment_late_waits_until_after_it() -> None:
    stops = [stop(1, "09:30", east=0.01), stop(2, "09:00", "16:30", east=0.005, minutes=90)]
    assert numbers(rules.in_order(stops, START, flat)) == [1, 2]


def test_a_morning_visit_is_made_in_the_morning_though_the_afternoon_would_be_shorter() -> None:
    stops = [stop(1, "10:00", east=0.01), stop(2, "14:00", east=0.09), stop(3, "09:00", "12:00", east=0.09)]
    assert numbers(rules.in_order(stops, START, flat)) == [1, 3, 2]


def test_with_no_position_at_all_the_order_is_by_time_then_by_address() -> None:
    stops = [
        stop(3, "11:00", east=None),
        stop(2, "09:00", "16:30", east=None),
        stop(1, "09:00", "16:30", east=None),
    ]
    assert numbers(rules.in_order(stops, Start(NINE), flat)) == [1, 2, 3]


def test_an_order_made_by_hand_wins_for_what_it_names_and_the_rest_is_fitted_in() -> None:
    stops = [stop(1, "10:00"), stop(2, "11:00"), stop(3, "09:00", "16:30"), stop(4, "12:00")]
    by_hand = [UUID(int=2), UUID(int=1), UUID(int=99), UUID(int=3)]
    route = numbers(rules.in_order(stops, START, flat, by_hand))
    assert [number for number in route if number != 4] == [2, 1, 3]
    assert route.index(4) > route.index(1)


def test_an_appointment_made_since_goes_between_those_before_it_and_after_it() -> None:
    stops = [stop(1, "10:00"), stop(2, "14:00"), stop(3, "12:00"), stop(4, "09:00", "16:30")]
    by_hand = [UUID(int=4), UUID(int=1), UUID(int=2)]
    assert numbers(rules.in_order(stops, START, flat, by_hand)) == [4, 1, 3, 2]


def test_moving_one_earlier_or_later_stops_at_the_ends() -> None:
    a, b, c = (UUID(int=number) for number in (1, 2, 3))
    assert rules.moved([a, b, c], b, -1) == [b, a, c]
    assert rules.moved([a, b, c], b, 1) == [a, c, b]
    assert rules.moved([a, b, c], a, -1) == [a, b, c]
    assert rules.moved([a, b, c], c, 1) == [a, b, c]
    assert rules.moved([a, b], c, 1) == [a, b]


def test_an_appointment_is_late_a_quarter_of_an_hour_after_it() -> None:
    assert not rules.is_late(at("10:00"), False, False, at("10:15"))
    assert rules.is_late(at("10:00"), False, False, at("10:16"))
    assert not rules.is_late(at("10:00"), True, False, at("12:00"))
    assert not rules.is_late(at("10:00"), False, True, at("12:00"))


def test_arriving_early_is_waiting_and_a_long_visit_makes_the_next_one_late() -> None:
    stops = [stop(1, "10:00", minutes=120), stop(2, "11:00")]
    assert rules.arrivals(stops, START, flat) == [at("10:00"), at("12:00")]
    assert rules.cost(stops, START, flat)[:2] == (3600, 0)


def test_ten_miles_take_what_the_assumed_speed_says() -> None:
    here = (OFFICE[0], OFFICE[1] + 0.2391)
    metres = metres_between(OFFICE, here)
    assert 16_000 < metres < 16_200
    (arrival,) = rules.arrivals([Stop(UUID(int=1), NINE, at("16:30"), 30, here)], START, metres_between)
    assert timedelta(minutes=32) < arrival - NINE < timedelta(minutes=33)


@st.composite
def days(draw: st.DrawFn) -> list[Stop]:
    stops = []
    for number in range(draw(st.integers(0, 8))):
        windows = ("09:00", "12:00"), ("12:00", "16:30"), ("09:00", "16:30")
        clock = f"{draw(st.integers(9, 16)):02}:{draw(st.sampled_from(('00', '15', '30', '45')))}"
        begins, by = draw(st.sampled_from((*windows, (clock, clock))))
        east = draw(st.one_of(st.none(), st.floats(-0.2, 0.2).map(lambda one: round(one, 4))))
        minutes = draw(st.sampled_from((15, 30, 45, 60, 90)))
        stops.append(stop(number + 1, begins, by, east, minutes))
    return stops


@AT_LEISURE
@given(days())
def test_nobody_is_left_out_and_nobody_is_visited_twice(stops: list[Stop]) -> None:
    assert sorted(numbers(rules.in_order(stops, START, flat))) == sorted(numbers(stops))


@AT_LEISURE
@given(days())
def test_appointments_always_stand_in_the_order_of_their_times(stops: list[Stop]) -> None:
    times = [one.earliest for one in rules.in_order(stops, START, flat) if one.fixed]
    assert times == sorted(times)


@AT_LEISURE
@given(days())
def test_no_appointment_is_later_than_it_would_be_without_the_others(stops: list[Stop]) -> None:
    alone = sorted((one for one in stops if one.fixed), key=lambda one: one.plain)
    late = rules.cost(rules.in_order(stops, START, flat), START, flat)[0]
    assert late <= rules.cost(alone, START, flat)[0]


@AT_LEISURE
@given(days())
def test_it_is_never_worse_than_the_order_by_time(stops: list[Stop]) -> None:
    """Not later, then not more outside its windows, then not longer: a shorter drive never buys lateness."""
    plain = sorted(stops, key=lambda one: one.plain)
    assert rules.cost(rules.in_order(stops, START, flat), START, flat) <= rules.cost(plain, START, flat)


@AT_LEISURE
@given(days().filter(lambda stops: len(stops) <= 4))
def test_windows_are_kept_whenever_some_order_keeps_them_and_all_times(stops: list[Stop]) -> None:
    def kept(route: list[Stop]) -> bool:
        return rules.cost(route, START, flat)[:2] == (0, 0)

    possible = any(kept(list(route)) for route in permutations(stops))
    if possible:
        assert kept(rules.in_order(stops, START, flat))


@AT_LEISURE
@given(days(), st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_the_database_gives_the_visits(
    stops: list[Stop], random: st.DataObject
) -> None:
    once = rules.in_order(stops, START, flat)
    again = list(stops)
    random.shuffle(again)  # type: ignore[attr-defined]
    assert rules.in_order(again, START, flat) == once


@AT_LEISURE
@given(days())
def test_kept_as_an_order_by_hand_it_stays_as_it_is(stops: list[Stop]) -> None:
    once = rules.in_order(stops, START, flat)
    assert rules.in_order(stops, START, flat, [one.id for one in once]) == once
