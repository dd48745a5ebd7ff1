"""Work from a home that became confidential meanwhile: kept, and for whoever may know of the home."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from inspections.commands import seed_reference
from inspections.rules import passing_of
from inspections.tables import Inspection
from people.tables import Person
from properties.tables import LegalHold, PersonAlert, Property
from pwa.ids import uuid7
from pwa.tables import Conflict, Held
from server.retention import forget
from server.settings import read
from tasks.tables import Task
from tests.conftest import World
from tests.tasks.making import asked, flag, in_days, raised
from visits.tables import Visit, VisitEvent

HTMX = {"HX-Request": "true"}
ADDRESS = "77 Canaryhide Lane"
SAID = "Canary words of what was seen"


@pytest.fixture
async def home(world: World) -> Property:
    """The south team's. Asha, of the north team, had its page; then Marek flagged it."""
    await seed_reference()
    home = await Property.objects().create(
        uprn="900000000077", address=ADDRESS, postcode="HW9 9XX", kind="house", bedrooms=1, use="temporary",
        team=world.teams["south"].id, created_at=datetime.now(UTC),
    )  # fmt: skip
    await flag(world, home)
    return home


def plan(world: World, home: Property, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()), "property": str(home.id), "purpose": "welfare-check", "officer": str(world.asha.id),
        "day": in_days(1).isoformat(), "window": "any", "time": "", "minutes": "30", "weeks": "1", "note": SAID,
        **more,
    }  # fmt: skip


def beginning(home: Property) -> dict[str, Any]:
    return {"id": str(uuid7()), "property": str(home.id), "kind": "void"}


async def held(client: httpx.AsyncClient, path: str, data: dict[str, Any]) -> None:
    answer = await client.post(path, data=data, headers=HTMX)
    assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
    assert "outcome=held" in answer.headers["receipt"], path
    assert "canaryhide" not in (answer.text + str(answer.headers)).lower(), path


async def seen_by(world: World, actor: str) -> tuple[int, str]:
    """How many held things they may decide about, and every word of them."""
    client, words, count = await world.sign_in(actor), "", 0
    for row in await Held.select(Held.id):
        answer = await client.get(f"/held/{row['id']}")
        count += answer.status_code == 200
        words += answer.text
    return count, (await client.get("/held")).text + words


