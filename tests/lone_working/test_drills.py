"""Testing who would be called: real messages that say TEST first, who was not reached, no trace among alarms."""

from datetime import timedelta
from uuid import UUID

import pytest

from lone_working.ladders import drill_commands, drill_due, drill_queries
from lone_working.ladders.tables import Drill, DrillTold
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, SessionEvent
from lone_working.wall import boards, figures
from messages import due as messages_due
from messages import sending, template_rules
from messages.tables import Message
from people.tables import Person
from pwa.answers import NotFound, Refused
from server.settings import settings
from tests.lone_working.conftest import Alone
from tests.lone_working.test_rota import on


async def tested(alone: Alone, who: str = "dina", team: str = "north") -> UUID:
    return (await alone.do(who, drill_commands.begin, alone.world.teams[team].id)).id


async def test_everybody_who_would_be_called_is_sent_a_real_message_at_once(alone: Alone) -> None:
    await on(alone, "nia")
    await on(alone, "marek", team="south")
    drill = await tested(alone)
    rows = await DrillTold.select().where(DrillTold.drill == drill)
    steps = {row["person_name"].split()[0]: row["steps"] for row in rows}
    assert steps == {
        "Asha": "5 and 20 minutes",
        "Ben": "5 and 20 minutes",
        "Dina": "5 and 20 minutes",
        "Nia": "5, 10, 15 and 20 minutes",
        "Marek": "15 minutes",
    }
    assert await messages_due.run_urgent(alone.now) == len(rows), "by the way that alarms go"
    assert {row["state"] for row in await Message.select(Message.state)} == {"shown"}


def test_anybody_tells_a_test_from_an_alarm_in_the_first_word() -> None:
    for name, template in template_rules.TEMPLATES.items():
        first = template.body.split()[0].strip(",:")
        assert ((first == "TEST") == name.startswith("drill-") and name != "drill-due-sms") or "drill-due" in name
        if name == "drill-email":
            assert template.subject.startswith("TEST")


async def test_each_says_that_it_came_and_the_page_says_who_was_not_reached(alone: Alone) -> None:
    drill = await tested(alone)
    await alone.do("ben", drill_commands.heard, drill)
    first = alone.now
    alone.now += timedelta(minutes=1)
    await alone.do("ben", drill_commands.heard, drill)
    seen = await drill_queries.drill_for(alone.who("dina"), drill)
    assert [one.name for one in seen.unreached] == ["Asha Test", "Dina Test", "Nia Test"]
    (ben,) = [one for one in seen.told if one.heard_at]
    assert (ben.name, ben.heard_at) == ("Ben Test", first), "the first time counts"
    assert [way.said for way in ben.ways] == ["Text message: came, said 10:00"]
    assert seen.told[0].ways[0].said == "Text message: waiting to be sent"
    (run,) = (await drill_queries.drills_of(alone.who("dina"), alone.world.teams["north"].id)).runs
    assert (run.people, run.heard) == (4, 1)


async def test_each_way_is_said_by_itself_and_the_page_says_which_did_not_come(alone: Alone) -> None:
    drill = await tested(alone)
    ways = {row["channel"] for row in await DrillTold.select().where(DrillTold.person == alone.world.dina.id)}
    assert ways == {"sms", "email"}, "managers get both"
    await alone.do("dina", drill_commands.heard, drill, "sms")
    seen = await drill_queries.drill_for(alone.who("nia"), drill)
    (dina,) = [one for one in seen.told if one.name == "Dina Test"]
    assert [way.words for way in dina.missing] == ["E-mail"] and dina not in seen.unreached
    sms, email = seen.channels
    assert (sms, email) == (("Text message", 1, 4), ("E-mail", 0, 2))
    assert "E-mail: it came" not in (dina.ways[0].said, dina.ways[1].said)
    for way in ("push", "pigeon"):
        with pytest.raises(NotFound):
            await alone.do("dina", drill_commands.heard, drill, way)
    await alone.do("dina", drill_commands.heard, drill, "email")
    mine = (await drill_queries.drill_for(alone.who("dina"), drill)).mine
    assert mine and mine.missing == ()


