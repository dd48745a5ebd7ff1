"""What came too late for a visit, or twice: read by the office in words, and put on its history as a note."""

from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Held
from tests.conftest import World
from tests.visits.making import happened, late, planned
from tests.visits.test_door_photos import a_picture
from visits.tables import VisitPhoto

HTMX = {"HX-Request": "true"}


async def test_what_came_too_late_is_said_in_words_and_kept_on_the_visits_history(
    world: World, home: Property
) -> None:
    asha, dina, visit = await world.sign_in("asha"), await world.sign_in("dina"), await planned(world, home)
    await dina.post(f"/visits/{visit}/cancel", data={"note": "Moved to Friday"})
    await late(asha, visit, "finish", outcome="no-access", reason="nobody-in", door="none", note="No bell")
    (row,) = await Held.select(Held.id)
    page = (await dina.get(f"/held/{row['id']}")).text
    assert "cancelled by Dina Test" in page and "What you sent" not in page
    for words in ("End of a visit", "Void inspection", "No access", "Nobody in", "No bell"):
        assert words in page, words
    answer = await dina.post(
        f"/held/{row['id']}", data={"decision": "note", "reason": "She was there"}, headers=HTMX
    )
    assert answer.status_code == 200, answer.text
    shown = (await dina.get(f"/visits/{visit}")).text
    assert "A note by the office" in shown
    assert "Kept as a note: She was there" in shown
    assert await happened(visit) == ["cancelled", "noted"]
    # It stands as it stood: what comes later is told who cancelled it, not who noted something.
    assert "already cancelled by Dina Test" in await late(asha, visit, "start")


async def test_a_photo_of_a_door_that_was_held_is_seen_and_kept_with_the_note(
    world: World, home: Property
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    data, sha = a_picture()
    await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    photo, visits = {"id": str(uuid7()), "sha256": sha}, [await planned(world, home) for _ in range(2)]
    for visit in visits:
        await asha.post(f"/visits/{visit}/photos", data=photo)
    (row,) = await Held.select(Held.id)
    at = f"/held/{row['id']}"
    assert f'src="{at}/photos/{sha}?size=400"' in (await dina.get(at)).text
    assert (await dina.get(f"{at}/photos/{sha}")).status_code == 200
    await dina.post(at, data={"decision": "note", "reason": "The other visit"})
    assert [row["visit"] for row in await VisitPhoto.select().order_by(VisitPhoto.received_at)] == visits
    assert (await dina.get(f"/visits/{visits[1]}/photos/{sha}")).status_code == 200
