"""The server's clock was put back: nobody who went silent is found out later for it, and nobody twice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lone_working import events
from lone_working.alarms import alarms, due, looked, put_back, silencing
from lone_working.phone import points
from lone_working.phone_tables import LonePoint
from lone_working.point_rules import Position, Why
from lone_working.rules import Happening
from lone_working.sessions import commands
from lone_working.tables import Alarm, Canary, EngineHeartbeat, LoneSession, SessionEvent
from lone_working.watch import clock, watching
from lone_working.watch.clock_rules import Watch
from messages.tables import ChannelState, Message
from pwa.ids import uuid7
from tests.conftest import ON_POSTGRES
from tests.lone_working.conftest import NOW, SAFE, Alone

NOT_AHEAD = clock.not_ahead
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


async def _passes(alone: Alone, hands: list[float], passed: timedelta, by: timedelta = timedelta()) -> None:
    """So long, as a watch would have it; `by`: what the clock goes beyond that."""
    alone.now += passed + by
    hands[0] += passed.total_seconds()
    await due.run_due(NOW)


async def test_who_goes_silent_is_found_out_when_their_time_is_up_and_not_an_hour_later(
    alone: Alone, hands: list[float]
) -> None:
    id = await alone.begin(minutes=30)
    await due.run_due(NOW)
    await _passes(alone, hands, 10 * MINUTE, -HOUR)
    assert (await alone.session(id))["due_at"] == NOW + 30 * MINUTE - HOUR
    await _passes(alone, hands, 19 * MINUTE)
    assert not await Alarm.exists()
    await _passes(alone, hands, 61 * SECOND)
    assert (await alone.alarm())["origin_at"] == NOW + 30 * MINUTE - HOUR


async def test_a_check_in_from_before_is_good_for_no_longer_than_its_interval(
    alone: Alone, hands: list[float]
) -> None:
    id = await alone.begin(minutes=30)
    await due.run_due(NOW)
    await _passes(alone, hands, 20 * MINUTE)
    await alone.do("asha", commands.checked_in, id)
    await _passes(alone, hands, 5 * MINUTE, -HOUR)
    await alone.do("asha", commands.checked_in, id)
    assert (await alone.session(id))["due_at"] == alone.now + 30 * MINUTE, "I7"
    await commands.extend(alone.sent("asha"), alone.who("asha"), id, 15)
    assert (await alone.session(id))["due_at"] == alone.now + 45 * MINUTE
    assert await events.whole(id), "I10: it is a link of the chain"
    rows = await SessionEvent.select().where(SessionEvent.what == Happening.CLOCK.value)
    assert [row["received_at"] - row["happened_at"] for row in rows] == [HOUR]


async def test_two_engines_that_see_it_put_it_back_once(alone: Alone, hands: list[float]) -> None:
    id = await alone.begin(minutes=30)
    other = uuid7()
    for engine in (due.HERE, other):
        await due.scan(alone.now, engine)
    alone.now += MINUTE - HOUR
    for engine in (due.HERE, other, due.HERE):
        await put_back.seen(engine, -HOUR, alone.now) if engine != due.HERE else await put_back.owed(
            engine, alone.now
        )
    await put_back.seen(due.HERE, -HOUR, alone.now)
    assert (await alone.session(id))["due_at"] == NOW + 30 * MINUTE - HOUR
    for engine in (other, due.HERE):
        await put_back.seen(engine, -HOUR, alone.now - HOUR)
    assert (await alone.session(id))["due_at"] == NOW + 30 * MINUTE - 2 * HOUR, "and a second time once more"


async def test_an_engine_that_begins_after_it_was_put_back_finds_that_somebody_looked_at_a_time_to_come(
    alone: Alone, hands: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await alone.begin(minutes=30)
    await due.run_due(NOW)
    monkeypatch.setattr(clock._Here, "watch", Watch())
    monkeypatch.setattr(due, "HERE", uuid7())
    await _passes(alone, hands, MINUTE, -HOUR)
    due_at = (await alone.session(id))["due_at"]
    assert due_at == NOW + 30 * MINUTE - HOUR + MINUTE, (
        "later by the minute that nobody looked, of which nobody knows"
    )
    monkeypatch.setattr(due, "HERE", uuid7())
    await _passes(alone, hands, MINUTE)
    assert (await alone.session(id))["due_at"] == due_at


async def test_what_could_not_be_put_back_is_tried_again_and_meanwhile_others_are_found_out(
    alone: Alone, hands: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await alone.begin(minutes=30)
    await alone.do("ben", commands.panic, await alone.begin("ben", buddy=None))

    async def breaks(*_: Any) -> None:
        raise RuntimeError

    await due.run_due(NOW)
    with monkeypatch.context() as patched:
        patched.setattr(put_back, "_all", breaks)
        with pytest.raises(RuntimeError):
            await _passes(alone, hands, MINUTE, -HOUR)
    await _passes(alone, hands, MINUTE)
    assert (await alone.session(id))["due_at"] == NOW + 30 * MINUTE - HOUR
    await _passes(alone, hands, MINUTE)
    assert (await alone.session(id))["due_at"] == NOW + 30 * MINUTE - HOUR


async def test_a_pin_from_before_a_call_for_help_does_not_come_after_it(alone: Alone, hands: list[float]) -> None:
    id = await alone.begin()
    await due.run_due(NOW)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await _passes(alone, hands, MINUTE)
    await alone.do("asha", commands.panic, id)
    await _passes(alone, hands, MINUTE, -HOUR)
    assert not alarms.gave_pin(await alone.session(id), await alone.alarm())


async def test_nothing_that_was_held_back_or_waits_for_a_provider_waits_an_hour_more(
    alone: Alone, hands: list[float]
) -> None:
    await alone.do("asha", commands.panic, await alone.begin())
    await due.run_due(NOW)
    await EngineHeartbeat.update(
        {EngineHeartbeat.resumed_at: NOW, EngineHeartbeat.down_from: NOW - HOUR}, force=True
    )
    await Message.update({Message.next_try_at: NOW + 30 * SECOND}, force=True)
    await ChannelState.insert(ChannelState(channel="sms", failures=9, shut_until=NOW + MINUTE / 2))
    await Canary.insert(Canary(id=UUID(int=7), begun_at=NOW))
    await _passes(alone, hands, SECOND, -HOUR)
    assert not await Message.exists().where(Message.next_try_at > alone.now + MINUTE / 2)
    assert not await ChannelState.exists().where(ChannelState.shut_until > alone.now + MINUTE / 2)
    assert not await Canary.exists().where(Canary.begun_at > alone.now)
    assert not await EngineHeartbeat.exists().where(EngineHeartbeat.last_scan_at > alone.now)
    assert not (await watching.beat(due.HERE, alone.now)).holds(alone.now + 2 * MINUTE)


async def test_a_session_that_is_over_keeps_its_times(alone: Alone, hands: list[float]) -> None:
    id = await alone.begin()
    await due.run_due(NOW)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    before = await alone.session(id)
    await _passes(alone, hands, MINUTE, -HOUR)
    assert await LoneSession.count() == 1 and await alone.session(id) == before


async def test_a_server_whose_clock_is_ahead_puts_off_no_call_for_help(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight seconds ahead it is still ready. What it stamps is due by the database's clock all the same."""

    async def database() -> datetime:
        return alone.now - 8 * SECOND

    monkeypatch.setattr(clock, "read", database)
    monkeypatch.setattr(clock, "not_ahead", NOT_AHEAD)
    id = await alone.begin()
    await alone.do("asha", commands.panic, id)
    assert (await alone.alarm())["next_fire_at"] == (await clock.not_ahead(alone.now))
    if ON_POSTGRES:
        await due.scan(await database(), due.HERE)
        assert await alone.steps() == [(0, 0)]


