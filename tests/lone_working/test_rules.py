"""The ladders, the deadline, the clocks and the PINs, by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lone_working import rules
from lone_working.ladders import floor_rules
from lone_working.ladders import rules as ladder_rules
from lone_working.ladders.rules import HELP, HIGH_RISK, LEADS, NORMAL, Ladder, Rung, Stage, Who
from lone_working.rules import Act, AlarmKind

START = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
MINUTES = st.integers(0, 300)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize("ladder", [NORMAL, HIGH_RISK, HELP])
def test_every_ladder_keeps_the_floors_and_survives_being_kept(ladder: Ladder) -> None:
    assert floor_rules.wrong_with_ladder(ladder) == ""
    assert Ladder.loads(ladder.dumps()) == ladder


@given(
    st.lists(st.builds(Rung, st.integers(0, 7200), st.sampled_from([None, *Who])), min_size=1, max_size=7),
    st.integers(0, 1200),
)
def test_no_ladder_is_let_through_that_tells_somebody_too_late(rungs: list[Rung], repeat: int) -> None:
    ladder = Ladder(tuple(sorted(rungs, key=lambda one: one.after)), repeat)
    if floor_rules.wrong_with_ladder(ladder) == "":
        buddy = [one.after for one in ladder.rungs if one.who in (Who.BUDDY, Who.EVERYBODY)]
        managers = [one.after for one in ladder.rungs if one.who in LEADS]
        assert min(buddy) <= 15 * 60
        assert min(managers) <= 30 * 60
        assert 0 < ladder.repeat <= 300
        assert ladder.rungs[-1].who is Who.EVERYBODY


def test_the_ladders_are_those_of_the_design() -> None:
    def told(ladder: Ladder) -> list[tuple[float, str]]:
        return [(one.after / 60, one.who.value if one.who else "wall") for one in ladder.rungs]

    assert told(NORMAL) == [(0, "wall"), (2, "officer"), (5, "buddy"), (10, "duty"), (15, "managers"),
                            (20, "everybody")]  # fmt: skip
    assert [minutes for minutes, _ in told(HIGH_RISK)] == [0, 1, 2, 5, 8, 10]
    assert told(HELP) == [(0, "everybody"), (1, "managers"), (2, "everybody"), (5, "everybody")]
    assert (NORMAL.repeat, HIGH_RISK.repeat, HELP.repeat) == (300, 180, 120)


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=40), st.sampled_from([NORMAL, HIGH_RISK, HELP]))
def test_however_it_is_looked_at_no_step_is_early_twice_or_left_out(gaps: list[int], ladder: Ladder) -> None:
    stage, now, taken = Stage(0, 0, START), START, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        steps, stage = ladder_rules.climb(ladder, START, stage, now)
        taken += steps
        assert stage.next_fire_at > now
        for one in steps:
            assert START + timedelta(seconds=ladder.rungs[one.n].after) <= one.due_at <= now
    keys = [(one.cycle, one.n) for one in taken]
    last = len(ladder.rungs) - 1
    assert keys == ([(0, n) for n in range(last)] + [(cycle, last) for cycle in range(len(keys))])[: len(keys)]


def test_after_an_acknowledgement_what_was_passed_is_taken_when_it_runs_out() -> None:
    until = at(11)
    steps, stage = ladder_rules.climb(NORMAL, START, Stage(0, 1, until), at(11))
    assert [(one.n, one.due_at) for one in steps] == [(1, until), (2, until), (3, until)]
    assert stage.next_fire_at == at(15)


ACTS = st.lists(st.builds(Act, MINUTES.map(at), st.sampled_from([0, 0, 15, 30]), st.booleans()), max_size=8)


@given(ACTS, st.randoms(use_true_random=False), st.integers(5, 60))
def test_the_deadline_is_the_same_in_whatever_order_things_come(acts: list[Act], chance, minutes: int) -> None:  # type: ignore[no-untyped-def]
    mixed = list(acts)
    chance.shuffle(mixed)
    assert rules.due_after(at(minutes), minutes, acts) == rules.due_after(at(minutes), minutes, mixed)


@given(ACTS, MINUTES, st.integers(5, 60))
def test_a_check_in_never_pulls_the_deadline_nor_pushes_it_beyond_its_own_time(
    acts: list[Act], when: int, minutes: int
) -> None:
    acts = [one for one in acts if not one.minutes]
    before = rules.due_after(at(minutes), minutes, acts)
    after = rules.due_after(at(minutes), minutes, [*acts, Act(at(when))])
    furthest = max([at(minutes), *(one.at + timedelta(minutes=minutes) for one in [*acts, Act(at(when))])])
    assert before <= after <= furthest


def test_a_button_pressed_after_the_deadline_needs_a_pin_to_count() -> None:
    assert rules.due_after(at(30), 30, [Act(at(31))]) == at(30)
    assert rules.due_after(at(30), 30, [Act(at(31), sure=True)]) == at(61)
    assert rules.due_after(at(30), 30, [Act(at(50), 15, True)]) == at(65)
    assert rules.due_after(at(30), 30, [Act(at(29)), Act(at(31))]) == at(61), "the first one makes room"


@given(st.integers(-400, 400), st.none() | st.integers(-400, 400), MINUTES)
def test_a_phones_clock_never_makes_it_later_than_it_came_or_earlier_than_it_began(
    wall: int, monotonic: int | None, began: int
) -> None:
    received, earliest = at(300), at(began)
    gap = None if monotonic is None else timedelta(minutes=monotonic)
    when = rules.server_time_of(received, timedelta(minutes=wall), gap, earliest)
    assert min(earliest, received) <= when <= received
    assert when <= received - timedelta(minutes=max(0, min(wall, 300 - began)))


@pytest.mark.parametrize(
    ("safe", "duress", "field"),
    [
        ("2741", "8053", None),
        ("2741", "2740", "duress"),
        ("2741", "1472", "duress"),
        ("2741", "2741", "duress"),
        ("0000", "8053", "safe"),
        ("2741", "9999", "duress"),
        ("274", "8053", "safe"),
        ("2741", "８０５３", "duress"),
        ("", "", "safe"),
    ],
)
def test_two_pins_that_could_be_taken_for_each_other_are_refused(
    safe: str, duress: str, field: str | None
) -> None:
    wrong = rules.wrong_with_pins(safe, duress)
    assert (field in wrong) if field else not wrong


@pytest.mark.parametrize(
    ("kind", "words", "spoken", "close", "pin", "minutes", "ends"),
    [
        ("overdue", "rang her", True, False, False, 0, True),
        ("overdue", "rang her", False, False, False, 9, False),
        ("overdue", " ", True, True, True, 9, False),
        ("panic", "rang her", True, False, True, 1, False),
        ("panic", "rang her", True, False, False, 3, False),
        ("panic", "rang her", True, False, True, 3, True),
        ("panic", "seen her", False, True, False, 3, True),
        ("duress", "rang her", True, False, True, 3, False),
        ("duress", "seen her", True, True, False, 3, True),
    ],
)
def test_how_an_alarm_may_end(  # type: ignore[no-untyped-def]
    kind: str, words: str, spoken: bool, close: bool, pin: bool, minutes: int, ends: bool
) -> None:
    wrong = rules.wrong_with_outcome(AlarmKind(kind), words, spoken, close, pin, timedelta(minutes=minutes))
    assert (wrong == "") is ends


def test_more_time_is_fifteen_or_thirty_minutes_and_two_hours_in_all() -> None:
    assert not rules.wrong_with_extension(15, 105, False, False)
    assert "minutes" in rules.wrong_with_extension(20, 0, False, False)
    assert "minutes" in rules.wrong_with_extension(30, 105, False, True)
    assert "pin" in rules.wrong_with_extension(15, 0, True, False)


def test_a_number_is_one_that_nobody_else_who_is_out_has() -> None:
    assert rules.number_of(0, [1000, 1001]) == 1002
    assert rules.number_of(8999, [9999]) == 1000
    assert 1000 <= rules.number_of(2**127, []) <= 9999


def test_on_a_lock_screen_a_name_is_short() -> None:
    assert [rules.short_name(name) for name in ("Jo Anne Smith", "Cher", " ")] == ["J. Smith", "Cher", ""]
