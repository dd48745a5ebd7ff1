import random
from uuid import UUID

import pytest
from geopy.distance import geodesic  # type: ignore[import-untyped]

from people.rules import SignedIn
from properties import queries
from properties.commands import insert_properties
from properties.tables import Property
from pwa.answers import NotFound
from tests.conftest import World
from tests.properties.homes import NOW, facts, home


def signed_in(world: World, name: str) -> SignedIn:
    from people.rules import Role

    row = getattr(world, name)
    return SignedIn(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        team_id=row.team,
        firm_id=row.firm,
        session_id=row.id,
        last_used_at=NOW,
    )


async def town() -> None:
    await home("Flat 3, 14 Linden Court", street="Mill Lane", postcode="HW4 2QD", uprn="100012340003")
    await home("13 Linden Court", postcode="HW4 2QE", uprn="100012340013")
    await home("22 Saltmarsh Road", uprn="100012340022")
    await home("Flat 12, Tanner’s Yard", street="Dyehouse Lane", postcode="HW1 3RA")
    await home("7 Osier Walk", postcode="HW4 9BN")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("saltmarsh", "22 Saltmarsh Road"),
        ("SALT", "22 Saltmarsh Road"),
        ("marsh rd", "22 Saltmarsh Road"),
        ("22", "22 Saltmarsh Road"),
        ("hw42qd", "Flat 3, 14 Linden Court"),
        ("HW4  2qd", "Flat 3, 14 Linden Court"),
        ("hw4 9", "7 Osier Walk"),
        ("100012340022", "22 Saltmarsh Road"),
        ("0000100012340022", "22 Saltmarsh Road"),
        ("tanners yard", "Flat 12, Tanner’s Yard"),
        ("tanner's", "Flat 12, Tanner’s Yard"),
        ("dyehouse", "Flat 12, Tanner’s Yard"),
        ("3 linden", "Flat 3, 14 Linden Court"),
        ("court 13", "13 Linden Court"),
        ("saltmrash road", "22 Saltmarsh Road"),
        ("ozier walk", "7 Osier Walk"),
        ("lindon", "13 Linden Court"),
    ],
)
async def test_a_home_is_found_however_it_is_typed(world: World, typed: str, first: str) -> None:
    await town()
    found = await queries.search(signed_in(world, "asha"), typed)
    assert found.homes[0].label == first


async def test_a_number_is_not_found_inside_another(world: World) -> None:
    await town()
    found = await queries.search(signed_in(world, "asha"), "3 linden court")
    assert [one.label for one in found.homes] == ["Flat 3, 14 Linden Court"]


async def test_typing_put_right_is_said(world: World) -> None:
    await town()
    client = await world.sign_in("asha")
    page = await client.get("/properties?q=saltmrash")
    assert "These fit “saltmarsh”." in page.text


async def test_a_door_we_do_not_have_shows_its_street(world: World) -> None:
    await town()
    found = await queries.search(signed_in(world, "asha"), "99 saltmarsh road")
    assert [one.label for one in found.homes] == ["22 Saltmarsh Road"]
    assert found.instead == "saltmarsh road"
    assert (await queries.search(signed_in(world, "asha"), "99")).total == 0


async def test_a_postcode_we_have_nothing_at_shows_its_neighbours(world: World) -> None:
    await town()
    found = await queries.search(signed_in(world, "asha"), "HW4 2ZZ")
    assert {one.label for one in found.homes} == {"Flat 3, 14 Linden Court", "13 Linden Court"}
    assert found.instead == "other homes in HW4 2"


@pytest.mark.parametrize("typed", ["zzzz", "%", "_", "' OR 1=1--", "🏠", "\u202e", "x" * 5000, "a " * 100])
async def test_what_fits_nothing_finds_nothing_and_says_what_to_do(world: World, typed: str) -> None:
    await town()
    client = await world.sign_in("asha")
    page = await client.get("/properties", params={"q": typed})
    assert page.status_code == 200
    if typed.strip("\u202e"):
        assert "Nothing fits" in page.text
        assert "Show all properties" in page.text


async def test_words_with_sql_wildcards_are_only_words(world: World) -> None:
    await town()
    assert (await queries.search(signed_in(world, "asha"), "sal%road")).total == 1
    assert (await queries.search(signed_in(world, "asha"), "s_lt")).total == 0


async def test_contractors_find_and_open_nothing(world: World) -> None:
    it = await home()
    callum = signed_in(world, "callum")
    assert (await queries.search(callum, "saltmarsh")).total == 0
    assert await queries.homes(callum, [it.id]) == {}
    for read in (queries.property_for, queries.home_for):
        with pytest.raises(NotFound):
            await read(callum, it.id)  # type: ignore[operator]
    with pytest.raises(NotFound):
        await queries.certificates_of(callum, it, NOW.date())
    with pytest.raises(NotFound):
        await queries.changes_of(callum, it)
    assert await queries.warnings_for(callum, it) == []


