"""A photograph taken over an earlier one of the same thing, by requests: the two are a pair."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from inspections.compare_rules import Shot, is_earlier
from inspections.tables import Inspection, InspectionPhoto
from media.due import run_due
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.inspections.comparing import HOB, WALLS
from tests.inspections.doing import home, post, start
from tests.properties.homes import home as another_home
from tests.today.making import TODAY, visit

__all__ = ["home"]


async def photograph(client: httpx.AsyncClient, id: UUID, colour: str, **more: Any) -> tuple[str, str]:
    """One of the hob, with its bytes; its id and its hash."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    sha = hashlib.sha256(made.getvalue()).hexdigest()
    put = await client.put(f"/media/photos/{sha}", content=made.getvalue(), headers={"Content-Type": "image/jpeg"})
    assert put.status_code in (200, 201), put.text
    photo = str(uuid7())
    answer = await post(client, id, "photos", **{"id": photo, "sha256": sha, "item": HOB} | more)
    assert answer.status_code == 200, answer.text
    return photo, sha


async def moved_in(client: httpx.AsyncClient, home: Property, *colours: str) -> list[tuple[str, str]]:
    """A completed move-in with a photograph of the hob in each colour, all opened."""
    id = await start(client, home, "move-in")
    await post(client, id, "readings", item=HOB, condition="G", cleanliness="clean")
    photos = [await photograph(client, id, colour) for colour in colours]
    await post(client, id, "complete", reason="Enough for a test")
    await run_due(datetime.now(UTC))
    return photos


async def over(photo: str) -> UUID | None:
    row = await InspectionPhoto.select(InspectionPhoto.taken_over).where(InspectionPhoto.id == photo).first()
    assert row is not None
    return UUID(str(row["taken_over"])) if row["taken_over"] else None


