"""The main job by requests: start, read, find, photograph, complete, add."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from inspections.commands import seed_reference
from inspections.tables import Completion, Finding, Inspection, Phrase, Reading, Room
from people.tables import Person
from properties.tables import Property
from pwa.ids import uuid7
from pwa.pages import when
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.inspections.doing import HTMX, home, post, start

__all__ = ["home"]


async def test_an_inspection_has_a_room_for_each_bedroom(world: World, home: Property) -> None:
    id = await start(await world.sign_in("asha"), home)
    keys = {row["key"] for row in await Room.select(Room.key).where(Room.inspection == id)}
    assert {"bedroom-1", "bedroom-2", "kitchen", "outside", "meters"} <= keys


async def test_the_page_shows_every_room_and_its_items(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    page = await client.get(f"/inspections/{id}")
    assert page.status_code == 200, page.text
    assert "Kitchen" in page.text
    assert "Cooker and hob" in page.text
    assert page.headers["Doorstep-Keep"] == "24h"


async def test_a_reading_shows_as_the_items_state(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    response = await post(client, id, "readings", item="kitchen_hob", condition="G", cleanliness="dusty")
    assert response.status_code == 200, response.text
    assert "Good, dusty" in response.text
    assert response.headers["receipt"].startswith("id=")
    assert await Reading.count() == 1


async def test_all_satisfactory_leaves_what_was_already_read(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    await post(client, id, "readings", item="kitchen_hob", condition="V")
    response = await post(client, id, "rooms/satisfactory", room="kitchen")
    assert response.status_code == 200, response.text
    hob = await Reading.select().where(Reading.item == "kitchen_hob")
    others = await Reading.select().where(Reading.item != "kitchen_hob")
    assert [row["condition"] for row in hob] == ["V"]
    assert {row["condition"] for row in others} == {"G"}
    assert len(others) == 10


async def test_a_number_is_never_satisfactory_unread(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    await post(client, id, "rooms/satisfactory", room="meters")
    assert await Reading.count() == 0


@pytest.mark.parametrize(
    ("item", "value"),
    [("meters_electric", "banana"), ("meters_keys", "٣"), ("safety_smoke", "1e309"), ("kitchen_hob", "5")],
)
async def test_a_number_is_refused_by_what_its_item_is_and_nothing_is_kept(
    world: World, home: Property, item: str, value: str
) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    response = await post(client, id, "readings", item=item, value=value, answer="yes")
    assert response.status_code == 422
    assert 'data-field="value"' in response.text
    assert not await Reading.exists()


async def test_which_keys_they_are_is_kept_beside_how_many(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    note = "2 front door, 1 street door fob"
    assert "3" in (await post(client, id, "readings", item="meters_keys", value="3", note=note)).text
    assert note in (await client.get(f"/inspections/{id}/items/meters_keys")).text
    page = (await client.get(f"/inspections/{id}")).text
    assert f"&#34;note&#34;: &#34;{note}&#34;" in page
    await post(client, id, "complete", reason="Had to leave")
    assert f'<p class="notes">{note}</p>' in (await client.get(f"/inspections/{id}")).text


async def test_two_officers_answers_are_both_kept_and_shown(world: World, home: Property) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    id = await start(asha, home)
    await post(asha, id, "readings", item="kitchen_hob", condition="G")
    response = await post(ben, id, "readings", item="kitchen_hob", condition="P")
    assert "2 answers" in response.text
    page = (await asha.get(f"/inspections/{id}")).text
    assert "Two officers say different things" in page


async def test_of_an_item_read_again_and_again_each_officers_last_answer_counts(
    world: World, home: Property
) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    id = await start(asha, home)
    turns = [
        (asha, "kitchen_hob", "G", "Good"),
        (ben, "kitchen_hob", "F", "2 answers"),
        (asha, "kitchen_hob", "F", "Fair"),
        (asha, "kitchen_walls", "P", "Poor"),
        (ben, "kitchen_hob", "P", "2 answers"),
        (asha, "kitchen_hob", "P", "Poor"),
    ]
    for officer, item, condition, said in turns:
        assert f"{said}</span>" in (await post(officer, id, "readings", item=item, condition=condition)).text


async def test_a_hazard_needs_what_was_seen_and_what_is_suspected(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    bare = {"id": str(uuid7()), "item": "kitchen_walls", "what": "hazard", "severity": "significant"}
    response = await post(client, id, "findings", **bare)
    assert response.status_code == 422
    assert 'data-field="hazard"' in response.text
    assert 'data-field="note"' in response.text
    response = await post(client, id, "findings", **bare, hazard="11", note="Damp patch, 60 cm")
    assert response.status_code == 200, response.text
    assert "Damp and mould growth suspected" in response.text


async def test_a_changed_finding_is_a_new_version_under_the_same_id(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id, finding = await start(client, home), str(uuid7())
    data = {"id": finding, "item": "kitchen_hob", "what": "damaged", "severity": "minor", "cost": "45.50"}
    await post(client, id, "findings", **data)
    await post(client, id, "findings", **{**data, "severity": "significant"})
    assert await Finding.count() == 2
    page = (await client.get(f"/inspections/{id}")).text
    assert page.count("£45.50") == 1


async def test_a_finding_taken_back_is_out_of_sight_and_in_the_history(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id, finding = await start(client, home), str(uuid7())
    told = {"item": "kitchen_hob", "what": "damaged", "severity": "minor", "note": "What is wrong with it. " * 5}
    await post(client, id, "findings", id=finding, **told)
    response = await post(client, id, "findings/withdraw", finding=finding)
    assert response.status_code == 200, response.text
    assert "What is wrong with it" not in (await client.get(f"/inspections/{id}")).text
    assert await Finding.count() == 2


async def test_what_is_answered_yes_or_no_is_asked_as_a_question(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    page = (await client.get(f"/inspections/{id}/items/occupancy_seen")).text
    assert "Is this so?" in page
    assert "Who lives here?" not in page


async def test_completing_says_in_words_what_is_missing(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    response = await post(client, id, "complete")
    assert response.status_code == 422
    assert "Who lives here: nothing seen yet" in response.text
    assert await Completion.count() == 0


async def test_it_completes_with_a_reason_and_keeps_what_was_missing(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    response = await post(client, id, "complete", reason="Nobody let me in", photos="a" * 64)
    assert response.status_code == 200, response.text
    (row,) = await Completion.select()
    assert row["reason"] == "Nobody let me in"
    assert "Who lives here: nothing seen yet" in row["missing"]
    assert row["promised"] == "a" * 64


async def test_the_office_sees_how_many_promised_photos_are_here(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    await post(client, id, "photos", id=str(uuid7()), sha256="a" * 64, item="occupancy_seen")
    await post(client, id, "complete", reason="Nobody let me in", photos=f"{'a' * 64} {'b' * 64}")
    page = (await (await world.sign_in("dina")).get(f"/inspections/{id}")).text
    assert "0 of 2 photos received" in page
    assert "2 still on a phone" in page


async def test_it_completes_with_no_reason_when_nothing_is_missing(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    await post(client, id, "rooms/satisfactory", room="occupancy")
    await post(client, id, "rooms/satisfactory", room="safety")
    response = await post(client, id, "complete")
    assert response.status_code == 200, response.text


async def test_what_comes_after_completion_is_held_for_the_office(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    await post(client, id, "complete", reason="Had to leave")
    response = await post(client, id, "readings", item="kitchen_hob", condition="G")
    assert response.status_code == 200
    assert "outcome=held" in response.headers["receipt"]
    (row,) = await Held.select()
    assert b"kitchen_hob" in row["body"]
    assert await Reading.count() == 0


async def test_later_words_are_addenda(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    await post(client, id, "complete", reason="Had to leave")
    response = await post(client, id, "addenda", text="The key was in the safe after all.")
    assert response.status_code == 200, response.text
    assert "The key was in the safe after all." in (await client.get(f"/inspections/{id}")).text


async def test_last_times_condition_stands_beside_the_new_one(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    first = await start(client, home)
    await post(client, first, "readings", item="kitchen_hob", condition="G", note="Scratch at the front")
    await post(client, first, "complete", reason="Test")
    second = await start(client, home, kind="move-out")
    page = (await client.get(f"/inspections/{second}")).text
    assert "Last time" in page
    assert "Scratch at the front" in page


@pytest.mark.parametrize("name", ["carol", "marek"])
async def test_another_team_does_not_find_it(world: World, home: Property, name: str) -> None:
    id = await start(await world.sign_in("asha"), home)
    stranger = await world.sign_in(name)
    there, nowhere = await stranger.get(f"/inspections/{id}"), await stranger.get(f"/inspections/{uuid7()}")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text
    assert (await post(stranger, id, "readings", item="kitchen_hob", condition="G")).status_code == 404


async def test_an_added_room_has_items_of_its_kind(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    response = await post(client, id, "rooms", id=str(uuid7()), kind="other", label="Box room")
    assert response.status_code == 200, response.text
    page = (await client.get(f"/inspections/{id}")).text
    assert "Box room" in page


async def test_a_room_that_is_not_there_asks_for_nothing(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home, kind="occupancy-check")
    await post(client, id, "rooms/change", room="safety", there="no")
    await post(client, id, "rooms/satisfactory", room="occupancy")
    assert (await post(client, id, "complete")).status_code == 200


async def test_an_inspection_of_nowhere_is_not_started(world: World) -> None:
    await seed_reference()
    client = await world.sign_in("asha")
    data = {"id": str(uuid7()), "property": str(uuid7()), "kind": "void"}
    assert (await client.post("/inspections", data=data, headers=HTMX)).status_code == 404
    assert await Inspection.count() == 0


async def test_the_blank_page_carries_the_placeholder_id_alone(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    page = await client.get(f"/properties/{home.id}/inspections/blank/void")
    assert page.status_code == 200, page.text
    assert "/inspections/00000000-0000-7000-8000-000000000000/readings" in page.text


async def test_a_short_note_is_offered_to_its_author_at_once_and_to_the_team_after_three_homes(
    world: World, home: Property
) -> None:
    asha, ben, carol = await world.sign_in("asha"), await world.sign_in("ben"), await world.sign_in("carol")
    words = "Mr Plum has the spare key"
    finding = {"item": "kitchen_sink", "what": "repair", "severity": "minor", "note": words}

    async def offered(client: httpx.AsyncClient) -> bool:
        return words in (await client.get(f"/properties/{home.id}/inspections/blank/void")).text

    async def used_in(place: Property, client: httpx.AsyncClient) -> None:
        await post(client, await start(client, place), "findings", id=str(uuid7()), **finding)

    for _ in range(3):
        await used_in(home, asha)
    assert await offered(asha)
    assert not await offered(ben), "three uses in one home are one home's words"
    for number in (1, 2):
        assert not await offered(ben)
        other = {**home.to_dict(), "id": uuid7(), "uprn": f"90000000010{number}"}
        await used_in(await Property.objects().create(**other), asha)
    assert await offered(ben)
    assert not await offered(carol)


async def test_what_an_officer_without_a_team_writes_is_offered_to_nobody_else(
    world: World, home: Property
) -> None:
    await Person.update({Person.team: None}).where(Person.id == world.asha.id)
    asha, words = await world.sign_in("asha"), "Mr Plum has the spare key"
    finding = {"item": "kitchen_sink", "what": "repair", "severity": "minor"}
    id = await start(asha, home)
    first = await Phrase.select(Phrase.text).where(Phrase.team.is_null() & (Phrase.what == "repair")).first()
    for note in (words, first["text"]):
        await post(asha, id, "findings", id=str(uuid7()), **finding, note=note)
    assert words in (await asha.get(f"/properties/{home.id}/inspections/blank/void")).text
    theirs = await (await world.sign_in("carol")).get(f"/properties/{home.id}/inspections/blank/void")
    assert words not in theirs.text
    again = await Phrase.select(Phrase.uses).where(Phrase.team.is_null() & (Phrase.text == first["text"])).first()
    assert again["uses"] == 0, "what everybody is offered stays so"


async def test_attributes_of_the_forms_are_whole(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    page = (await client.get(f"/inspections/{id}")).text
    assert f'data-draft="reading-{id}-CLONE-KEY"' in page
    assert 'class="finding-form"' in page
    assert "&#34;finding" not in page


async def test_first_phrases_are_offered_to_every_team(world: World, home: Property) -> None:
    client = await world.sign_in("carol")
    id = await start(client, home)
    assert "Damp patch with black mould" in (await client.get(f"/inspections/{id}")).text


@pytest.mark.parametrize(
    ("use", "asked", "chosen"),
    [
        ("temporary", "", ["occupied"]),
        ("general", "", []),
        ("temporary", "?kind=void", ["void"]),
        ("general", "?kind=move-out", ["move-out"]),
        ("general", "?kind=nonsense", []),
    ],
)
async def test_the_kind_is_chosen_beforehand_only_where_it_is_clear(
    world: World, home: Property, use: str, asked: str, chosen: list[str]
) -> None:
    await Property.update({Property.use: use}).where(Property.id == home.id)
    client = await world.sign_in("asha")
    page = (await client.get(f"/properties/{home.id}/inspections/new{asked}")).text
    radios = re.findall(r'<input[^>]*name="kind"[^>]*>', page)
    assert [re.findall('value="([^"]*)"', one)[0] for one in radios if " checked" in one] == chosen
    assert all(" required" in one for one in radios)


async def test_a_second_tap_on_start_begins_one_inspection(world: World, home: Property) -> None:
    client, id = await world.sign_in("asha"), uuid7()
    data = {"id": str(id), "property": str(home.id), "kind": "void"}
    first = await client.post("/inspections", data=data, headers=HTMX)
    second = await client.post("/inspections", data=data, headers=HTMX)
    assert (first.status_code, second.status_code) == (200, 200)
    assert await Inspection.count() == 1
    assert await Room.count() == len({row["key"] for row in await Room.select(Room.key)})


async def test_an_inspection_with_somebody_elses_number_is_held(world: World, home: Property) -> None:
    id = await start(await world.sign_in("asha"), home)
    client = await world.sign_in("ben")
    data = {"id": str(id), "property": str(home.id), "kind": "void"}
    response = await client.post("/inspections", data=data, headers=HTMX)
    assert "outcome=held" in response.headers["receipt"]
    assert await Held.count() == 1


async def test_the_same_room_sent_twice_is_one_room(world: World, home: Property) -> None:
    client, room = await world.sign_in("asha"), str(uuid7())
    id = await start(client, home)
    for _ in range(2):
        await post(client, id, "rooms", id=room, kind="other", label="Box room")
    assert await Room.count().where(Room.key == f"room-{room}") == 1


async def test_an_empty_reading_changes_nothing(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    id = await start(client, home)
    assert (await post(client, id, "readings", item="kitchen_hob")).status_code == 422
    assert await Reading.count() == 0


async def test_what_an_officer_who_changed_team_sends_late_is_held(world: World, home: Property) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    id = await start(asha, home)
    await post(ben, id, "readings", item="kitchen_hob", condition="G")
    await Person.update({Person.team: world.teams["south"].id}).where(Person.id == world.ben.id)
    response = await post(ben, id, "readings", item="kitchen_sink", condition="P")
    assert response.status_code == 200
    assert "outcome=held" in response.headers["receipt"]
    assert "not with your team any more" in response.text
    assert "Cooker and hob" not in response.text
    assert (await ben.get(f"/inspections/{id}")).status_code == 404


async def test_last_time_is_only_what_the_person_may_see(world: World, home: Property) -> None:
    asha, carol = await world.sign_in("asha"), await world.sign_in("carol")
    first = await start(asha, home)
    await post(asha, first, "readings", item="kitchen_hob", condition="G", note="Seen by the north team")
    await post(asha, first, "complete", reason="Test")
    second = await start(carol, home)
    assert "Seen by the north team" not in (await carol.get(f"/inspections/{second}")).text


async def test_completing_waits_for_what_is_being_added(world: World, home: Property) -> None:
    """Twenty readings and the completion at once: each reading is in it or held, none after it."""
    client = await world.sign_in("asha")
    id = await start(client, home)
    adding = [post(client, id, "readings", item="kitchen_hob", condition="G") for _ in range(20)]
    answers = await asyncio.gather(*adding, post(client, id, "complete", reason="Had to leave"))
    held = sum("outcome=held" in answer.headers["receipt"] for answer in answers)
    (end,) = await Completion.select()
    late = await Receipt.count().where((Receipt.outcome == "done") & (Receipt.note == "reading"))
    assert await Reading.count() == 20 - held == late
    assert end["reason"] == "Had to leave"


def by_a_clock(days: int) -> dict[str, str]:
    """Headers of a phone whose clock is so many days ahead."""
    said = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    return {"Command-Captured-At": said, "Command-Sent-At": said}


@pytest.mark.parametrize("days", [365, -365])
async def test_a_phones_wrong_clock_puts_nothing_first_and_hides_nothing_from_last_time(
    world: World, home: Property, days: int
) -> None:
    client = await world.sign_in("asha")
    client.headers.update(by_a_clock(days))
    wrong = await start(client, home)
    await post(client, wrong, "readings", item="kitchen_hob", condition="P", cleanliness="clean")
    await post(client, wrong, "findings", id=str(uuid7()), item="kitchen_hob", what="damaged", severity="minor")
    await post(client, wrong, "complete", reason="Only the hob")
    for name in by_a_clock(0):
        del client.headers[name]
    second = await start(client, home)
    rows = (await client.get("/inspections")).text
    assert rows.index(str(second)) < rows.index(str(wrong))
    assert "phone’s clock was wrong, received" in rows
    page = (await client.get(f"/inspections/{second}")).text
    assert "Last time," in page
    assert "phone’s clock was wrong: <b>Poor" in page
    summary = (await client.get(f"/inspections/{wrong}")).text
    now = f"about {when(datetime.now(UTC))[:10]}"
    for part in ("Completed.", 'class="card finding', "Started "):
        assert "phone’s clock was wrong, received" in summary.split(part)[1][:900], part
    assert now in summary


async def test_a_phone_that_is_behind_hides_no_inspection_from_last_time(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    first = await start(client, home)
    await post(client, first, "readings", item="kitchen_hob", condition="P", cleanliness="clean")
    await post(client, first, "complete", reason="Only the hob")
    client.headers.update(by_a_clock(-365))
    assert "Last time" in (await client.get(f"/inspections/{await start(client, home)}")).text
