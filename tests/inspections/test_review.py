"""The review of completed inspections, by requests: a manager approves or sends back, an officer answers."""

import re

import pytest

from inspections.review_tables import ReviewAnswer, ReviewEvent
from inspections.tables import Addendum, Completion, InspectionPhoto, Reading
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Held
from tests.conftest import World
from tests.inspections.comparing import proposed
from tests.inspections.doing import home, post, start
from tests.inspections.reviewing import (
    BASIN,
    HOB,
    answer,
    approve,
    clean,
    last,
    notes,
    send_back,
    together,
    unclean,
)
from tests.inspections.test_held import picture, send_bytes
from tests.inspections.test_recharge import SOON

__all__ = ["home"]


async def happened(id: object) -> list[str]:
    rows = await ReviewEvent.select(ReviewEvent.what).where(ReviewEvent.inspection == id).order_by(ReviewEvent.id)
    return [row["what"] for row in rows]


async def test_a_completed_inspection_waits_in_the_queue_of_its_team_and_of_no_other(
    world: World, home: Property
) -> None:
    asha, dina, marek = [await world.sign_in(name) for name in ("asha", "dina", "marek")]
    id = await unclean(asha, home)
    under_way = await start(asha, home)
    page = (await dina.get("/review")).text
    assert f"/inspections/{id}/review" in page
    assert "Completed with a reason" in page
    assert str(under_way) not in page
    assert str(id) not in (await marek.get("/review")).text
    assert (await marek.get(f"/inspections/{id}/review")).status_code == 404
    assert (await asha.get("/review")).status_code == 403


