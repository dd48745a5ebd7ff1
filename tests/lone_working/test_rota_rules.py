"""Who is on duty when, on every night of the year, and when nobody is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lone_working.rota import rules
from lone_working.rota.rules import Duty, Each, Hours, Shift, Wish
from people.rules import Role
from pwa.clock import LONDON
from pwa.ids import uuid7

AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # a Monday
DAY = date(2026, 12, 5)
MARCH, OCTOBER = date(2027, 3, 27), date(2027, 10, 30)  # the days before the clocks change
CLOCKS = some.builds(time, some.integers(0, 23), some.sampled_from([0, 15, 30, 45]))
DAYS = some.dates(date(2026, 11, 30), date(2027, 11, 1))
SPANS = some.lists(
    some.tuples(some.integers(0, 500), some.integers(1, 60)).map(
        lambda one: (AT + timedelta(hours=one[0]), AT + timedelta(hours=one[0] + one[1]))
    ),
    max_size=12,
)


def night(day: date, **more: object) -> Wish:
    return Wish(day, time(22), day, time(6), Each.DAILY, **more)  # type: ignore[arg-type]


def test_a_night_on_duty_is_an_hour_shorter_in_march_and_longer_in_october() -> None:
    lasted = [ends - starts for day in (MARCH, OCTOBER, DAY) for starts, ends in rules.spans(night(day))]
    assert lasted == [timedelta(hours=7), timedelta(hours=9), timedelta(hours=8)]


@pytest.mark.parametrize("day", [MARCH, OCTOBER])
def test_who_comes_on_at_half_past_one_relieves_who_goes_off_then_on_both_nights(day: date) -> None:
    sunday = day + timedelta(days=1)
    (late,) = rules.spans(Wish(day, time(18), sunday, time(1, 30)))
    (early,) = rules.spans(Wish(sunday, time(1, 30), sunday, time(9)))
    assert late[1] == early[0]
    assert rules.gaps([(late[0], early[1])], [late, early], late[0]) == []


def test_week_by_week_the_time_on_the_wall_stays_whatever_the_clocks_do() -> None:
    made = rules.spans(Wish(date(2027, 3, 22), time(9), date(2027, 3, 22), time(17), weeks=3))
    assert [one.astimezone(LONDON).hour for one, _ in made] == [9, 9, 9]
    assert [one.hour for one, _ in made] == [9, 8, 8]


def test_monday_to_friday_for_four_weeks_is_one_wish() -> None:
    made = rules.spans(Wish(date(2026, 12, 7), time(9), date(2026, 12, 13), time(17), Each.WEEKDAYS, 4))
    assert len(made) == 20
    assert {one.astimezone(LONDON).weekday() for one, _ in made} == {0, 1, 2, 3, 4}


def test_a_weekend_in_one_go_is_one_shift() -> None:
    (one,) = rules.spans(Wish(date(2026, 12, 4), time(17), date(2026, 12, 7), time(9)))
    assert one[1] - one[0] == timedelta(hours=64)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(date(2026, 11, 27), time(9), date(2026, 11, 27), time(17)), "day"),
        (Wish(date(2028, 1, 1), time(9), date(2028, 1, 1), time(17)), "day"),
        (Wish(DAY, time(9), DAY - timedelta(days=1), time(17)), "until"),
        (Wish(DAY, time(9), DAY + timedelta(days=32), time(17)), "until"),
        (Wish(DAY, time(17), DAY, time(9)), "ends"),
        (Wish(DAY, time(9), DAY, time(9)), "ends"),
        (Wish(date(2026, 11, 30), time(8), date(2026, 11, 30), time(9)), "ends"),
        (Wish(DAY, time(9), DAY, time(17), Each.WEEKDAYS), "each"),
        (Wish(DAY, time(9), DAY, time(17), weeks=0), "weeks"),
        (Wish(DAY, time(9), DAY, time(17), weeks=27), "weeks"),
        (Wish(DAY, time(9), DAY + timedelta(days=30), time(17), Each.DAILY, 26), "weeks"),
    ],
)
def test_what_cannot_be_a_time_on_duty_is_refused_by_name(wish: Wish, field: str) -> None:
    assert list(rules.wrong_with_wish(wish, AT)) == [field]


def test_a_night_that_began_yesterday_can_still_be_put_down() -> None:
    assert rules.wrong_with_wish(night(date(2026, 11, 29)), AT - timedelta(hours=6)) == {}


def test_who_left_or_is_no_manager_any_more_is_not_on_duty() -> None:
    team, other = uuid7(), uuid7()
    shift = Shift(uuid7(), team, Duty.MANAGER, uuid7(), False, AT, AT + timedelta(hours=1))
    acting = Shift(uuid7(), team, Duty.MANAGER, uuid7(), True, AT, AT + timedelta(hours=1))
    assert rules.counts(shift, Role.MANAGER, other), "another team's manager covers"
    assert not rules.counts(shift, Role.OFFICER, team), "no manager any more, and was not put there to act"
    assert not rules.counts(shift, None, None)
    assert rules.counts(acting, Role.OFFICER, team)
    assert rules.counts(acting, Role.MANAGER, team), "was made one since"
    assert not rules.counts(acting, Role.OFFICER, other), "acts for their own team alone"
    assert not rules.counts(acting, Role.ADMINISTRATOR, None)
    assert not rules.counts(acting, Role.CONTRACTOR, None)


def test_a_gap_is_said_as_people_say_it() -> None:
    saturday = (datetime(2026, 12, 5, 17, tzinfo=UTC), datetime(2026, 12, 5, 20, tzinfo=UTC))
    assert rules.gap_words(saturday, AT) == "on Saturday from 17:00 to 20:00"
    assert rules.gap_words(saturday, datetime(2026, 12, 4, 9, tzinfo=UTC)) == "tomorrow from 17:00 to 20:00"
    assert rules.gap_words(saturday, datetime(2026, 12, 5, 9, tzinfo=UTC)) == "today from 17:00 to 20:00"
    longer = (saturday[0], datetime(2026, 12, 7, 8, tzinfo=UTC))
    assert rules.gap_words(longer, AT) == "on Saturday from 17:00 until Monday 08:00"
    far = (datetime(2026, 12, 12, 17, tzinfo=UTC), datetime(2026, 12, 12, 20, tzinfo=UTC))
    assert rules.gap_words(far, AT) == "on Saturday 12 December from 17:00 to 20:00"


def test_a_gap_is_near_three_times() -> None:
    gap = (AT + timedelta(days=8), AT + timedelta(days=9))
    seen = [rules.nearness(gap, AT + timedelta(days=n)) for n in range(9)]
    assert seen == [None, 7, 7, 7, 7, 3, 3, 1, 1]


def test_hours_that_close_when_they_open_are_day_and_night() -> None:
    (whole,) = Hours(tuple(range(7)), time(0), time(0)).spans(DAY, DAY + timedelta(days=6))
    assert whole[1] - whole[0] == timedelta(days=7)


@given(SPANS, SPANS)
def test_every_moment_that_is_needed_is_covered_or_in_a_gap_and_never_both(
    needed: list[rules.Span], covered: list[rules.Span]
) -> None:
    gaps = rules.gaps(needed, covered, AT)
    edges = sorted({moment for span in [*needed, *covered, *gaps] for moment in span})
    for starts, ends in pairwise(edges):
        within = starts + (ends - starts) / 2
        inside = [any(a <= within < b for a, b in spans) for spans in (needed, covered, gaps)]
        assert inside[2] == (inside[0] and not inside[1])
    assert gaps == rules.merged(gaps), "in order, and none touches the next"


@given(SPANS, SPANS, some.integers(0, 600))
def test_what_is_over_is_no_gap(needed: list[rules.Span], covered: list[rules.Span], hours: int) -> None:
    since = AT + timedelta(hours=hours)
    assert all(starts >= since for starts, _ in rules.gaps(needed, covered, since))


@given(DAYS, CLOCKS, CLOCKS, some.integers(1, 26), some.sampled_from(Each))
def test_what_a_wish_makes_is_in_order_on_the_wall_and_never_backwards(
    day: date, starts: time, ends: time, weeks: int, each: Each
) -> None:
    wish = Wish(day, starts, day + timedelta(days=2), ends, each, weeks)
    if rules.wrong_with_wish(wish, AT):
        return
    made = rules.spans(wish)
    assert made == sorted(made)
    for one, other in made:
        assert one < other
        local = one.astimezone(LONDON)
        skipped = local.date() == date(2027, 3, 28) and starts.hour == 1
        assert skipped or local.timetz().replace(tzinfo=None, fold=0) == starts


@given(DAYS, CLOCKS, CLOCKS)
def test_a_rota_that_hands_over_day_and_night_has_no_gap(day: date, first: time, second: time) -> None:
    """The one hands over to the other and back, at times on the wall, for three weeks round any day."""
    if first == second:
        return
    until = day + timedelta(days=6)
    rota = [
        *rules.spans(Wish(day, first, until, second, Each.DAILY, 3)),
        *rules.spans(Wish(day, second, until, first, Each.DAILY, 3)),
    ]
    begins, ends = min(one for one, _ in rota), max(one for _, one in rota)
    latest = max(first, second)
    whole = (rules.moment(day, latest), rules.moment(day + timedelta(days=20), latest))
    assert begins <= whole[0] and whole[1] <= ends
    assert rules.gaps([whole], rota, whole[0]) == []


@given(DAYS, CLOCKS, some.integers(0, 72))
def test_a_day_shows_exactly_what_is_on_in_it(day: date, starts: time, hours: int) -> None:
    begins = rules.moment(day, starts)
    span = (begins, begins + timedelta(hours=hours + 1))
    shown = [day + timedelta(days=n) for n in range(-1, 5) if rules.on_day([span], day + timedelta(days=n))]
    assert shown[0] == day
    assert shown == [day + timedelta(days=n) for n in range(len(shown))]
    assert all(rules.times_on(span, one) for one in shown)
