"""Who is on duty is called, and leads the wall while they are; whoever leaves, somebody is told."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lone_working import ways
from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.ladders import audience
from lone_working.ladders.rules import Who
from lone_working.rota import commands as rota_commands
from lone_working.rota import duty, gap_queries
from lone_working.rota import queries as rota_queries
from lone_working.rota.rules import Duty, Each, Hours, Shift, Wish, clock
from lone_working.rota.tables import DutyHours, DutyShift
from lone_working.wall import boards
from people.queries import Contact
from people.rules import Role
from people.tables import Person
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from tests.conftest import World
from tests.lone_working.conftest import NOW, Alone


async def on(
    alone: Alone, who: str, what: Duty = Duty.MANAGER, hours: float = 8, since: float = -1, by: str = "ade",
    team: str | None = "north",
) -> UUID:  # fmt: skip
    """Put straight into the rota, from an hour ago for eight."""
    person, of = alone.world.people[who], alone.world.teams[team].id if team else None
    row = DutyShift(
        id=uuid7(), team=of, duty=what.value, person=person.id, acting=person.role == "officer",
        starts_at=alone.now + timedelta(hours=since), ends_at=alone.now + timedelta(hours=since + hours),
        made_at=alone.now,
    )  # fmt: skip
    await DutyShift.insert(row)
    found: UUID = row.id
    return found


async def test_the_step_after_ten_minutes_calls_who_is_on_duty_and_nobody_else(alone: Alone) -> None:
    await on(alone, "nia")
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    assert await alone.told() == ["ben", "nia", "nia"], "and not Dina, who is off duty"
    await alone.turn(10 * 60 + 1)
    assert "dina" in await alone.told(), "everybody is everybody"


async def test_every_manager_on_duty_is_called_after_fifteen_minutes_of_whichever_team(alone: Alone) -> None:
    await on(alone, "nia")
    await on(alone, "marek", team="south")
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    assert "marek" not in await alone.told()
    await alone.turn(5 * 60)
    assert "marek" in await alone.told()


async def test_out_of_hours_whoever_is_on_duty_for_the_whole_council_is_called(alone: Alone) -> None:
    await on(alone, "marek", team=None)
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    assert await alone.told() == ["ben", "marek", "marek"]
    (session,) = (await boards.wall(alone.who("marek"), alone.now)).alarms
    assert session.person_name == "Asha Test", "and leads every team while they are"


async def test_the_deputy_is_called_beside_the_duty_manager_and_in_their_place(alone: Alone) -> None:
    await on(alone, "dina")
    await on(alone, "nia", Duty.DEPUTY)
    contacts, shifts = await duty.reach([], alone.now)
    session = {"person": alone.world.asha.id, "team": alone.world.teams["north"].id, "buddy": None}

    def names(who: Who, now: list[Shift]) -> list[str]:
        return [one.name.split()[0] for one in audience.of(who, session, contacts, now)]

    assert names(Who.DUTY, shifts) == ["Dina", "Nia"]
    assert (names(Who.DUTY_MANAGER, shifts), names(Who.DEPUTY, shifts)) == (["Dina"], ["Nia"])
    assert names(Who.DEPUTY, shifts[:1]) == ["Dina"], "no deputy: the duty manager"
    assert names(Who.DUTY_MANAGER, []) == ["Dina", "Nia"], "nobody on duty: every manager of the team"


async def test_when_the_shift_is_over_the_next_ones_are_called(alone: Alone) -> None:
    await on(alone, "nia", hours=1.6)  # until 36 minutes from now
    await on(alone, "dina", since=0.6)
    await alone.begin(minutes=30)
    await alone.turn(40 * 60)
    assert await alone.told() == ["ben", "dina", "dina"]


async def test_somebody_who_is_on_duty_and_out_themselves_is_not_called_about_themselves(alone: Alone) -> None:
    await on(alone, "dina")
    await alone.begin("dina", minutes=30, buddy=None)
    await alone.turn(60 * 60)
    assert set(await alone.told()) == {"nia"}


async def test_ben_acting_up_leads_the_team_while_he_does_and_not_a_minute_longer(alone: Alone) -> None:
    await alone.begin(minutes=30, buddy=None)
    await alone.turn(31 * 60)
    alarm = (await alone.alarm())["id"]
    assert (await boards.wall(alone.who("ben"), alone.now)).alarms == ()
    with pytest.raises(NotFound):
        await alarm_page.alarm_for(alone.who("ben"), alarm, alone.now)
    await on(alone, "ben", hours=1.5)
    assert len((await boards.wall(alone.who("ben"), alone.now)).alarms) == 1
    await alone.do("ben", responding.acknowledge, alarm)
    assert (await alone.alarm())["owner_name"] == "Ben Test"
    assert (await boards.wall(alone.who("carol"), alone.now)).alarms == ()
    alone.now += timedelta(minutes=30)
    assert (await boards.wall(alone.who("ben"), alone.now)).alarms == (), "his time is over"
    assert await duty.led_by(alone.who("ben"), alone.now) == []


async def test_acting_up_gives_the_wall_and_alarms_and_nothing_else(alone: Alone) -> None:
    await on(alone, "ben")
    north = alone.world.teams["north"].id
    assert not rota_queries.may_change(alone.who("ben"), north)
    client = await alone.world.sign_in("ben")
    assert (await client.get("/review")).status_code == 403
    assert (await client.get("/lone-working")).status_code == 200


async def test_a_manager_of_another_team_covers_and_sees_that_wall_for_so_long(alone: Alone) -> None:
    await on(alone, "marek", hours=2)
    await alone.begin(minutes=30, buddy=None)
    await alone.turn(40 * 60)
    assert set(await alone.told()) == {"marek"}
    assert len((await boards.wall(alone.who("marek"), alone.now)).alarms) == 1
    alone.now += timedelta(hours=1)
    assert (await boards.wall(alone.who("marek"), alone.now)).alarms == ()


@pytest.mark.parametrize(
    "change", [{Person.disabled_at: NOW}, {Person.role: "officer"}, {Person.phone: "", Person.email: "no address"}]
)
async def test_who_left_or_changed_role_drops_out_and_the_team_is_called(
    alone: Alone, change: dict[Any, Any]
) -> None:
    await on(alone, "nia")
    await alone.begin(minutes=30)
    await Person.update(change).where(Person.id == alone.world.people["nia"].id)
    await alone.turn(40 * 60)
    assert await alone.told() == ["ben", "dina", "dina"]


async def test_no_edit_in_the_middle_takes_the_last_one_who_can_be_told(alone: Alone) -> None:
    """An open alarm; then its rota is emptied, its team's managers leave, and those of every other team."""
    shift = await on(alone, "nia")
    await alone.begin(minutes=30, buddy=None)
    await alone.turn(36 * 60)
    assert set(await alone.told()) == {"nia"}
    north = alone.world.teams["north"].id
    await alone.do("ade", rota_commands.take_off, north, [shift])
    await alone.turn(5 * 60)
    assert set(await alone.told()) == {"nia", "dina"}
    gone = [alone.world.people[name].id for name in ("nia", "dina")]
    await Person.update({Person.disabled_at: alone.now}).where(Person.id.is_in(gone))
    await alone.turn(5 * 60)
    assert set(await alone.told()) == {"nia", "dina", "marek"}
    await Person.update({Person.role: "officer"}).where(Person.id == alone.world.marek.id)
    await alone.turn(10 * 60)
    assert set(await alone.told()) == {"nia", "dina", "marek", "ade"}


