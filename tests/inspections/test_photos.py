"""Photographs of an inspection, by requests."""

import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from inspections.tables import InspectionPhoto
from media.due import run_due
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.inspections.doing import home, post, start

__all__ = ["home"]


async def test_a_photo_may_be_attached_before_its_bytes_arrive(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id, sha = await start(client, home), hashlib.sha256(b"x").hexdigest()
    response = await post(client, id, "photos", id=str(uuid7()), sha256=sha, item="kitchen_hob")
    assert response.status_code == 200, response.text
    assert "Not here yet" in response.text
    assert await InspectionPhoto.count() == 1
    assert (await client.get(f"/inspections/{id}/photos/{sha}")).status_code == 404


async def attach(client: httpx.AsyncClient, id: UUID, sha: str, **more: Any) -> str:
    photo = str(uuid7())
    response = await post(client, id, "photos", id=photo, sha256=sha, item="kitchen_hob", **more)
    assert response.status_code == 200, response.text
    return photo


async def test_a_manager_takes_the_original_for_a_reason_that_is_kept(world: World, home: Property) -> None:
    asha, dina, ben = await world.sign_in("asha"), await world.sign_in("dina"), await world.sign_in("ben")
    id, data = await start(asha, home), picture()
    sha = hashlib.sha256(data).hexdigest()
    await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    await attach(asha, id, sha)
    path = f"/inspections/{id}/photos/{sha}/original"
    assert (await dina.post(path, data={"reason": ""})).status_code == 422
    assert (await ben.post(path, data={"reason": "Curious"})).status_code == 403
    assert (await (await world.sign_in("marek")).post(path, data={"reason": "Court"})).status_code == 404
    taken = await dina.post(path, data={"reason": "Court, 12 January"})
    assert taken.content == data
    assert taken.headers["Content-Disposition"].startswith("attachment")
    notes = {row["note"] for row in await Receipt.select(Receipt.note)}
    assert "original photograph taken out: Court, 12 January" in notes


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG")
    return made.getvalue()


async def test_a_caption_can_be_written_later(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    photo = await attach(client, id, "a" * 64)
    response = await post(client, id, "photos/change", photo=photo, caption="Left ring <cracked>")
    assert "Left ring &lt;cracked&gt;" in response.text
    assert "Left ring &lt;cracked&gt;" in (await client.get(f"/inspections/{id}")).text


async def test_a_photo_taken_again_puts_the_first_out_of_sight_and_keeps_it(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    first = await attach(client, id, "a" * 64)
    second = await attach(client, id, "b" * 64, replaces=first)
    page = (await client.get(f"/inspections/{id}")).text
    assert f"shot-{first}" not in page
    assert f"shot-{second}" in page
    assert await InspectionPhoto.count() == 2


async def test_a_drawing_is_a_photo_of_its_own(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    original = await attach(client, id, "a" * 64)
    drawn = await attach(client, id, "b" * 64, drawn_from="a" * 64)
    page = (await client.get(f"/inspections/{id}")).text
    assert f"shot-{original}" in page
    assert f"shot-{drawn}" in page


async def test_a_photo_out_of_sight_is_not_shown(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    photo = await attach(client, id, "a" * 64)
    await post(client, id, "photos/change", photo=photo, withdrawn="yes")
    assert f"shot-{photo}" not in (await client.get(f"/inspections/{id}")).text


async def test_a_photo_that_cannot_be_opened_is_told_to_its_author(world: World, home: Property) -> None:
    client, other = await world.sign_in("asha"), await world.sign_in("ben")
    id, bad = await start(client, home), nonsense_inside()
    sha = hashlib.sha256(bad).hexdigest()
    put = await client.put(f"/media/photos/{sha}", content=bad, headers={"Content-Type": "image/jpeg"})
    assert put.status_code == 201, put.text
    await post(client, id, "photos", id=str(uuid7()), sha256=sha, item="kitchen_hob")
    await run_due(datetime.now(UTC))
    assert "A photo you sent cannot be opened" in (await client.get("/inspections")).text
    assert "cannot be opened" not in (await other.get("/inspections")).text
    assert 'data-state="again"' in (await client.get(f"/inspections/{id}")).text


async def broken(client: httpx.AsyncClient, home: Property) -> tuple[UUID, str]:
    """An inspection with a photograph that cannot be opened, and that photograph."""
    id, bad = await start(client, home), nonsense_inside()
    sha = hashlib.sha256(bad).hexdigest()
    await client.put(f"/media/photos/{sha}", content=bad, headers={"Content-Type": "image/jpeg"})
    photo = await attach(client, id, sha)
    await run_due(datetime.now(UTC))
    assert "A photo you sent cannot be opened" in (await client.get("/inspections")).text
    return id, photo


@pytest.mark.parametrize("how", ["taken again", "out of sight"])
async def test_a_photo_that_cannot_be_opened_is_no_longer_told_of_once_it_is_settled(
    world: World, home: Property, how: str
) -> None:
    client = await world.sign_in("asha")
    id, photo = await broken(client, home)
    if how == "taken again":
        await attach(client, id, "b" * 64, replaces=photo)
    else:
        await post(client, id, "photos/change", photo=photo, withdrawn="yes")
    assert "cannot be opened" not in (await client.get("/inspections")).text


async def test_after_the_end_a_photo_that_cannot_be_opened_is_taken_again_as_an_addendum(
    world: World, home: Property
) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    id, photo = await broken(asha, home)
    await post(asha, id, "complete", reason="Only the hob")
    assert f"/inspections/{id}#again-{photo}" in (await asha.get("/inspections")).text
    page = (await asha.get(f"/inspections/{id}")).text
    assert f'id="again-{photo}"' in page
    assert f'action="/inspections/{id}/addenda/photo"' in page
    assert "again-" not in (await ben.get(f"/inspections/{id}")).text
    data = picture()
    sha, new = hashlib.sha256(data).hexdigest(), str(uuid7())
    await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    for _ in range(2):  # a second tap sends it under another command id
        answer = await post(asha, id, "addenda/photo", id=new, sha256=sha, item="kitchen_hob", replaces=photo)
        assert "outcome=done" in answer.headers["receipt"]
    assert "taken again" in answer.text
    assert f'<p id="again-{photo}" hx-swap-oob="delete">' in answer.text
    assert answer.text.count(f'data-sha256="{sha}"') == 1
    assert "cannot be opened" not in (await asha.get("/inspections")).text
    page = (await asha.get(f"/inspections/{id}")).text
    assert f'id="again-{photo}"' not in page
    assert sha in page.split('id="addenda"')[1]
    # The inspection itself does not change: what was photographed then is what it shows.
    assert sha not in page.split('id="addenda"')[0]


async def test_after_the_end_it_can_be_said_why_one_cannot_be_taken_again(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id, photo = await broken(client, home)
    await post(client, id, "complete", reason="Only the hob")
    answer = await post(client, id, "addenda", text="The hob is gone", about=photo)
    assert "The hob is gone" in answer.text
    assert "cannot be opened" not in (await client.get("/inspections")).text


async def test_the_summary_shows_every_photo_what_was_found_first(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    shas = {}
    for item, colour in (("kitchen_hob", "red"), ("bathroom_basin", "blue"), ("bathroom_toilet", "green")):
        made = io.BytesIO()
        Image.new("RGB", (64, 48), colour).save(made, "JPEG")
        shas[item] = hashlib.sha256(made.getvalue()).hexdigest()
        await client.put(
            f"/media/photos/{shas[item]}", content=made.getvalue(), headers={"Content-Type": "image/jpeg"}
        )
        await post(client, id, "photos", id=str(uuid7()), sha256=shas[item], item=item)
    found = {"id": str(uuid7()), "item": "bathroom_basin", "what": "damaged", "severity": "minor"}
    await post(client, id, "findings", **found)
    await post(client, id, "complete", reason="Only three things")
    summary = (await client.get(f"/inspections/{id}")).text.split('id="summary"')[1].split("</section>")[0]
    assert "3 of 3 photos received" in summary
    places = [summary.index(f'data-sha256="{shas[item]}"') for item in ("bathroom_basin", "kitchen_hob")]
    assert places == sorted(places)
    assert all(summary.count(f'data-sha256="{sha}"') == 1 for sha in shas.values())


def nonsense_inside() -> bytes:
    """A JPEG whole by its parts, whose tables say nothing a decoder can use."""
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(made, "JPEG")
    data = bytearray(made.getvalue())
    at = data.index(b"\xff\xc4")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    data[at + 4 : at + 2 + length] = b"\xee" * (length - 2)
    return bytes(data)
