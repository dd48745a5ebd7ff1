"""`kill -9` of the engine, of what hands messages over and of people's commands, again and again.

No alarm is lost, none is there twice, no chain breaks, and nothing goes out twice but what was being handed over
just then, under the same reference. On the database the run is on: 50 kills on each in CI, and before a release
`KILLS=1000 pytest tests/lone_working/test_kill.py`, fifty in each of twenty councils.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lone_working.tables import Alarm
from messages.tables import Message
from pwa.audit import checked
from pwa.tables import Receipt
from server.piccolo_conf import DB
from tests.conftest import ON_POSTGRES, POSTGRES
from tests.lone_working import checks
from tests.lone_working.conftest import NOW, Alone
from tests.servers.lone_engine import EVERY, TURNS
from tests.servers.notify import KEY, TEMPLATES, Notify
from tests.servers.running import ROOT

KILLS = int(os.environ.get("KILLS", "50"))
IN_ONE = min(KILLS, 50)
WAITING = (Message.state == "waiting") & Message.next_try_at.is_not_null()


class Nursery:
    """Forks a process for each life; what it says until that is over."""

    def __init__(self, provider: str) -> None:
        env = {**os.environ, "DOORSTEP_NOTIFY_KEY": KEY, "DOORSTEP_NOTIFY_URL": provider,
               "DOORSTEP_NOTIFY_TEMPLATES": ",".join("=".join(pair) for pair in TEMPLATES.items())}  # fmt: skip
        if POSTGRES:
            env["DOORSTEP_DATABASE_URL"] = f"{POSTGRES.url}?application_name=mortal"
        program = [sys.executable, "-m", "tests.servers.lone_engine"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        self.process = subprocess.Popen(program, cwd=ROOT, env=env, **pipes)

    def live(self, order: dict[str, Any]) -> tuple[str, list[UUID]]:
        """How it ended, and the commands that were answered until then."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        kept = []
        while True:
            word, _, rest = self.process.stdout.readline().strip().partition(" ")
            if word != "kept":
                assert word in ("killed", "done"), f"it fell over: {word} {rest}"
                return word, kept
            kept.append(UUID(rest))


@pytest.fixture
def provider() -> Iterator[Notify]:
    made = Notify()
    made.address = made.start()  # type: ignore[attr-defined]
    yield made
    made.stop()


@pytest.fixture
def nursery(provider: Notify) -> Iterator[Nursery]:
    made = Nursery(provider.address)  # type: ignore[attr-defined]
    yield made
    made.process.communicate(timeout=60)


async def nobody_left() -> None:
    """PostgreSQL has noticed that they are gone: what they had begun is taken back."""
    mortal = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'mortal'"
    async with asyncio.timeout(60):
        while ON_POSTGRES and await DB.run_prepared(mortal, []):
            pass


async def handed_over_unmarked() -> set[str]:
    """What was claimed and not marked: its call may have been under way."""
    rows = await Message.select(Message.id).where(WAITING & Message.doubt.eq(True))
    return {str(row["id"]) for row in rows}


async def all_kept(answered: list[UUID]) -> None:
    """Whoever was told that it was taken in can rely on it."""
    rows = await Receipt.select(Receipt.id).where(Receipt.id.is_in(answered or [UUID(int=0)]))
    assert {row["id"] for row in rows} == set(answered)


@pytest.mark.parametrize("council", range(KILLS // IN_ONE))
async def test_kills_lose_no_alarm_and_double_none(
    alone: Alone, nursery: Nursery, provider: Notify, capsys: pytest.CaptureFixture[str], council: int
) -> None:
    seed = random.randrange(10**6)
    chance, now, looked, kills, in_flight = random.Random(seed), NOW, NOW, 0, set[str]()

    async def live(**order: Any) -> str:
        nonlocal now, looked
        order = {"at": now.isoformat(), "seed": chance.random(), "people": 2, "turns": TURNS, **order}
        word, answered = await asyncio.to_thread(nursery.live, order)
        looked = now + EVERY * order["turns"]
        now = looked + timedelta(seconds=chance.choice([1, 61, 200]))
        await nobody_left()
        await all_kept(answered)
        await checks.whole(await checks.look())
        in_flight.update(await handed_over_unmarked())
        return word

    while kills < IN_ONE:
        number, after = chance.randrange(1, 400), chance.choice([0, chance.random() * 0.005])
        kills += await live(statement=number, after=after) == "killed"
    assert await live(statement=0, after=0, people=0, turns=30) == "done", "one that may finish"
    await all_there_once(provider, looked, in_flight)
    alarms, calls = await Alarm.count(), Counter(one["reference"] for one in provider.notifications)
    twice = sum(count > 1 for count in calls.values())
    with capsys.disabled():
        print(f"\n{kills} kills (seed {seed}): {alarms} alarms, {len(calls)} messages, {twice} of them twice")


async def all_there_once(provider: Notify, looked: datetime, in_flight: set[str]) -> None:
    seen = await checks.look()
    checks.caught_up(seen, looked)
    called = Counter(one["reference"] for one in provider.notifications)
    assert {ref for ref, count in called.items() if count > 1} <= in_flight, "twice only what was under way"
    for row in seen.messages.values():
        assert row["state"] != "waiting", f"none is left behind: {row}"
        assert row["state"] == "stopped" or called[str(row["id"])], "and none is lost"
    assert not (await checked(None)).faults, "the chain over all receipts"
