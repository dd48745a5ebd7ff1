"""What came too late for an inspection, or twice: read by the office in words, and put on the record as a note."""

import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from inspections.tables import Addendum, InspectionPhoto
from media.due import run_due
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Conflict, Held
from tests.conftest import World
from tests.inspections.doing import HTMX, home, post, start

__all__ = ["home"]


def picture(colour: str = "teal") -> tuple[bytes, str]:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return made.getvalue(), hashlib.sha256(made.getvalue()).hexdigest()


async def send_bytes(client: httpx.AsyncClient, data: bytes) -> None:
    sha = hashlib.sha256(data).hexdigest()
    await client.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    await run_due(datetime.now(UTC))


async def completed(client: httpx.AsyncClient, home: Property) -> UUID:
    id = await start(client, home)
    await post(client, id, "complete", reason="Nobody could wait")
    return id


async def held_photo(world: World, home: Property) -> tuple[UUID, str, str, str]:
    """The inspection, the photo's id and hash, and where the office reviews it."""
    asha, (data, sha), photo = await world.sign_in("asha"), picture(), str(uuid7())
    await send_bytes(asha, data)
    id = await completed(asha, home)
    answer = await post(asha, id, "photos", id=photo, sha256=sha, item="bathroom_basin", caption="Cracked <here>")
    assert "outcome=held" in answer.headers["receipt"]
    (row,) = await Held.select(Held.id)
    return id, photo, sha, f"/held/{row['id']}"


async def test_a_photo_that_was_held_is_seen_by_who_reviews_it_and_by_nobody_else(
    world: World, home: Property
) -> None:
    _, _, sha, at = await held_photo(world, home)
    dina, marek, asha = [await world.sign_in(name) for name in ("dina", "marek", "asha")]
    page = (await dina.get(at)).text
    for words in ("Photo: Basin and taps, Bathroom", "Cracked &lt;here&gt;", "22 Saltmarsh Road", "Void"):
        assert words in page, words
    assert "bathroom_basin" not in page
    assert f'src="{at}/photos/{sha}?size=400"' in page
    shown = await dina.get(f"{at}/photos/{sha}?size=400")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert (await dina.get(f"{at}/photos/{'a' * 64}")).status_code == 404
    assert (await marek.get(f"{at}/photos/{sha}")).status_code == 404
    assert (await asha.get(f"{at}/photos/{sha}")).status_code == 403


async def test_kept_as_a_note_it_stands_on_the_inspection_with_its_picture(world: World, home: Property) -> None:
    id, _, sha, at = await held_photo(world, home)
    dina = await world.sign_in("dina")
    answer = await dina.post(at, data={"decision": "note", "reason": "Belongs to the claim"}, headers=HTMX)
    assert answer.status_code == 200, answer.text
    (addendum,) = await Addendum.select()
    (photo,) = await InspectionPhoto.select()
    assert (photo["addendum"], photo["person"]) == (addendum["id"], world.asha.id)
    assert addendum["person"] == world.dina.id
    page = (await (await world.sign_in("ben")).get(f"/inspections/{id}")).text
    added = page.split('id="addenda"')[1].split("</article>")[0]
    for words in ("Recorded by Asha Test", "Cracked &lt;here&gt;", "Kept as a note: Belongs to the claim", sha):
        assert words in added, words
    # The inspection as it was completed has no photograph.
    assert sha not in page.split('id="addenda"')[0].split('id="room-')[1]
    assert (await dina.get(f"/inspections/{id}/photos/{sha}")).status_code == 200


async def test_a_note_and_its_decision_are_one(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, _, at = await held_photo(world, home)

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("cut here")

    monkeypatch.setattr("inspections.held.photo_of", breaks)
    answer = await (await world.sign_in("dina")).post(at, data={"decision": "note", "reason": "Claim"})
    assert answer.status_code == 500
    assert (await Addendum.count(), await Held.count().where(Held.decided_at.is_null())) == (0, 1)


async def test_not_needed_adds_nothing_to_the_inspection(world: World, home: Property) -> None:
    _, _, _, at = await held_photo(world, home)
    await (await world.sign_in("dina")).post(at, data={"decision": "not needed", "reason": "A thumb"})
    assert (await Addendum.count(), await InspectionPhoto.count()) == (0, 0)


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        (
            "readings",
            {"item": "kitchen_hob", "condition": "P", "cleanliness": "dirty"},
            ["Poor", "Cooker and hob, Kitchen"],
        ),
        ("rooms/satisfactory", {"room": "kitchen"}, ["All satisfactory", "Kitchen"]),
        (
            "findings",
            {
                "id": str(uuid7()),
                "item": "kitchen_hob",
                "what": "missing",
                "severity": "significant",
                "cost": "45",
            },
            ["Missing or stolen", "Significant", "45"],
        ),
        ("complete", {"reason": "Again, in other words"}, ["Completion", "Again, in other words"]),
    ],
)
async def test_what_was_held_is_said_in_the_words_of_the_form(
    world: World, home: Property, path: str, data: dict[str, str], words: list[str]
) -> None:
    asha = await world.sign_in("asha")
    id = await completed(asha, home)
    await post(asha, id, path, **data)
    (row,) = await Held.select(Held.id)
    page = (await (await world.sign_in("dina")).get(f"/held/{row['id']}")).text
    said = page.split("What it says")[1].split("</section>")[0]
    for word in words:
        assert word in said or word in page.split("</h1>")[0], word
    assert "kitchen_hob" not in said


async def test_a_caption_that_came_too_late_is_shown_with_its_photo(world: World, home: Property) -> None:
    asha, (data, sha), photo = await world.sign_in("asha"), picture(), str(uuid7())
    await send_bytes(asha, data)
    id = await start(asha, home)
    await post(asha, id, "photos", id=photo, sha256=sha, item="kitchen_hob")
    await post(asha, id, "complete", reason="Nobody could wait")
    await post(asha, id, "photos/change", photo=photo, caption="The left ring")
    (row,) = await Held.select(Held.id)
    page = (await (await world.sign_in("dina")).get(f"/held/{row['id']}")).text
    assert "Change of a photo: Cooker and hob, Kitchen" in page
    assert "The left ring" in page
    assert f"/held/{row['id']}/photos/{sha}" in page


async def test_what_came_twice_is_shown_with_both_versions_and_decided(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id, command = await start(asha, home), {**HTMX, "Command-Id": str(uuid7())}
    for condition, status in (("P", 200), ("G", 409)):
        data = {"item": "kitchen_hob", "condition": condition}
        answer = await asha.post(f"/inspections/{id}/readings", data=data, headers=command)
        assert answer.status_code == status
    assert "1 to review" in (await dina.get("/today")).text
    assert "different words" in (await dina.get("/held")).text
    assert "Reading" in (await dina.get("/held")).text
    (row,) = await Conflict.select(Conflict.id)
    page = (await dina.get(f"/held/{row['id']}")).text
    second, first = page.split("What it says the second time")[1].split("What it said first")
    assert ("Good" in second, "Poor" in first) == (True, True)
    assert (await (await world.sign_in("marek")).get(f"/held/{row['id']}")).status_code == 404
    answer = await dina.post(f"/held/{row['id']}", data={"decision": "note", "reason": "Ask Asha"}, headers=HTMX)
    assert "Keep it as a note, Dina Test" in answer.text
    assert "Condition: Good" in (await asha.get(f"/inspections/{id}")).text
    assert "1 to review" not in (await dina.get("/today")).text
    again = await dina.post(f"/held/{row['id']}", data={"decision": "not needed", "reason": "No"})
    assert again.status_code == 422