async def test_it_is_no_alarm_and_stands_in_nothing_that_is_about_people(alone: Alone) -> None:
    drill = await tested(alone)
    await alone.do("ben", drill_commands.heard, drill)
    await alone.turn(60 * 60)
    for table in (Alarm, AlarmStep, AlarmTold, LoneSession, SessionEvent):
        assert await table.count() == 0
    assert (await boards.wall(alone.who("dina"), alone.now)).alarms == ()
    assert await figures.happened(alone.who("dina"), alone.now) == ([], False)


async def test_steps_that_reach_nobody_are_said(alone: Alone) -> None:
    for name, row in alone.world.people.items():
        if name != "ben":
            await Person.update({Person.phone: "", Person.email: f"none of {name}"}).where(Person.id == row.id)
    seen = await drill_queries.drill_for(alone.who("dina"), await tested(alone))
    assert seen.empty == (
        "The step after 10 minutes (duty manager and deputy) reaches nobody.",
        "The step after 15 minutes (every manager on duty) reaches nobody.",
    )


async def test_one_at_a_time_and_only_where_messages_can_be_sent(alone: Alone) -> None:
    await tested(alone)
    with pytest.raises(Refused, match="Wait ten minutes"):
        await tested(alone, "nia")
    alone.now += timedelta(minutes=10)
    await tested(alone, "ade")
    sending.use(settings.sending)
    alone.now += timedelta(minutes=10)
    with pytest.raises(Refused, match="cannot send"):
        await tested(alone)
    assert await Drill.count() == 2


@pytest.mark.parametrize("who", ["asha", "marek", "callum"])
async def test_only_who_leads_the_team_tests_it_and_only_who_was_told_sees_it(alone: Alone, who: str) -> None:
    with pytest.raises(NotFound):
        await tested(alone, who)
    drill = await tested(alone)
    if who == "asha":
        seen = await drill_queries.drill_for(alone.who(who), drill)
        assert seen.mine and seen.told == () and not seen.leads
        return
    with pytest.raises(NotFound):
        await drill_queries.drill_for(alone.who(who), drill)
    with pytest.raises(NotFound):
        await alone.do(who, drill_commands.heard, drill)


async def due(alone: Alone) -> int:
    return await Message.count().where(Message.template.like("drill-due%"))


async def test_a_team_that_goes_out_is_reminded_once_a_month_until_somebody_tests(alone: Alone) -> None:
    await alone.begin(minutes=30)
    for day in range(1, 31):
        await drill_due.remind(alone.now + timedelta(days=day))
    assert await due(alone) == 0
    id = await alone.begin(minutes=30)
    recent = alone.now + timedelta(days=29)
    await LoneSession.update({LoneSession.started_at: recent}).where(LoneSession.id == id)
    for _ in range(3):
        await drill_due.remind(alone.now + timedelta(days=32))
    assert await due(alone) == 2, "Dina and Nia, by e-mail, once"
    alone.now += timedelta(days=33)
    await tested(alone)
    assert await drill_due.remind(alone.now + timedelta(days=10)) == 0
    assert await due(alone) == 2


async def test_a_team_that_never_goes_out_is_left_alone(alone: Alone) -> None:
    assert await drill_due.remind(alone.now) == 0


async def test_dina_presses_it_and_ben_answers_on_his_phone(alone: Alone) -> None:
    dina, ben = await alone.world.sign_in("dina"), await alone.world.sign_in("ben")
    north = alone.world.teams["north"].id
    begun = await dina.post(f"/lone-working/drills/of/{north}")
    assert begun.status_code == 303
    at = begun.headers["location"]
    assert (await ben.get(at)).text.count("TEST: no alarm") >= 1
    assert (await ben.post(f"{at}/heard")).status_code == 303
    assert "Thank you: it came." in (await ben.get(at)).text
    page = (await dina.get(at)).text
    assert "Not reached yet: 3 of 4" in page and "Ben Test" in page
    again = await dina.post(f"/lone-working/drills/of/{north}")
    assert again.status_code == 422 and "Wait ten minutes" in again.text
    marek = await alone.world.sign_in("marek")
    assert (await marek.get(at)).status_code == 404
    assert (await ben.post(f"/lone-working/drills/of/{north}")).status_code == 403
