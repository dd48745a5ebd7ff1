"""Asha on her way home after the last visit of the day."""

from datetime import timedelta

import pytest

from lone_working.rota.tables import DutyShift
from lone_working.rules import SessionState
from lone_working.sessions import commands, home, queries
from lone_working.tables import LoneSession
from people.tables import Person
from properties.tables import Property
from pwa.answers import Refused
from pwa.ids import uuid7
from tests.conftest import World
from tests.lone_working.conftest import DURESS as OTHER
from tests.lone_working.conftest import SAFE as RIGHT
from tests.lone_working.conftest import Alone
from tests.lone_working.going import HTMX, SAFE, begun, post, reachable, with_pins
from tests.properties import homes
from tests.visits.making import planned

pytestmark = pytest.mark.usefixtures("messages_go_out")
ASKS = "Are you on your way home?"


async def go(alone: Alone, minutes: int = 60) -> dict[str, object]:
    async def command(sent, me):  # type: ignore[no-untyped-def]
        await home.begin(sent, me, minutes)

    sent = await alone.do("asha", command)
    return await alone.session(sent.id)


async def test_the_way_home_has_its_own_deadline_and_its_own_alarm(alone: Alone) -> None:
    await alone.begin()
    await commands.end(alone.sent("asha"), alone.who("asha"), (await LoneSession.select())[0]["id"], RIGHT)
    session = await go(alone, 90)
    assert session["due_at"] == alone.now + timedelta(minutes=90), "nobody checks in at the wheel"
    assert session["place"] == "On the way home from The depot"
    await alone.turn(89 * 60)
    assert await alone.told() == []
    await alone.turn(6 * 60)
    assert "ben" in await alone.told()
    await commands.end(alone.sent("asha"), alone.who("asha"), session["id"], RIGHT)  # type: ignore[arg-type]
    assert (await alone.session(session["id"]))["state"] == SessionState.CLOSED_SAFE  # type: ignore[arg-type]


async def test_only_so_long_as_can_be_chosen_and_not_where_nobody_would_come(alone: Alone) -> None:
    for minutes in (0, 45, 1000):
        with pytest.raises(Refused):
            await go(alone, minutes)
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    with pytest.raises(Refused, match="did not come home"):
        await go(alone)


async def test_it_is_offered_alike_after_either_pin(alone: Alone) -> None:
    for pin in (RIGHT, OTHER):
        id = await alone.begin()
        assert not await home.offered(alone.who("asha"), alone.now)
        await commands.end(alone.sent("asha"), alone.who("asha"), id, pin)
        assert await home.offered(alone.who("asha"), alone.now)
        assert not await home.offered(alone.who("asha"), alone.now + timedelta(minutes=31))
        alone.now += timedelta(hours=1)


async def test_a_way_home_leaves_an_alarm_that_came_of_the_other_pin_as_it_is(alone: Alone) -> None:
    id = await alone.begin()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, OTHER)
    session = await go(alone)
    current = await queries.current(alone.who("asha"), alone.now)
    assert current and current.id == session["id"] and current.home
    await commands.end(alone.sent("asha"), alone.who("asha"), session["id"], RIGHT)  # type: ignore[arg-type]
    assert (await alone.alarm())["state"] == "open"
    assert (await alone.session(id))["state"] == "active"


@pytest.fixture
async def place(world: World) -> Property:
    return await homes.home("22 Saltmarsh Road", team=world.teams["north"].id)


async def test_today_offers_it_after_the_last_visit_and_never_before(world: World, place: Property) -> None:
    await reachable(world)
    await with_pins(world)
    asha = await world.sign_in("asha")
    visit = await planned(world, place, hours=0)
    assert (await asha.post(f"/visits/{visit}/start", headers=HTMX)).status_code == 200
    assert ASKS not in (await asha.get("/today")).text
    (session,) = await LoneSession.select()
    assert (await post(asha, session["id"], "end", pin=SAFE)).status_code < 300
    assert ASKS not in (await asha.get("/today")).text, "the visit itself is not over"
    await asha.post(f"/visits/{visit}/finish", data={"outcome": "done"}, headers=HTMX)
    assert ASKS in (await asha.get("/today")).text
    assert ASKS not in (await asha.get("/today", headers={"Doorstep-Pack": "1"})).text
    answer = await asha.post("/lone-working/home", data={"minutes": "60"}, headers=HTMX)
    assert answer.headers["hx-redirect"] == "/today"
    shown = (await asha.get("/today")).text
    assert ASKS not in shown and "Home by" in shown
    (way,) = await LoneSession.select().where(LoneSession.kind == "home")
    assert "Are you home?" in (await asha.get(f"/lone-working/{way['id']}/end")).text
    assert (await post(asha, way["id"], "end", pin=SAFE)).status_code < 300
    assert ASKS not in (await asha.get("/today")).text, "they are home"


async def test_the_same_press_twice_is_one_way_home(world: World) -> None:
    await reachable(world)
    asha, id = await world.sign_in("asha"), str(uuid7())
    for _ in range(2):
        data = {"minutes": "60", "battery": "80"}
        assert (
            await asha.post("/lone-working/home", data=data, headers={**HTMX, "Command-Id": id})
        ).status_code == 200
    assert await LoneSession.count() == 1
    await begun(world)


async def test_what_cannot_be_is_said_at_the_form(world: World) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/lone-working/home", data={"minutes": "60"}, headers=HTMX)
    assert answer.status_code == 422 and "NOT MONITORED" in answer.text
    await reachable(world)
    answer = await asha.post("/lone-working/home", data={"minutes": "7"}, headers=HTMX)
    assert answer.status_code == 422 and "Choose how long" in answer.text


async def test_who_is_on_duty_only_until_before_they_are_home_reaches_nobody_then(alone: Alone) -> None:
    managers = [alone.world.people[name].id for name in ("dina", "nia")]
    await Person.update({Person.phone: ""}).where(Person.id.is_in(managers))
    ben, north = alone.world.ben.id, alone.world.teams["north"].id
    times = {"starts_at": alone.now - timedelta(hours=1), "ends_at": alone.now + timedelta(minutes=55)}
    times["made_at"] = alone.now
    await DutyShift.insert(DutyShift(team=north, duty="manager", person=ben, acting=True, **times))
    with pytest.raises(Refused, match="did not come home"):
        await go(alone, 60)
    await go(alone, 30)
