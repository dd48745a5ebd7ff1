from datetime import UTC, date, datetime, timedelta

import pytest

from visits import rules
from visits.rules import Door, Ending, Happening, NoAccessReason, Outcome, Purpose, State

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("state", "happening", "after"),
    [
        (State.PLANNED, Happening.STARTED, State.STARTED),
        (State.PLANNED, Happening.FINISHED, State.FINISHED),
        (State.PLANNED, Happening.CANCELLED, State.CANCELLED),
        (State.PLANNED, Happening.GIVEN, State.PLANNED),
        (State.STARTED, Happening.STARTED, None),
        (State.STARTED, Happening.FINISHED, State.FINISHED),
        (State.STARTED, Happening.CANCELLED, None),
        (State.STARTED, Happening.GIVEN, None),
        (State.PLANNED, Happening.HANDED_OVER, State.PLANNED),
        (State.STARTED, Happening.HANDED_OVER, State.PLANNED),
        (State.PLANNED, Happening.NOTED, None),
        (State.STARTED, Happening.NOTED, None),
        *[(State.FINISHED, happening, None) for happening in Happening],
        *[(State.CANCELLED, happening, None) for happening in Happening],
    ],
)
def test_every_state_and_what_may_happen_in_it(state: State, happening: Happening, after: State | None) -> None:
    assert rules.after(state, happening) is after


def test_every_transition_is_in_the_table_above() -> None:
    assert len(State) * len(Happening) == 24


def test_the_state_is_read_from_what_happened_and_ignores_what_could_not() -> None:
    assert rules.state_of([]) is State.PLANNED
    assert rules.state_of([Happening.GIVEN, Happening.STARTED]) is State.STARTED
    assert rules.state_of([Happening.STARTED, Happening.FINISHED, Happening.CANCELLED]) is State.FINISHED


@pytest.mark.parametrize(
    ("minutes", "day", "clock", "field"),
    [
        (4, TODAY, "10:00", "minutes"),
        (481, TODAY, "10:00", "minutes"),
        (-1, TODAY, "10:00", "minutes"),
        (30, TODAY - timedelta(days=1), "10:00", "day"),
        (30, TODAY + timedelta(days=367), "10:00", "day"),
        (30, TODAY, "24:00", "time"),
        (30, TODAY, "9:00", "time"),
        (30, TODAY, "", "time"),
        (30, TODAY, "١٠:00", "time"),
    ],
)
def test_a_plan_that_cannot_be_is_told_so_by_field(minutes: int, day: date, clock: str, field: str) -> None:
    assert list(rules.wrong_with_plan(minutes, day, clock, AT)) == [field]


def test_a_plan_for_today_made_today_is_right_however_late_it_arrives() -> None:
    assert rules.wrong_with_plan(30, TODAY, "08:00", AT) == {}


def test_ten_in_the_morning_is_another_moment_in_summer() -> None:
    assert rules.planned_moment(date(2026, 11, 24), "10:00") == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert rules.planned_moment(date(2026, 7, 24), "10:00") == datetime(2026, 7, 24, 9, 0, tzinfo=UTC)


def test_a_day_may_have_25_hours() -> None:
    start, end = rules.day_range(date(2026, 10, 25), 1)
    assert end - start == timedelta(hours=25)


@pytest.mark.parametrize(
    ("ending", "fields"),
    [
        (Ending(Outcome.DONE), []),
        (Ending(Outcome.NOT_NEEDED), []),
        (Ending(Outcome.COULD_NOT_FINISH), ["note"]),
        (Ending(Outcome.COULD_NOT_FINISH, note="Lights failed"), []),
        (Ending(Outcome.NO_ACCESS), ["reason", "door"]),
        (Ending(Outcome.NO_ACCESS, NoAccessReason.NOBODY_IN), ["door"]),
        (Ending(Outcome.NO_ACCESS, NoAccessReason.NOBODY_IN, Door.TAKEN), []),
        (Ending(Outcome.NO_ACCESS, NoAccessReason.NOBODY_IN, Door.NONE), ["note"]),
        (Ending(Outcome.NO_ACCESS, NoAccessReason.UNSAFE, Door.NONE, "Dog loose, left"), []),
        (Ending(Outcome.NO_ACCESS, NoAccessReason.OTHER, Door.TAKEN), ["note"]),
    ],
)
def test_no_access_needs_a_reason_and_a_photo_of_the_door_or_words(ending: Ending, fields: list[str]) -> None:
    assert list(rules.wrong_with_ending(ending)) == fields


def test_tries_are_counted_from_the_last_time_somebody_got_in() -> None:
    assert rules.attempt([]) == 1
    assert rules.attempt([Outcome.NO_ACCESS, Outcome.NO_ACCESS]) == 3
    assert rules.attempt([Outcome.NO_ACCESS, Outcome.DONE, Outcome.NO_ACCESS]) == 2


def test_minutes_are_said_as_people_say_them() -> None:
    assert [rules.duration(m) for m in (45, 60, 90, 120)] == ["45 min", "1 hour", "1 hour 30 min", "2 hours"]


def test_every_purpose_reason_and_outcome_has_words() -> None:
    for kind in (Purpose, NoAccessReason, Outcome):
        assert all(one.words[0].isupper() and "-" not in one.words.replace("Move-", "").replace("Ready-to-let", "")
                   .replace("Sign-up", "") for one in kind)  # fmt: skip


def test_late_news_is_told_who_was_quicker_and_that_it_is_kept() -> None:
    last = rules.Last(Happening.CANCELLED, "Dina Test", AT)
    assert rules.too_late(last) == (
        "This visit was already cancelled by Dina Test at 09:00 on Tue 24 Nov. "
        "What you sent is kept, and your team leader will look at it."
    )