async def test_the_result_shows_the_two_of_a_pair_and_not_the_last_of_each(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    (first, first_sha), (_, last_sha) = await moved_in(asha, home, "teal", "navy")
    id = await start(asha, home, "move-out")
    await post(asha, id, "readings", item=HOB, condition="V", cleanliness="clean")
    photo, sha = await photograph(asha, id, "red", taken_over=first)
    _, close_up = await photograph(asha, id, "maroon")
    assert await over(photo) == UUID(first)
    page = (await asha.get(f"/inspections/{id}")).text
    assert f'data-over="{uuid_of_last(page)}"' in page
    await post(asha, id, "complete", reason="Enough for a test")
    result = (await asha.get(f"/inspections/{id}/comparison")).text
    assert first_sha in result and sha in result
    assert last_sha not in result and close_up not in result
    assert "Now, from the same spot" in result


def uuid_of_last(page: str) -> str:
    return page.split('data-over="')[1][:36]


async def test_without_a_pair_the_last_of_each_stand_side_by_side(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    _, (_, last_sha) = await moved_in(asha, home, "teal", "navy")
    id = await start(asha, home, "move-out")
    await post(asha, id, "readings", item=HOB, condition="V", cleanliness="clean")
    _, sha = await photograph(asha, id, "red")
    await post(asha, id, "complete", reason="Enough for a test")
    result = (await asha.get(f"/inspections/{id}/comparison")).text
    assert last_sha in result and sha in result and "from the same spot" not in result


@pytest.mark.parametrize("which", ["this inspection's own", "another thing's", "another home's", "a later one"])
async def test_a_photo_over_what_is_not_an_earlier_one_of_the_same_thing_is_refused_in_words(
    world: World, home: Property, which: str
) -> None:
    asha = await world.sign_in("asha")
    ((first, _),) = await moved_in(asha, home, "teal")
    id = await start(asha, home, "move-out")
    item, named = HOB, first
    if which == "this inspection's own":
        named, _ = await photograph(asha, id, "red")
    elif which == "another thing's":
        item = WALLS
    elif which == "another home's":
        id = await start(asha, await another_home("9 North Parade", team=world.teams["north"].id), "move-out")
    else:
        named, _ = await photograph(asha, await start(asha, home, "occupied"), "red")
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        await InspectionPhoto.update({InspectionPhoto.captured_at: tomorrow}).where(InspectionPhoto.id == named)
    before = await InspectionPhoto.count()
    answer = await post(asha, id, "photos", id=str(uuid7()), sha256="a" * 64, item=item, taken_over=named)
    assert answer.status_code == 422
    assert "not an earlier one of the same thing in this home" in answer.text
    assert await InspectionPhoto.count() == before


@pytest.mark.parametrize("which", ["nobody's", "another team's"])
async def test_a_photo_over_one_that_is_not_theirs_is_kept_without_it(
    world: World, home: Property, which: str
) -> None:
    asha = await world.sign_in("asha")
    named = str(uuid7())
    if which == "another team's":
        ((named, _),) = await moved_in(await world.sign_in("carol"), home, "teal")
    photo, _ = await photograph(asha, await start(asha, home, "move-out"), "red", taken_over=named)
    assert await over(photo) is None
    assert await Receipt.exists().where(Receipt.note == "photo attached, without the earlier photo it named")


async def test_what_is_no_id_is_said_and_an_empty_one_is_none(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home, "move-out")
    fields = {"id": str(uuid7()), "sha256": "a" * 64, "item": HOB}
    assert (await post(asha, id, "photos", **fields, taken_over="the old one")).status_code == 422
    assert (await post(asha, id, "photos", **fields, taken_over="")).status_code == 200


async def test_after_the_end_a_photo_over_an_earlier_one_is_kept_for_the_office(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    ((first, _),) = await moved_in(asha, home, "teal")
    id = await start(asha, home, "move-out")
    await post(asha, id, "complete", reason="Enough for a test")
    answer = await post(asha, id, "photos", id=str(uuid7()), sha256="a" * 64, item=HOB, taken_over=first)
    assert answer.status_code == 200 and "outcome=held" in answer.headers["receipt"]


async def test_a_move_out_lies_beside_the_move_in_also_when_somebody_looked_in_between(
    world: World, home: Property
) -> None:
    """What is laid over the live picture is what the result will be compared with."""
    asha = await world.sign_in("asha")
    ((first, first_sha),) = await moved_in(asha, home, "teal")
    between = await start(asha, home, "occupied")
    _, between_sha = await photograph(asha, between, "navy")
    await post(asha, between, "complete", reason="Enough for a test")
    await run_due(datetime.now(UTC))
    for path in (
        f"/inspections/{await start(asha, home, 'move-out')}",
        f"/properties/{home.id}/inspections/blank/move-out",
    ):
        page = (await asha.get(path)).text
        assert f'data-over="{first}"' in page and first_sha in page and between_sha not in page
    void = (await asha.get(f"/properties/{home.id}/inspections/blank/void")).text
    assert between_sha in void and first_sha not in void


async def test_the_photos_to_lay_over_go_along_in_the_pack_small_and_those_of_a_flagged_home_do_not(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    ((_, first_sha),) = await moved_in(asha, home, "teal")
    between = await start(asha, home, "occupied")
    _, between_sha = await photograph(asha, between, "navy")
    await post(asha, between, "complete", reason="Enough for a test")
    await run_due(datetime.now(UTC))
    await visit(world, home, "09:00")

    async def packed(sha: str) -> bool:
        answer = await asha.get("/today/pack")
        urls = [one["url"] for group in answer.json()["groups"] for one in group["urls"]]
        return any(sha in url and url.endswith("?size=400") for url in urls)

    assert await packed(first_sha) and await packed(between_sha)
    await PersonAlert.objects().create(
        property=home.id, code="20-70", text="x", owner=world.dina.id, review_on=TODAY.date(), added_at=TODAY
    )
    assert not await packed(first_sha) and not await packed(between_sha)


async def test_a_page_that_is_compared_says_how_each_thing_was(world: World, home: Property) -> None:
    """What the phone tells "what changed so far" from, with no signal."""
    asha = await world.sign_in("asha")
    await moved_in(asha, home)
    page = (await asha.get(f"/inspections/{await start(asha, home, 'move-out')}")).text
    assert page.count("data-was=") == 1 and "data-so-far" in page
    for kind in ("void", "move-in"):
        page = (await asha.get(f"/inspections/{await start(asha, home, kind)}")).text
        assert "data-was=" not in page and "data-so-far" not in page


def test_earlier_is_by_the_offices_clock_or_by_the_phones() -> None:
    home, hob = uuid7(), "kitchen_hob"
    one, two = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    now = Shot(uuid7(), home, hob, two, two)
    assert is_earlier(Shot(uuid7(), home, hob, one, two), now)
    # The office was put back to a backup, and heard of the earlier one last.
    assert is_earlier(Shot(uuid7(), home, hob, two, one), Shot(uuid7(), home, hob, one, two))
    assert not is_earlier(Shot(uuid7(), home, hob, two, two), Shot(uuid7(), home, hob, one, one))


async def test_what_is_gone_from_the_office_leaves_the_photo_that_was_taken_over_it(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    ((first, _),) = await moved_in(asha, home, "teal")
    id = await start(asha, home, "move-out")
    photo, sha = await photograph(asha, id, "red", taken_over=first)
    await Inspection.delete().where(Inspection.kind == "move-in")
    assert await over(photo) == UUID(first)
    assert sha in (await asha.get(f"/inspections/{id}")).text
