"""Asha and Ben go in together: each has their own PIN and call for help; the visit is over when both are safe."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lone_working.alarms import page as alarm_page
from lone_working.code_word.rules import DO_NOT_PHONE
from lone_working.rules import SessionState
from lone_working.sessions import buddies, commands, out_page, queries
from lone_working.tables import Alarm, LoneSession, SafePin
from lone_working.wall import boards, figures
from messages import queries as sent_messages
from people.tables import Person
from properties.tables import PersonAlert
from pwa.answers import NotFound
from pwa.direction import apart
from pwa.ids import uuid7
from pwa.outbox import once
from tests.lone_working.conftest import DURESS, HASHES, NOW, SAFE, Alone, messages
from tests.lone_working.test_replies import mobile, text
from tests.visits.making import planned
from visits import commands as visits
from visits.start_rules import Going


@pytest.fixture
async def both(alone: Alone) -> dict[str, UUID]:
    """Their sessions, by name, at a home where nobody goes in alone."""
    await SafePin.insert(SafePin(id=uuid7(), person=alone.world.ben.id, made_at=NOW, **HASHES))
    await two_people(alone)
    visit = await planned(alone.world, alone.home)
    going = Going(company=alone.world.ben.id)
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    return await sessions()


async def two_people(alone: Alone) -> None:
    alert = PersonAlert(
        property=alone.home.id, code="10", text="", owner=alone.world.people["dina"].id,
        review_on=datetime.now(UTC).date() + timedelta(days=30), added_at=datetime.now(UTC),
    )  # fmt: skip
    await PersonAlert.insert(alert)


async def sessions() -> dict[str, UUID]:
    return {row["person_name"].split()[0].lower(): row["id"] for row in await LoneSession.select()}


async def test_each_has_a_session_of_their_own_and_the_other_is_told_once(
    alone: Alone, both: dict[str, UUID]
) -> None:
    assert set(both) == {"asha", "ben"}
    assert len({row["party"] for row in await LoneSession.select()}) == 1
    assert [one for one in await messages() if one[0] == "lone-with-sms"] == [("lone-with-sms", "+447700900102")]
    for name, other in (("asha", "Ben Test"), ("ben", "Asha Test")):
        current = await queries.current(alone.who(name), alone.now)
        assert current and [one.name for one in current.together] == [other]
        assert "alone where two go" not in current.missing


async def test_each_ends_their_own_and_the_visit_is_over_when_both_are_safe(
    alone: Alone, both: dict[str, UUID]
) -> None:
    await commands.end(alone.sent("asha"), alone.who("asha"), both["asha"], SAFE)
    assert (await alone.session(both["ben"]))["state"] == SessionState.ACTIVE
    current = await queries.current(alone.who("ben"), alone.now)
    assert current and current.together[0].out_at == alone.now
    wall = await boards.wall(alone.who("dina"), alone.now)
    assert [one.person_name for one in wall.sessions] == ["Ben Test"]
    await alone.turn(40 * 60)
    (alarm,) = await Alarm.select()
    assert alarm["session"] == both["ben"], "who is safe is not looked for"
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], SAFE)
    assert {row["state"] for row in await LoneSession.select()} == {SessionState.CLOSED_SAFE}


async def test_an_alarm_for_one_names_the_other_and_whether_they_are_out(
    alone: Alone, both: dict[str, UUID]
) -> None:
    await alone.do("asha", commands.panic, both["asha"])
    alarm = (await alone.alarm())["id"]

    async def said() -> str:
        return " ".join((await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)).guidance)

    assert "Ben Test is with them and has not said that they are out. Their mobile: 07700900102." in await said()
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], DURESS)
    assert "Ben Test is with them and has an alarm of their own" in await said()
    assert await Alarm.count() == 2


async def test_a_colleague_ended_by_the_other_pin_looks_out_to_whoever_went_in_with_them(
    alone: Alone, both: dict[str, UUID]
) -> None:
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], DURESS)
    current = await queries.current(alone.who("asha"), alone.now)
    assert current and current.together[0].out_at == alone.now


async def test_the_wall_shows_both_and_who_is_with_whom(alone: Alone, both: dict[str, UUID]) -> None:
    wall = await boards.wall(alone.who("dina"), alone.now)
    assert {one.person_name: one.together for one in wall.sessions} == {
        "Asha Test": ("Ben Test",),
        "Ben Test": ("Asha Test",),
    }


async def test_who_is_in_there_with_them_is_not_their_buddy(alone: Alone) -> None:
    await alone.do("asha", buddies.choose, alone.world.ben.id)
    await two_people(alone)
    visit = await planned(alone.world, alone.home)
    going = Going(company=alone.world.ben.id)
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    assert {row["buddy"] for row in await LoneSession.select()} == {None}


async def test_somebody_who_is_named_afterwards_has_a_session_from_then_on(alone: Alone) -> None:
    await two_people(alone)
    visit = await planned(alone.world, alone.home)
    late = alone.sent("asha", captured=alone.now - timedelta(minutes=10))
    await once(late, visits.start_visit, alone.who("asha"), visit)
    assert set(await sessions()) == {"asha"}
    assert "two" in (await LoneSession.select())[0]["missing"].split()
    going = Going(company=alone.world.ben.id)
    for _ in range(2):
        await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    assert await LoneSession.count() == 2
    assert not [row for row in await LoneSession.select() if "two" in row["missing"].split()]
    assert len([one for one in await messages() if one[0] == "lone-with-sms"]) == 1


async def test_alone_with_a_managers_word_is_one_session(alone: Alone) -> None:
    await two_people(alone)
    visit = await planned(alone.world, alone.home)
    going = Going(agreed_by=alone.world.people["dina"].id, why="Ben is ill")
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    (session,) = await LoneSession.select()
    assert session["party"] is None and "two" not in session["missing"].split()


async def test_a_companion_without_a_mobile_is_looked_out_for_all_the_same(alone: Alone) -> None:
    await Person.update({Person.phone: ""}).where(Person.id == alone.world.ben.id)
    await two_people(alone)
    visit = await planned(alone.world, alone.home)
    going = Going(company=alone.world.ben.id)
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    assert set(await sessions()) == {"asha", "ben"}
    assert "lone-with-sms" not in [one[0] for one in await messages()]


async def test_nobody_rings_beside_whoever_was_made_to_enter_their_pin(
    alone: Alone, both: dict[str, UUID]
) -> None:
    await commands.end(alone.sent("asha"), alone.who("asha"), both["asha"], DURESS)
    alarm = await alarm_page.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    assert "Ben Test is with them and has not said that they are out. Do not ring them." in alarm.guidance
    assert "07700 900" not in (said := " ".join(alarm.guidance)) and "07700900" not in said
    (wall,) = (await boards.wall(alone.who("dina"), alone.now)).sessions
    out = await out_page.out_for(alone.who("dina"), both["ben"])
    assert (wall.person_name, wall.phone, out.phone, out.do_not_phone) == ("Ben Test", "", "", True)


async def test_nor_about_another_session_of_theirs_that_is_overdue(alone: Alone) -> None:
    first = await alone.begin()
    second = await alone.begin(minutes=15)
    await commands.end(alone.sent("asha"), alone.who("asha"), first, DURESS)
    await alone.turn(16 * 60)
    late = (await Alarm.select().where(Alarm.session == second))[0]["id"]
    alarm = await alarm_page.alarm_for(alone.who("dina"), late, alone.now)
    assert alarm.do_not_phone and alarm.script == DO_NOT_PHONE and "07700900101" not in " ".join(alarm.guidance)
    wall = await boards.wall(alone.who("dina"), alone.now)
    assert all(one.do_not_phone for one in wall.alarms) and len(wall.alarms) == 2


@pytest.mark.parametrize("act", ["end", "check_in"])
async def test_who_is_in_there_with_them_is_told_nothing_while_somebody_else_can_be(
    alone: Alone, both: dict[str, UUID], act: str
) -> None:
    """Ben is a manager of her team: his phone would ring beside whoever makes her enter her PIN."""
    await Person.update({Person.role: "manager"}).where(Person.id == alone.world.ben.id)
    await alone.world.ben.refresh()
    before = await boards.wall(alone.who("ben"), alone.now)
    await getattr(commands, act)(alone.sent("asha"), alone.who("asha"), both["asha"], DURESS)
    await alone.turn(6 * 60)
    assert "ben" not in (told := await alone.told()) and "dina" in told
    after = await boards.wall(alone.who("ben"), alone.now)
    assert (after.alarms, after.sessions) == (before.alarms, before.sessions) == ((), ())
    assert (await boards.out_now(alone.who("ben"), alone.now)).words == ""
    with pytest.raises(NotFound):
        await alarm_page.alarm_for(alone.who("ben"), (await alone.alarm())["id"], alone.now)
    with pytest.raises(NotFound):
        await out_page.out_for(alone.who("ben"), both["asha"])
    assert await figures.happened(alone.who("ben"), alone.now) == ([], False)
    assert len((await figures.happened(alone.who("dina"), alone.now))[0]) == 1
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], SAFE)
    assert (await boards.wall(alone.who("ben"), alone.now)).alarms, "out, he may help"
    await alone.turn(3 * 60)
    assert "ben" in await alone.told()


async def test_but_who_is_in_there_is_told_for_want_of_anybody_else(alone: Alone, both: dict[str, UUID]) -> None:
    await Person.update({Person.role: "manager"}).where(Person.id == alone.world.ben.id)
    others = Person.id.not_in([alone.world.ben.id, alone.world.asha.id])
    await Person.update({Person.disabled_at: alone.now}).where(others)
    await alone.do("asha", commands.panic, both["asha"])
    await alone.turn(1)
    assert "ben" in await alone.told()
    await alarm_page.alarm_for(alone.who("ben"), (await alone.alarm())["id"], alone.now)


async def test_who_is_in_there_with_them_finds_no_message_about_their_alarm(
    alone: Alone, both: dict[str, UUID]
) -> None:
    """Ben is a manager: the messages of his team are his to read, but for these until he is known to be out."""
    await Person.update({Person.role: "manager"}).where(Person.id == alone.world.ben.id)
    await alone.world.ben.refresh()
    before = await sent_messages.messages_of(alone.who("ben"))
    await commands.check_in(alone.sent("asha"), alone.who("asha"), both["asha"], DURESS)
    await alone.turn(6 * 60)
    assert len(await sent_messages.messages_of(alone.who("dina"))) > len(before)
    assert await sent_messages.messages_of(alone.who("ben")) == before
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], DURESS)
    assert await sent_messages.messages_of(alone.who("ben")) == before, "also if he was made to say so"


async def test_who_is_in_there_with_them_reads_no_text_of_theirs(alone: Alone, both: dict[str, UUID]) -> None:
    """Her call for help by text least of all; and before and afterwards it is his to read as any manager's."""
    await Person.update({Person.role: "manager"}).where(Person.id == alone.world.ben.id)
    await alone.world.ben.refresh()
    await text(alone, mobile("asha"), "HELP")
    await text(alone, mobile("nia"), "SAFE 1111")
    answers = {one.person_name for one in await sent_messages.messages_of(alone.who("dina"))}
    assert answers >= {"Asha Test", "Nia Test"}
    assert "Asha Test" not in {one.person_name for one in await sent_messages.messages_of(alone.who("ben"))}
    assert {one.person_name for one in await sent_messages.texts_of(alone.who("dina"))} == {
        "Asha Test",
        "Nia Test",
    }
    assert {one.person_name for one in await sent_messages.texts_of(alone.who("ben"))} == {"Nia Test"}
    await commands.end(alone.sent("ben"), alone.who("ben"), both["ben"], DURESS)
    assert {one.person_name for one in await sent_messages.texts_of(alone.who("ben"))} == {"Nia Test"}
    now = {LoneSession.state: SessionState.CLOSED_SAFE.value}
    await LoneSession.update(now).where(LoneSession.id == both["ben"])
    assert {one.person_name for one in await sent_messages.texts_of(alone.who("ben"))} == {"Asha Test", "Nia Test"}


async def test_who_goes_in_with_them_is_nobody_who_can_be_reached(alone: Alone) -> None:
    """Ben is a manager and so is Dina; then Ben alone is left, and he is in there too."""
    world = alone.world
    await Person.update({Person.role: "manager"}).where(Person.id == world.ben.id)
    two = [world.ben.id, world.people["dina"].id]
    others = Person.role.is_in(["manager", "administrator"]) & Person.id.not_in(two)
    await Person.update({Person.disabled_at: NOW}).where(others)
    await two_people(alone)
    going = Going(company=world.ben.id)
    visit = await planned(world, alone.home)
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    current = await queries.current(alone.who("asha"), alone.now)
    assert current and current.few == f"only {apart('Dina Test')} can be reached"
    await LoneSession.update({LoneSession.state: SessionState.CLOSED_SAFE.value}, force=True)
    await Person.update({Person.disabled_at: NOW}).where(Person.id == world.people["dina"].id)
    visit = await planned(world, alone.home)
    await once(alone.sent("asha"), visits.start_visit, alone.who("asha"), visit, going)
    assert await LoneSession.count() == 2, "nobody would come, so that nobody looks out"
    assert "reaches nobody" in await queries.unmonitored(alone.who("asha"), visit, alone.now), "and she is told so"