async def test_what_was_silenced_before_sounds_again(alone: Alone, hands: list[float]) -> None:
    await alone.do("asha", commands.panic, await alone.begin())
    await due.run_due(NOW)
    await alone.do("dina", silencing.silence, (await alone.alarm())["id"])
    assert await silencing.silenced([await alone.alarm()])
    await _passes(alone, hands, SECOND, -HOUR)
    assert not await silencing.silenced([await alone.alarm()])


async def test_a_clock_that_was_wrong_for_a_moment_leaves_no_time_that_is_still_to_come(
    alone: Alone, hands: list[float]
) -> None:
    """Nobody believed it; but Ben went in then, and Asha's call for help climbed to its end."""
    long = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, long)
    quiet = await alone.begin("dina", minutes=30, buddy=None)
    await due.run_due(NOW)
    await _passes(alone, hands, SECOND, HOUR)
    late = await alone.begin("ben", minutes=30, buddy=None)
    await _passes(alone, hands, SECOND)
    assert (await alone.alarm())["next_fire_at"] > NOW + HOUR
    await _passes(alone, hands, SECOND, -HOUR)
    assert (await alone.session(late))["due_at"] < NOW + 31 * MINUTE
    assert (await alone.session(quiet))["due_at"] == NOW + 30 * MINUTE, "who had nothing to do with it is left"
    assert (await alone.alarm())["next_fire_at"] < NOW + 10 * MINUTE
    assert await events.whole(late) and await events.whole(long)


async def test_where_her_phone_is_now_is_newer_than_where_it_was_before(alone: Alone, hands: list[float]) -> None:
    id = await alone.begin(minutes=30)
    await due.run_due(NOW)
    await alone.do("asha", points.note, id, Why.CHECK_IN, Position(52.1, 0.1, 9))
    await alone.do("asha", commands.panic, id)
    await _passes(alone, hands, MINUTE, -HOUR)
    await alone.do("asha", points.note, id, Why.TRAIL, Position(52.2, 0.2, 9))
    phone = await looked._phone(await alone.alarm(), {})
    assert phone is not None and phone.latitude == 52.2
    assert phone.trail == ((52.1, 0.1), (52.2, 0.2))


async def test_where_her_phone_was_before_a_clock_that_was_wrong_for_a_moment_stays_when_it_was(
    alone: Alone, hands: list[float]
) -> None:
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await due.run_due(NOW)
    await alone.do("asha", points.note, id, Why.PANIC, Position(52.1, 0.1, 9))
    await _passes(alone, hands, SECOND, HOUR)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    await alone.do("asha", points.note, id, Why.TRAIL, Position(52.2, 0.2, 9))
    await _passes(alone, hands, SECOND, -HOUR)
    rows = await LonePoint.select(LonePoint.at).order_by(LonePoint.at)
    assert [row["at"] for row in rows] == [NOW, NOW + SECOND]


async def test_who_was_to_be_stood_down_by_another_way_does_not_wait_an_hour_more(
    alone: Alone, hands: list[float]
) -> None:
    id = await alone.begin(minutes=30)
    await due.run_due(NOW)
    await _passes(alone, hands, 45 * MINUTE)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert (await alone.alarm())["state"] == "resolved"
    await _passes(alone, hands, SECOND, -HOUR)
    look = (await alone.alarm())["check_at"]
    assert look is None or look <= alone.now + MINUTE
