from typing import Any
from uuid import uuid4

import pytest

from properties.tables import Property, PropertyChange
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.properties.homes import home

HTMX = {"HX-Request": "true"}


def fields(**more: Any) -> dict[str, str]:
    return {
        "address": "22 Saltmarsh Road",
        "postcode": "hw27lt",
        **{name: str(value) for name, value in more.items()},
    }


async def test_a_manager_adds_a_home_under_the_id_the_phone_made(world: World) -> None:
    client = await world.sign_in("dina")
    assert (await client.get("/properties/new")).status_code == 200
    made = uuid7()
    data = fields(id=made, uprn="0100012340001", bedrooms=3, kind="house", use="temporary", team=world.dina.team)
    answer = await client.post("/properties/new", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/properties/{made}")
    stored = await Property.objects().get(Property.id == made)
    assert stored is not None
    assert (stored.uprn, stored.postcode, stored.bedrooms) == ("100012340001", "HW2 7LT", 3)
    assert "22 Saltmarsh Road" in (await client.get(answer.headers["location"])).text


async def test_the_phone_is_told_where_to_go_and_given_its_receipt(world: World) -> None:
    client = await world.sign_in("ade")
    made, command = uuid7(), uuid7()
    headers = {**HTMX, "Command-Id": str(command)}
    answer = await client.post("/properties/new", data=fields(id=made), headers=headers)
    assert answer.headers["hx-redirect"] == f"/properties/{made}"
    assert f"id={command}" in answer.headers["receipt"]
    again = await client.post("/properties/new", data=fields(id=made), headers=headers)
    assert "replayed=1" in again.headers["receipt"]
    assert await Property.count() == 1


async def test_the_same_home_sent_by_two_commands_is_added_once(world: World) -> None:
    client = await world.sign_in("ade")
    made = uuid7()
    await client.post("/properties/new", data=fields(id=made))
    answer = await client.post("/properties/new", data=fields(id=made))
    assert answer.status_code == 422
    assert "This property was already added." in answer.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"address": ""}, "Enter the door and the street"),
        ({"address": "a" * 201}, "Keep this under 200 characters."),
        ({"postcode": "nowhere"}, "That is not a postcode."),
        ({"uprn": "12x"}, "A UPRN is 1 to 12 digits."),
        ({"bedrooms": "-1"}, "Enter a number from 0 to 30."),
        ({"bedrooms": "many"}, "Enter a whole number, like 3."),
        ({"kind": "castle"}, "Choose one of the answers."),
        ({"use": "holiday"}, "Choose one of the answers."),
        ({"latitude": "91", "longitude": "0"}, "Enter a latitude from -90 to 90"),
        ({"latitude": "51.5"}, "Enter both the latitude and the longitude"),
        ({"latitude": "1e309", "longitude": "0"}, "Enter a number, like 51.5."),
        ({"access_notes": "a" * 4001}, "Keep this under 4,000 characters."),
        ({"team": str(uuid4())}, "Choose a team from the list."),
        ({"team": "north"}, "That is not one of ours."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_mistake_is_named_and_nothing_typed_is_lost(
    world: World, wrong: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    client = await world.sign_in("ade")
    answer = await client.post(
        "/properties/new", data=fields(owner="Linden <b>Lettings", **wrong), headers=headers
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Linden &lt;b&gt;Lettings" in answer.text
    assert ("<html" in answer.text) is (not headers)
    assert "receipt" not in answer.headers
    assert await Property.count() == 0


async def test_another_homes_uprn_is_refused_naming_the_other(world: World) -> None:
    await home("7 Osier Walk", uprn="100012340001")
    client = await world.sign_in("ade")
    answer = await client.post("/properties/new", data=fields(uprn="100012340001"))
    assert "Another property has this UPRN: 7 Osier Walk. Check the number." in answer.text


async def test_unknown_and_repeated_fields_are_400(world: World) -> None:
    client = await world.sign_in("ade")
    assert (await client.post("/properties/new", data=fields(created_at="2020"))).status_code == 400
    body = "address=a&address=b&postcode=HW1+1AA"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post("/properties/new", content=body, headers=kind)).status_code == 400


async def test_a_change_keeps_what_was_before_and_who_made_it(world: World) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("asha")
    form = await client.get(f"/properties/{it.id}/edit")
    assert 'value="22 Saltmarsh Road"' in form.text
    data = fields(town="Harrowmere", kind="house", bedrooms=4, use="temporary", team=world.asha.team)
    answer = await client.post(f"/properties/{it.id}/edit", data=data)
    assert answer.status_code == 303
    (change,) = await PropertyChange.select()
    assert (change["field"], change["before"], change["after"]) == ("bedrooms", "2", "4")
    history = (await client.get(f"/properties/{it.id}/history")).text
    assert "Bedrooms" in history and "Asha Test" in history
    again = await client.post(f"/properties/{it.id}/edit", data=data)
    assert again.status_code == 303
    assert await PropertyChange.count() == 1


async def test_a_team_is_shown_by_name_in_the_history(world: World) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("ade")
    data = fields(town="Harrowmere", kind="house", bedrooms=2, use="temporary", team=world.carol.team)
    await client.post(f"/properties/{it.id}/edit", data=data)
    history = (await client.get(f"/properties/{it.id}/history")).text
    assert "TA north" in history and "TA south" in history


async def test_a_history_without_changes_says_so(world: World) -> None:
    it = await home()
    page = await (await world.sign_in("carol")).get(f"/properties/{it.id}/history")
    assert "Nothing has been changed" in page.text


async def test_a_position_by_hand_says_so_and_stays_when_the_address_changes(world: World) -> None:
    it = await home(team=world.dina.team)
    client = await world.sign_in("dina")
    where = {"latitude": "51.3912344", "longitude": "0.51"}
    await client.post(f"/properties/{it.id}/edit", data=fields(team=world.dina.team, **where))
    stored = await Property.objects().get(Property.id == it.id)
    assert stored is not None
    assert (stored.latitude, stored.position_source) == (51.391234, "hand")
    shown = {"latitude": "51.391234", "longitude": "0.51"}
    await client.post(f"/properties/{it.id}/edit", data=fields(town="Harrowmere", team=world.dina.team, **shown))
    stored = await Property.objects().get(Property.id == it.id)
    assert stored is not None
    assert (stored.latitude, stored.position_source) == (51.391234, "hand")
    await client.post(f"/properties/{it.id}/edit", data=fields(team=world.dina.team, latitude=48.8, longitude=2.3))
    page = (await client.get(f"/properties/{it.id}")).text
    assert "This position is outside the United Kingdom. Check it." in page
    assert "geo:48.8,2.3" in page


async def test_only_an_administrator_gives_a_home_to_another_team(world: World) -> None:
    it = await home(team=world.dina.team)
    dina = await world.sign_in("dina")
    answer = await dina.post(f"/properties/{it.id}/edit", data=fields(team=world.marek.team))
    assert "Only an administrator gives a property to another team." in answer.text
    assert "TA south" not in (await dina.get(f"/properties/{it.id}/edit")).text
    ade = await world.sign_in("ade")
    assert (await ade.post(f"/properties/{it.id}/edit", data=fields(team=world.marek.team))).status_code == 303


@pytest.mark.parametrize(
    ("name", "new", "ours", "theirs"),
    [
        ("asha", 403, 200, 403),
        ("dina", 200, 200, 403),
        ("ade", 200, 200, 200),
        ("callum", 403, 403, 403),
    ],
)
async def test_who_may_add_and_change(world: World, name: str, new: int, ours: int, theirs: int) -> None:
    mine, other = await home("1 Ours", team=world.asha.team), await home("2 Theirs", team=world.carol.team)
    client = await world.sign_in(name)
    assert (await client.get("/properties/new")).status_code == new
    assert (await client.get(f"/properties/{mine.id}/edit")).status_code == ours
    assert (await client.get(f"/properties/{other.id}/edit")).status_code == theirs
    answer = await client.post(f"/properties/{other.id}/edit", data=fields(bedrooms=9))
    assert answer.status_code == (303 if theirs == 200 else 403)
    assert (await client.post("/properties/new", data=fields())).status_code == (303 if new == 200 else 403)


async def test_a_home_goes_out_of_use_and_comes_back_with_its_history(world: World) -> None:
    it = await home(team=world.dina.team)
    client = await world.sign_in("dina")
    assert (await client.post(f"/properties/{it.id}/retire")).status_code == 303
    assert (await client.post(f"/properties/{it.id}/retire")).status_code == 303
    assert "22 Saltmarsh Road" not in (await client.get("/properties")).text
    assert "Bring back into use" in (await client.get(f"/properties/{it.id}/edit")).text
    assert (await client.post(f"/properties/{it.id}/restore")).status_code == 303
    assert "22 Saltmarsh Road" in (await client.get("/properties")).text
    assert [row["field"] for row in await PropertyChange.select()] == ["in use", "in use"]
    asha = await world.sign_in("asha")
    assert (await asha.post(f"/properties/{it.id}/retire")).status_code == 403
    assert (await (await world.sign_in("marek")).post(f"/properties/{it.id}/retire")).status_code == 403
    assert (await client.post(f"/properties/{it.id}/retire", data={"why": "x"})).status_code == 400


@pytest.mark.parametrize("path", ["", "/edit", "/history", "/warnings", "/certificates"])
async def test_a_home_that_is_not_there_is_not_found(world: World, path: str) -> None:
    client = await world.sign_in("dina")
    answer = await client.get(f"/properties/{uuid4()}{path}")
    assert answer.status_code == 404
    assert "We cannot find that." in answer.text
    assert (await client.get("/properties/not-an-id")).status_code == 404


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", "{{7*7}}", "' OR 1=1--", "../../etc/passwd", "a\r\nb"]
)
async def test_what_is_typed_is_shown_as_typed_and_runs_nowhere(world: World, nasty: str) -> None:
    client = await world.sign_in("ade")
    made = uuid7()
    data = fields(id=made, street=nasty, town=nasty, owner=nasty, access_notes=nasty) | {"address": f"1 {nasty}"}
    assert (await client.post("/properties/new", data=data)).status_code == 303
    for path in (f"/properties/{made}", "/properties", "/properties?q=1", f"/properties/{made}/edit"):
        page = await client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "1 49" not in page.text
    notes = [row["note"] for row in await Receipt.select()]
    assert notes == ["added a property"]


async def test_a_position_shown_in_the_form_and_sent_back_is_not_a_change(world: World) -> None:
    it = await home(team=world.dina.team, latitude=51.00000123456789, longitude=-0.00000098765, bedrooms=2)
    client = await world.sign_in("dina")
    page = (await client.get(f"/properties/{it.id}/edit")).text
    assert 'value="51.000001"' in page and 'value="-0.000001"' in page
    shown = {"latitude": "51.000001", "longitude": "-0.000001"}
    data = fields(town="Harrowmere", kind="house", bedrooms=2, use="temporary", team=world.dina.team, **shown)
    assert (await client.post(f"/properties/{it.id}/edit", data=data)).status_code == 303
    assert await PropertyChange.count() == 0