async def test_what_is_begun_there_is_held_for_who_may_know_of_it(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    await held(asha, "/inspections", beginning(home))
    await held(asha, "/visits", plan(world, home))
    await held(asha, "/tasks", asked(world.asha.id, property=str(home.id), what=SAID))
    assert [await table.count() for table in (Inspection, Visit, Task)] == [0, 0, 0]
    count, words = await seen_by(world, "marek")
    assert count == 3
    assert ADDRESS in words and SAID in words
    # Marek sees the home, and sent nothing: what was said to Asha is not said to him.
    assert "Whoever sent it did not see what it is about any more" in words
    assert "You do not see" not in words and "What you sent" not in words
    for actor in ("dina", "ade"):
        count, words = await seen_by(world, actor)
        assert count == 0
        assert "anary" not in words


READING = {"item": "kitchen_hob", "condition": "G", "note": SAID}
FINDING = {"id": str(uuid7()), "item": "kitchen_hob", "what": "damaged", "severity": "minor", "note": SAID}
PHOTO = {"id": str(uuid7()), "sha256": "a" * 64, "item": "kitchen_hob"}
OF_INSPECTION = {
    "readings": READING, "rooms/satisfactory": {"room": "kitchen"}, "findings": FINDING, "photos": PHOTO,
    "findings/withdraw": {"finding": str(uuid7())}, "photos/change": {"photo": str(uuid7()), "caption": SAID},
    "rooms": {"id": str(uuid7()), "kind": "bedroom", "label": "Box room"},
    "rooms/change": {"room": "kitchen", "label": "Scullery"}, "addenda": {"text": SAID}, "addenda/photo": PHOTO,
    "complete": {"reason": SAID},
}  # fmt: skip
OF_VISIT: dict[str, dict[str, Any]] = {
    "start": {}, "start/today": {"day": in_days(0).isoformat()}, "finish": {"outcome": "done", "note": SAID},
    "photos": {"id": str(uuid7()), "sha256": "a" * 64},
    "occupancy": {"seen": "household", "spoken": "household", "living": "yes"}, "cancel": {"note": SAID},
}  # fmt: skip


async def test_all_that_follows_an_inspection_that_could_not_begin_is_held_with_it(
    world: World, home: Property
) -> None:
    asha, begun = await world.sign_in("asha"), beginning(home)
    await held(asha, "/inspections", begun)
    for action, data in OF_INSPECTION.items():
        await held(asha, f"/inspections/{begun['id']}/{action}", data)
    await held(asha, f"/inspections/{begun['id']}/tasks", asked(world.asha.id))
    await held(asha, f"/inspections/{begun['id']}/hand-over", {"officer": str(world.ben.id), "note": SAID})
    assert (await seen_by(world, "marek"))[0] == 3 + len(OF_INSPECTION)
    count, words = await seen_by(world, "dina")
    assert count == 0
    assert "anary" not in words


async def test_all_that_follows_a_visit_that_could_not_be_planned_is_held_with_it(
    world: World, home: Property
) -> None:
    asha, planned = await world.sign_in("asha"), plan(world, home)
    visit, passing = f"/visits/{planned['id']}", f"/inspections/{passing_of(UUID(planned['id']))}/seen"
    await held(asha, "/visits", planned)
    for action, data in OF_VISIT.items():
        await held(asha, f"{visit}/{action}", data)
    await held(asha, f"{visit}/tasks", asked(world.asha.id))
    await held(asha, f"{visit}/hand-over", {"officer": str(world.ben.id), "note": SAID})
    await held(asha, f"{visit}/officer", {"officer": str(world.ben.id)})
    again = {name: planned[name] for name in ("purpose", "officer", "day", "note")}
    await held(asha, f"{visit}/again", {**again, "id": str(uuid7())})
    seen = {"id": str(uuid7()), "what": "damaged", "severity": "minor", "note": SAID}
    await held(asha, passing, {**seen, "visit": planned["id"]})
    assert (await seen_by(world, "marek"))[0] == 6 + len(OF_VISIT)
    assert (await seen_by(world, "dina"))[0] == 0


@pytest.mark.parametrize("actor", ["ben", "dina"])
async def test_a_visit_of_the_teams_that_is_cancelled_or_given_away_too_late_is_held(
    world: World, home: Property, actor: str
) -> None:
    """Asha goes there; the others of her team had it in their diary until the home became confidential."""
    now, client = datetime.now(UTC), await world.sign_in(actor)
    visit = await Visit.objects().create(
        property=home.id, officer=world.asha.id, team=world.asha.team, expected_minutes=30, planned_for=now,
        purpose="welfare-check", created_by=world.dina.id, captured_at=now, received_at=now,
    )  # fmt: skip
    for action, data in (("cancel", {"note": SAID}), ("officer", {"officer": str(world.ben.id)})):
        await held(client, f"/visits/{visit.id}/{action}", data)
        absent = await client.post(f"/visits/{uuid7()}/{action}", data=data)
        assert absent.status_code == 404
    assert await VisitEvent.count() == 0
    count, words = await seen_by(world, "marek")
    assert count == 2 and SAID in words
    asked = await (await world.sign_in("asha")).post(f"/visits/{visit.id}/cancel", data={"note": SAID})
    assert asked.status_code == 303  # whose visit it is may
    assert [row["what"] for row in await VisitEvent.select(VisitEvent.what)] == ["cancelled"]


FINISHED = {"outcome": "done", "note": SAID}
CHECKED = {"seen": "household", "spoken": "household", "living": "yes"}


@pytest.mark.parametrize(("action", "data"), [("finish", FINISHED), ("occupancy", CHECKED)])
async def test_what_is_received_from_there_is_answered_without_why_the_visit_is_not_shown(
    world: World, home: Property, action: str, data: dict[str, str]
) -> None:
    """That somebody hides there now is not for everybody who once had the visit."""
    then, asha = datetime.now(UTC) - timedelta(days=8), await world.sign_in("asha")
    visit = await Visit.objects().create(
        property=home.id, officer=world.asha.id, team=world.asha.team, expected_minutes=30, planned_for=then,
        purpose="occupancy-check", created_by=world.dina.id, captured_at=then, received_at=then,
    )  # fmt: skip
    answer = await asha.post(f"/visits/{visit.id}/{action}", data=data, headers=HTMX)
    assert "outcome=done" in answer.headers["receipt"]
    assert "It is received." in answer.text
    assert "confidential" not in answer.text.lower() and "canaryhide" not in answer.text.lower()


async def test_who_gives_their_task_there_away_is_answered_without_why_it_is_not_shown_any_more(
    world: World, home: Property
) -> None:
    task, asha = await raised(world, home), await world.sign_in("asha")
    answer = await asha.post(f"/tasks/{task}/owner", data={"owner": str(world.ben.id)}, headers=HTMX)
    assert "outcome=done" in answer.headers["receipt"]
    assert "It is with whoever does the task now." in answer.text
    assert "confidential" not in answer.text.lower() and "canaryhide" not in answer.text.lower()


async def test_all_that_follows_a_task_that_could_not_be_raised_is_held_with_it(
    world: World, home: Property
) -> None:
    asha, task = await world.sign_in("asha"), asked(world.asha.id, property=str(home.id))
    await held(asha, "/tasks", task)
    for action in ("done", "notes"):
        await held(asha, f"/tasks/{task['id']}/{action}", {"note": SAID})
    assert (await seen_by(world, "marek"))[0] == 3
    assert (await seen_by(world, "dina"))[0] == 0


async def test_it_stays_held_once_the_home_is_no_longer_confidential(world: World, home: Property) -> None:
    asha, begun = await world.sign_in("asha"), beginning(home)
    await held(asha, "/inspections", begun)
    await PersonAlert.update({PersonAlert.ended_at: datetime.now(UTC)}).where(PersonAlert.property == home.id)
    await held(asha, f"/inspections/{begun['id']}/readings", READING)
    answer = await asha.post(f"/inspections/{begun['id']}/tasks", data=asked(world.asha.id), headers=HTMX)
    assert "outcome=done" in answer.headers["receipt"]
    (task,) = await Task.select(Task.inspection, Task.property)
    assert task == {"inspection": None, "property": home.id}


async def test_what_comes_twice_differently_is_for_the_same_people(world: World, home: Property) -> None:
    asha, begun, command = await world.sign_in("asha"), beginning(home), str(uuid7())
    await held(asha, "/inspections", begun)
    path = f"/inspections/{begun['id']}/readings"
    for note in ("first", "second"):
        await asha.post(path, data={**READING, "note": note}, headers={**HTMX, "Command-Id": command})
    (twice,) = await Conflict.select(Conflict.id)
    for actor, status in (("marek", 200), ("dina", 404), ("ade", 404)):
        assert (await (await world.sign_in(actor)).get(f"/held/{twice['id']}")).status_code == status, actor


async def test_of_what_somebody_else_began_nothing_is_held(world: World, home: Property) -> None:
    asha, begun = await world.sign_in("asha"), beginning(home)
    await held(asha, "/inspections", begun)
    ben = await world.sign_in("ben")
    answer = await ben.post(f"/inspections/{begun['id']}/readings", data=READING, headers=HTMX)
    absent = await ben.post(f"/inspections/{uuid7()}/readings", data=READING, headers=HTMX)
    assert (answer.status_code, answer.content) == (404, absent.content)
    answer = await asha.post("/inspections", data={**beginning(home), "property": str(uuid7())})
    assert answer.status_code == 404


async def test_the_page_it_leads_to_says_that_it_is_kept(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/inspections", data=beginning(home))
    assert answer.headers["location"] == "/inspections?kept"
    assert "is kept, and your team leader will look at it" in (await asha.get("/inspections?kept")).text


NOBODYS = "1 thing waits for a manager, and there is none"


async def test_an_administrator_is_told_that_something_waits_for_a_manager_and_not_of_which_home(
    world: World, home: Property
) -> None:
    await held(await world.sign_in("asha"), "/inspections", beginning(home))
    ade = await world.sign_in("ade")
    assert NOBODYS not in (await ade.get("/held")).text
    now = datetime.now(UTC)
    await Person.update({Person.disabled_at: now}).where(Person.id == world.people["marek"].id)
    page = (await ade.get("/held")).text
    assert NOBODYS in page
    assert "anary" not in page and str(home.id) not in page
    assert NOBODYS not in (await (await world.sign_in("dina")).get("/held")).text


async def test_a_manager_who_is_sent_there_decides_where_its_team_has_none(world: World, home: Property) -> None:
    await held(await world.sign_in("asha"), "/inspections", beginning(home))
    now = datetime.now(UTC)
    await Person.update({Person.disabled_at: now}).where(Person.id == world.people["marek"].id)
    await Visit.objects().create(
        property=home.id, officer=world.dina.id, team=world.dina.team, expected_minutes=30, planned_for=now,
        purpose="welfare-check", created_by=world.dina.id, captured_at=now, received_at=now,
    )  # fmt: skip
    assert (await seen_by(world, "dina"))[0] == 1
    assert NOBODYS not in (await (await world.sign_in("ade")).get("/held")).text


async def test_without_a_team_it_is_any_managers(world: World, home: Property) -> None:
    await Property.update({Property.team: None}).where(Property.id == home.id)
    await held(await world.sign_in("asha"), "/inspections", beginning(home))
    assert [(await seen_by(world, actor))[0] for actor in ("dina", "marek")] == [1, 1]
    assert NOBODYS not in (await (await world.sign_in("ade")).get("/held")).text


async def test_on_a_legal_hold_it_stays_as_what_has_a_record_does(world: World, home: Property) -> None:
    await held(await world.sign_in("asha"), "/inspections", beginning(home))
    now = datetime.now(UTC)
    await Held.update({Held.decided_at: now - timedelta(days=31)}, force=True)
    await LegalHold.objects().create(property=home.id, reason="A claim", set_at=now, set_by_name="Marek Test")
    rules = read({"DOORSTEP_RETAIN_HELD_DAYS": "30"})
    await forget(now, rules)
    (row,) = await Held.select(Held.body)
    assert bytes(row["body"])
    await LegalHold.update({LegalHold.released_at: now}, force=True)
    await forget(now, rules)
    (row,) = await Held.select(Held.body)
    assert not bytes(row["body"])