async def test_nearest_first_is_the_true_order_over_the_ground(world: World) -> None:
    spread = random.Random(7)
    many = [
        facts(f"{n} Quarry Street", latitude=51.3 + spread.random() / 2, longitude=0.3 + spread.random() / 2)
        for n in range(1, 301)
    ]
    await insert_properties(many, NOW)
    await home("99 Nowhere Road")
    here = (51.51, 0.52)
    rows = await Property.select().where(Property.latitude.is_not_null())
    true_order = sorted(rows, key=lambda row: geodesic(here, (row["latitude"], row["longitude"])).meters)
    asha = signed_in(world, "asha")
    seen: list[UUID] = []
    for page in range(1, 14):
        seen += [one.id for one in (await queries.search(asha, near=here, page=page)).homes]
    assert seen[:-1] == [row["id"] for row in true_order]
    assert len(set(seen)) == 301
    near = await queries.nearest(asha, *here, most=3)
    assert [one.id for one in near] == [row["id"] for row in true_order[:3]]
    assert near[0].distance.endswith(("yards", "miles", "mile"))


async def test_the_list_is_ordered_from_a_position_or_a_postcode(world: World) -> None:
    await home("1 Near Street", postcode="HW1 1AA", latitude=51.40, longitude=0.50)
    await home("2 Far Street", postcode="HW9 9ZZ", latitude=51.80, longitude=0.50)
    client = await world.sign_in("asha")
    page = (await client.get("/properties?latitude=51.79&longitude=0.5")).text
    assert page.index("2 Far Street") < page.index("1 Near Street")
    assert "0.7 miles" in page
    page = (await client.get("/properties?near=hw1 1aa")).text
    assert page.index("1 Near Street") < page.index("2 Far Street")
    assert "nearest first to hw1 1aa" in page
    page = (await client.get("/properties?near=HW9")).text
    assert page.index("2 Far Street") < page.index("1 Near Street")


@pytest.mark.parametrize(
    "where", ["latitude=&longitude=", "latitude=91&longitude=0", "latitude=x&longitude=1", "near="]
)
async def test_a_phone_that_does_not_say_where_it_is_may_type_a_postcode(world: World, where: str) -> None:
    await town()
    page = await (await world.sign_in("asha")).get(f"/properties?{where}")
    assert page.status_code == 200
    assert "Type a postcode instead." in page.text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("&why=refused", "This phone does not let Doorstep know where it is."),
        ("&why=unknown", "This phone could not tell where it is just now."),
        ("", "This page does not know where you are."),
        ("&why=%3Cb%3E", "This page does not know where you are."),
    ],
)
async def test_only_a_phone_that_was_asked_is_said_to_have_answered(world: World, why: str, said: str) -> None:
    await town()
    page = await (await world.sign_in("asha")).get(f"/properties?latitude=&longitude={why}")
    assert said in page.text
    assert page.text.count("Type a postcode instead") == 1


async def test_a_postcode_without_homes_near_is_said(world: World) -> None:
    await town()
    page = await (await world.sign_in("asha")).get("/properties?near=ZZ9")
    assert "We have no home with a position near ZZ9." in page.text


async def test_long_lists_come_in_pages_that_keep_the_question(world: World) -> None:
    await insert_properties([facts(f"{n} Quarry Street") for n in range(1, 61)], NOW)
    client = await world.sign_in("asha")
    first = (await client.get("/properties?q=quarry&show=all")).text
    assert "60 properties" in first
    assert 'href="/properties?q=quarry&amp;page=2"' in first
    last = (await client.get("/properties?q=quarry&page=3")).text
    assert "Page 3 of 3" in last
    assert "60 Quarry Street" in last
    beyond = (await client.get("/properties?q=quarry&page=999999")).text
    assert "Page 1 of 3" in beyond
    assert "Page 3 of 3" in (await client.get("/properties?q=quarry&page=400")).text


async def test_my_team_and_no_position_narrow_the_list(world: World) -> None:
    await home("1 Ours", team=world.asha.team, latitude=51.4, longitude=0.5)
    await home("2 Theirs", team=world.carol.team)
    client = await world.sign_in("asha")
    ours = (await client.get("/properties?show=team")).text
    assert "1 Ours" in ours and "2 Theirs" not in ours
    placeless = (await client.get("/properties?show=no-position")).text
    assert "2 Theirs" in placeless and "1 Ours" not in placeless
    assert "1 Ours" in (await client.get("/properties?show=nonsense")).text


async def test_as_you_type_only_the_list_comes_back(world: World) -> None:
    await town()
    client = await world.sign_in("asha")
    headers = {"HX-Request": "true", "HX-Target": "div#found"}
    fragment = await client.get("/properties?q=salt", headers=headers)
    assert "22 Saltmarsh Road" in fragment.text
    assert "<html" not in fragment.text
    assert fragment.text.lstrip().startswith('<div id="found">')


async def test_a_home_out_of_use_is_not_in_the_list_and_still_opens(world: World) -> None:
    it = await home()
    await Property.update({Property.retired_at: NOW}).where(Property.id == it.id)
    client = await world.sign_in("asha")
    assert "22 Saltmarsh Road" not in (await client.get("/properties")).text
    page = await client.get(f"/properties/{it.id}")
    assert "This property is no longer in use." in page.text
    assert "Start an inspection" not in page.text


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("asha", "", "Ask your manager to bring in the council’s list."),
        ("dina", "", "Bring in the council’s list as a CSV file"),
        ("asha", "?show=team", "Your team has no properties yet"),
        ("ade", "?show=team", "Every property has a team"),
        ("asha", "?show=no-position", "Every property has a position"),
    ],
)
async def test_an_empty_list_says_what_to_do_next(world: World, name: str, query: str, words: str) -> None:
    page = await (await world.sign_in(name)).get(f"/properties{query}")
    assert words in page.text
