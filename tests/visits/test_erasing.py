"""Photographs of doors go when they were kept long enough; the visit stays and says so."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from media.tables import Photo
from properties.tables import Property
from pwa import audit
from pwa.due import run_due as seal
from pwa.ids import uuid7
from pwa.tables import Conflict, Held, Receipt
from server.retention import forget
from server.settings import read
from tests.conftest import World
from tests.server.keeping import LATER, LONG_AGO, NOW, due, photos
from tests.visits.making import planned
from tests.visits.test_door_photos import a_picture
from visits import erasing
from visits.tables import Visit, VisitPhoto

CAPTION = "canary-77d0 parcel by the door"


async def a_door(client: httpx.AsyncClient, visit: UUID, age: Any = LONG_AGO) -> str:
    data, sha = a_picture()
    await client.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    form = {"id": str(uuid7()), "sha256": sha, "caption": CAPTION, "latitude": "51.4", "longitude": "0.5"}
    answer = await client.post(f"/visits/{visit}/photos", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    await VisitPhoto.update({VisitPhoto.received_at: age}).where(VisitPhoto.visit == visit)
    return sha


async def test_the_photo_goes_and_the_visit_says_that_there_was_one(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    data = {"outcome": "no-access", "reason": "nobody-in", "door": "taken", "note": ""}
    await asha.post(f"/visits/{visit}/finish", data=data)
    sha = await a_door(asha, visit)
    assert (await asha.get(f"/visits/{visit}/photos/{sha}")).status_code == 200
    await due()
    (row,) = await VisitPhoto.select()
    assert (row["sha256"], row["caption"], row["latitude"], row["longitude"]) == ("", "", None, None)
    page = (await asha.get(f"/visits/{visit}")).text
    assert "It was kept as long as the council keeps such photos, and erased on" in page
    assert "Nobody in" in page
    assert ("not here yet" in page, "Still on a phone" in page, CAPTION in page) == (False, False, False)
    assert (await asha.get(f"/visits/{visit}/photos/{sha}")).status_code == 404
    await due(LATER)
    assert await photos() == set()


async def test_the_receipt_of_it_is_in_the_chain(world: World, home: Property) -> None:
    visit = await planned(world, home)
    await a_door(await world.sign_in("asha"), visit)
    await due()
    await due()
    (trace,) = await Receipt.select().where(Receipt.method == "ERASE")
    assert (trace["path"], trace["received_at"]) == (f"/visits/{visit}", NOW)
    assert trace["note"] == "photo of the door erased: it was kept as long as it is to be"
    await seal(NOW)
    assert (await audit.checked()).faults == []


async def test_a_photo_younger_than_that_stays_and_so_do_all_without_a_setting(
    world: World, home: Property
) -> None:
    asha, young, old = await world.sign_in("asha"), await planned(world, home), await planned(world, home)
    await a_door(asha, young, NOW - timedelta(days=2 * 365))
    await a_door(asha, old)
    await forget(NOW, read({"DOORSTEP_RETAIN_INSPECTIONS_YEARS": "1"}))
    assert await VisitPhoto.count().where(VisitPhoto.erased_at.is_null()) == 2
    await due()
    (left,) = await VisitPhoto.select(VisitPhoto.visit).where(VisitPhoto.erased_at.is_null())
    assert left["visit"] == young
    await due(LATER)
    assert await Photo.count() == 1  # the same picture, and the young visit names it


async def test_it_waits_while_the_office_has_still_to_decide_about_something_for_the_visit(
    world: World, home: Property
) -> None:
    asha, ben, visit = await world.sign_in("asha"), await world.sign_in("ben"), await planned(world, home)
    await a_door(asha, visit)
    await ben.post(f"/visits/{visit}/start")
    assert await Held.count() == 1
    await due()
    assert await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())
    await Held.update({Held.decided_at: NOW}, force=True)
    await due()
    assert not await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())


async def test_it_waits_too_while_something_that_came_twice_is_not_decided_about(
    world: World, home: Property
) -> None:
    asha, visit, id = await world.sign_in("asha"), await planned(world, home), str(uuid7())
    await a_door(asha, visit)
    for note, status in (("Moved", 200), ("Ill", 409)):
        there = await asha.post(
            f"/visits/{visit}/cancel", data={"note": note}, headers={"Command-Id": id, "HX-Request": "true"}
        )
        assert there.status_code == status
    await due()
    assert await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())
    await Conflict.update({Conflict.decided_at: NOW}, force=True)
    await due()
    assert not await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())


async def test_they_go_a_few_at_a_time(world: World, home: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "BATCH", 1)
    asha = await world.sign_in("asha")
    for _ in range(2):
        await a_door(asha, await planned(world, home))
    assert [await erasing.erase_older(NOW - timedelta(days=3), NOW) for _ in range(3)] == [1, 1, 0]
    assert await Visit.count() == 2
