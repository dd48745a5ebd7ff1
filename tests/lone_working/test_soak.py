"""A day and a night of a council with sixty sessions, over either night on which the clocks change.

In CI the clock goes from one thing that is due to the next, and a minute at most; that is some hundred times as
fast as the world. `SOAK=1 pytest tests/lone_working/test_soak.py` looks each second, as the engine does.
"""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lone_working.rules import SessionState
from lone_working.sessions import pins
from lone_working.tables import Alarm, LoneSession
from messages import due as messages_due
from messages import sending
from messages.rules import State
from messages.tables import Message
from server.settings import settings
from tests.conftest import ON_POSTGRES
from tests.lone_working import checks
from tests.lone_working.conftest import Alone
from tests.lone_working.council import Council, engines
from tests.lone_working.test_invariants import judged
from tests.servers.notify import KEY, TEMPLATES, Notify

SECONDLY = os.environ.get("SOAK") == "1"
SESSIONS = int(os.environ.get("SESSIONS", "60"))
NIGHTS = {
    "spring": datetime(2026, 3, 28, 13, tzinfo=UTC),  # the clocks go from 1:00 to 2:00, twelve hours in
    "autumn": datetime(2026, 10, 24, 13, tzinfo=UTC),
}
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def next_moment(council: Council, now: datetime) -> datetime:
    """The next thing that is due, by the second; or the next minute."""
    if SECONDLY:
        return now + SECOND
    queries: list[Any] = [
        LoneSession.select(LoneSession.due_at).where(LoneSession.state == "active", LoneSession.alarmed.eq(False)),
        Alarm.select(Alarm.next_fire_at).where(Alarm.next_fire_at.is_not_null()),
        Message.select(Message.next_try_at).where(Message.next_try_at.is_not_null(), Message.urgent.eq(True)),
    ]
    found = [now.replace(second=0, microsecond=0) + MINUTE]
    found += [value for query in queries for row in await query for value in row.values()]
    found += [council.plan[0][0]] if council.plan else []
    return min(max(one, now + SECOND) for one in found)


async def minute(council: Council, at: datetime) -> None:
    await council.answer()
    if SECONDLY or at.minute == 0:
        await checks.whole(await checks.look())
    overdue = (LoneSession.state == "active") & LoneSession.alarmed.eq(False) & (LoneSession.due_at <= at)
    assert not await LoneSession.exists().where(overdue), "I2"
    assert not await Alarm.exists().where(Alarm.next_fire_at <= at), "I1"


@pytest.mark.parametrize("night", list(NIGHTS)[int(ON_POSTGRES) :])  # one is enough there, and takes longer
async def test_a_day_and_a_night_of_a_council(
    alone: Alone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], night: str
) -> None:
    monkeypatch.setattr(pins, "judge", judged)
    provider, seed = Notify(), random.randrange(10**6)
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    alone.now = begins = NIGHTS[night]
    council = Council(alone, provider, random.Random(seed))
    await council.staff()
    council.sessions(SESSIONS, begins, 23)
    council.outages_of_the_provider(begins)
    both, began, last = engines(2), time.monotonic(), begins
    while alone.now < begins + timedelta(hours=24):
        await council.do_what_is_planned()
        await asyncio.gather(*(alone.scan(one) for one in both))
        while await messages_due.run_urgent(alone.now):
            pass
        if alone.now - last >= MINUTE:
            last = alone.now
            await minute(council, last)
        alone.now = await next_moment(council, alone.now)
    took = time.monotonic() - began
    await all_is_well(council)
    seen = await checks.look()
    provider.stop()
    with capsys.disabled():
        speed = 24 * 3600 / took
        counted = f"{len(seen.sessions)} sessions, {len(seen.alarms)} alarms, {len(seen.messages)} messages"
        print(f"\n24 h over the night in {night} (seed {seed}): {counted}; {speed:.0f} times as fast")


async def all_is_well(council: Council) -> None:
    seen = await checks.look()
    await checks.whole(seen)
    assert len(seen.sessions) == SESSIONS
    late = [row for rows in seen.steps.values() for row in rows if row["late"]]
    assert not late, "I1: an engine was up all the time"
    calls = Counter(one["reference"] for one in council.provider.notifications)
    assert set(calls.values()) <= {1}, "nothing goes out twice"
    for row in seen.messages.values():
        waits = row["state"] == State.WAITING and council.alone.now - row["made_at"] > timedelta(minutes=10)
        assert not waits or council.provider.answers, "nothing waits once the provider is well"
    kinds = Counter(row["kind"] for row in seen.alarms.values())
    assert kinds["overdue"] and kinds["panic"] and kinds["duress"]
    closed = Counter(row["state"] for row in seen.sessions.values())
    assert closed[SessionState.CLOSED_SAFE] >= council.endings.count("in time")
    for row in seen.sessions.values():
        first_due = row["started_at"] + timedelta(minutes=row["interval_minutes"])
        assert row["due_at"] >= first_due, "no deadline moves with the clocks"
