"""Asha went in with no signal: the session is called by its start, and help may come before that start."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from lone_working import events
from lone_working.alarms import responding
from lone_working.rules import AlarmKind, AlarmState, SessionState
from lone_working.sessions import beginning, commands, home, queries, unwatched
from lone_working.tables import Alarm, LoneSession, SessionEvent
from lone_working.wall import boards
from messages import sending
from pwa.answers import NotFound
from pwa.outbox import Sent, once
from server.settings import settings
from tests.lone_working.conftest import DURESS, SAFE, WRONG, Alone
from tests.lone_working.test_late import from_phone
from tests.visits.making import planned
from visits import commands as visits


async def test_a_visits_session_is_called_by_the_id_of_its_start(alone: Alone) -> None:
    visit = await planned(alone.world, alone.home, "asha")
    sent = alone.sent("asha")
    await once(sent, visits.start_visit, alone.who("asha"), visit)
    assert (await alone.session(sent.id))["visit"] == visit


@pytest.mark.parametrize("first", ["start", "help"])
async def test_help_before_its_start_is_the_same_session_and_the_same_alarm(alone: Alone, first: str) -> None:
    visit = await planned(alone.world, alone.home, "asha")
    alone.now += timedelta(minutes=20)
    me, start, help = alone.who("asha"), from_phone(alone, 900, 1), from_phone(alone, 60, 2)
    for act in ["start", "help"] if first == "start" else ["help", "start"]:
        if act == "start":
            await once(start, visits.start_visit, me, visit)
        else:
            await commands.call_for_help(help, me, start.id)
    session = await alone.session(start.id)
    assert await LoneSession.count() == 1
    assert (session["visit"], session["property"]) == (visit, alone.home.id)
    assert "Not known" not in session["place"]
    assert session["started_at"] == alone.now - timedelta(seconds=900)
    assert session["due_at"] == session["started_at"] + timedelta(minutes=session["interval_minutes"])
    assert session["heard_at"] == session["started_at"], "who calls for help is not well by that (I8)"
    alarm = await alone.alarm()
    assert (alarm["session"], alarm["kind"], alarm["state"]) == (start.id, AlarmKind.PANIC, AlarmState.OPEN)
    assert await events.whole(start.id)
    # What else she pressed meanwhile counts, and her PIN alone ends no call for help.
    await commands.check_in(from_phone(alone, 30, 3), me, start.id)
    await commands.end(from_phone(alone, 10, 4), me, start.id, SAFE)
    assert (await alone.session(start.id))["state"] == SessionState.ACTIVE
    assert (await alone.alarm())["state"] == AlarmState.OPEN


async def test_a_start_that_comes_after_a_responder_closed_it_opens_nothing_again(alone: Alone) -> None:
    visit = await planned(alone.world, alone.home, "asha")
    start = from_phone(alone, 300, 1)
    await commands.call_for_help(from_phone(alone, 200, 2), alone.who("asha"), start.id)
    await alone.turn(150)
    await alone.do("dina", responding.outcome, (await alone.alarm())["id"], "Spoke to her", True, True)
    late = replace(start, received_at=alone.now)
    await once(late, visits.start_visit, alone.who("asha"), visit)
    session = await alone.session(start.id)
    assert (session["state"], session["visit"]) == (SessionState.CLOSED_BY_RESPONDER, visit)
    await alone.turn(7200)
    assert [row["state"] for row in await Alarm.select()] == [AlarmState.RESOLVED]


@pytest.mark.parametrize("what", ["visit", "own", "home"])
async def test_where_she_is_is_told_though_nobody_could_be_called_when_the_start_came(
    alone: Alone, what: str
) -> None:
    """The alarm is there already: a start that would be refused by itself still says where to look for her."""
    visit = await planned(alone.world, alone.home, "asha")
    me, start = alone.who("asha"), from_phone(alone, 300, 1)
    await commands.call_for_help(from_phone(alone, 200, 2), me, start.id)
    sending.use(replace(settings.sending, demo=False))
    if what == "visit":
        await once(start, visits.start_visit, me, visit)
    elif what == "own":
        await once(start, own, me, "The depot", 30)
    else:
        await once(start, way_home, me, 30)
    session = await alone.session(start.id)
    assert "Not known" not in session["place"] and await LoneSession.count() == 1
    assert session["visit"] == (visit if what == "visit" else None)


async def own(sent: Sent, *args: Any) -> None:
    await beginning.begin_own(sent, *args)


async def way_home(sent: Sent, *args: Any) -> None:
    await home.begin(sent, *args)


@pytest.mark.parametrize("act", ["end", "check-in", "extend"])
async def test_the_pin_that_asks_for_help_is_heard_though_no_session_was_begun(alone: Alone, act: str) -> None:
    """Her start was only kept for the office; what waited behind it is answered alike for either PIN."""
    me = alone.who("asha")
    await unwatched.kept(from_phone(alone, 300, 1), me)
    for pin, alarms in ((SAFE, 0), (WRONG, 0), (DURESS, 1), (DURESS, 1)):
        sent = replace(from_phone(alone, 60, 2), id=uuid5(me.id, pin), body=pin.encode())
        with pytest.raises(NotFound):
            if act == "end":
                await commands.end(sent, me, NEVER, pin)
            elif act == "check-in":
                await commands.check_in(sent, me, NEVER, pin)
            else:
                await commands.extend(sent, me, NEVER, 15, pin)
        assert await Alarm.count() == await LoneSession.count() == alarms
        bar = await queries.bar_for(me, alone.now)
        assert bar is not None and not bar.watched, "the same stands on her pages"
        assert not await home.offered(me, alone.now)
    assert (await alone.alarm())["kind"] == AlarmKind.DURESS
    await alone.turn(5)
    assert "asha" not in await alone.told() and "dina" in await alone.told()
    assert (await boards.wall(alone.who("dina"), alone.now)).unmonitored == ()


async def test_the_pin_that_asks_for_help_is_heard_after_another_under_the_same_id(alone: Alone) -> None:
    """She slipped, was asked again, and her phone sent the form once more."""
    me, sent = alone.who("asha"), alone.sent("asha")
    for pin, alarms in ((WRONG, 0), (SAFE, 0), (DURESS, 1)):
        with pytest.raises(NotFound):
            await commands.end(replace(sent), me, NEVER, pin)
        assert await Alarm.count() == await SessionEvent.count() - alarms == alarms


async def test_a_start_after_the_call_takes_back_nothing_that_was_heard_since(alone: Alone) -> None:
    me, start = alone.who("asha"), from_phone(alone, 300, 1)
    await commands.call_for_help(from_phone(alone, 200, 2), me, start.id)
    await commands.check_in(from_phone(alone, 100, 3), me, start.id, battery=40)
    await once(start, own, me, "The depot", 30, None, 70)
    session = await alone.session(start.id)
    assert session["heard_at"] == alone.now - timedelta(seconds=100)
    assert session["battery"] == 40


async def test_how_full_her_phone_was_is_known_though_help_came_first(alone: Alone) -> None:
    me, start = alone.who("asha"), from_phone(alone, 300, 1)
    await commands.call_for_help(from_phone(alone, 200, 2), me, start.id)
    await once(start, own, me, "The depot", 30, None, 70)
    session = await alone.session(start.id)
    assert (session["battery"], session["battery_at"]) == (70, session["started_at"])


NEVER = UUID(int=77)
