"""Ladders of a team's own, inside the floors; whom a start is refused for; and who has it, in every message."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.ladders import commands as ladder_commands
from lone_working.ladders import floor_rules
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import DEFAULT, HELP, LEADS, NORMAL, Ladder, Rung, Which, Who
from lone_working.ladders.tables import TeamLadder
from lone_working.rules import AlarmKind, AlarmState
from lone_working.sessions import commands, queries
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages.tables import Message
from people.tables import Person
from pwa.answers import NotFound, Refused
from tests.conftest import World
from tests.lone_working.conftest import Alone
from tests.lone_working.test_rota import on

QUICK = {"reminder": 1, "buddy": 2, "duty": 3, "police": 4, "last": 5, "repeat": 1}


async def quick(alone: Alone, which: Which = Which.NORMAL, by: str = "ade", **more: int) -> None:
    minutes = (
        {**QUICK, **more} if which is not Which.HELP else {"managers": 1, "police": 2, "last": 3, "repeat": 1}
    )
    await alone.do(by, ladder_commands.set_ladder, alone.world.teams["north"].id, which, minutes | more)


@given(some.sampled_from(Which), some.lists(some.integers(-5, 70), min_size=6, max_size=6))
def test_no_minutes_that_are_let_through_break_a_floor_or_come_out_of_order(
    which: Which, given_minutes: list[int]
) -> None:
    minutes = dict(zip(floor_rules.OFFSETS[which], given_minutes, strict=False))
    if floor_rules.wrong_with_offsets(which, minutes):
        return
    ladder = floor_rules.with_offsets(which, minutes)
    assert floor_rules.wrong_with_ladder(ladder, which) == ""
    assert floor_rules.offsets_of(ladder, which) == minutes
    assert Ladder.loads(ladder.dumps()) == ladder
    first = {who: rung.after for rung in reversed(ladder.rungs) for who in [rung.who]}
    assert min(first.get(Who.BUDDY, 999), first[Who.EVERYBODY]) <= 15 * 60
    assert min(rung.after for rung in ladder.rungs if rung.who in LEADS) <= 30 * 60
    assert 0 < ladder.repeat <= 5 * 60 and ladder.rungs[-1].who is Who.EVERYBODY and ladder.rungs[-1].guidance
    if which is Which.HELP:
        assert ladder.rungs[0] == Rung(0, Who.EVERYBODY)


@pytest.mark.parametrize("which", Which)
def test_the_ladders_of_the_design_are_inside_the_floors(which: Which) -> None:
    assert floor_rules.wrong_with_offsets(which, floor_rules.offsets_of(DEFAULT[which], which)) == {}


@pytest.mark.parametrize(
    ("minutes", "field"),
    [
        ({"buddy": 16, "duty": 17, "police": 18, "last": 19}, "buddy"),
        ({"duty": 31, "police": 32, "last": 33}, "duty"),
        ({"repeat": 6}, "repeat"),
        ({"repeat": 0}, "repeat"),
        ({"duty": 2}, "duty"),
        ({"reminder": 0}, "reminder"),
        ({"last": 61}, "last"),
        ({"buddy": 2**31 - 1}, "buddy"),
    ],
)
async def test_what_is_beyond_a_floor_is_refused_by_name(
    alone: Alone, minutes: dict[str, int], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await quick(alone, **minutes)
    assert field in refused.value.reasons
    assert await TeamLadder.count() == 0


async def test_a_ladder_is_for_alarms_opened_after_it_and_stays_known_with_who_made_it(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(31 * 60)
    await quick(alone)
    await quick(alone)
    await alone.turn(60)
    await alone.turn(60)
    assert await alone.told() == [], "the open one goes by the ladder it was opened with: the buddy after five"
    await alone.turn(3 * 60)
    assert await alone.told() == ["ben"]
    seen = await ladder_queries.ladders_of(alone.who("dina"), alone.world.teams["north"].id, alone.now)
    assert [(one.made_by_name, one.words) for one in seen.history] == [("Ade Test", "Overdue")], "once"
    assert "duty manager and deputy 3" in seen.history[0].offsets


async def test_the_teams_own_minutes_are_kept_to(alone: Alone) -> None:
    await quick(alone)
    await alone.begin(minutes=30)
    await alone.turn(32 * 60)
    assert await alone.told() == ["ben"]
    await alone.turn(60)
    assert set(await alone.told()) == {"ben", "dina", "nia"}
    (row,) = await Alarm.select()
    assert Ladder.loads(row["policy"]) == floor_rules.with_offsets(Which.NORMAL, QUICK)


async def test_a_call_for_help_goes_by_the_teams_own_and_another_teams_stays_as_it_was(alone: Alone) -> None:
    await quick(alone, Which.HELP)
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    assert Ladder.loads((await alone.alarm())["policy"]).repeat == 60
    south = {"team": alone.world.teams["south"].id, "high_risk": False}
    assert await ladder_queries.ladder_for(south, AlarmKind.PANIC) == HELP


@pytest.mark.parametrize("policy", ["no ladder", "{}", '{"rungs":[],"repeat":300}', None])
async def test_a_row_that_nobody_can_read_or_may_use_opens_the_alarm_all_the_same(
    alone: Alone, policy: str | None
) -> None:
    never = Ladder((Rung(0, None), Rung(99 * 60, Who.EVERYBODY)), 300).dumps()
    row = TeamLadder(
        team=alone.world.teams["north"].id, ladder="normal", policy=policy or never, made_at=alone.now
    )
    await TeamLadder.insert(row)
    await alone.begin(minutes=30)
    await alone.turn(35 * 60)
    assert await alone.told() == ["ben"]
    assert Ladder.loads((await alone.alarm())["policy"]) == NORMAL


@pytest.mark.parametrize("who", ["dina", "asha", "marek"])
async def test_only_an_administrator_changes_a_ladder(alone: Alone, who: str) -> None:
    with pytest.raises(NotFound):
        await quick(alone, by=who)


async def test_a_call_for_help_that_reaches_one_person_is_no_ladder(alone: Alone) -> None:
    await Person.update({Person.phone: ""}).where(Person.id == alone.world.people["nia"].id)
    with pytest.raises(Refused, match="two people"):
        await quick(alone, Which.HELP)
    await on(alone, "marek", team=None)
    await quick(alone, Which.HELP)


GOOD = {name: str(value) for name, value in QUICK.items()} | {"ladder": "normal"}


@pytest.mark.parametrize("bad", ["x", "-1", "1e309", "NaN", "٣", str(2**63), ""])
async def test_minutes_that_are_no_number_are_answered_by_name(world: World, bad: str) -> None:
    ade, at = await world.sign_in("ade"), f"/lone-working/ladders/{world.teams['north'].id}"
    answer = await ade.post(at, data={**GOOD, "buddy": bad})
    assert answer.status_code == 422 and 'href="#buddy"' in answer.text
    assert (await ade.post(at, data={**GOOD, "x": "1"})).status_code == 400
    assert (await ade.post(at, data={**GOOD, "ladder": "no"})).status_code == 422
    assert (await ade.post(at, content="ladder=normal&ladder=help")).status_code == 400
    assert await TeamLadder.count() == 0
    assert (await ade.post(at, data=GOOD)).status_code == 303
    dina = await world.sign_in("dina")
    page = await dina.get(at)
    assert page.status_code == 200 and "Save these minutes" not in page.text and "The team’s own" in page.text
    assert (await dina.post(at, data=GOOD)).status_code == 403


# A start


async def test_a_start_is_refused_by_the_step_that_reaches_nobody(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    with pytest.raises(Refused) as refused:
        await alone.begin()
    says = refused.value.reasons["form"]
    assert says.startswith("The step after 10 minutes (duty manager and deputy) reaches nobody: no manager")
    visit = await alone.start()
    assert not await LoneSession.exists(), "the visit is never lost, and has nobody who looks out"
    assert "reaches nobody" in await queries.unmonitored(alone.who("asha"), visit, alone.now)


async def test_without_a_buddy_it_is_the_step_of_the_buddy_that_is_named(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    with pytest.raises(Refused, match=r"The step after 5 minutes \(the buddy\) reaches nobody"):
        await alone.begin(buddy=None)


async def test_whoever_is_on_duty_when_the_step_would_come_is_enough(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    shift = await on(alone, "marek", team=None, hours=1.5)  # half an hour from now it is over
    with pytest.raises(Refused, match="after 10 minutes"):
        await alone.begin()
    await on(alone, "marek", team=None, hours=8)
    await alone.begin()
    assert shift


async def test_dina_alone_on_duty_is_nobody_for_dina(alone: Alone) -> None:
    await Person.update({Person.disabled_at: alone.now}).where(Person.id == alone.world.people["nia"].id)
    await on(alone, "dina")
    with pytest.raises(Refused, match="reaches nobody"):
        await alone.begin("dina", buddy=None)


async def test_the_teams_own_ladder_is_the_one_that_is_looked_at(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await quick(alone)
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    with pytest.raises(Refused, match="The step after 3 minutes"):
        await alone.begin()


# Who has it


async def given_to(alone: Alone, since: Any = None) -> list[dict[str, Any]]:
    rows = await Message.select().where(Message.template.like("alarm-%")).order_by(Message.made_at)
    # One that a later one took the place of says nothing any more.
    waiting = [row for row in rows if row["personalisation"]]
    return [row for row in waiting if since is None or row["made_at"] > since]


async def test_every_later_message_names_who_has_it_and_since_when(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    assert all("Nobody has it yet." in row["personalisation"] for row in await given_to(alone)
               if row["template"].startswith("alarm-overdue"))  # fmt: skip
    taken = alone.now
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
    await alone.turn(9 * 60)
    assert await given_to(alone, taken) == [], "it waits for her"
    await alone.turn(12 * 60)
    later = await given_to(alone, taken)
    assert later
    assert all("D. Test has had it since 10:40." in row["personalisation"] for row in later)
    assert (await alone.alarm())["state"] == AlarmState.OPEN


async def test_the_first_has_it_and_a_second_does_not_take_it(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    alarm = (await alone.alarm())["id"]
    for name in ("nia", "dina", "ben"):
        await alone.do(name, responding.acknowledge, alarm)
    row = await alone.alarm()
    assert (row["owner_name"], row["owned_at"]) == ("Nia Test", alone.now)
    assert (await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)).owner_name == "Nia Test"


async def test_when_her_time_is_over_somebody_else_takes_it_and_is_named_from_then(alone: Alone) -> None:
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    alarm = (await alone.alarm())["id"]
    await alone.do("dina", responding.acknowledge, alarm)
    await alone.turn(10 * 60 + 1)
    await alone.do("nia", responding.acknowledge, alarm)
    taken = alone.now
    await alone.turn(10 * 60 + 1)
    assert all("N. Test has had it since 10:50." in row["personalisation"] for row in await given_to(alone, taken))


async def test_a_call_for_help_begins_with_nobody(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
    alone.now += timedelta(seconds=30)
    before = alone.now
    await alone.do("asha", commands.panic, id)
    await alone.turn(1)
    rows = await given_to(alone, before - timedelta(seconds=1))
    assert {row["template"] for row in rows} == {"alarm-panic-sms", "alarm-panic-email"}
    assert all("Nobody has it yet." in row["personalisation"] for row in rows)


async def test_everybody_who_was_told_is_stood_down_once_whoever_was_on_duty(alone: Alone) -> None:
    """I11, through a change of shift: who was told on the first is stood down too."""
    await on(alone, "nia", hours=1.7)
    await on(alone, "marek", since=0.7)
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await alone.turn(60 * 60)
    alarm = (await alone.alarm())["id"]
    await alone.do("nia", responding.outcome, alarm, "She is at the office.", True, True)
    told = {row["person"] for row in await AlarmTold.select().where(AlarmTold.what == "step")}
    down = [row["person"] for row in await AlarmTold.select().where(AlarmTold.what == "stand_down")]
    assert set(down) == told and len(down) == len(told)
    assert alone.world.marek.id in told