TEAMS = [UUID(int=1), UUID(int=2), None]
PEOPLE = [UUID(int=n) for n in range(10, 18)]
CONTACTS = some.lists(
    some.builds(
        Contact,
        id=some.sampled_from(PEOPLE),
        name=some.just("A Test"),
        phone=some.sampled_from(["", "07700900101", "not one"]),
        email=some.sampled_from(["", "a@harrowmere.example"]),
        role=some.sampled_from(Role),
        team_id=some.sampled_from(TEAMS),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
SHIFTS = some.lists(
    some.builds(
        Shift,
        id=some.uuids(),
        team=some.sampled_from(TEAMS),
        duty=some.sampled_from(Duty),
        person=some.sampled_from(PEOPLE),
        acting=some.booleans(),
        starts=some.just(NOW),
        ends=some.just(NOW + timedelta(hours=1)),
    ),
    max_size=6,
)


@given(CONTACTS, SHIFTS, some.sampled_from(PEOPLE), some.sampled_from(TEAMS), some.sampled_from([*PEOPLE, None]))
def test_whoever_is_left_and_on_whatever_rota_every_step_reaches_somebody(
    contacts: list[Contact], shifts: list[Shift], officer: UUID, team: UUID | None, buddy: UUID | None
) -> None:
    """I14. As long as one manager or administrator can be told, no step of any ladder tells nobody."""
    session = {"person": officer, "team": team, "buddy": buddy}
    leads = [one for one in contacts if one.role in (Role.MANAGER, Role.ADMINISTRATOR)]
    able = [one for one in leads if one.id != officer and ways.of(one)]
    for who in Who:
        told = audience.of(who, session, contacts, shifts)
        ids = [one.id for one in told]
        assert len(ids) == len(set(ids))
        if who is not Who.OFFICER:
            assert officer not in ids, "never the officer"
            assert all(ways.of(one) for one in told)
            assert told or not able
    everybody = {one.id for one in audience.of(Who.EVERYBODY, session, contacts, shifts)}
    for who in (Who.BUDDY, Who.DUTY, Who.DUTY_MANAGER, Who.DEPUTY):
        assert {one.id for one in audience.of(who, session, contacts, shifts)} <= everybody
    outsiders = {one.id for one in contacts if one.role is Role.CONTRACTOR and one.id != buddy}
    assert not outsiders & everybody


WISH = Wish(date(2026, 12, 7), clock("09:00"), date(2026, 12, 11), clock("17:00"), Each.DAILY, 2)  # type: ignore[arg-type]


async def test_dina_puts_nia_on_for_two_weeks_and_takes_one_day_off_again(alone: Alone) -> None:
    north, nia = alone.world.teams["north"].id, alone.world.people["nia"].id
    await alone.do("dina", rota_commands.put_on, north, nia, Duty.MANAGER, WISH)
    await alone.do("dina", rota_commands.put_on, north, nia, Duty.MANAGER, replace(WISH, weeks=1))
    seen = await rota_queries.rota_for(alone.who("dina"), north, date(2026, 12, 7), alone.now)
    assert [len(day.shifts) for day in seen.days] == [1, 1, 1, 1, 1, 0, 0] * 2, "the same again is not there twice"
    assert seen.days[0].shifts[0].times == "09:00–17:00"
    await alone.do("dina", rota_commands.take_off, north, [seen.days[1].shifts[0].id])
    again = await rota_queries.rota_for(alone.who("ben"), north, date(2026, 12, 7), alone.now)
    assert [bool(day.shifts) for day in again.days[:3]] == [True, False, True]
    assert again.days[1].gaps == ("09:00–17:00",)
    (row,) = await DutyShift.select().where(DutyShift.removed_at.is_not_null())
    assert row["removed_by_name"] == "Dina Test", "who took it off stays known"


@pytest.mark.parametrize(
    ("who", "team"), [("marek", "north"), ("ben", "north"), ("dina", None), ("asha", "south")]
)
async def test_nobody_else_changes_a_rota(alone: Alone, who: str, team: str | None) -> None:
    of = alone.world.teams[team].id if team else None
    with pytest.raises(NotFound):
        await alone.do(who, rota_commands.put_on, of, alone.world.dina.id, Duty.MANAGER, WISH)
    with pytest.raises(NotFound):
        await alone.do(who, rota_commands.take_off, of, [uuid7()])
    assert await DutyShift.count() == 0


@pytest.mark.parametrize("who", ["callum", "ade", "carol"])
async def test_only_who_could_come_is_put_on_duty(alone: Alone, who: str) -> None:
    north = alone.world.teams["north"].id
    with pytest.raises(Refused) as refused:
        await alone.do("dina", rota_commands.put_on, north, alone.world.people[who].id, Duty.MANAGER, WISH)
    assert list(refused.value.reasons) == ["person"]


async def test_a_shift_of_another_team_is_not_taken_off_with_mine(alone: Alone) -> None:
    shift = await on(alone, "marek", team="south")
    await alone.do("dina", rota_commands.take_off, alone.world.teams["north"].id, [shift])
    assert await DutyShift.count().where(DutyShift.removed_at.is_null()) == 1


async def test_officers_to_act_and_other_managers_to_cover_are_offered_as_what_they_would_be(alone: Alone) -> None:
    choices = await rota_queries.choices(alone.world.teams["north"].id)
    names = [re.sub("[\u2068\u2069]", "", name) for _, name in choices]
    assert names == [
        "Dina Test",
        "Nia Test",
        "Asha Test (acts as manager)",
        "Ben Test (acts as manager)",
        "Marek Test (covers)",
    ]
    assert [name for _, name in await rota_queries.choices(None)] == ["Dina Test", "Marek Test", "Nia Test"]


async def test_when_somebody_must_be_on_duty_is_the_teams_own_to_say(alone: Alone) -> None:
    north = alone.world.teams["north"].id
    whole = Hours(tuple(range(7)), clock("00:00"), clock("00:00"))  # type: ignore[arg-type]
    await alone.do("dina", rota_commands.set_hours, north, whole)
    assert await gap_queries.hours_of(north) == whole
    with pytest.raises(Refused):
        await alone.do("dina", rota_commands.set_hours, north, replace(whole, days=()))
    assert await DutyHours.count() == 1


@dataclass
class Bad:
    field: str
    data: dict[str, str]


GOOD = {"duty": "manager", "day": "2027-01-04", "starts": "09:00", "ends": "17:00", "each": "once", "weeks": "1"}


@pytest.mark.parametrize(
    "bad",
    [
        Bad("person", {"person": "x"}),
        Bad("duty", {"duty": "king"}),
        Bad("day", {"day": "2027-02-31"}),
        Bad("starts", {"starts": "9 o'clock"}),
        Bad("starts", {"starts": "٠٩:٠٠"}),
        Bad("ends", {"ends": "25:00"}),
        Bad("each", {"each": "never"}),
        Bad("weeks", {"weeks": "1e3"}),
        Bad("weeks", {"weeks": "0"}),
        Bad("until", {"until": "0001-01-01"}),
    ],
)
async def test_a_bad_field_is_named_and_what_was_typed_stays(world: World, bad: Bad) -> None:
    client = await world.sign_in("dina")
    data = {**GOOD, "person": str(world.dina.id), **bad.data}
    answer = await client.post(f"/lone-working/rota/{world.teams['north'].id}", data=data)
    assert answer.status_code == 422
    assert f'href="#{bad.field}"' in answer.text
    if bad.field != "weeks":
        assert 'value="2027-01-04"' in answer.text or bad.field == "day"
    assert await DutyShift.count() == 0


async def test_a_field_that_is_not_known_or_comes_twice_is_refused_whole(world: World) -> None:
    client = await world.sign_in("dina")
    at = f"/lone-working/rota/{world.teams['north'].id}"
    assert (await client.post(at, data={**GOOD, "x": "1"})).status_code == 400
    assert (await client.post(at, content="weeks=1&weeks=2")).status_code == 400
    assert (await client.post(f"{at}/off", data={})).status_code == 422
    assert (await client.post(f"{at}/hours", data={"opens": "09:00", "closes": "x"})).status_code == 422


async def test_the_page_of_a_week_that_is_no_day_shows_this_one(world: World) -> None:
    client = await world.sign_in("asha")
    for odd in ("x", "9999-12-31", "0001-01-01", "2026-02-31", ""):
        answer = await client.get(f"/lone-working/rota?from={odd}")
        assert answer.status_code == 200 and "today" in answer.text


async def test_asha_reads_the_rota_of_her_team_and_changes_none_of_it(world: World) -> None:
    asha, ade = await world.sign_in("asha"), await world.sign_in("ade")
    north, south = world.teams["north"].id, world.teams["south"].id
    page = await asha.get(f"/lone-working/rota/{north}")
    assert page.status_code == 200 and "<form" in page.text and "Put on duty" not in page.text
    assert (await asha.get(f"/lone-working/rota/{south}")).status_code == 404
    assert (await asha.get("/lone-working/rota/council")).status_code == 200
    assert (await asha.post(f"/lone-working/rota/{north}", data=GOOD)).status_code == 403
    assert (await ade.get(f"/lone-working/rota/{uuid7()}")).status_code == 404
    assert "TA south" in (await ade.get("/lone-working/rota")).text
