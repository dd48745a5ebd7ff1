"""Two PINs that nobody can tell apart who sees what Asha sees, and a call for help that is never lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lone_working import events, replaced_erasing
from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.rules import AlarmKind, AlarmState, SessionState
from lone_working.sessions import commands, pins, queries
from lone_working.sessions.pins import Judged, PinNotRecognised
from lone_working.tables import Alarm, LoneSession, PinFailure, SafePin, SessionEvent
from lone_working.wall import boards
from messages import queries as sent_messages
from messages.tables import Message
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.lone_working.conftest import DURESS, PHONES, SAFE, WRONG, Alone


async def seen_by_asha(alone: Alone, id: Any) -> str:
    """All she could be shown, without ids."""
    me = alone.who("asha")
    seen = [
        await queries.current(me, alone.now),
        await queries.own_session(me, id, alone.now),
        await boards.wall(me, alone.now),
    ]
    return repr(seen).replace(str(id), "ID").replace(repr(id), "ID")


async def test_both_pins_leave_asha_with_the_same(alone: Alone) -> None:
    seen = {}
    for pin in (SAFE, DURESS):
        id = await alone.begin(minutes=30)
        await commands.end(alone.sent("asha"), alone.who("asha"), id, pin)
        seen[pin] = await seen_by_asha(alone, id)
        receipt = await Receipt.select(Receipt.note, Receipt.outcome).order_by(Receipt.id, ascending=False).first()
        seen[pin] += repr(receipt)
        seen[pin] = seen[pin].replace(f"number={(await alone.session(id))['number']}", "number=N")
        await SessionEvent.delete(force=True)
        await Alarm.delete(force=True)
        await LoneSession.delete(force=True)
    assert seen[SAFE] == seen[DURESS]


@pytest.mark.parametrize("late", [False, True])
async def test_more_time_looks_the_same_with_either(alone: Alone, late: bool) -> None:
    seen = {}
    for pin in (SAFE, DURESS):
        alone.now += timedelta(days=1)
        begun, id = alone.now, await alone.begin(minutes=30)
        alone.now += timedelta(minutes=32 if late else 3)
        await alone.scan()
        await commands.extend(alone.sent("asha"), alone.who("asha"), id, 15, pin)
        current = await queries.own_session(alone.who("asha"), id, alone.now)
        seen[pin] = (current.due_at - begun, current.ended_at, current.overdue, current.last_confirmed_at - begun)
        await SessionEvent.delete(force=True)
        await Alarm.delete(force=True)
        await LoneSession.delete(force=True)
    assert seen[SAFE] == seen[DURESS]


async def test_the_other_pin_calls_everybody_and_stands_nobody_down(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(36 * 60)
    assert await alone.told() == ["ben"]
    await commands.end(alone.sent("asha"), alone.who("asha"), id, DURESS)
    await alone.turn(1)
    assert set(await alone.told()) == {"ben", "dina", "nia"}
    assert await alone.told("stand_down") == []
    alarm = await alone.alarm()
    assert alarm["kind"] == AlarmKind.DURESS
    seen = await alarm_page.alarm_for(alone.who("ben"), alarm["id"], alone.now)
    assert seen.do_not_phone
    await alone.turn(3600)
    assert (await alone.alarm())["state"] == AlarmState.OPEN
    with pytest.raises(Refused):
        await alone.do("dina", responding.outcome, alarm["id"], "They sound well", True, False)
    await alone.do("dina", responding.outcome, alarm["id"], "The police are with her", False, True)
    assert (await alone.session(id))["state"] == SessionState.CLOSED_BY_RESPONDER
    assert await alone.told("stand_down") == ["ben", "dina", "nia"]
    mine = await queries.own_session(alone.who("asha"), id, alone.now)
    assert mine.ended_at is not None and mine.ended_at < alone.now - timedelta(minutes=30), "when she said so"


async def test_a_wrong_pin_says_so_and_ends_nothing_and_the_right_one_may_follow(alone: Alone) -> None:
    id, sent = await alone.begin(minutes=30), alone.sent("asha")
    for _ in range(3):
        with pytest.raises(PinNotRecognised):
            await commands.end(sent, alone.who("asha"), id, WRONG)
    assert await PinFailure.count() == 3
    (out,) = (await boards.wall(alone.who("dina"), alone.now)).sessions
    assert out.pin_failures == 3
    await commands.end(sent, alone.who("asha"), id, SAFE)
    assert (await alone.session(id))["state"] == SessionState.CLOSED_SAFE


async def test_the_same_command_again_with_the_other_pin_is_still_heard(alone: Alone) -> None:
    id, sent = await alone.begin(minutes=30), alone.sent("asha")
    await commands.end(sent, alone.who("asha"), id, SAFE)
    await commands.end(replace(sent), alone.who("asha"), id, DURESS)
    await commands.end(replace(sent), alone.who("asha"), id, DURESS)
    assert (await alone.alarm())["kind"] == AlarmKind.DURESS


async def test_whoever_has_no_pins_is_told_to_set_them(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await SafePin.delete(force=True)
    with pytest.raises(Refused, match="no PIN yet"):
        await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await pins.set_pins(alone.sent("asha"), alone.who("asha"), "5432", "9017")
    await commands.end(alone.sent("asha"), alone.who("asha"), id, "5432")
    with pytest.raises(Refused):
        await pins.set_pins(alone.sent("asha"), alone.who("asha"), "5432", "2345")


async def test_panic_goes_to_everybody_at_once_and_needs_a_pin_and_a_voice(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await alone.turn(1)
    assert await alone.told() == ["ben", "dina", "dina", "nia", "nia"]
    alarm = await alone.alarm()
    with pytest.raises(Refused, match="first two minutes"):
        await alone.do("ben", responding.outcome, alarm["id"], "It was a slip", True)
    await alone.turn(150)
    with pytest.raises(Refused, match="PIN too"):
        await alone.do("ben", responding.outcome, alarm["id"], "It was a slip", True)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert (await alone.alarm())["state"] == AlarmState.OPEN, "a PIN alone ends no call for help"
    await alone.do("ben", responding.outcome, alarm["id"], "It was a slip", True)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED
    assert await alone.told("stand_down") == ["ben", "dina", "nia"]
    assert not await LoneSession.exists().where(LoneSession.state == "active")


async def test_panic_while_overdue_takes_the_alarm_over(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(36 * 60)
    await alone.do("asha", commands.panic, id)
    await alone.turn(1)
    alarm = await alone.alarm()
    assert (alarm["kind"], alarm["origin_at"]) == (AlarmKind.PANIC, alone.now - timedelta(seconds=1))
    assert (await alone.steps())[-1] == (1, 0)


async def test_panic_pressed_again_while_somebody_has_it_rings_again(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await alone.turn(1)
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
    await alone.do("asha", commands.panic, id)
    assert (await alone.alarm())["state"] == AlarmState.OPEN
    await alone.turn(1)
    assert (await alone.steps()) == [(0, 0), (1, 0)]


@pytest.mark.parametrize("when", ["closed", "unknown", "somebody else's", "a day old"])
async def test_no_panic_is_lost(alone: Alone, when: str) -> None:
    id = await alone.begin("ben" if when == "somebody else's" else "asha", buddy=None)
    if when == "closed":
        await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    if when == "unknown":
        id = uuid7()
    captured = alone.now - timedelta(days=1) if when == "a day old" else None
    await alone.do("asha", commands.panic, id, captured=captured)
    await alone.turn(1)
    assert (await alone.alarm())["kind"] == AlarmKind.PANIC
    assert "dina" in await alone.told()
    assert (await LoneSession.select().where(LoneSession.id == (await alone.alarm())["session"]))[0][
        "person"
    ] == alone.world.asha.id


async def test_pins_chosen_after_the_clock_was_put_back_count_and_not_those_before(alone: Alone) -> None:
    me = alone.who("asha")
    alone.now -= timedelta(hours=1)
    for safe, duress in (("3852", "9164"), ("4963", "1275")):
        await pins.set_pins(alone.sent("asha"), me, safe, duress)
        await replaced_erasing.erase_older(alone.now)
        judged = [await pins.judge(me, pin) for pin in (safe, duress, SAFE, DURESS)]
        assert judged == [Judged.SAFE, Judged.DURESS, Judged.WRONG, Judged.WRONG]
    await replaced_erasing.erase_older(alone.now + timedelta(hours=2))
    assert await pins.judge(me, "4963") is Judged.SAFE
    assert await SafePin.count().where(SafePin.person == me.id) == 1


async def test_nobody_sees_or_takes_on_an_alarm_about_themselves_nor_another_teams(alone: Alone) -> None:
    id = await alone.begin("dina", minutes=30, buddy=None)
    await commands.end(alone.sent("dina"), alone.who("dina"), id, DURESS)
    await alone.turn(1)
    alarm = (await alone.alarm())["id"]
    for name in ("dina", "asha", "marek", "ade", "carol"):
        with pytest.raises(NotFound):
            await alarm_page.alarm_for(alone.who(name), alarm, alone.now)
        with pytest.raises(NotFound):
            await alone.do(name, responding.acknowledge, alarm)
        with pytest.raises(NotFound):
            await alone.do(name, responding.outcome, alarm, "well", True, True)
        assert (await boards.wall(alone.who(name), alone.now)).alarms == ()
    assert not await sent_messages.messages_of(alone.who("dina")), "nor in the list of what went out"
    assert [one.id for one in (await boards.wall(alone.who("nia"), alone.now)).alarms] == [alarm]
    assert await sent_messages.messages_of(alone.who("nia"))


async def test_nobody_uses_a_session_that_is_not_theirs(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    for name in ("ben", "dina", "carol"):
        with pytest.raises(NotFound):
            await commands.check_in(alone.sent(name), alone.who(name), id)
        with pytest.raises(NotFound):
            await commands.end(alone.sent(name), alone.who(name), id, SAFE)
        with pytest.raises(NotFound):
            await queries.own_session(alone.who(name), id, alone.now)


async def test_the_chain_of_what_happened_is_whole_and_a_change_shows(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    await alone.do("asha", commands.panic, id)
    assert await events.whole(id)
    await SessionEvent.update({SessionEvent.said: "x"}).where(SessionEvent.seq == 2)
    assert not await events.whole(id)


async def test_a_reminder_that_waits_is_not_texted_after_the_other_pin(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(33 * 60)
    assert await alone.told("reminder") == ["asha"]
    await commands.end(alone.sent("asha"), alone.who("asha"), id, DURESS)
    (row,) = await Message.select().where(Message.template == "alarm-reminder-sms")
    assert row["state"] == "stopped"


@pytest.mark.parametrize("pin", [SAFE, DURESS])
async def test_more_time_that_is_refused_is_refused_alike_however_often(alone: Alone, pin: str) -> None:
    id, sent = await alone.begin(minutes=30), alone.sent("asha")
    before = await seen_by_asha(alone, id)
    for _ in range(3):
        with pytest.raises(Refused, match="15 or 30"):
            await commands.extend(replace(sent), alone.who("asha"), id, 99, pin)
    assert await seen_by_asha(alone, id) == before
    assert await Alarm.count().where(Alarm.kind == "duress") == (1 if pin == DURESS else 0)


async def test_a_pin_of_before_the_call_for_help_does_not_end_it(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await alone.turn(60)
    await alone.do("asha", commands.panic, id)
    await alone.turn(180)
    with pytest.raises(Refused, match="PIN too"):
        await alone.do("ben", responding.outcome, (await alone.alarm())["id"], "It was a slip", True)


async def test_a_call_for_help_whose_id_was_used_before_is_still_heard(alone: Alone) -> None:
    id, sent = await alone.begin(minutes=30), alone.sent("asha")
    await commands.check_in(sent, alone.who("asha"), id)
    await commands.call_for_help(replace(sent, path="/panic", body_sha256="0" * 64), alone.who("asha"), id)
    assert (await alone.alarm())["kind"] == AlarmKind.PANIC


@pytest.mark.parametrize(("buddy", "told"), [("ben", ["ben"]), (None, ["dina", "nia"])])
async def test_after_three_wrong_pins_their_buddy_is_quietly_told_once(
    alone: Alone, buddy: str | None, told: list[str]
) -> None:
    id = await alone.begin(minutes=30, buddy=buddy)
    for slip in range(1, 7):
        with pytest.raises(PinNotRecognised):
            await commands.end(alone.sent("asha"), alone.who("asha"), id, WRONG)
        rows = await Message.select()
        assert len(rows) == (len(told) if slip >= 3 else 0)
    assert {(row["template"], row["urgent"]) for row in rows} == {("alarm-slips-sms", True)}
    assert sorted(row["recipient"] for row in rows) == sorted("+44" + PHONES[name][1:] for name in told)
    assert await Alarm.count() == 0, "it may be nothing"
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)


@pytest.mark.parametrize("high_risk", [False, True])
@pytest.mark.parametrize("asked", [SAFE, DURESS, "help"])
async def test_after_a_check_in_the_reminders_that_follow_are_the_same(
    alone: Alone, asked: str, high_risk: bool
) -> None:
    """An onlooker who hears no text where there should be one would know."""
    id = await alone.begin(minutes=30)
    await LoneSession.update({LoneSession.high_risk: high_risk}).where(LoneSession.id == id)
    alone.now += timedelta(minutes=10)
    if asked == "help":
        await commands.call_for_help(alone.sent("asha"), alone.who("asha"), id)
        await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    else:
        await commands.check_in(alone.sent("asha"), alone.who("asha"), id, asked)
    due = (await alone.session(id))["due_at"]
    await alone.turn((due - alone.now).total_seconds())
    assert await alone.told("reminder") == []
    await alone.turn(150)
    assert await alone.told("reminder") == ["asha"]
    await alone.turn(20 * 60)
    assert await alone.told("reminder") == ["asha"], "one, however often the engine looks"


async def test_overdue_already_the_other_pin_brings_no_reminder_a_second_time(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(33 * 60)
    assert await alone.told("reminder") == ["asha"]
    await commands.call_for_help(alone.sent("asha"), alone.who("asha"), id)
    await alone.turn(10 * 60)
    assert await alone.told("reminder") == ["asha"]


async def test_after_the_end_no_reminder_comes_by_either_pin(alone: Alone) -> None:
    for pin in (SAFE, DURESS):
        id = await alone.begin(minutes=30)
        await commands.end(alone.sent("asha"), alone.who("asha"), id, pin)
        await alone.turn(60 * 60)
    assert await alone.told("reminder") == []
