"""By when a task is to be done, and how late it is, over every day there is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tasks import rules
from tasks.rules import Due, Happening, Kind, Last

days = some.dates(min_value=date(2000, 1, 1), max_value=date(2190, 12, 31))


@given(day=days, count=some.integers(1, 60))
def test_working_days_are_counted_without_saturdays_and_sundays(day: date, count: int) -> None:
    end = rules.working_days_after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == count
    assert end.weekday() < 5


@given(day=days, due=some.sampled_from(Due))
def test_every_quick_choice_is_a_day_that_may_be_chosen(day: date, due: Due) -> None:
    chosen = rules.due_day(due, None, day)
    assert chosen is not None
    assert rules.wrong_with_due(chosen, day) == ""
    assert chosen <= day + timedelta(days=14)


@given(day=days, due=some.sampled_from(Due), own=days)
def test_a_day_of_the_calendar_counts_before_a_quick_choice(day: date, due: Due, own: date) -> None:
    assert rules.due_day(due, own, day) == own


@given(due=days, today=days)
def test_it_is_overdue_from_the_day_after_its_last_day(due: date, today: date) -> None:
    said = rules.lateness(due, today)
    assert said.endswith("overdue") == (today > due)
    assert (said == "Due today") == (today == due)
    assert (said == "Due tomorrow") == (today + timedelta(days=1) == due)


@given(due=days, said=days)
def test_a_day_that_is_past_or_more_than_a_year_away_is_not_taken(due: date, said: date) -> None:
    assert (rules.wrong_with_due(due, said) == "") == (said <= due <= said + timedelta(days=366))


def test_no_day_at_all_is_asked_for() -> None:
    assert rules.wrong_with_due(rules.due_day(None, None, date(2026, 1, 1)), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day overdue"), (2, "2 days overdue"), (1200, "1,200 days overdue")]
)
def test_how_late_it_is_in_words(days: int, words: str) -> None:
    today = date(2026, 11, 24)
    assert rules.lateness(today - timedelta(days=days), today) == words


@pytest.mark.parametrize(
    ("disabled", "role", "owner_team", "nobodys"),
    [(False, "officer", 1, False), (False, "manager", 1, False), (True, "officer", 1, True),
     (False, "officer", 2, True), (False, "officer", None, True), (False, "administrator", 1, True)],
)  # fmt: skip
def test_a_task_is_nobodys_once_its_owner_has_left(
    disabled: bool, role: str, owner_team: int | None, nobodys: bool
) -> None:
    assert rules.is_nobodys(disabled, role, owner_team, 1) is nobodys


def test_words_for_all_there_is() -> None:
    assert [one.words for one in Kind] == ["Licence breach", "Welfare", "Another visit", "Something else"]
    assert Due.THREE_DAYS.words == "In 3 working days"
    last = Last(Happening.DROPPED, "Ben Test", datetime(2026, 7, 1, 9, 5, tzinfo=UTC))
    assert rules.too_late(last).startswith("This task was already cancelled by Ben Test at 10:05 on Wed 1 Jul.")
