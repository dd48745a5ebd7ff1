"""Asha went in with no signal: the session is called by its start, and help may come before that start."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lone_working import events
from lone_working.rules import AlarmKind, AlarmState, SessionState
from lone_working.sessions import commands
from lone_working.tables import Alarm, LoneSession
from pwa.outbox import once
from tests.lone_working.conftest import SAFE, Alone
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
    await alone.do("dina", commands.outcome, (await alone.alarm())["id"], "Spoke to her", True, True)
    late = replace(start, received_at=alone.now)
    await once(late, visits.start_visit, alone.who("asha"), visit)
    session = await alone.session(start.id)
    assert (session["state"], session["visit"]) == (SessionState.CLOSED_BY_RESPONDER, visit)
    await alone.turn(7200)
    assert [row["state"] for row in await Alarm.select()] == [AlarmState.RESOLVED]
