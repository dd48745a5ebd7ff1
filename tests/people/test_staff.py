from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from people.passwords import hasher
from people.rules import Role
from people.tables import Firm, Person, Team
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.saying import sentence

NEW = {"name": "Grace Hall", "email": "Grace.Hall@harrowmere.example", "phone": "020 7946 0018"}


@pytest.fixture
async def ade(world: World) -> AsyncIterator[httpx.AsyncClient]:
    yield await world.sign_in("ade")


@pytest.fixture
async def dina(world: World) -> AsyncIterator[httpx.AsyncClient]:
    yield await world.sign_in("dina")


async def person(email: str) -> dict[str, Any]:
    row = await Person.select().where(Person.email == email).first()
    assert row is not None
    return dict(row)


def officer(world: World, **more: str) -> dict[str, str]:
    return {**NEW, "role": "officer", "team": str(world.teams["north"].id), **more}


async def test_an_administrator_invites_an_officer_into_a_team(world: World, ade: httpx.AsyncClient) -> None:
    answer = await ade.post("/people", data=officer(world))
    assert answer.status_code == 200
    assert "/invitation?token=" in answer.text
    made = await person("grace.hall@harrowmere.example")
    assert (made["role"], made["team"], made["firm"]) == ("officer", world.teams["north"].id, None)
    assert made["password_hash"] == ""


async def test_an_invitation_sent_twice_makes_one_person(world: World, ade: httpx.AsyncClient) -> None:
    headers = {"Command-Id": str(uuid7())}
    await ade.post("/people", data=officer(world), headers=headers)
    again = await ade.post("/people", data=officer(world), headers=headers)
    assert (again.status_code, again.headers["location"]) == (303, "/people?q=Grace.Hall%40harrowmere.example")
    assert await Person.count().where(Person.name == "Grace Hall") == 1


async def test_a_contractor_has_a_firm_and_never_a_team(world: World, ade: httpx.AsyncClient) -> None:
    firm, team = world.firms["pennard"].id, world.teams["north"].id
    await ade.post("/people", data={**NEW, "role": "contractor", "firm": str(firm), "team": str(team)})
    made = await person("grace.hall@harrowmere.example")
    assert (made["team"], made["firm"], made["looked_after_by"]) == (None, firm, team)


