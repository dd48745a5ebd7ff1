from tests.conftest import World
from tests.properties.homes import home


async def test_an_officer_finds_a_home_and_opens_it(world: World) -> None:
    it = await home("Flat 3, 14 Linden Court", street="Mill Lane", postcode="HW4 2QD", team=world.asha.team)
    client = await world.sign_in("asha")
    listed = await client.get("/properties?q=linden")
    assert listed.status_code == 200
    assert f'href="/properties/{it.id}"' in listed.text
    assert "Mill Lane, HW4 2QD" in listed.text
    shown = await client.get(f"/properties/{it.id}")
    assert shown.status_code == 200
    assert shown.headers["Doorstep-Keep"] == "24h"
    assert "Flat 3, 14 Linden Court" in shown.text
    assert f'<link rel="keep" href="/properties/{it.id}/inspections/new">' in shown.text


async def test_a_contractor_may_not_open_the_list_or_a_home(world: World) -> None:
    it = await home()
    client = await world.sign_in("callum")
    assert (await client.get("/properties")).status_code == 403
    assert (await client.get(f"/properties/{it.id}")).status_code == 403
