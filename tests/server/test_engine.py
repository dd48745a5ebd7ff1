"""Due work side by side: who fails or waits holds up nobody else, and is named."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar

from pwa.waking import wake
from server import engine as engines
from server.engine import DUE, Due, Engine
from tests.conftest import World


class Work:
    """Due work that a test lets go on."""

    def __init__(self) -> None:
        self.turns = 0
        self.free = asyncio.Event()
        self.turned = asyncio.Event()

    async def __call__(self, at: datetime) -> int:
        self.turns += 1
        self.turned.set()
        await self.free.wait()
        return 0


async def fails(at: datetime) -> int:
    raise OSError("the store is away")


@pytest.fixture
def slow() -> Work:
    return Work()


@pytest.fixture
def quick() -> Work:
    made = Work()
    made.free.set()
    return made


@pytest.fixture
async def engine(slow: Work, quick: Work, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 0.001)
    made = Engine((Due("slow", slow), Due("broken", fails), Due("quick", quick)))
    made.start()
    yield made
    slow.free.set()
    await made.stop()


async def turns(work: Work, more: int = 3) -> None:
    for _ in range(more):
        work.turned.clear()
        await asyncio.wait_for(work.turned.wait(), 10)


async def test_one_that_waits_or_fails_delays_no_other(engine: Engine, slow: Work, quick: Work) -> None:
    await turns(quick, 5)
    assert slow.turns == 1


async def test_only_the_one_that_is_stuck_is_named_and_only_after_its_patience(
    engine: Engine, slow: Work, quick: Work
) -> None:
    await asyncio.wait_for(slow.turned.wait(), 10)
    began = engine.last_turn["slow"]
    assert engine.stuck(began + timedelta(seconds=14)) == []
    engine.last_turn["quick"] = engine.last_turn["broken"] = began + timedelta(hours=1)
    assert engine.stuck(began + timedelta(seconds=16)) == ["slow"]
    slow.free.set()
    await turns(slow)
    assert engine.last_turn["slow"] > began


async def test_a_failure_is_logged_by_name_and_tried_again(
    engine: Engine, quick: Work, caplog: pytest.LogCaptureFixture
) -> None:
    await turns(quick)
    assert caplog.text.count("due work of broken failed") > 1
    assert engine.stuck(datetime.now(UTC)) == []


async def test_stopping_finishes_the_turns_in_hand_and_begins_no_other(
    engine: Engine, slow: Work, quick: Work
) -> None:
    await turns(quick)
    stopping = asyncio.create_task(engine.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    slow.free.set()
    await asyncio.wait_for(stopping, 10)
    ended = quick.turns
    await asyncio.sleep(0)
    assert (slow.turns, quick.turns) == (1, ended)


def test_what_was_never_started_is_stuck() -> None:
    names = ["lone working", "calls for help", "alarm messages", "canary", "reminders", "notifications"]
    names += ["phones that show them", "receipts", "rota", "photographs", "properties", "people", "documents"]
    names += ["messages", "retention"]
    assert Engine().stuck(datetime.now(UTC)) == names


def test_a_store_that_is_away_is_given_the_time_it_takes_to_say_so() -> None:
    patience = {one.name: one.patience.total_seconds() for one in DUE}
    assert patience.pop("photographs") == patience.pop("documents") == patience.pop("messages") == 60
    assert patience.pop("alarm messages") == patience.pop("calls for help") == patience.pop("notifications") == 60
    assert patience.pop("rota") == 60
    assert set(patience.values()) == {15} and {"lone working", "canary", "receipts", "reminders"} <= set(patience)


async def test_the_health_page_names_it_and_is_not_ready(
    app: Litestar, world: World, slow: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.browser()
    assert (await client.get("/health/ready")).json() == {
        "database": True, "clock": True, "engine": True, "open": True, "stuck": [],
    }  # fmt: skip
    stuck = Engine((Due("photographs", slow),))
    stuck.last_turn["photographs"] = datetime.now(UTC) - timedelta(seconds=16)
    monkeypatch.setattr(app.state, "news", stuck)
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["engine"], answer.json()["stuck"]) == (503, False, ["photographs"])


async def test_what_is_asked_for_in_danger_is_looked_for_at_once(
    quick: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 3600)
    engine = Engine((Due("quick", quick), Due("other", Work())))
    engine.due[1].work.free.set()  # type: ignore[attr-defined]
    engine.start()
    await asyncio.wait_for(quick.turned.wait(), 10)
    for turn in (2, 3):
        quick.turned.clear()
        wake("quick")
        await asyncio.wait_for(quick.turned.wait(), 10)
        assert quick.turns == turn
    assert engine.due[1].work.turns == 1  # type: ignore[attr-defined]
    await asyncio.wait_for(engine.stop(), 10)
    wake("quick")
