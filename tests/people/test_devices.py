"""Which phone a request comes from: a session has one, and nobody names somebody else's."""

from uuid import UUID

import httpx

from people.tables import Session
from pwa import contact, lost
from pwa.ids import uuid7
from pwa.tables import Device, Receipt
from tests.conftest import World
from tests.pwa.test_once import NOW

WAITS = "7 0 2026-11-22T09:00:00+00:00"


async def opens(client: httpx.AsyncClient, device: UUID) -> None:
    client.cookies.set("device", str(device))
    assert (await client.get("/today")).status_code == 200
    await contact.run_due(NOW)


async def sends(client: httpx.AsyncClient, device: UUID, path: str = "/you/sessions/end-others") -> None:
    headers = {"Command-Device": str(device), "Command-Waiting": WAITS}
    assert (await client.post(path, headers=headers)).status_code < 400
    await contact.run_due(NOW)


async def whose(device: UUID) -> str:
    row = await Device.select(Device.person_name).where(Device.id == device).first()
    return row["person_name"] if row else ""


async def test_a_request_that_names_a_colleagues_phone_says_nothing_of_it(world: World) -> None:
    phone = uuid7()
    await opens(await world.sign_in("asha"), phone)
    ben = await world.sign_in("ben")
    await opens(ben, phone)
    await sends(ben, phone)
    assert await whose(phone) == "Asha Test"
    (row,) = await Device.select(Device.waiting_commands)
    assert row["waiting_commands"] == 0
    (receipt,) = await Receipt.select(Receipt.device).where(Receipt.path == "/you/sessions/end-others")
    assert receipt["device"] is None


async def test_a_session_is_on_the_phone_it_named_first(world: World) -> None:
    mine, another = uuid7(), uuid7()
    asha = await world.sign_in("asha")
    await opens(asha, mine)
    await opens(asha, another)
    await sends(asha, another)
    assert [await whose(one) for one in (mine, another)] == ["Asha Test", ""]


async def test_whoever_is_next_on_a_phone_after_a_sign_out_is_believed(world: World) -> None:
    phone = uuid7()
    asha = await world.sign_in("asha")
    await opens(asha, phone)
    assert (await asha.post("/sign-out")).status_code == 303
    ben = await world.sign_in("ben")
    await opens(ben, phone)
    assert await whose(phone) == "Ben Test"
    await sends(ben, phone)
    (row,) = await Device.select(Device.waiting_commands)
    assert row["waiting_commands"] > 0


async def test_a_lost_phone_that_says_it_is_another_is_lost_all_the_same(world: World) -> None:
    phone = uuid7()
    asha = await world.sign_in("asha")
    await opens(asha, phone)
    await Device.update({Device.lost_at: NOW}).where(Device.id == phone)
    await lost.run_due(NOW)
    assert await Session.exists().where(Session.device == phone)
    asha.cookies.set("device", str(uuid7()))
    assert (await asha.get("/today")).status_code == 303
    await Device.update({Device.lost_at: None}).where(Device.id == phone)
    await lost.run_due(NOW)
