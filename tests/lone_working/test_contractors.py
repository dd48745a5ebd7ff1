"""Callum alone in one of the council's homes, where his firm has asked the council to look out for its people."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from lone_working.rota.tables import DutyShift
from lone_working.sessions.tables import FirmWatch
from lone_working.tables import Alarm, AlarmTold, LoneSession
from people.tables import Person
from pwa.ids import uuid7
from tests.conftest import World
from tests.lone_working.going import HTMX, SAFE, let_pass, post, reachable, watched, with_pins

pytestmark = pytest.mark.usefixtures("messages_go_out")
OWN = {"place": "Boiler room, Linden Court", "minutes": "30"}


@pytest.fixture
async def pat(world: World) -> Person:
    """Callum's supervisor at Pennard; and the council's north team looks after him."""
    made = await Person.objects().create(
        name="Pat Test", email="pat@pennard.example", role="contractor", firm=world.firms["pennard"].id,
        phone="07700 900444", created_at=datetime.now(UTC),
    )  # fmt: skip
    world.people["pat"] = made
    await reachable(world)
    north = world.teams["north"].id
    await Person.update({Person.looked_after_by: north}).where(Person.id == world.people["callum"].id)
    return made


async def agree(world: World, supervisor: UUID | None) -> httpx.Response:
    ade = await world.sign_in("ade")
    data = {"supervisor": str(supervisor) if supervisor else ""}
    return await ade.post(f"/firms/{world.firms['pennard'].id}/alone", data=data)


async def begun(world: World) -> UUID:
    callum = await world.sign_in("callum")
    answer = await callum.post("/lone-working", data=OWN, headers=HTMX)
    assert answer.headers["hx-redirect"] == "/you", answer.text
    (row,) = await LoneSession.select()
    id: UUID = row["id"]
    return id


async def test_until_a_firm_has_asked_nobody_looks_out_and_it_is_said(world: World, pat: Person) -> None:
    callum = await world.sign_in("callum")
    assert "has not asked the council" in (await callum.get("/lone-working/new")).text
    answer = await callum.post("/lone-working", data=OWN, headers=HTMX)
    assert answer.status_code == 422 and "NOT MONITORED" in answer.text
    assert not await LoneSession.exists()


async def test_their_supervisor_is_told_first_and_then_the_councils_managers(world: World, pat: Person) -> None:
    assert (await agree(world, pat.id)).status_code == 303
    callum = await world.sign_in("callum")
    shown = (await callum.get("/lone-working/new")).text
    assert "Pat Test is told first" in shown and "Who looks out for you" not in shown
    session = await begun(world)
    (row,) = await LoneSession.select()
    assert (row["buddy"], row["team"]) == (pat.id, world.teams["north"].id)
    assert f'data-safety="{session}"' in (await callum.get("/you")).text
    dina = await world.sign_in("dina")
    assert "Callum Test" in (await dina.get("/lone-working")).text
    await let_pass(session, 31)
    await watched(0, 6)
    told = [row["person"] for row in await AlarmTold.select().where(AlarmTold.what == "step")]
    assert told == [pat.id]
    await watched(6, 11)
    assert world.people["dina"].id in {row["person"] for row in await AlarmTold.select()}


async def test_a_supervisor_opens_the_alarm_takes_it_on_and_nobody_else_of_a_firm_does(
    world: World, pat: Person
) -> None:
    await agree(world, pat.id)
    session = await begun(world)
    await post(await world.sign_in("callum"), session, "panic")
    (alarm,) = await Alarm.select()
    at = f"/lone-working/alarms/{alarm['id']}"
    for name in ("callum", "fred"):
        assert (await (await world.sign_in(name)).get(at)).status_code == 404
    supervisor = await world.sign_in("pat")
    assert "Boiler room" in (await supervisor.get(at)).text
    assert "You have this" in (await supervisor.post(f"{at}/acknowledge", headers=HTMX)).text
    assert (await supervisor.get(f"{at}/person")).status_code == 200
    assert (await supervisor.get("/lone-working")).status_code == 403


async def test_they_check_in_and_end_it_with_their_own_pin(world: World, pat: Person) -> None:
    await agree(world, pat.id)
    session = await begun(world)
    await with_pins(world, "callum")
    callum = await world.sign_in("callum")
    assert (await post(callum, session, "check-in")).status_code == 201
    assert (await callum.get(f"/lone-working/{session}/end")).status_code == 200
    answer = await post(callum, session, "end", pin=SAFE)
    assert answer.headers["hx-redirect"] == "/you"
    assert "data-safety=" not in (await callum.get("/you")).text


@pytest.mark.parametrize("gone", ["pat", "managers", "own"])
async def test_without_a_supervisor_or_a_manager_of_the_council_none_begins(
    world: World, pat: Person, gone: str
) -> None:
    await agree(world, pat.id)
    if gone == "pat":
        await Person.update({Person.phone: ""}).where(Person.id == pat.id)
    elif gone == "managers":
        await Person.update({Person.phone: ""}).where(Person.role.is_in(["manager", "administrator"]))
    else:
        callum = world.people["callum"].id
        row = FirmWatch(
            id=uuid7(), firm=world.firms["pennard"].id, supervisor=callum, set_by=callum,
            set_by_name="a", set_at=datetime.now(UTC),
        )  # fmt: skip
        await FirmWatch.insert(row)
    client = await world.sign_in("callum")
    answer = await client.post("/lone-working", data=OWN, headers=HTMX)
    assert answer.status_code == 422 and "Tell somebody yourself" in answer.text
    assert not await LoneSession.exists()


async def test_a_firm_that_asks_no_more_is_not_looked_out_for(world: World, pat: Person) -> None:
    await agree(world, pat.id)
    await agree(world, None)
    client = await world.sign_in("callum")
    assert (await client.post("/lone-working", data=OWN, headers=HTMX)).status_code == 422


async def test_only_an_administrator_agrees_it_and_only_with_somebody_of_the_firm(
    world: World, pat: Person
) -> None:
    refused = await agree(world, world.people["fred"].id)
    assert refused.status_code == 422 and "somebody of the firm" in refused.text
    for name in ("asha", "dina", "callum"):
        client = await world.sign_in(name)
        assert (await client.get("/firms/alone")).status_code == 403
        answer = await client.post(f"/firms/{world.firms['pennard'].id}/alone", data={"supervisor": str(pat.id)})
        assert answer.status_code == 403
    ade = await world.sign_in("ade")
    assert "Pat Test" in (await ade.get("/firms/alone")).text
    assert (await ade.post(f"/firms/{uuid7()}/alone", data={"supervisor": ""})).status_code == 404


async def test_a_firm_that_is_not_looked_out_for_sees_no_officers_pages(world: World, pat: Person) -> None:
    callum = await world.sign_in("callum")
    for path in (
        "/lone-working",
        "/lone-working/buddy",
        "/lone-working/ready",
        "/lone-working/home",
        "/you/helpers",
    ):
        assert (await callum.get(path)).status_code == 403, path


async def test_a_call_for_help_from_no_session_reaches_their_supervisor_and_stands_on_the_wall(
    world: World, pat: Person
) -> None:
    await agree(world, pat.id)
    callum = await world.sign_in("callum")
    assert (await post(callum, uuid7(), "panic")).status_code < 300
    await watched(0, 1)
    assert pat.id in {row["person"] for row in await AlarmTold.select()}
    assert "Callum Test" in (await (await world.sign_in("dina")).get("/lone-working")).text


async def test_nobody_on_duty_when_a_step_would_come_is_no_session_as_for_an_officer(
    world: World, pat: Person
) -> None:
    """Marek is on duty for the team that looks after him, for twenty minutes more."""
    await agree(world, pat.id)
    now = datetime.now(UTC)
    north = Person.team == world.teams["north"].id
    await Person.update({Person.phone: ""}).where(north & (Person.role == "manager"))
    marek = world.people["marek"]
    row = DutyShift(
        id=uuid7(), team=world.teams["north"].id, duty="manager", person=marek.id, acting=False, made_at=now,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(minutes=20),
    )  # fmt: skip
    await DutyShift.insert(row)
    callum = await world.sign_in("callum")
    answer = await callum.post("/lone-working", data=OWN, headers=HTMX)
    assert answer.status_code == 422, "he goes off duty before anybody would call him"
    assert "no manager of the team that looks after you is on duty" in answer.text
    await DutyShift.update({DutyShift.ends_at: now + timedelta(hours=8)}, force=True)
    await begun(world)
