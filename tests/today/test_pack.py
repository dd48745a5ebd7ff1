"""Which pages a phone takes along, and which it never does."""

import hashlib
import re
from typing import Any

import httpx
import pytest

from inspections.commands import seed_reference
from properties.tables import PersonAlert
from pwa import due
from pwa.ids import uuid7
from tests.conftest import World
from tests.inspections.doing import post, start
from tests.inspections.test_held import picture, send_bytes
from tests.inspections.test_photos import nonsense_inside
from tests.today.making import TODAY, home, visit

PACKING = {"Doorstep-Pack": "1"}


@pytest.fixture(autouse=True)
async def forms(world: World) -> None:
    """What an inspection is made from."""
    await seed_reference()


async def pack(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/today/pack")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def urls(found: dict[str, Any]) -> dict[str, str]:
    return {one["url"]: one["sha256"] for group in found["groups"] for one in group["urls"]}


async def flag(world: World, place: Any) -> None:
    await PersonAlert.objects().create(
        property=place.id, code="20-70", text="x", owner=world.dina.id, review_on=TODAY.date(), added_at=TODAY
    )


async def test_today_and_tomorrow_go_along_with_every_page_of_each_home(world: World) -> None:
    one, two, later = [await home(world, f"{n} Eel Row") for n in (1, 2, 3)]
    first = await visit(world, one, "09:00", purpose="void-inspection")
    await visit(world, two, "10:00", days=1)
    await visit(world, later, "10:00", days=2)
    await visit(world, later, "10:00", officer="ben")
    asha = await world.sign_in("asha")
    found = await pack(asha)
    assert [group["label"] for group in found["groups"]] == ["Your day", "1 Eel Row", "2 Eel Row"]
    wanted = {
        "/today?whose=mine",
        "/today/tomorrow?whose=mine",
        f"/visits/{first}",
        f"/properties/{one.id}",
        f"/properties/{one.id}/inspections",
        f"/properties/{one.id}/inspections/new",
        f"/properties/{one.id}/inspections/new?visit={first}&kind=void",
        f"/properties/{one.id}/inspections/blank/occupied",
        f"/visits/new?property={two.id}",
    }
    assert wanted <= urls(found).keys()
    assert str(later.id) not in str(found)


async def test_every_hash_is_that_of_the_page_the_phone_then_gets_and_stays_while_nothing_changes(
    world: World,
) -> None:
    place = await home(world, "1 Eel Row")
    await visit(world, place, "09:00", purpose="void-inspection")
    asha = await world.sign_in("asha")
    first, again = await pack(asha), await pack(asha)
    assert urls(first) == urls(again)
    for url, sha256 in urls(first).items():
        page = await asha.get(url, headers=PACKING)
        assert hashlib.sha256(page.content).hexdigest() == sha256, url
        assert 'name="_command" value="0' not in page.text, "a page of a pack gives out no ids"
    changed = await visit(world, await home(world, "2 Eel Row"), "11:00")
    new = urls(await pack(asha))
    assert f"/visits/{changed}" in new
    assert {url for url, sha256 in urls(first).items() if new[url] != sha256} == {"/today?whose=mine"}


async def test_a_flagged_household_is_nowhere_in_the_pack_and_the_list_says_how_many(world: World) -> None:
    safe, flagged = await home(world, "1 Eel Row"), await home(world, "77 Canary Wharf Lane")
    await visit(world, safe, "09:00")
    hidden = await visit(world, flagged, "10:00")
    await flag(world, flagged)
    asha = await world.sign_in("asha")
    found = await pack(asha)
    assert found["left_out"] == 1
    assert "77 Canary Wharf Lane" in (await asha.get("/today")).text
    # By this a phone that packed it before the flag learns to forget it.
    assert "Doorstep-Keep" not in (await asha.get(f"/visits/{hidden}", headers=PACKING)).headers
    assert "Doorstep-Keep" in (await asha.get(f"/visits/{hidden}")).headers
    for word in ("77 Canary Wharf Lane", str(flagged.id), str(hidden)):
        assert word not in str(found)
        for url in urls(found):
            assert word not in (await asha.get(url, headers=PACKING)).text, url


async def test_a_photo_that_cannot_be_opened_names_no_flagged_household_in_the_pack(world: World) -> None:
    flagged = await home(world, "77 Canary Wharf Lane")
    hidden, data = await visit(world, flagged, "10:00"), nonsense_inside()
    await flag(world, flagged)
    asha = await world.sign_in("asha")
    await send_bytes(asha, data)
    sha = hashlib.sha256(data).hexdigest()
    await asha.post(f"/visits/{hidden}/photos", data={"id": str(uuid7()), "sha256": sha})
    assert "A photo of a door you sent cannot be opened" in (await asha.get("/today")).text
    for url in urls(await pack(asha)):
        page = (await asha.get(url, headers=PACKING)).text
        assert "77 Canary Wharf Lane" not in page and str(hidden) not in page, url


async def test_no_list_has_a_phone_fetch_the_pages_of_a_flagged_household(world: World) -> None:
    safe, flagged = await home(world, "1 Eel Row"), await home(world, "77 Canary Wharf Lane")
    shown, hidden = await visit(world, safe, "09:00"), await visit(world, flagged, "10:00")
    await flag(world, flagged)
    asha = await world.sign_in("asha")
    for path in ("/today", "/visits"):
        fetched = re.findall(r'<link rel="keep" href="([^"]+)"', (await asha.get(path)).text)
        assert f"/visits/{shown}" in fetched, path
        assert not [url for url in fetched if str(hidden) in url or str(flagged.id) in url], path


async def test_each_officer_gets_their_own_and_nobody_else_gets_one(world: World) -> None:
    place = await home(world, "1 Eel Row")
    await visit(world, place, "09:00")
    for name, labels in (("asha", ["Your day", "1 Eel Row"]), ("ben", ["Your day"]), ("carol", ["Your day"])):
        found = await pack(await world.sign_in(name))
        assert [group["label"] for group in found["groups"]] == labels


@pytest.mark.parametrize(("name", "status"), [("ade", 403), ("callum", 403), ("", 303)])
async def test_who_goes_to_no_home_has_no_pack(world: World, name: str, status: int) -> None:
    client = await world.sign_in(name) if name else world.browser()
    assert (await client.get("/today/pack")).status_code == status


async def test_a_phone_whose_list_is_still_true_is_told_so_without_one_page_being_made(world: World) -> None:
    place = await home(world, "1 Eel Row")
    asha = await world.sign_in("asha")
    await visit(world, place, "09:00")
    while await due.run_due(TODAY):
        pass
    mark = (await pack(asha))["mark"]
    assert mark
    assert (await asha.get("/today/pack", params={"mark": mark})).status_code == 204
    assert (await asha.get("/today/pack", params={"mark": f"{mark}0"})).status_code == 200
    await asha.post("/today/order", data={"day": f"{TODAY.date()}", "order": ""})
    assert (await asha.get("/today/pack", params={"mark": mark})).status_code == 200
    await due.run_due(TODAY)
    assert (await asha.get("/today/pack", params={"mark": mark})).status_code == 200


async def test_the_last_inspection_goes_along_with_its_small_pictures_and_the_certificates_with_their_dates(
    world: World,
) -> None:
    place = await home(world, "1 Eel Row")
    await visit(world, place, "09:00", purpose="void-inspection")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    last = await start(asha, place)
    data, sha = picture()
    await send_bytes(asha, data)
    await post(asha, last, "photos", id=str(uuid7()), sha256=sha, item="kitchen_hob")
    await post(asha, last, "complete", reason="Enough for a test")
    gas = {"id": str(uuid7()), "kind": "LGSR", "issued_on": "2026-03-05"}
    assert (await dina.post(f"/properties/{place.id}/certificates", data=gas)).status_code < 400
    found = urls(await pack(asha))
    small = f"/inspections/{last}/photos/{sha}?size=400"
    assert {f"/inspections/{last}", small} <= found.keys()
    blank = (await asha.get(f"/properties/{place.id}/inspections/blank/void", headers=PACKING)).text
    assert small in blank, "last time's picture stands in the form for the next one"
    assert hashlib.sha256((await asha.get(small)).content).hexdigest() == found[small]
    page = (await asha.get(f"/properties/{place.id}", headers=PACKING)).text
    assert re.search("Lasts to [^<]*Mar 2027", page)
