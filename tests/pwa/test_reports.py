"""A flood of reports is a handful of lines."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from pwa.reports import Counted
from tests.conftest import World

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_of_a_thousand_in_a_minute_four_are_told_with_how_many_there_were() -> None:
    reports = Counted()
    assert [count for count in (reports.due(AT) for _ in range(2500)) if count] == [1, 10, 100, 1000]


def test_the_next_minute_is_counted_afresh() -> None:
    reports = Counted()
    for _ in range(5):
        reports.due(AT)
    assert reports.due(AT + timedelta(minutes=1)) == 1


async def test_somebody_who_posts_reports_all_day_does_not_fill_the_log(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pwa.handlers.REPORTS", Counted())
    client = world.browser()
    with caplog.at_level(logging.WARNING, "doorstep.pages"):
        for _ in range(40):
            assert (await client.post("/csp-report", content=b"{}")).status_code == 204
    # Two minutes, when the turn of one falls in between.
    assert 1 <= len([line for line in caplog.messages if "violations" in line]) <= 4
