"""Silence climbs, by steps that are taken once, until a person says how it ended."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from lone_working.alarms import due, one_by_one, responding, who_told
from lone_working.alarms import page as alarm_page
from lone_working.rules import AlarmState, SessionState
from lone_working.sessions import beginning, commands, queries
from lone_working.tables import Alarm, AlarmStep, AlarmTold, EngineHeartbeat, LoneSession
from lone_working.watch import watching
from messages import due as messages_due
from messages.tables import Message
from people.tables import Person
from pwa.ids import uuid7
from pwa.outbox import once
from tests.lone_working.conftest import PHONES, SAFE, Alone
from visits import commands as visits
from visits.rules import Ending, Outcome


async def test_a_session_begins_with_the_visit_and_does_not_end_with_it(alone: Alone) -> None:
    visit = await alone.start()
    (session,) = await LoneSession.select()
    assert (session["visit"], session["person"], session["state"]) == (visit, alone.world.asha.id, "active")
    assert session["due_at"] == alone.now + timedelta(minutes=45)
    assert "22 Saltmarsh Road" in session["place"]
    assert await queries.unmonitored(alone.who("asha"), visit, alone.now) == ""
    alone.now += timedelta(minutes=5)
    await once(alone.sent("asha"), visits.finish_visit, alone.who("asha"), visit, Ending(Outcome.DONE))
    current = await queries.current(alone.who("asha"), alone.now)
    assert current is not None and current.active
    await commands.end(alone.sent("asha"), alone.who("asha"), session["id"], SAFE)
    assert await queries.current(alone.who("asha"), alone.now) is None
    assert (await alone.session(session["id"]))["state"] == SessionState.CLOSED_SAFE


async def test_the_whole_way_from_the_deadline_to_the_stand_down(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    assert await alone.turn(30 * 60 - 1) == 0, "nothing before the deadline"
    await alone.turn(2)
    assert await alone.steps() == [(0, 0)]
    assert await alone.told() == []
    await alone.turn(2 * 60)
    assert await alone.told("reminder") == ["asha"]
    await alone.turn(3 * 60)
    assert await alone.told() == ["ben"], "the buddy five minutes after"
    await alone.turn(5 * 60)
    assert await alone.told() == ["ben", "dina", "dina", "nia", "nia"], "managers by text and by e-mail"
    await alone.turn(1)
    alarm = await alone.alarm()
    await alone.do("dina", responding.acknowledge, alarm["id"])
    await alone.do("ben", responding.acknowledge, alarm["id"])
    assert (await alone.alarm())["owner_name"] == "Dina Test", "the first has it"
    before = await alone.steps()
    await alone.turn(9 * 60)
    assert await alone.steps() == before, "it waits for her"
    await alone.turn(61)
    alarm = await alone.alarm()
    assert alarm["state"] == AlarmState.OPEN, "and goes on when she says nothing"
    assert (0, 4) in await alone.steps()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await alone.told("stand_down") == ["ben", "dina", "nia"], "everybody who was told, once"
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED
    assert await alone.turn(3600) == 0
    assert (await alone.session(id))["state"] == SessionState.CLOSED_SAFE


async def test_the_last_step_is_repeated_for_ever(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(30 * 60 + 60 * 60)
    assert await alone.steps() == [(0, n) for n in range(6)] + [(cycle, 5) for cycle in range(1, 9)]
    assert {row["late"] for row in await AlarmStep.select()} == {False}
    assert (await alone.session((await LoneSession.select())[0]["id"]))["state"] == "active"


async def test_two_engines_take_every_step_once(alone: Alone) -> None:
    await alone.begin(minutes=30)
    engines = [uuid7(), uuid7()]
    for second in range(0, 60 * 60, 30):
        await alone.turn(30, engines[second // 30 % 2])
        await alone.scan(engines[(second // 30 + 1) % 2])
    steps = await alone.steps()
    assert (
        len(steps)
        == len(set(steps))
        == await Message.count().where((Message.recipient.like("%900103")) & (Message.template != "x")) + 3
    )
    assert await EngineHeartbeat.count() == 2


async def test_without_a_buddy_the_managers_are_told_in_their_place(alone: Alone) -> None:
    await alone.begin(minutes=30, buddy=None)
    await alone.turn(35 * 60)
    assert await alone.told() == ["dina", "dina", "nia", "nia"]


async def test_when_everybody_of_the_team_has_left_somebody_is_still_told(alone: Alone) -> None:
    await alone.begin(minutes=30)
    leavers = [alone.world.people[name].id for name in ("ben", "dina", "nia")]
    await Person.update({Person.disabled_at: alone.now}).where(Person.id.is_in(leavers))
    await alone.turn(36 * 60)
    assert await alone.told() == ["marek", "marek"]
    (alarm,) = await Alarm.select()
    seen = await alarm_page.alarm_for(alone.who("marek"), alarm["id"], alone.now)
    assert seen.person_name == "Asha Test", "whoever was told may see it"


async def test_a_step_that_can_tell_nobody_does_not_keep_the_next_waiting(alone: Alone) -> None:
    await alone.begin(minutes=30)
    everybody = Person.id.is_in([one.id for one in alone.world.people.values()])
    await Person.update({Person.disabled_at: alone.now}).where(everybody)
    await alone.turn(36 * 60 + 30)
    assert (0, 5) in await alone.steps()
    await Person.update({Person.disabled_at: None}).where(everybody)
    await alone.turn(5 * 60)
    assert set(await alone.told()) >= {"ben", "dina"}


async def test_after_an_outage_the_officer_first_and_others_after_what_waits_could_land(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(60)
    alone.now += timedelta(minutes=50)  # nobody looked; twenty of it over the deadline
    await alone.scan()
    assert await alone.told("reminder") == ["asha"]
    assert await alone.told() == []
    outage = [row async for row in _templates()]
    assert outage.count("alarm-outage-sms") == 2, "Dina and Nia"
    await commands.check_in(alone.sent("asha", captured=alone.now - timedelta(minutes=24)), alone.who("asha"), id)
    await alone.turn(60)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED, "her check-in of before was on its way"
    assert await alone.told("stand_down") == []


async def _templates():  # type: ignore[no-untyped-def]
    for row in await Message.select(Message.template):
        yield row["template"]


async def test_after_an_outage_and_its_grace_every_passed_step_is_taken(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(60)
    alone.now += timedelta(minutes=50)
    await alone.scan()
    await alone.turn(125)
    assert (await alone.steps())[:6] == [(0, n) for n in range(6)]
    assert await alone.told() == ["ben", "dina", "dina", "nia", "nia"], "each once, whatever was missed"


async def test_what_a_message_says_names_no_household_and_no_place(alone: Alone) -> None:
    await alone.start()
    await alone.turn(3600 + 45 * 60)
    texts = " ".join(row["personalisation"] for row in await Message.select())
    assert "Saltmarsh" not in texts
    assert "A. Test" in texts
    assert {row["urgent"] for row in await Message.select()} == {True}
    assert PHONES["dina"][1:] in " ".join(row["recipient"] for row in await Message.select())


async def test_a_start_that_came_late_alarms_from_when_we_knew(alone: Alone) -> None:
    early = alone.now - timedelta(hours=2)
    sent = alone.sent("asha", captured=early)

    async def command(sent, *args):  # type: ignore[no-untyped-def]
        await beginning.begin_own(sent, *args)

    await once(sent, command, alone.who("asha"), "The depot", 30, alone.world.ben.id)
    await alone.scan()
    assert await alone.steps() == [(0, 0)]
    assert await AlarmTold.count() == 0


async def test_what_waits_when_it_is_over_is_not_sent_any_more(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(36 * 60)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    rows = await Message.select(Message.template, Message.state).order_by(Message.template)
    assert [(row["template"], row["state"]) for row in rows] == [
        ("alarm-overdue-sms", "stopped"),
        ("alarm-reminder-sms", "stopped"),
        ("alarm-stand-down-sms", "waiting"),
    ]


async def test_alarm_messages_wait_behind_no_others(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await alone.turn(1)
    assert await messages_due.run_due(alone.now) == 0, "they are not in that line"
    assert await messages_due.run_urgent(alone.now) == 5
    assert {row["state"] for row in await Message.select(Message.state)} == {"shown"}


async def test_one_alarm_that_goes_wrong_keeps_nobody_else_waiting(alone: Alone) -> None:
    broken, other = await alone.begin(minutes=30), await alone.begin("ben", minutes=30, buddy=None)
    await alone.turn(31 * 60)
    await Alarm.update({Alarm.policy: "no ladder"}).where(Alarm.session == broken)
    for _ in range(10):
        alone.now += timedelta(seconds=30)
        with contextlib.suppress(ExceptionGroup):
            await due.scan(alone.now, due.HERE)
    with pytest.raises(ExceptionGroup, match="could not do"):
        await due.scan(alone.now, due.HERE)
    assert set(await alone.told()) == {"dina", "nia"}
    (row,) = await Alarm.select().where(Alarm.session == other)
    assert row["next_step"] == 3


async def test_what_keeps_the_heartbeat_from_being_written_keeps_no_alarm(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alone.begin(minutes=30)
    alone.now += timedelta(minutes=36)

    async def fails(*args: object) -> None:
        raise OSError("no place left")

    monkeypatch.setattr(watching, "beat", fails)
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="could not do"):
            await due.scan(alone.now, due.HERE)
    assert await alone.told() == ["ben"]


async def test_a_server_that_falls_over_every_minute_still_tells_others(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(60)
    alone.now += timedelta(minutes=34)
    for _ in range(4):
        await alone.scan(uuid7())
        alone.now += timedelta(seconds=65)
    assert "ben" in await alone.told()


async def test_an_alarm_of_many_days_can_still_be_ended(alone: Alone) -> None:
    """What it has told by then is more than one statement takes."""
    id = await alone.begin(minutes=30)
    await alone.turn(33 * 60)
    alarm, (one,) = (await alone.alarm())["id"], await AlarmTold.select()
    made = [{**one, "id": uuid7(), "step": None, "what": "step"} for _ in range(33_000)]
    for first in range(0, len(made), 1_000):
        await AlarmTold.insert(*(AlarmTold(**row) for row in made[first : first + 1_000]))
    told = (await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)).told
    assert (len(told.each), told.count) == (who_told.MOST_TOLD, 33_001), "all are counted"
    assert sum(len(way.tellings) for one in told.people for way in one.ways) == told.count
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED


async def test_a_hundred_overdue_at_once_and_many_to_tell_are_done_together(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = [await alone.session(await alone.begin(minutes=30, buddy=None))]
    again = [LoneSession(**{**session, "id": uuid7()}) for _ in range(99)]
    await LoneSession.insert(*again)
    managers = [
        Person(id=uuid7(), name=f"M{n} Test", email=f"m{n}@harrowmere.example", role="manager",
               team=session["team"], phone="07700900199", created_at=alone.now)
        for n in range(10)
    ]  # fmt: skip
    await Person.insert(*managers)
    monkeypatch.setattr(one_by_one, "_alone", None)
    await alone.turn(36 * 60)
    assert await Message.count().where(Message.template == "alarm-overdue-sms") == 100 * 12


async def test_who_asks_for_help_while_many_are_found_out_waits_for_one_batch_and_not_for_all(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look began before they pressed it: what it asks for is not the time as it was then."""
    for _ in range(6):
        await alone.begin(minutes=30)
    help = await alone.begin("ben", minutes=60, buddy=None)
    passed, taken, round = [0.0], [], due._round
    monkeypatch.setattr(due, "BATCH", 2)
    monkeypatch.setattr(due, "monotonic", lambda: passed[0])

    async def a_second_each(*args: Any) -> int:
        done = await round(*args)
        if not passed[0]:
            passed[0] += 0.5
            alone.now += timedelta(seconds=0.5)
            await alone.do("ben", commands.panic, help)
        taken.append(await AlarmStep.exists().where(AlarmStep.alarm.session == help))
        return done

    monkeypatch.setattr(due, "_round", a_second_each)
    alone.now += timedelta(minutes=31)
    await due.scan(alone.now, due.HERE)
    assert taken[:2] == [False, True]
