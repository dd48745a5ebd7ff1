"""Photographs of the door: attached once, shown only through their visit."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image

from media.due import run_due
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Held
from tests.conftest import World
from tests.inspections.test_photos import nonsense_inside
from tests.visits.making import SHA, planned
from visits.tables import Visit, VisitPhoto


async def test_no_access_keeps_the_reason_and_says_a_promised_photo_is_not_here(
    world: World, home: Property
) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    data = {"outcome": "no-access", "reason": "nobody-in", "door": "taken", "note": ""}
    assert (await client.post(f"/visits/{visit_id}/finish", data=data)).status_code == 303
    page = (await client.get(f"/visits/{visit_id}")).text
    assert "Nobody in" in page
    assert "Taken, but not here yet" in page


async def test_a_photo_of_the_door_is_attached_once_even_when_the_visit_is_over(
    world: World, home: Property
) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "done"})
    data = {"id": str(uuid7()), "sha256": SHA, "taken_at": datetime.now(UTC).isoformat(), "latitude": "52.1",
            "longitude": "-1.2", "accuracy": "900"}  # fmt: skip
    for id in (data["id"], data["id"], str(uuid7())):
        answer = await client.post(
            f"/visits/{visit_id}/photos", data=data | {"id": id}, headers={"HX-Request": "true"}
        )
        assert (answer.status_code, "Still on a phone" in answer.text) == (200, True)
    (row,) = await VisitPhoto.select()
    assert row["doubt"].startswith("This position is only good to 900 m")


async def test_a_photo_under_the_id_of_another_visits_photo_waits_for_the_office(
    world: World, home: Property
) -> None:
    client, data = await world.sign_in("asha"), {"id": str(uuid7()), "sha256": SHA}
    for outcome in ("done", "held"):
        answer = await client.post(f"/visits/{await planned(world, home)}/photos", data=data)
        assert f"outcome={outcome}" in answer.headers["receipt"]
    assert (await VisitPhoto.count(), await Held.count()) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "../../etc/passwd"},
        {"sha256": SHA.upper()},
        {"latitude": "91", "longitude": "0"},
        {"latitude": "51.5"},
        {"accuracy": "-5"},
    ],
)
async def test_a_photo_with_a_mistake_is_not_attached(world: World, home: Property, wrong: dict[str, str]) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    answer = await client.post(f"/visits/{visit_id}/photos", data={"id": str(uuid7()), "sha256": SHA, **wrong})
    assert answer.status_code == 422
    assert await VisitPhoto.count() == 0


def a_picture() -> tuple[bytes, str]:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#2b6f78").save(out, "JPEG")
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


async def send(client: httpx.AsyncClient, data: bytes) -> None:
    address = f"/media/photos/{hashlib.sha256(data).hexdigest()}"
    assert (await client.put(address, content=data, headers={"Content-Type": "image/jpeg"})).status_code == 201


async def attach(client: httpx.AsyncClient, visit_id: UUID, sha: str) -> str:
    data = {"id": str(uuid7()), "sha256": sha}
    answer = await client.post(f"/visits/{visit_id}/photos", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.text


async def test_a_door_photo_is_shown_to_the_team_and_only_through_its_visit(world: World, home: Property) -> None:
    data, sha = a_picture()
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    other = await planned(world, home)
    await send(client, data)
    assert "Received" in await attach(client, visit_id, sha)
    ben = await world.sign_in("ben")
    seen = await ben.get(f"/visits/{visit_id}/photos/{sha}?size=400")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert (await ben.get(f"/visits/{visit_id}/photos/{sha}?size=5000")).status_code == 404
    assert (await ben.get(f"/visits/{other}/photos/{sha}")).status_code == 404


async def test_a_photo_that_somebody_else_sent_is_not_shown_to_who_only_knows_its_hash(
    world: World, home: Property
) -> None:
    data, sha = a_picture()
    asha, carol = await world.sign_in("asha"), await world.sign_in("carol")
    visit_id = await planned(world, home, "carol")
    await send(asha, data)
    tile = await attach(carol, visit_id, sha)
    assert ("Still on a phone" in tile, "Received" in tile) == (True, False)
    assert (await carol.get(f"/visits/{visit_id}/photos/{sha}?size=400")).status_code == 404
    assert "Received" not in (await carol.get(f"/visits/{visit_id}")).text
    await send(carol, data)
    assert (await carol.get(f"/visits/{visit_id}/photos/{sha}?size=400")).status_code == 200


async def test_naming_a_hash_first_keeps_nobody_from_attaching_the_photo_they_took(
    world: World, home: Property
) -> None:
    data, sha = a_picture()
    asha, ben, visit_id = await world.sign_in("asha"), await world.sign_in("ben"), await planned(world, home)
    await attach(ben, visit_id, sha)
    await send(asha, data)
    tile = await attach(asha, visit_id, sha)
    assert (tile.count("<figure"), "Received" in tile) == (1, True)
    assert (await ben.get(f"/visits/{visit_id}/photos/{sha}?size=400")).status_code == 200


async def test_a_photo_of_a_door_that_cannot_be_opened_is_told_of_until_there_is_one_that_can(
    world: World, home: Property
) -> None:
    client, ben, visit = await world.sign_in("asha"), await world.sign_in("ben"), await planned(world, home)
    bad = nonsense_inside()
    sha = hashlib.sha256(bad).hexdigest()
    await client.put(f"/media/photos/{sha}", content=bad, headers={"Content-Type": "image/jpeg"})
    await client.post(f"/visits/{visit}/photos", data={"id": str(uuid7()), "sha256": sha})
    await run_due(datetime.now(UTC))
    for page in ("/visits", "/today", "/today?whose=team"):
        assert "A photo of a door you sent cannot be opened" in (await client.get(page)).text
    assert "cannot be opened" not in (await ben.get("/visits")).text
    # Two weeks after the visit nobody could photograph that moment any more.
    at = datetime.now(UTC)
    await Visit.update({Visit.planned_for: at - timedelta(days=16)}).where(Visit.id == visit)
    assert "cannot be opened" not in (await client.get("/visits")).text
    await Visit.update({Visit.planned_for: at}).where(Visit.id == visit)
    await client.post(f"/visits/{visit}/photos", data={"id": str(uuid7()), "sha256": a_picture()[1]})
    assert "cannot be opened" not in (await client.get("/visits")).text
