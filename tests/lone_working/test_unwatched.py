"""Asha went in, and the office could only keep her start: her phone says in red that nobody looks out for her."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from lone_working.sessions.tables import BuddyChoice, Unwatched
from lone_working.tables import Alarm, LoneSession
from properties.tables import PersonAlert, Property
from pwa.tables import Held
from tests.conftest import World
from tests.lone_working.going import HTMX, begun, reachable, watched
from tests.visits.making import planned

pytestmark = pytest.mark.usefixtures("messages_go_out")
RED = "NOT MONITORED: tell your buddy."


async def lost(world: World, home: Property, action: str = "start", **headers: str) -> httpx.Response:
    """Asha's start of a visit that is Ben's by now."""
    await reachable(world)
    visit = await planned(world, home)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    given = await dina.post(f"/visits/{visit}/officer", data={"officer": str(world.ben.id)})
    assert given.status_code < 400
    day = {"day": datetime.now(UTC).date().isoformat()} if action == "start/today" else {}
    return await asha.post(f"/visits/{visit}/{action}", data=day, headers={**HTMX, **headers})


async def test_a_start_that_is_held_begins_no_session_and_every_page_says_so_in_red(
    world: World, home: Property
) -> None:
    answer = await lost(world, home)
    assert "outcome=held" in answer.headers["receipt"]
    assert not await LoneSession.exists()
    asha = await world.sign_in("asha")
    for path in ("/today", "/you", "/lone-working/bar"):
        shown = (await asha.get(path)).text
        assert RED in shown and "Start a session" in shown, path
    for name in ("ben", "dina"):
        assert RED not in (await (await world.sign_in(name)).get("/today")).text


async def test_the_answer_to_a_start_from_today_has_the_red_bar_at_once(world: World, home: Property) -> None:
    assert RED in (await lost(world, home, "start/today")).text


async def test_the_answer_to_a_start_from_today_has_the_safety_bar_at_once(world: World, home: Property) -> None:
    await reachable(world)
    visit, asha = await planned(world, home), await world.sign_in("asha")
    data = {"day": datetime.now(UTC).date().isoformat()}
    answer = await asha.post(f"/visits/{visit}/start/today", data=data, headers=HTMX)
    assert 'id="safety-bar"' in answer.text and "data-safety=" in answer.text
    assert 'hx-swap-oob="outerHTML"' in answer.text


async def test_a_start_from_today_that_nobody_could_be_called_for_says_so_at_once(
    world: World, home: Property
) -> None:
    visit, asha = await planned(world, home), await world.sign_in("asha")
    data = {"day": datetime.now(UTC).date().isoformat()}
    answer = await asha.post(f"/visits/{visit}/start/today", data=data, headers=HTMX)
    assert RED in answer.text and "mobile number" in answer.text


async def test_a_held_start_that_comes_twice_is_said_once(world: World, home: Property) -> None:
    id = str(uuid4())
    await reachable(world)
    visit = await planned(world, home)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    await dina.post(f"/visits/{visit}/officer", data={"officer": str(world.ben.id)})
    for _ in range(2):
        answer = await asha.post(f"/visits/{visit}/start", headers={**HTMX, "Command-Id": id})
        assert "outcome=held" in answer.headers["receipt"]
    assert await Unwatched.count() == 1


async def test_it_is_red_until_they_say_that_somebody_knows_or_begin_a_session(
    world: World, home: Property
) -> None:
    await lost(world, home)
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    (row,) = await Unwatched.select()
    assert (await ben.post(f"/lone-working/unwatched/{row['id']}/told")).status_code == 404
    answer = await asha.post(f"/lone-working/unwatched/{row['id']}/told", headers=HTMX)
    assert answer.status_code == 201 and RED not in answer.text
    assert RED not in (await asha.get("/today")).text
    await Unwatched.update({Unwatched.told_at: None}, force=True)
    await begun(world)
    assert RED not in (await asha.get("/today")).text
    await LoneSession.update({LoneSession.state: "closed_safe"}, force=True)
    assert RED not in (await asha.get("/today")).text, "they were looked out for since"


async def test_after_a_day_it_is_not_said_any_more(world: World, home: Property) -> None:
    await lost(world, home)
    ago = datetime.now(UTC) - timedelta(hours=13)
    await Unwatched.update({Unwatched.started_at: ago}, force=True)
    assert RED not in (await (await world.sign_in("asha")).get("/today")).text


async def test_of_nothing_nobody_says_that_somebody_knows(world: World) -> None:
    asha = await world.sign_in("asha")
    absent = UUID(int=1)
    assert (await asha.post(f"/lone-working/unwatched/{absent}/told", headers=HTMX)).status_code == 404


async def test_whoever_sees_the_alarm_is_told_where_a_start_that_was_held_would_have_been(
    world: World, home: Property
) -> None:
    """She called for help first: her start came to a visit that was somebody else's by then."""
    await reachable(world)
    asha, dina, ben = [await world.sign_in(name) for name in ("asha", "dina", "ben")]
    await BuddyChoice.insert(BuddyChoice(person=world.asha.id, buddy=world.ben.id, chosen_at=datetime.now(UTC)))
    assert (await asha.post(f"/lone-working/{uuid4()}/panic", headers=HTMX)).status_code < 300
    await lost(world, home)
    await watched(0, 0)
    alarm = f"/lone-working/alarms/{(await Alarm.select())[0]['id']}"
    shown = (await dina.get(alarm)).text
    (kept,) = await Held.select()
    assert "was only kept for the office" in shown and f"/held/{kept['id']}" in shown
    assert "22 Saltmarsh Road" in shown
    told = await ben.get(alarm)
    assert told.status_code == 200 and "Saltmarsh" not in told.text and "/held/" not in told.text
    for name in ("asha", "carol", "marek"):
        assert (await (await world.sign_in(name)).get(alarm)).status_code == 404
    (before,) = await LoneSession.select(LoneSession.place, LoneSession.started_at)
    gone_on = {LoneSession.place: "4 Mill Lane", LoneSession.started_at: datetime.now(UTC)}
    await LoneSession.update(gone_on, force=True)
    assert "was only kept" not in (await dina.get(alarm)).text, "it is known where she went since"
    await LoneSession.update(before, force=True)
    await Property.update({Property.team: world.teams["south"].id}).where(Property.id == home.id)
    flag = PersonAlert(
        property=home.id, code="20-70", text="fled", owner=world.marek.id, added_at=datetime.now(UTC),
        review_on=datetime.now(UTC).date() + timedelta(days=30),
    )  # fmt: skip
    await PersonAlert.insert(flag)
    assert "Saltmarsh" not in (await dina.get(alarm)).text, "not cleared for a home that became confidential"
    await PersonAlert.delete().where(PersonAlert.id == flag.id)
    seen_to = {"decision": "not needed", "reason": "Rang her"}
    assert (await dina.post(f"/held/{kept['id']}", data=seen_to, headers=HTMX)).status_code < 300
    assert "/held/" not in (await dina.get(alarm)).text
