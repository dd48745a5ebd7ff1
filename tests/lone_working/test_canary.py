"""Who watches the watcher: what was missed, a session of nobody's that comes through, silence outside."""

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from lone_working.alarms import audit, canary, due
from lone_working.tables import Alarm, AlarmStep, AlarmTold, Canary, LoneSession
from lone_working.wall import boards, figures
from lone_working.watch import clock
from messages import due as messages_due
from messages import queries as messages
from messages.tables import Message
from server import dead_man
from server.dead_man import DeadMan
from server.engine import Due, Engine
from server.settings import settings
from tests.conftest import World
from tests.lone_working.conftest import Alone

MINUTES = timedelta(minutes=1)


async def test_a_deadline_that_nobody_acted_on_is_found_by_the_audit(alone: Alone) -> None:
    await alone.begin(minutes=30)
    assert await audit.missed(alone.now + 30 * MINUTES + timedelta(seconds=9)) == 0
    assert await audit.missed(alone.now + 30 * MINUTES + timedelta(seconds=11)) == 1
    await alone.turn(30 * 60 + 11)
    assert await audit.missed(alone.now) == 0


async def test_so_is_one_that_is_marked_as_alarmed_and_has_no_alarm(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await LoneSession.update({LoneSession.alarmed: True}).where(LoneSession.id == id)
    assert await audit.missed(alone.now + 31 * MINUTES) == 1


async def test_so_is_an_alarm_that_does_not_climb(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(31 * 60)
    assert await audit.missed(alone.now + 2 * MINUTES) == 1
    await Alarm.update({Alarm.next_fire_at: None}).where(Alarm.state == "open")
    assert await audit.missed(alone.now) == 1


async def whole_way(alone: Alone) -> None:
    await canary.run_due(alone.now)
    await alone.scan()
    await messages_due.run_help(alone.now)
    await canary.run_due(alone.now)


async def test_a_canary_goes_the_whole_way_and_nothing_is_left_of_it(alone: Alone) -> None:
    await whole_way(alone)
    (row,) = await Canary.select()
    assert row["answered_at"] == alone.now
    for table in (LoneSession, Alarm, AlarmStep, AlarmTold, Message):
        assert await table.count() == 0
    await canary.run_due(alone.now + timedelta(minutes=4))
    assert await Canary.count() == 1, "one in five minutes"
    alone.now += timedelta(minutes=5)
    await whole_way(alone)
    assert await Canary.count().where(Canary.answered_at.is_not_null()) == 2
    alone.now += timedelta(days=2)
    await whole_way(alone)
    assert await Canary.count() == 1, "kept for a day"


async def test_while_it_is_there_nobody_sees_it(alone: Alone, world: World) -> None:
    await canary.run_due(alone.now)
    await alone.scan()
    assert await Alarm.count() == 1 and await Message.count() == 1
    for name in ("asha", "ben", "dina", "marek", "ade"):
        if name in world.people:
            seen = await boards.wall(alone.who(name), alone.now)
            assert (seen.alarms, seen.sessions) == ((), ())
            assert await figures.happened(alone.who(name), alone.now) == ([], False)
            assert await messages.messages_of(alone.who(name)) == []
    await alone.turn(30)
    alone.now += timedelta(hours=1)
    await alone.scan()
    assert await Message.count().where(Message.template.like("alarm-outage%")) == 0, "nobody is out"


async def test_two_engines_send_out_one(alone: Alone) -> None:
    await canary._begin(alone.now)
    await canary._begin(alone.now)
    assert await LoneSession.count() == await Canary.count() == 1


async def test_one_that_is_not_answered_leaves_readiness_and_comes_back_when_it_is(
    alone: Alone, app: Litestar, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.browser()
    now = await clock.read()
    await canary.run_due(now - 2 * MINUTES)
    monkeypatch.setattr(app.state, "settings", replace(settings, engine=True))
    monkeypatch.setattr(app.state, "engine", Engine(()))
    monkeypatch.setattr(app.state, "news", Engine(()))  # the app's own may be late on a busy machine
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["stuck"]) == (503, ["canary"])
    await due.scan(now, due.HERE)
    await messages_due.run_help(now)
    await canary.run_due(now)
    assert (await client.get("/health/ready")).status_code == 200


async def test_outside_is_told_only_while_all_is_well(
    alone: Alone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(dead_man, "ping", asked.append)
    seconds = [100.0]
    monkeypatch.setattr(dead_man.time, "monotonic", lambda: seconds[0])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "s"))
        systemd.setblocking(False)
        config: Any = replace(settings, dead_man="http://watch.test/x", notify_socket=str(tmp_path / "s"))
        engine = Engine(())
        man = DeadMan(engine, config)
        for _ in range(6):
            await man.run_due(alone.now)
            seconds[0] += 10
        assert asked == ["http://watch.test/x"], "once a minute"
        assert [systemd.recv(50) for _ in range(6)] == [b"WATCHDOG=1"] * 6
        engine.due = (Due("lone working", due.run_due),)
        seconds[0] += 60
        await man.run_due(alone.now)
        assert len(asked) == 1, "stuck"
        engine.due = ()
        now = await clock.read()
        await canary.run_due(now - 2 * MINUTES)
        seconds[0] += 60
        await man.run_due(now)
        assert len(asked) == 1, "a step was missed, and the canary not answered"
        with pytest.raises(BlockingIOError):
            systemd.recv(50)


async def test_where_nothing_is_set_up_nobody_outside_is_told(alone: Alone) -> None:
    man = DeadMan(Engine(), settings)
    assert await man.run_due(alone.now) == 0


def test_an_address_that_does_not_answer_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    dead_man.ping("http://127.0.0.1:1/x")
    dead_man.feed("/nowhere/at/all")
    assert "could not be told" in caplog.text and "could not be fed" in caplog.text
