"""Seven days by the clock on the household's wall, to the second, and what their silence is called."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inspections import inventory_rules as rules
from inspections.inventory_rules import Answered, Ended, Standing
from pwa.clock import LONDON

SECOND = timedelta(seconds=1)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("handed_over", "closes", "length"),
    [
        ("2026-11-24T14:30:00", "2026-12-02T00:00:00+00:00", timedelta(days=7, hours=9, minutes=30)),
        ("2026-11-24T00:00:00", "2026-12-02T00:00:00+00:00", timedelta(days=8)),
        ("2026-11-24T23:59:59", "2026-12-02T00:00:00+00:00", timedelta(days=7, seconds=1)),
        # The clocks go forward on 29 March 2026 at one in the morning, and back on 25 October at two.
        ("2026-03-24T12:00:00", "2026-03-31T23:00:00+00:00", timedelta(days=7, hours=11)),
        ("2026-03-21T12:00:00", "2026-03-29T00:00:00+00:00", timedelta(days=7, hours=12)),
        ("2026-03-22T12:00:00", "2026-03-29T23:00:00+00:00", timedelta(days=7, hours=11)),
        ("2026-10-18T12:00:00", "2026-10-26T00:00:00+00:00", timedelta(days=7, hours=13)),
        ("2026-10-17T12:00:00", "2026-10-24T23:00:00+00:00", timedelta(days=7, hours=12)),
    ],
)
def test_the_last_second_is_the_one_before_midnight_at_the_end_of_the_seventh_day(
    handed_over: str, closes: str, length: timedelta
) -> None:
    at = london(handed_over)
    end = rules.closes_at(at)
    assert end.astimezone(UTC) == datetime.fromisoformat(closes)
    assert end.astimezone(UTC) - at.astimezone(UTC) == length
    assert rules.standing(at, False, False, None, end - SECOND) is Standing.OPEN
    assert rules.standing(at, False, False, None, end) is Standing.CLOSED


@given(some.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=some.just(UTC)))
def test_nobody_has_less_than_seven_days_nor_more_than_eight_and_an_hour(handed_over: datetime) -> None:
    left = rules.closes_at(handed_over).astimezone(UTC) - handed_over
    assert timedelta(days=7) - timedelta(hours=1) < left <= timedelta(days=8, hours=1)
    assert rules.closes_at(handed_over).astimezone(LONDON).time().isoformat() == "00:00:00"


def test_said_in_summer_the_day_is_londons_and_not_that_of_utc() -> None:
    assert rules.last_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 9)


@pytest.mark.parametrize(
    ("handed", "failed", "ended", "is_what", "opens"),
    [
        (False, False, None, Standing.WAITING, True),
        (False, True, None, Standing.FAILED, False),
        (True, False, None, Standing.OPEN, True),
        (True, False, Ended.REVOKED, Standing.REVOKED, False),
        (False, False, Ended.REPLACED, Standing.REPLACED, False),
        (True, True, None, Standing.LOST, True),
    ],
)
def test_a_link_opens_while_it_is_out_and_not_taken_back(
    handed: bool, failed: bool, ended: Ended | None, is_what: Standing, opens: bool
) -> None:
    at = london("2026-11-24T14:30:00")
    handed_over = at if handed else None
    state = rules.standing(handed_over, failed, False, ended, at)
    assert (state, rules.opens(state, handed_over, at)) == (is_what, opens)


def test_what_did_not_arrive_is_never_called_silence_unless_somebody_opened_it() -> None:
    sent = london("2026-11-24T14:30:00")
    late = sent + timedelta(days=30)
    lost = rules.standing(sent, True, False, None, late)
    assert rules.in_words(Answered(), lost, sent, late) == "It did not reach them"
    assert not rules.opens(lost, sent, late)
    assert rules.standing(sent, True, True, None, late) is Standing.CLOSED


OPENED = Answered(opened_at=datetime(2026, 11, 25, tzinfo=UTC))


@pytest.mark.parametrize(
    ("answered", "state", "says"),
    [
        (Answered(), Standing.CLOSED, "No reply"),
        (OPENED, Standing.CLOSED, "No reply"),
        (Answered(), Standing.OPEN, "Not opened yet"),
        (OPENED, Standing.OPEN, "Opened, nothing said yet"),
        (Answered(), Standing.REVOKED, "No reply"),
        (Answered(comments=2, photos=1), Standing.OPEN, "2 comments, 1 photo"),
        (Answered(comments=1, nothing_to_add=True), Standing.CLOSED, "1 comment"),
        (Answered(nothing_to_add=True), Standing.CLOSED, "They looked and have nothing to add"),
    ],
)
def test_what_they_said_is_counted_and_silence_is_no_reply(answered: Answered, state: Standing, says: str) -> None:
    assert rules.reply_in_words(answered, state) == says


@given(
    some.builds(Answered, some.none() | some.just(OPENED.opened_at), some.just(0), some.just(0), some.just(False)),
    some.sampled_from(Standing),
    some.integers(0, 20),
)
def test_no_silence_is_ever_called_agreement(answered: Answered, state: Standing, days: int) -> None:
    at = london("2026-11-24T14:30:00")
    said = rules.in_words(answered, state, at, at + timedelta(days=days)).lower()
    assert not any(word in said for word in ("agree", "accept", "fine", "yes", "nothing to add", "confirm"))


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2026-11-24T14:30:00", "7 days left"),
        ("2026-11-28T00:00:00", "3 days left"),
        ("2026-11-30T23:59:59", "1 day left"),
        ("2026-12-01T00:00:00", "last day"),
        ("2026-12-01T23:59:59", "last day"),
    ],
)
def test_the_days_that_are_left_are_counted_by_the_calendar(at: str, says: str) -> None:
    sent = london("2026-11-24T14:30:00")
    words = rules.in_words(Answered(comments=2, photos=1), Standing.OPEN, sent, london(at))
    assert words == f"2 comments, 1 photo, {says}"
