"""What Asha does while she is out, and what Ben and Dina do for her."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.rules import AlarmState, SessionState
from lone_working.sessions import beginning, commands, queries, ready
from lone_working.sessions.ready_rules import Missing
from lone_working.tables import Alarm, LoneSession, SessionEvent
from lone_working.wall import boards
from messages import sending
from people.tables import Person
from properties.tables import PersonAlert, Property
from pwa.answers import Refused
from pwa.outbox import Sent, once
from server.settings import settings
from tests.lone_working.conftest import SAFE, Alone
from tests.visits.making import happened, planned
from visits import commands as visits


async def test_a_check_in_begins_the_time_anew_and_the_same_one_twice_changes_nothing(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    alone.now += timedelta(minutes=20)
    sent = alone.sent("asha")
    await commands.check_in(sent, alone.who("asha"), id)
    due = (await alone.session(id))["due_at"]
    assert due == alone.now + timedelta(minutes=30)
    alone.now += timedelta(minutes=5)
    await commands.check_in(replace(sent), alone.who("asha"), id)
    assert (await alone.session(id))["due_at"] == due
    assert await SessionEvent.count() == 2


async def test_a_check_in_of_before_that_comes_late_stands_everybody_down(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(36 * 60)
    made = alone.now - timedelta(minutes=10)
    await commands.check_in(alone.sent("asha", captured=made), alone.who("asha"), id)
    alarm = await alone.alarm()
    assert alarm["state"] == AlarmState.RESOLVED
    assert "10:26" in alarm["outcome"] and "10:36" in alarm["outcome"]
    assert await alone.told("stand_down") == ["ben"]
    assert (await alone.session(id))["due_at"] == made + timedelta(minutes=30)


async def test_a_check_in_after_the_deadline_without_a_pin_says_only_when_they_were_heard(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(36 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    assert (await alone.alarm())["state"] == AlarmState.OPEN
    assert (await alone.session(id))["heard_at"] == alone.now
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED
    assert await alone.told("stand_down") == ["ben"]


async def test_a_check_in_that_is_too_old_leaves_the_alarm_and_says_when_they_were_well(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(90 * 60)
    made = alone.now - timedelta(minutes=80)
    await commands.check_in(alone.sent("asha", captured=made), alone.who("asha"), id)
    alarm = await alone.alarm()
    assert alarm["state"] == AlarmState.OPEN
    seen = await alarm_page.alarm_for(alone.who("dina"), alarm["id"], alone.now)
    assert seen.last_confirmed_at == made
    assert "last known to be well at 10:10" in " ".join(seen.guidance)


async def test_more_time_once_overdue_needs_the_pin(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await commands.extend(alone.sent("asha"), alone.who("asha"), id, 15)
    assert (await alone.session(id))["due_at"] == alone.now + timedelta(minutes=45)
    await alone.turn(46 * 60)
    with pytest.raises(Refused, match="PIN"):
        await commands.extend(alone.sent("asha"), alone.who("asha"), id, 15)
    await commands.extend(alone.sent("asha"), alone.who("asha"), id, 15, SAFE)
    assert (await alone.session(id))["due_at"] == alone.now + timedelta(minutes=15)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED


async def test_where_nobody_could_be_told_the_visit_starts_and_says_that_nobody_looks_out(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    visit = await alone.start()
    assert await happened(visit) == ["started"]
    assert not await LoneSession.exists()
    assert "mobile number" in await queries.unmonitored(alone.who("asha"), visit, alone.now)
    with pytest.raises(Refused, match="Tell somebody yourself"):
        await alone.begin()
    sending.use(settings.sending)
    assert "cannot send" in await queries.unmonitored(alone.who("asha"), visit, alone.now)


async def test_one_command_that_ends_several_visits_is_told_in_each_session(alone: Alone) -> None:
    first, second = await alone.start(), await alone.start()
    sent = alone.sent("asha")

    async def both(sent, me):  # type: ignore[no-untyped-def]
        for visit in (first, second):
            await visits.hand_over(sent, me, visit, alone.world.ben.id, "")

    await once(sent, both, alone.who("asha"))
    left = SessionEvent.what == "visit_left"
    assert await SessionEvent.count().where(left) == 2
    assert await LoneSession.count().where(LoneSession.state == "active") == 2


async def test_a_visit_pressed_twice_or_begun_again_has_one_session(alone: Alone) -> None:
    visit = await planned(alone.world, alone.home)
    for _ in range(2):
        await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit)
    assert await LoneSession.count() == 1


async def test_the_last_buddy_is_theirs_again(alone: Alone) -> None:
    await alone.begin()
    alone.now += timedelta(minutes=1)
    await alone.start()
    newest = await LoneSession.select().order_by(LoneSession.received_at, ascending=False).first()
    assert newest is not None and newest["buddy_name"] == "Ben Test"


async def test_a_responder_who_spoke_to_them_begins_their_time_anew(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    alarm = (await alone.alarm())["id"]
    with pytest.raises(Refused):
        await alone.do("dina", responding.outcome, alarm, "No answer", False)
    await alone.do("dina", responding.outcome, alarm, "Her phone was in the car", True)
    session = await alone.session(id)
    assert (session["state"], session["due_at"]) == ("active", alone.now + timedelta(minutes=30))
    assert await alone.told("stand_down") == ["ben", "dina", "nia"]
    await alone.do("ben", responding.outcome, alarm, "Late", True)
    await alone.turn(31 * 60)
    assert await Alarm.count() == 2, "silence alarms again"


async def test_a_responder_closes_a_session_with_their_name_and_their_words(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    await alone.do("ben", responding.calling_999, (await alone.alarm())["id"])
    await alone.do("ben", responding.outcome, (await alone.alarm())["id"], "She is beside me", True, True)
    session = await alone.session(id)
    assert session["state"] == SessionState.CLOSED_BY_RESPONDER
    assert (session["closed_by_name"], session["closing"]) == ("Ben Test", "She is beside me")
    assert await queries.current(alone.who("asha"), alone.now) is None
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert (await alone.session(id))["state"] == SessionState.CLOSED_BY_RESPONDER


async def test_the_wall_shows_a_manager_their_team_a_buddy_their_people_and_an_administrator_nothing(
    alone: Alone,
) -> None:
    await alone.begin("asha", buddy="ben")
    await alone.begin("dina", buddy=None)
    await alone.turn(60)

    async def seen(name: str) -> list[str]:
        wall = await boards.wall(alone.who(name), alone.now)
        return sorted(one.person_name for one in wall.sessions)

    assert await seen("nia") == ["Asha Test", "Dina Test"]
    assert await seen("dina") == ["Asha Test"]
    assert await seen("ben") == ["Asha Test"]
    for name in ("asha", "carol", "marek", "ade"):
        assert await seen(name) == []
    assert (await boards.wall(alone.who("nia"), alone.now)).engine_age_seconds == 0


async def test_a_confidential_home_is_named_only_to_who_is_cleared_or_rings_the_police(alone: Alone) -> None:
    await alone.start()
    (session,) = await LoneSession.select()
    await LoneSession.update({LoneSession.buddy: alone.world.ben.id}).where(LoneSession.id == session["id"])

    async def seen(name: str) -> str:
        wall = await boards.wall(alone.who(name), alone.now)
        shown = [await alarm_page.alarm_for(alone.who(name), one.id, alone.now) for one in wall.alarms]
        return repr((wall, shown))

    assert "22 Saltmarsh" in await seen("dina")
    south, marek = alone.world.teams["south"].id, alone.world.people["marek"].id
    await Property.update({Property.team: south}).where(Property.id == alone.home.id)
    alert = PersonAlert(
        property=alone.home.id, code="20-70", text="fled", owner=marek, review_on=alone.now.date(),
        added_at=alone.now,
    )  # fmt: skip
    await PersonAlert.insert(alert)
    for name in ("dina", "ben"):
        assert "22 Saltmarsh" not in await seen(name)
        assert "A confidential home" in await seen(name)
    await alone.do("asha", commands.panic, session["id"])
    for name in ("dina", "ben"):
        assert "Asha Test" in await seen(name)
        assert "22 Saltmarsh" not in await seen(name)
    alarm = (await alone.alarm())["id"]
    await alone.do("dina", responding.calling_999, alarm)
    assert "Where: 22 Saltmarsh" in await seen("dina"), "a life goes before an address"
    assert "22 Saltmarsh" not in await seen("ben")
    await alone.turn(180)
    await alone.do("dina", responding.outcome, alarm, "The police are with her", False, True)
    over = await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)
    assert "22 Saltmarsh" not in repr(over)


async def test_a_number_that_somebody_is_looked_for_by_is_given_to_nobody_else(alone: Alone) -> None:
    """Her session is over; her call for help is not."""
    id = await alone.begin()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await alone.do("asha", commands.panic, id)
    hers = (await alone.session(id))["number"]
    same = replace(alone.sent("ben"), id=UUID(int=hers - 1000))

    async def begin(sent: Sent) -> None:
        await beginning.begin_own(sent, alone.who("ben"), "The depot", 30)

    await once(same, begin)
    assert (await alone.session(same.id))["number"] == 1000 + (hers - 999) % 9000


async def test_where_a_call_for_help_would_reach_one_alone_it_is_said_to_who_goes_and_to_who_watches(
    alone: Alone,
) -> None:
    """Nia left after the ladder was saved, and the buddy's number is gone too. Asha goes all the same."""
    away = Person.id.is_in([alone.world.people["nia"].id, alone.world.ben.id])
    await Person.update({Person.phone: "", Person.disabled_at: alone.now}).where(away)
    before = [one.missing for one in await ready.lines_for(alone.who("asha"), None, alone.now)]
    assert Missing.FEW in before
    await alone.begin(buddy=None)
    (seen,) = (await boards.wall(alone.who("dina"), alone.now)).sessions
    assert "fewer than two to call" in seen.missing
    current = await queries.current(alone.who("asha"), alone.now)
    assert current and "Dina" in current.few and "fewer than two to call" not in current.missing, "said once"
