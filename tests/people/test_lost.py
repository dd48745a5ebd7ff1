"""A phone that the office calls lost: who may say so, what it is told, and what is never lost with it."""

from uuid import UUID

import httpx

from pwa import contact, lost
from pwa.ids import uuid7
from pwa.tables import Device, Receipt
from tests.conftest import World
from tests.pwa.test_once import NOW
from tests.saying import sentence


async def phone_of(world: World, name: str = "asha") -> tuple[UUID, httpx.AsyncClient]:
    device = uuid7()
    client = await world.sign_in(name)
    client.cookies.set("device", str(device))
    assert (await client.get("/today")).status_code == 200
    await contact.run_due(NOW)
    return device, client


async def call(client: httpx.AsyncClient, device: UUID, what: str = "lost", reason: str = "Left on a bus") -> int:
    return (await client.post(f"/devices/{device}/{what}", data={"reason": reason})).status_code


async def test_a_phone_that_only_opened_a_page_is_listed_and_marked_lost_with_a_receipt(world: World) -> None:
    device, _ = await phone_of(world)
    ade = await world.sign_in("ade")
    assert f"/devices/{device}" in (await ade.get("/devices")).text
    assert await call(ade, device) == 303
    page = (await ade.get(f"/devices/{device}")).text
    for words in ("Marked lost.", "Ade Test", "Left on a bus"):
        assert words in page
    notes = [row["note"] for row in await Receipt.select(Receipt.note)]
    assert f"marked the phone {device} lost: Left on a bus" in notes


async def test_a_lost_phone_is_told_with_any_answer_and_nobody_is_signed_in_on_it(world: World) -> None:
    device, asha = await phone_of(world)
    await call(await world.sign_in("ade"), device)
    for path in ("/today", "/today/pack", "/sign-in", "/outbox", "/nowhere"):
        assert (await asha.get(path)).headers["doorstep-device"] == "lost", path
    assert (await asha.get("/today")).headers["location"].startswith("/sign-in")
    assert "This phone was marked lost." in (await asha.get("/sign-in")).text
    # Even with a session of somebody else.
    ben = await world.sign_in("ben")
    assert (await ben.get("/today")).status_code == 200
    ben.cookies.set("device", str(device))
    assert (await ben.get("/today")).status_code == 303
    answer = await ben.post("/visits/x", headers={"Command-Device": str(device), "HX-Request": "true"})
    assert answer.headers["doorstep-device"] == "lost"


async def test_its_officer_is_signed_out_everywhere_and_signs_in_on_another_phone(world: World) -> None:
    device, _ = await phone_of(world)
    desk = await world.sign_in("asha")
    await call(await world.sign_in("ade"), device)
    assert (await desk.get("/today")).status_code == 303
    again = await world.sign_in("asha")
    assert (await again.get("/today")).status_code == 200
    assert "doorstep-device" not in (await again.get("/today")).headers


async def test_a_phone_that_is_found_is_as_any_other(world: World) -> None:
    device, _ = await phone_of(world)
    ade = await world.sign_in("ade")
    await call(ade, device)
    assert await call(ade, device, "found", "In the van") == 303
    asha = await world.sign_in("asha")
    asha.cookies.set("device", str(device))
    assert (await asha.get("/today")).status_code == 200
    assert f"marked the phone {device} found: In the van" in [
        r["note"] for r in await Receipt.select(Receipt.note)
    ]


async def test_a_reason_is_asked_for_and_the_one_in_use_is_refused(world: World) -> None:
    device, _ = await phone_of(world)
    ade = await world.sign_in("ade", **{"HX-Request": "true"})
    answer = await ade.post(f"/devices/{device}/lost", data={"reason": ""})
    assert (answer.status_code, sentence(answer)) == (422, "Say what happened, in a few words.")
    # Hers is the one her session said first, whatever it says later; a colleague's that she names is not.
    hers = uuid7()
    for says in (hers, uuid7(), device):
        ade.cookies.set("device", str(says))
        await ade.get("/you")
        await contact.run_due(NOW)
        answer = await ade.post(f"/devices/{hers}/lost", data={"reason": "x"})
        assert sentence(answer) == "This is the phone or computer you are using now."
    assert not await Device.exists().where(Device.lost_at.is_not_null())


async def test_only_an_administrator_may(world: World) -> None:
    device, _ = await phone_of(world)
    for name in ("asha", "dina", "callum"):
        client = await world.sign_in(name)
        assert (await client.get(f"/devices/{device}")).status_code == 403
        assert await call(client, device) == 403
        assert await call(client, device, "found") == 403
    ade = await world.sign_in("ade")
    assert await call(ade, uuid7()) == 404
    assert not await Device.exists().where(Device.lost_at.is_not_null())


async def test_what_a_phone_says_that_is_no_number_is_nobody() -> None:
    for headers in (
        [(b"cookie", b"device=nonsense")],
        [(b"command-device", b"\xff")],
        [(b"cookie", b"a=\x00;;")],
        [],
    ):
        assert lost.device_of(headers) is None