async def test_of_one_that_is_under_way_there_is_nothing_to_review(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await start(asha, home)
    page = (await dina.get(f"/inspections/{id}/review")).text
    assert "This inspection is not completed." in page and "Send it back" not in page
    assert "It is not completed yet" in (await approve(dina, id)).text
    assert not await ReviewEvent.exists()


async def test_what_is_approved_leaves_the_queue_and_its_page_says_by_whom(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    before = [await table.select() for table in (Completion, Reading, Addendum)]
    done = await approve(dina, id)
    assert (done.status_code, done.headers["HX-Redirect"]) == (200, "/review")
    assert str(id) not in (await dina.get("/review")).text
    page = (await asha.get(f"/inspections/{id}")).text
    assert "Approved." in page and "Dina Test" in page
    assert [await table.select() for table in (Completion, Reading, Addendum)] == before


async def test_notes_lead_the_officer_to_each_place(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    sent = await send_back(
        dina, id, item_kitchen_hob="Which ring?", room_bathroom="Why not?", whole="Nice", item_bathroom_basin=""
    )
    assert sent.status_code == 200, sent.text
    assert [(one.number, one.place, one.room, one.item) for one in await notes(id)] == [
        (1, "Kitchen: Cooker and hob", "kitchen", HOB),
        (2, "Bathroom", "bathroom", ""),
        (3, "The whole inspection", "", ""),
    ]
    today = (await asha.get("/today")).text
    assert "Sent back: 22 Saltmarsh Road" in today and "Which ring?" in today
    for anchor in (f"item-{HOB}", "room-bathroom", "summary"):
        assert f'href="/inspections/{id}#{anchor}"' in today
        assert f'id="{anchor}"' in (await asha.get(f"/inspections/{id}")).text
    page = (await asha.get(f"/inspections/{id}")).text
    item = page.split(f'id="item-{HOB}"')[1].split("</details>")[0]
    assert "Which ring?" in item and "review/answers" in item
    ben = await world.sign_in("ben")
    assert "Which ring?" not in (await ben.get("/today")).text
    assert str(id) not in (await dina.get("/review")).text
    assert str(id) in (await dina.get("/review?kind=back")).text


async def test_a_note_to_a_finding_stands_beside_its_item(world: World, home: Property) -> None:
    asha, dina, finding = await world.sign_in("asha"), await world.sign_in("dina"), uuid7()
    id = await start(asha, home)
    await post(asha, id, "findings", id=str(finding), item=BASIN, what="repair", severity="minor", note="Drips")
    await post(asha, id, "complete", reason="Enough")
    assert f'name="note-finding-{finding}"' in (await dina.get(f"/inspections/{id}/review")).text
    sent = await post(dina, id, "review/back", **{"seen": str(id), f"note-finding-{finding}": "How often?"})
    assert sent.status_code == 200, sent.text
    (note,) = await notes(id)
    assert (note.item, note.finding, note.place) == (BASIN, finding, "Bathroom: Basin and taps, a finding")


async def test_when_every_note_is_answered_it_comes_back_to_the_queue(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, item_kitchen_hob="Which ring?", whole="Who let you in?")
    ring, who = await notes(id)
    said = await answer(asha, id, ring.id, "The left one")
    assert "The left one" in said.text and "Answered" in said.text
    assert str(id) not in (await dina.get("/review")).text
    assert "Which ring?" not in (await asha.get("/today")).text
    await answer(asha, id, who.id, "The neighbour")
    assert "Sent back" not in (await asha.get("/today")).text
    page = (await dina.get("/review")).text
    assert str(id) in page and "Answered" in page
    page = (await dina.get(f"/inspections/{id}/review")).text
    assert "The left one" in page and "The neighbour" in page
    assert (await approve(dina, id)).status_code == 200
    assert await happened(id) == ["sent back", "answered", "approved"]
    assert "The left one" in (await asha.get(f"/inspections/{id}")).text


async def test_a_photo_answers_too_and_the_inspection_itself_gains_none(world: World, home: Property) -> None:
    asha, dina, (data, sha) = await world.sign_in("asha"), await world.sign_in("dina"), picture()
    id = await unclean(asha, home)
    await send_back(dina, id, item_kitchen_hob="Show me")
    (note,) = await notes(id)
    await send_bytes(asha, data)
    photo = {"note": str(note.id), "id": str(uuid7()), "sha256": sha, "item": "something_else"}
    said = await post(asha, id, "review/photos", **photo)
    assert f"/inspections/{id}/photos/{sha}" in said.text
    await post(asha, id, "review/photos", **photo)
    (row,) = await InspectionPhoto.select()
    assert row["item"] == HOB and row["addendum"] is not None
    assert await happened(id) == ["sent back", "answered"]
    assert f"{sha}" in (await dina.get(f"/inspections/{id}/review")).text
    assert "1 of 1 photos" not in (await dina.get(f"/inspections/{id}/review")).text


async def test_a_photo_that_has_another_photos_number_is_held(world: World, home: Property) -> None:
    asha, carol, dina = [await world.sign_in(name) for name in ("asha", "carol", "dina")]
    theirs, taken = await start(carol, home), str(uuid7())
    await post(carol, theirs, "photos", id=taken, sha256="a" * 64, item=HOB)
    id = await unclean(asha, home)
    await send_back(dina, id, item_kitchen_hob="Show me")
    (note,) = await notes(id)
    said = await post(asha, id, "review/photos", note=str(note.id), id=taken, sha256="b" * 64, item=HOB)
    assert "outcome=held" in said.headers["receipt"]
    assert await happened(id) == ["sent back"]
    (row,) = await Held.select(Held.id)
    assert (await dina.get(f"/held/{row['id']}")).status_code == 200
    decided = await dina.post(f"/held/{row['id']}", data={"decision": "note", "reason": "Kept"})
    assert decided.status_code in (200, 303)
    assert {photo["sha256"] for photo in await InspectionPhoto.select()} == {"a" * 64, "b" * 64}


async def test_an_answer_that_comes_after_the_approval_is_kept_all_the_same(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, whole="Who let you in?")
    (note,) = await notes(id)
    assert (await approve(dina, id)).status_code == 200
    late = await answer(asha, id, note.id, "The neighbour")
    assert late.status_code == 200 and "outcome=done" in late.headers["receipt"]
    assert await happened(id) == ["sent back", "approved"]
    assert "The neighbour" in (await dina.get(f"/inspections/{id}/review")).text


async def test_an_answer_to_a_note_that_is_not_there_is_held(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    id = await unclean(asha, home)
    said = await answer(asha, id, uuid7(), "To what?")
    assert "outcome=held" in said.headers["receipt"]
    dina = await world.sign_in("dina")
    (row,) = await Held.select(Held.id)
    assert "Answer to a note" in (await dina.get(f"/held/{row['id']}")).text
    assert "something is held" in (await dina.get("/review")).text


async def test_an_empty_answer_is_refused(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, whole="Who let you in?")
    (note,) = await notes(id)
    assert "Write your answer." in (await answer(asha, id, note.id, " ")).text
    assert not await ReviewAnswer.exists()


@pytest.mark.parametrize(
    ("boxes", "status", "sentence"),
    [
        ({}, 422, "Write a note to at least one thing"),
        ({"note-item-kitchen_hob": "  "}, 422, "Write a note to at least one thing"),
        ({"note-item-kitchen_none": "Where?"}, 422, "something this inspection does not have"),
        ({"note-room-cellar": "Where?"}, 422, "something this inspection does not have"),
        ({f"note-finding-{uuid7()}": "Where?"}, 422, "something this inspection does not have"),
        ({"note-item-kitchen_hob": "a" * 4001}, 422, "Keep this under 4,000 characters."),
        ({"note-finding-no": "Where?"}, 400, "Reload the page"),
        ({"note-house": "Where?"}, 400, "Reload the page"),
        ({"another": "Where?"}, 400, "Reload the page"),
        ({"note-whole": ["one", "two"]}, 400, "the same field twice"),
    ],
)
async def test_a_sending_back_that_says_nothing_or_is_of_nothing_is_refused(
    world: World, home: Property, boxes: dict[str, str], status: int, sentence: str
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    refused = await post(dina, id, "review/back", seen=str(id), **boxes)
    assert (refused.status_code, sentence in refused.text) == (status, True), refused.text
    assert not await ReviewEvent.exists()


async def test_of_two_managers_the_first_decides_and_the_second_is_told_who(world: World, home: Property) -> None:
    asha, dina, id = await world.sign_in("asha"), await world.sign_in("dina"), None
    marek = await world.sign_in("marek")
    await type(world.marek).update({"team": world.teams["north"].id}).where(type(world.marek).id == world.marek.id)
    id = await unclean(asha, home)
    for first, second, sentence in (
        (send_back(dina, id, whole="Why?"), approve(marek, id, str(id)), "Dina Test sent this back already"),
        (None, send_back(marek, id, str(id), whole="And this?"), "Dina Test sent this back already"),
    ):
        if first:
            assert (await first).status_code == 200
        refused = await second
        assert refused.status_code == 422
        assert sentence in re.sub("[⁨⁩]", "", refused.text).replace("</bdi>", "").replace("<bdi>", "")
    assert await happened(id) == ["sent back"]


async def test_who_approves_a_page_from_before_the_answer_reads_the_answer_first(
    world: World, home: Property
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, whole="Why?")
    stale = await last(id)
    (note,) = await notes(id)
    await answer(asha, id, note.id, "Because")
    assert "has answered since you opened this page" in (await approve(dina, id, stale)).text
    assert await happened(id) == ["sent back", "answered"]


async def test_a_manager_never_approves_their_own(world: World, home: Property) -> None:
    dina = await world.sign_in("dina")
    own = await clean(dina, home)
    page = (await dina.get(f"/inspections/{own}/review")).text
    assert "another manager of your team approves it" in page
    assert 'id="approve"' not in page
    assert "another manager of your team approves it" in (await approve(dina, own)).text
    assert "You did this inspection" in (await together(dina, own)).text
    assert not await ReviewEvent.exists()


async def test_an_approved_one_can_be_sent_back_after_all(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await approve(dina, id)
    assert "Dina Test" in (again := (await approve(dina, id)).text) and "approved this already" in again
    await send_back(dina, id, whole="The household says otherwise")
    assert await happened(id) == ["approved", "sent back"]
    assert "The household says otherwise" in (await asha.get("/today")).text


async def test_the_clean_ones_are_approved_together_and_the_others_are_left(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    good, other, bad = await clean(asha, home), await clean(asha, home), await unclean(asha, home)
    page = (await dina.get("/review")).text
    assert "Approve these 2" in page
    shown = re.findall(r'name="ids" value="([^"]+)"', page)
    assert sorted(shown) == sorted([str(good), str(other)])
    await post(asha, other, "addenda", text="There was a smell, too.")
    done = await together(dina, good, other, bad)
    assert done.status_code == 200, done.text
    assert "1 approved" in done.text
    assert "Something was added after it was completed." in done.text
    assert "missing, with a reason to read" in done.text
    rows = await ReviewEvent.select(ReviewEvent.inspection, ReviewEvent.what, ReviewEvent.together)
    assert [(row["inspection"], row["what"], row["together"]) for row in rows] == [(good, "approved", True)]
    assert "because nothing stood out" in (await asha.get(f"/inspections/{good}")).text


async def test_what_another_manager_did_meanwhile_is_not_done_again(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    one, two = await clean(asha, home), await clean(asha, home)
    await send_back(dina, two, whole="One thing")
    await approve(dina, one)
    done = await together(dina, one, two)
    assert "It was sent back meanwhile." in done.text
    assert await happened(one) == ["approved"] and await happened(two) == ["sent back"]


async def test_over_a_hundred_at_once_are_refused(world: World, home: Property) -> None:
    dina = await world.sign_in("dina")
    answered = await together(dina, *(uuid7() for _ in range(101)))
    assert (answered.status_code, "at most 100" in answered.text) == (422, True)


async def test_nothing_of_another_team_is_approved(world: World, home: Property) -> None:
    asha, marek = await world.sign_in("asha"), await world.sign_in("marek")
    id = await clean(asha, home)
    done = await together(marek, id)
    assert "Not approved." in done.text and "22 Saltmarsh" not in done.text
    assert not await ReviewEvent.exists()


async def test_recharges_and_held_items_stand_in_the_same_queue_and_lead_to_their_pages(
    world: World, home: Property
) -> None:
    made, _ = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    await post(made.asha, made.id, "readings", item=HOB, condition="G")
    (row,) = await Held.select(Held.id)
    page = (await dina.get("/review")).text
    assert f"/inspections/{made.id}/comparison#h-proposal" in page and f"/held/{row['id']}" in page
    assert "Recharge proposed" in page or "recharge proposed" in page
    assert "things worse than before" in page
    for words in ("Inspections 2", "Recharges 1", "Held 1", "All 4"):
        assert words in page
    only = (await dina.get("/review?kind=held")).text
    assert f"/held/{row['id']}" in only and str(made.id) not in only


async def test_the_oldest_stand_first_and_pages_follow(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspections import review_queue

    monkeypatch.setattr(review_queue, "PAGE", 2)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    ids = [await unclean(asha, home) for _ in range(3)]
    first, second = (await dina.get("/review")).text, (await dina.get("/review?page=2")).text
    assert re.findall(r"/inspections/([0-9a-f-]{36})/review", first) == [str(id) for id in ids[:2]]
    assert re.findall(r"/inspections/([0-9a-f-]{36})/review", second) == [str(ids[2])]
