"""One clock: the database's. One that jumps is not believed for a minute, except by whoever calls for help."""

from datetime import UTC, timedelta

import pytest

from lone_working.alarms import due
from lone_working.sessions import commands
from lone_working.tables import EngineHeartbeat
from lone_working.watch import administrators, clock
from lone_working.watch.clock_rules import APART_MOST, Watch
from messages.tables import Message
from people.tables import Person
from tests.conftest import ON_POSTGRES, World
from tests.lone_working.conftest import NOW, Alone

HOUR = timedelta(hours=1)


def test_a_clock_that_keeps_time_is_believed_and_so_is_one_that_drifts() -> None:
    watch = Watch()
    for second in range(0, 600, 5):
        seen = watch.read(NOW + timedelta(seconds=second * 1.01), float(second))
        assert not seen.holding and not seen.jumped


def test_one_that_jumps_forward_is_held_for_a_minute_and_then_believed() -> None:
    watch = Watch()
    watch.read(NOW, 0.0)
    for second in range(1, 61):
        assert watch.read(NOW + HOUR + timedelta(seconds=second), float(second)).holding
    seen = watch.read(NOW + HOUR + timedelta(seconds=61), 61.0)
    assert (seen.holding, seen.jumped, seen.by) == (False, True, HOUR)
    assert not watch.read(NOW + HOUR + timedelta(seconds=62), 62.0).jumped


def test_one_that_comes_back_within_the_minute_has_made_nobody_overdue() -> None:
    watch = Watch()
    watch.read(NOW, 0.0)
    assert watch.read(NOW + HOUR, 1.0).holding
    seen = watch.read(NOW + timedelta(seconds=2), 2.0)
    assert (seen.at, seen.holding, seen.jumped) == (NOW + timedelta(seconds=2), False, False)


def test_half_a_minute_is_no_jump_and_backwards_is_believed_and_said() -> None:
    watch = Watch()
    watch.read(NOW, 0.0)
    assert not watch.read(NOW + timedelta(seconds=30), 0.0).holding
    seen = watch.read(NOW - HOUR, 1.0)
    assert (seen.holding, seen.jumped) == (False, True)


async def test_while_the_clock_is_not_believed_nobody_becomes_overdue_and_help_is_heard(
    alone: Alone, hands: list[float]
) -> None:
    await alone.begin(minutes=30)
    help = await alone.begin("ben", minutes=30, buddy=None)
    await due.run_due(NOW)
    alone.now += HOUR
    hands[0] += 1
    assert await due.run_due(NOW) == 0
    await alone.do("ben", commands.panic, help)
    assert await due.run_due(NOW) == 1
    assert await alone.told() == ["dina", "dina", "nia", "nia"]
    alone.now += timedelta(seconds=61)
    hands[0] += 61
    assert await due.run_due(NOW) >= 1, "then they are, and it is said"
    assert await Message.exists().where(Message.template == "alarm-server-email")
    assert not await Message.exists().where(Message.template.like("alarm-outage%")), "we looked all along"
    assert await EngineHeartbeat.count().where(EngineHeartbeat.resumed_at.is_not_null()) == 0


async def test_a_clock_that_is_put_back_stops_no_call_for_help_on_its_way_up(
    alone: Alone, hands: list[float]
) -> None:
    await alone.do("asha", commands.panic, await alone.begin())
    await due.run_due(NOW)
    assert await alone.steps() == [(0, 0)]
    alone.now -= HOUR
    hands[0] += 1
    await due.run_due(NOW)
    assert await alone.steps() == [(0, 0)]
    for _ in range(3):
        alone.now += timedelta(seconds=61)
        hands[0] += 61
        await due.run_due(NOW)
    assert {n for _, n in await alone.steps()} == {0, 1, 2}


async def test_what_the_engine_goes_by_is_the_databases_clock_and_not_its_machines(
    alone: Alone, hands: list[float]
) -> None:
    await alone.begin(minutes=30)
    assert await due.run_due(NOW + HOUR) == 0


async def test_administrators_are_told_of_a_clock_that_is_wrong_once_a_day(
    alone: Alone, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def apart() -> timedelta:
        return timedelta(seconds=3)

    monkeypatch.setattr(clock, "apart", apart)
    for _ in range(3):
        clock._MEASURED.clear()
        await clock.run_due(NOW)
    rows = await Message.select()
    administrators_ = await Person.count().where(Person.role == "administrator")
    assert administrators_ and {row["template"] for row in rows} <= {"alarm-server-email", "alarm-server-sms"}
    assert len({row["recipient"] for row in rows}) == len(rows) > 0
    assert "3 seconds" in rows[0]["personalisation"]


async def test_this_machines_clock_is_the_databases_here() -> None:
    assert abs(await clock.apart()) < timedelta(seconds=5)
    assert (await clock.read()).tzinfo == UTC or ON_POSTGRES


async def test_a_machine_whose_clock_is_ten_seconds_wrong_takes_no_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def apart() -> timedelta:
        return -(APART_MOST + timedelta(seconds=1))

    monkeypatch.setattr(clock, "apart", apart)
    answer = await world.browser().get("/health/ready")
    assert (answer.status_code, answer.json()["clock"], answer.json()["engine"]) == (503, False, True)


async def test_what_is_told_twice_is_told_once(alone: Alone) -> None:
    from uuid import UUID

    for _ in range(2):
        await administrators.tell("the disk is full.", UUID(int=7), NOW)
    rows = await Message.select(Message.recipient)
    assert len({row["recipient"] for row in rows}) == len(rows)
