"""Planning visits, and who may see which."""

from datetime import UTC, datetime

import pytest

from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.visits.making import SHA, happened, plan, planned
from visits.tables import Visit


async def test_an_officer_plans_a_visit_and_finds_it_in_their_list(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data = plan(home, world.asha.id)
    answer = await client.post("/visits", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/visits/{data['id']}")
    page = (await client.get("/visits")).text
    assert "22 Saltmarsh Road" in page
    assert "Tomorrow" in page
    assert "10:30" in page


async def test_the_same_plan_sent_twice_is_one_visit(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data, again = plan(home, world.asha.id), {"Command-Id": str(uuid7())}
    first = await client.post("/visits", data=data, headers=again)
    second = await client.post("/visits", data=data, headers=again)
    assert first.status_code == second.status_code == 303
    assert "replayed=1" in second.headers["receipt"]
    assert await Visit.count() == 1


async def test_a_second_tap_under_another_command_id_is_the_same_visit(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data = plan(home, world.asha.id)
    for _ in range(2):
        answer = await client.post("/visits", data=data, headers={"Command-Id": str(uuid7())})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/visits/{data['id']}")
        assert "outcome=done" in answer.headers["receipt"]
    assert await Visit.count() == 1
    assert await Receipt.count() == 2


async def test_a_second_tap_after_the_visit_was_given_away_is_still_done(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data = plan(home, world.asha.id)
    await client.post("/visits", data=data)
    await client.post(f"/visits/{data['id']}/officer", data={"officer": str(world.ben.id)})
    assert "outcome=done" in (await client.post("/visits", data=data)).headers["receipt"]
    assert (await Visit.select(Visit.officer))[0]["officer"] == world.ben.id


@pytest.mark.parametrize(
    ("who", "other"), [("ben", {}), ("asha", {"time": "11:00"}), ("asha", {"purpose": "other"})]
)
async def test_another_plan_under_an_id_that_is_taken_waits_for_the_office(
    world: World, home: Property, who: str, other: dict[str, str]
) -> None:
    client, data = await world.sign_in("asha"), plan(home, world.asha.id)
    await client.post("/visits", data=data)
    answer = await (await world.sign_in(who)).post("/visits", data={**data, **other})
    assert (answer.status_code, answer.headers["location"]) == (303, "/visits?kept")
    assert "outcome=held" in answer.headers["receipt"]
    assert (await Visit.count(), await Held.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("minutes", "0", 422), ("minutes", "many", 422), ("minutes", "9223372036854775808", 422),
        ("time", "25:00", 422), ("day", "2026-02-31", 422), ("day", "2020-01-01", 422), ("day", "9999-01-01", 422),
        ("purpose", "party", 422), ("officer", "not-an-id", 422), ("note", "x" * 4001, 422),
        ("surprise", "1", 400), ("note", "\0", 400),
    ],
)  # fmt: skip
async def test_a_plan_with_a_mistake_stores_nothing(
    world: World, home: Property, field: str, value: str, status: int
) -> None:
    client = await world.sign_in("asha")
    answer = await client.post("/visits", data=plan(home, world.asha.id, **{field: value}))
    assert answer.status_code == status
    assert await Visit.count() == await Receipt.count() == 0


async def test_nobody_plans_for_another_team_nor_to_no_home(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    refused = await client.post("/visits", data=plan(home, world.carol.id))
    assert (refused.status_code, "Choose somebody of your team." in refused.text) == (422, True)
    assert (await client.post("/visits", data=plan(home, world.asha.id, property=str(uuid7())))).status_code == 404


async def test_a_manager_plans_for_an_officer_of_the_team(world: World, home: Property) -> None:
    client = await world.sign_in("dina")
    assert (await client.post("/visits", data=plan(home, world.ben.id))).status_code == 303
    assert "22 Saltmarsh Road" in (await (await world.sign_in("ben")).get("/visits")).text


async def test_another_teams_visit_is_nowhere_to_be_found(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    nothing = await (await world.sign_in("asha")).get(f"/visits/{uuid7()}")
    for name in ("carol", "marek"):
        client = await world.sign_in(name)
        for address in (f"/visits/{visit_id}", f"/visits/{visit_id}/photos/{SHA}"):
            answer = await client.get(address)
            assert answer.status_code == 404
        for action, data in (("start", {}), ("finish", {"outcome": "done"}), ("cancel", {"note": "x"}),
                             ("officer", {"officer": str(world.people[name].id)}),
                             ("photos", {"id": str(uuid7()), "sha256": SHA})):  # fmt: skip
            assert (await client.post(f"/visits/{visit_id}/{action}", data=data)).status_code == 404
        assert str(visit_id) not in (await client.get("/visits?whose=team")).text
        assert str(visit_id) not in (await client.get(f"/properties/{home.id}/visits")).text
    assert "We cannot find that." in nothing.text
    assert await happened(visit_id) == []


@pytest.mark.parametrize("name", ["ade", "callum"])
async def test_roles_that_never_visit_are_told_so(world: World, home: Property, name: str) -> None:
    client, visit_id = await world.sign_in(name), await planned(world, home)
    assert (await client.get("/visits")).status_code == 403
    assert (await client.get(f"/visits/{visit_id}")).status_code == 403
    assert (await client.post(f"/visits/{visit_id}/start")).status_code == 403


async def test_the_team_sees_each_others_visits_and_a_manager_sees_them_first(
    world: World, home: Property
) -> None:
    visit_id = await planned(world, home)
    ben, dina = await world.sign_in("ben"), await world.sign_in("dina")
    assert str(visit_id) not in (await ben.get("/visits")).text
    assert str(visit_id) in (await ben.get("/visits?whose=team")).text
    assert (await ben.get(f"/visits/{visit_id}")).status_code == 200
    assert str(visit_id) in (await dina.get("/visits")).text


async def test_warnings_are_coded_tags_before_the_start_and_never_their_words(
    world: World, home: Property
) -> None:
    await PersonAlert.objects().create(
        property=home.id, code="10", text="Threw a chair at Ben", owner=world.dina.id,
        review_on=datetime.now(UTC).date(), added_at=datetime.now(UTC),
    )  # fmt: skip
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    page = (await client.get(f"/visits/{visit_id}")).text
    assert page.index("Two people") < page.index("Start visit")
    for text in (
        page,
        (await client.get("/visits")).text,
        (await client.get(f"/visits/new?property={home.id}")).text,
    ):
        assert "Two people" in text
        assert "chair" not in text


async def test_a_visit_left_from_yesterday_is_still_in_sight(world: World, home: Property) -> None:
    visit_id = await planned(world, home, hours=-30)
    client = await world.sign_in("asha")
    page = (await client.get("/visits")).text
    assert "Not finished" in page
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "not-needed"})
    assert "Not finished" not in (await client.get("/visits")).text


async def test_a_property_page_is_given_its_visits_and_an_administrator_a_sentence(
    world: World, home: Property
) -> None:
    visit_id = await planned(world, home)
    rows = await (await world.sign_in("asha")).get(f"/properties/{home.id}/visits", headers={"HX-Request": "true"})
    assert str(visit_id) in rows.text
    assert "<html" not in rows.text
    ade = await (await world.sign_in("ade")).get(f"/properties/{home.id}/visits")
    assert (ade.status_code, str(visit_id) in ade.text) == (200, False)


@pytest.mark.parametrize(
    "wanted", ["", "?property=", "?property=nonsense", "?property=00000000-0000-7000-8000-000000000000"]
)
async def test_planning_for_a_home_that_is_not_there_is_not_found(world: World, wanted: str) -> None:
    answer = await (await world.sign_in("asha")).get(f"/visits/new{wanted}")
    assert answer.status_code == (200 if wanted in ("", "?property=") else 404)