async def test_an_administrator_has_neither(world: World, ade: httpx.AsyncClient) -> None:
    await ade.post("/people", data=officer(world, role="administrator", firm=str(world.firms["fuller"].id)))
    made = await person("grace.hall@harrowmere.example")
    assert (made["team"], made["firm"], made["looked_after_by"]) == (None, None, None)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"name": ""}, "name", "Give their first and last name."),
        ({"email": "grace"}, "email", "Enter an e-mail address, like name@council.gov.uk."),
        ({"email": "grace@hall"}, "email", "Enter an e-mail address, like name@council.gov.uk."),
        ({"email": "a b@harrowmere.example"}, "email", "Enter an e-mail address, like name@council.gov.uk."),
        ({"email": "ASHA@harrowmere.example"}, "email", "Somebody with this e-mail address is here already."),
        ({"phone": "ring me"}, "phone", "Enter a phone number, like 020 7946 0018."),
        ({"role": ""}, "role", "Choose what they do."),
        ({"team": ""}, "team", "Choose the team they work in."),
        ({"team": str(uuid7())}, "team", "Choose a team from the list."),
        ({"role": "contractor"}, "firm", "Choose the firm they work for."),
    ],
)
async def test_a_mistake_in_the_form_is_named_and_what_was_typed_stays(
    world: World, ade: httpx.AsyncClient, wrong: dict[str, str], field: str, says: str
) -> None:
    before = await Person.count()
    answer = await ade.post("/people", data=officer(world, **wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="{field}-error"' in answer.text
    if field != "name":
        assert "Grace Hall" in answer.text
    assert await Person.count() == before


async def test_a_manager_invites_contractors_for_the_own_team_and_nobody_else(
    world: World, dina: httpx.AsyncClient
) -> None:
    firm = str(world.firms["pennard"].id)
    for role in ("officer", "manager", "administrator"):
        assert (await dina.post("/people", data=officer(world, role=role, firm=firm))).status_code == 422
    south = str(world.teams["south"].id)
    answer = await dina.post("/people", data={**NEW, "role": "contractor", "firm": firm, "team": south})
    assert answer.status_code == 200
    made = await person("grace.hall@harrowmere.example")
    assert made["looked_after_by"] == world.teams["north"].id
    assert (await dina.get(f"/people/{made['id']}")).status_code == 200
    assert (await (await world.sign_in("marek")).get(f"/people/{made['id']}")).status_code == 404


async def test_a_manager_sees_the_own_team_only(
    world: World, dina: httpx.AsyncClient, ade: httpx.AsyncClient
) -> None:
    mine, every = (await dina.get("/people")).text, (await ade.get("/people")).text
    assert "Asha Test" in mine
    assert "Ben Test" in mine
    for name in ("Carol Test", "Marek Test", "Callum Test", "Ade Test"):
        assert name not in mine
        assert name in every
    assert (
        "Carol"
        not in (await dina.get("/people?q=carol")).text.replace('value="carol"', "").split("Nobody fits")[0]
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ash", ["Asha Test"]),
        ("q=TEST+be", ["Ben Test"]),
        ("q=carol%40harrow", ["Carol Test"]),
        ("q=%25", []),
        ("q=_sha", []),
        ("q=%27+OR+1%3D1--", []),
        ("page=0", None),
        ("page=x&team=nonsense", None),
        ("page=٣", None),
    ],
)
async def test_people_are_found_by_part_of_name_or_e_mail(
    ade: httpx.AsyncClient, query: str, found: list[str] | None
) -> None:
    answer = await ade.get(f"/people?{query}")
    assert answer.status_code == 200
    if found is not None:
        listed = [
            name for name in ("Asha Test", "Ben Test", "Carol Test", "Dina Test") if name + "<" in answer.text
        ]
        assert listed == found


async def test_people_are_filtered_by_team(world: World, ade: httpx.AsyncClient) -> None:
    answer = await ade.get(f"/people?team={world.teams['south'].id}")
    assert "Carol Test" in answer.text
    assert "Asha Test" not in answer.text


async def test_an_account_that_is_switched_off_is_out_at_once_and_can_come_back(
    world: World, dina: httpx.AsyncClient
) -> None:
    await Person.update({Person.password_hash: hasher.hash("kettle fjord umbrella")}).where(
        Person.id == world.asha.id
    )
    asha = await world.sign_in("asha")
    sign_in = {"email": world.asha.email, "password": "kettle fjord umbrella"}
    assert (await dina.post(f"/people/{world.asha.id}/switch-off")).status_code == 303
    assert (await asha.get("/you")).status_code == 303
    assert (await world.browser().post("/sign-in", data=sign_in)).status_code == 422
    assert "Asha Test" in (await dina.get("/people?off=1")).text
    assert (await dina.post(f"/people/{world.asha.id}/switch-on")).status_code == 303
    assert (await asha.get("/you")).status_code == 303  # the old session stays ended
    assert (await world.browser().post("/sign-in", data=sign_in)).status_code == 303


async def test_nobody_switches_themselves_off_nor_a_manager_another_manager(
    world: World, dina: httpx.AsyncClient, ade: httpx.AsyncClient
) -> None:
    other = await Person.objects().create(
        name="Mo Test",
        email="mo@harrowmere.example",
        role="manager",
        team=world.teams["north"].id,
        created_at=datetime.now(UTC),
    )
    for client, who in ((dina, world.dina.id), (dina, other.id), (ade, world.ade.id)):
        answer = await client.post(f"/people/{who}/switch-off")
        assert answer.status_code == 422
        assert sentence(answer) == "You cannot switch off this account. Ask an administrator."
    assert await Person.count().where(Person.disabled_at.is_not_null()) == 0


async def test_somebody_can_be_signed_out_everywhere(world: World, dina: httpx.AsyncClient) -> None:
    asha = await world.sign_in("asha")
    assert "a test" in (await dina.get(f"/people/{world.asha.id}")).text
    assert (await dina.post(f"/people/{world.asha.id}/sign-out")).status_code == 303
    assert (await asha.get("/you")).status_code == 303


async def test_an_administrator_changes_a_person_and_a_new_role_means_signing_in_again(
    world: World, ade: httpx.AsyncClient
) -> None:
    asha = await world.sign_in("asha")
    data = officer(world, name="Asha Rahman", email="asha@harrowmere.example")
    assert (await ade.post(f"/people/{world.asha.id}/change", data=data)).status_code == 303
    assert "Asha Rahman" in (await asha.get("/you")).text
    data["role"] = "manager"
    await ade.post(f"/people/{world.asha.id}/change", data=data)
    assert (await asha.get("/you")).status_code == 303
    assert (await person("asha@harrowmere.example"))["role"] == Role.MANAGER


@pytest.mark.parametrize("role", ["officer", "manager", "contractor"])
async def test_an_administrator_gives_themselves_no_case_access(
    world: World, ade: httpx.AsyncClient, role: str
) -> None:
    data = officer(world, role=role, email="ade@harrowmere.example", firm=str(world.firms["fuller"].id))
    answer = await ade.post(f"/people/{world.ade.id}/change", data=data)
    assert answer.status_code == 422
    assert "You cannot change your own role." in answer.text
    data["role"] = "administrator"
    assert (await ade.post(f"/people/{world.ade.id}/change", data=data)).status_code == 303
    row = await person("ade@harrowmere.example")
    assert (row["role"], row["team"], row["firm"]) == ("administrator", None, None)


async def test_an_unknown_field_is_refused_so_that_nothing_is_set_on_the_side(
    world: World, ade: httpx.AsyncClient
) -> None:
    answer = await ade.post("/people", data=officer(world, password_hash="x"))
    assert answer.status_code == 400
    answer = await ade.post(f"/people/{world.asha.id}/switch-off", data={"role": "administrator"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("kind", "table"), [("teams", Team), ("firms", Firm)])
async def test_teams_and_firms_are_added_and_renamed_and_no_name_is_used_twice(
    ade: httpx.AsyncClient, kind: str, table: type[Team] | type[Firm]
) -> None:
    assert (await ade.post(f"/{kind}", data={"name": "Voids  east"})).status_code == 303
    (made,) = await table.select().where(table.name == "Voids  east")
    taken = await ade.post(f"/{kind}", data={"name": "voids  EAST"})
    assert taken.status_code == 422
    assert "There is one with this name already." in taken.text
    assert (await ade.post(f"/{kind}", data={"name": " "})).status_code == 422
    assert (await ade.post(f"/{kind}/{made['id']}", data={"name": "Voids EAST"})).status_code == 303
    other = "TA north" if kind == "teams" else "Pennard"
    again = await ade.post(f"/{kind}/{made['id']}", data={"name": other})
    assert again.status_code == 422
    assert (await table.select().where(table.id == made["id"]))[0]["name"] == "Voids EAST"
    assert (await ade.get(f"/{kind}")).text.count("Voids EAST") >= 1


async def test_every_change_to_a_person_is_on_the_record(world: World, ade: httpx.AsyncClient) -> None:
    await ade.post("/people", data=officer(world))
    await ade.post(f"/people/{world.asha.id}/switch-off")
    await ade.post(f"/people/{world.asha.id}/switch-on")
    rows = await Receipt.select().order_by(Receipt.received_at)
    assert [row["note"] for row in rows] == [
        "invited a new officer",
        "switched off an account",
        "switched an account on again",
    ]
    assert {row["person"] for row in rows} == {world.ade.id}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("52.9450, 0.2050", (52.945, 0.205)), ("52.9450 -1.205", (52.945, -1.205)), ("", (None, None))],
)
async def test_a_team_has_an_office_where_its_days_begin(
    world: World, text: str, kept: tuple[float | None, float | None]
) -> None:
    ade, north = await world.sign_in("ade"), world.teams["north"].id
    await ade.post(f"/teams/{north}/office", data={"office": "51.5, -0.1"})
    assert (await ade.post(f"/teams/{north}/office", data={"office": text})).status_code == 303
    row = await Team.select(Team.latitude, Team.longitude).where(Team.id == north).first()
    assert row == {"latitude": kept[0], "longitude": kept[1]}


@pytest.mark.parametrize("text", ["the town hall", "52.9", "0.2050, 52.9450", "91, 0", "52.9450, 0.2050, 3"])
async def test_an_office_that_is_nowhere_is_refused_and_what_was_typed_stays(world: World, text: str) -> None:
    ade, north = await world.sign_in("ade"), world.teams["north"].id
    answer = await ade.post(f"/teams/{north}/office", data={"office": text})
    assert (answer.status_code, f'value="{text}"' in answer.text) == (422, True)
    assert (await Team.select(Team.latitude).where(Team.id == north).first()) == {"latitude": None}
