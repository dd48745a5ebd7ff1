from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from properties import queries
from properties.cards import tags
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.properties.homes import NOW, home
from tests.properties.test_search import signed_in

CANARY = "canary-7f3a threatened an officer"
REVIEW = (datetime.now(UTC) + timedelta(days=60)).date()


async def warned(world: World, code: str = "10", owner: str = "ben", text: str = CANARY) -> tuple[Property, str]:
    it = await home(team=world.asha.team)
    made = uuid7()
    await PersonAlert.insert(
        PersonAlert(
            id=made,
            property=it.id,
            code=code,
            text=text,
            owner=getattr(world, owner).id,
            review_on=REVIEW,
            added_at=NOW,
        )
    )
    return it, str(made)


async def test_an_officer_adds_a_warning_and_every_officer_sees_its_tag(world: World) -> None:
    it = await home(team=world.asha.team)
    asha = await world.sign_in("asha")
    data = {"code": "10", "text": CANARY, "review_on": REVIEW.isoformat()}
    answer = await asha.post(f"/properties/{it.id}/warnings", data=data)
    assert answer.status_code == 303
    assert CANARY in (await asha.get(answer.headers["location"])).text
    for name in ("asha", "carol", "dina", "marek"):
        client = await world.sign_in(name)
        for path in ("/properties", f"/properties/{it.id}", "/properties?q=salt"):
            page = (await client.get(path)).text
            assert "Two people" in page
            assert "canary" not in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
async def test_the_words_are_in_no_byte_of_any_page_for_those_who_may_not_read_them(
    world: World, headers: dict[str, str]
) -> None:
    it, warning = await warned(world)
    paths = [
        "/properties",
        "/properties?q=threatened",
        "/properties?q=saltmarsh",
        f"/properties/{it.id}",
        f"/properties/{it.id}/warnings",
        f"/properties/{it.id}/history",
        f"/properties/{it.id}/edit",
        f"/properties/{it.id}/certificates",
        "/properties/export.csv",
        "/properties/import",
        "/properties/new",
        f"/properties/{it.id}/warnings/{warning}/end",
    ]
    for name in ("carol", "marek", "ade", "callum", "fred"):
        client = await world.sign_in(name)
        for path in paths:
            answer = await client.get(path, headers=headers)
            assert b"canary" not in answer.content, f"{name} reads the warning at {path}"
        posted = await client.post(f"/properties/{it.id}/warnings", data={"code": "x"}, headers=headers)
        assert b"canary" not in posted.content


async def test_administrators_and_contractors_are_not_told_that_there_is_a_warning(world: World) -> None:
    it, _ = await warned(world)
    ade = await world.sign_in("ade")
    for path in ("/properties", f"/properties/{it.id}"):
        assert "Two people" not in (await ade.get(path)).text
    assert (await ade.get(f"/properties/{it.id}/warnings")).status_code == 403
    assert (await (await world.sign_in("callum")).get(f"/properties/{it.id}/warnings")).status_code == 403


async def test_the_page_the_phone_keeps_never_holds_the_words(world: World) -> None:
    it, _ = await warned(world, owner="asha")
    asha = await world.sign_in("asha")
    kept = await asha.get(f"/properties/{it.id}")
    assert kept.headers["Doorstep-Keep"] == "24h"
    assert "canary" not in kept.text
    told = await asha.get(f"/properties/{it.id}/warnings")
    assert "Doorstep-Keep" not in told.headers
    assert CANARY in told.text


async def test_another_team_is_told_whom_to_ask(world: World) -> None:
    it, _ = await warned(world)
    page = (await (await world.sign_in("carol")).get(f"/properties/{it.id}/warnings")).text
    assert "TA north holds the reason. Ask Ben Test or the office." in page
    assert "Add a warning" not in page
    assert "No longer true" not in page


async def test_whoever_looks_after_a_warning_reads_and_ends_it_whatever_their_team(world: World) -> None:
    it, warning = await warned(world, owner="carol")
    carol = await world.sign_in("carol")
    assert CANARY in (await carol.get(f"/properties/{it.id}/warnings")).text
    assert (await carol.post(f"/properties/{it.id}/warnings/{warning}/end")).status_code == 303
    row = await PersonAlert.objects().get(PersonAlert.id == warning)
    assert row is not None
    assert (row.ended_by, row.text) == (world.carol.id, CANARY)


async def test_an_ended_warning_leaves_every_screen(world: World) -> None:
    it, warning = await warned(world)
    asha = await world.sign_in("asha")
    fragment = await asha.post(f"/properties/{it.id}/warnings/{warning}/end", headers={"HX-Request": "true"})
    assert fragment.text.lstrip().startswith('<div id="warnings"')
    assert "No warnings" in fragment.text
    assert "Two people" not in (await asha.get("/properties")).text
    first = await PersonAlert.select().first()
    await asha.post(f"/properties/{it.id}/warnings/{warning}/end")
    assert await PersonAlert.select().first() == first


async def test_a_warning_is_ended_only_at_its_own_home_and_by_those_who_may(world: World) -> None:
    _, warning = await warned(world)
    other = await home("7 Osier Walk", team=world.asha.team)
    asha = await world.sign_in("asha")
    assert (await asha.post(f"/properties/{other.id}/warnings/{warning}/end")).status_code == 404
    assert (await asha.post(f"/properties/{other.id}/warnings/{uuid4()}/end")).status_code == 404
    row = await PersonAlert.objects().first()
    assert row is not None
    marek = await world.sign_in("marek")
    assert (await marek.post(f"/properties/{row.property}/warnings/{warning}/end")).status_code == 403
    assert row.ended_at is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "99"}, "Choose what to warn about."),
        ({"review_on": "2026-02-31"}, "Enter a real date"),
        ({"review_on": "2020-01-01"}, "Choose a day after today"),
        ({"review_on": ""}, "Enter a real date"),
        ({"code": "1", "text": ""}, "Write what an officer must know."),
        ({"text": "a" * 4001}, "Keep this under 4,000 characters."),
    ],
)
async def test_a_warning_with_a_mistake_is_not_stored_and_keeps_its_words(
    world: World, wrong: dict[str, str], sentence: str
) -> None:
    it = await home(team=world.asha.team)
    asha = await world.sign_in("asha")
    data = {"code": "10", "text": "He has a <big> dog", "review_on": REVIEW.isoformat(), **wrong}
    for headers in ({}, {"HX-Request": "true"}):
        answer = await asha.post(f"/properties/{it.id}/warnings", data=data, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
        if "text" not in wrong:
            assert "He has a &lt;big&gt; dog" in answer.text
    assert await PersonAlert.count() == 0


async def test_another_teams_officer_may_not_add_a_warning(world: World) -> None:
    it = await home(team=world.asha.team)
    data = {"code": "10", "text": "", "review_on": REVIEW.isoformat()}
    for name in ("carol", "marek", "ade", "callum"):
        answer = await (await world.sign_in(name)).post(f"/properties/{it.id}/warnings", data=data)
        assert answer.status_code == 403
    assert await PersonAlert.count() == 0


async def test_a_warning_sent_twice_under_one_id_is_one_warning(world: World) -> None:
    it = await home(team=world.asha.team)
    asha = await world.sign_in("asha")
    data = {"id": str(uuid7()), "code": "DOG", "review_on": REVIEW.isoformat()}
    for _ in range(2):
        assert (await asha.post(f"/properties/{it.id}/warnings", data=data)).status_code == 303
    assert await PersonAlert.count() == 1


async def test_the_words_are_not_in_the_record_of_events(world: World) -> None:
    it = await home(team=world.asha.team)
    asha = await world.sign_in("asha")
    data = {"code": "10", "text": CANARY, "review_on": REVIEW.isoformat()}
    await asha.post(f"/properties/{it.id}/warnings", data=data)
    (receipt,) = await Receipt.select()
    assert receipt["note"] == "added a warning, code 10"
    assert "canary" not in str(receipt)


async def test_reading_the_words_is_an_event_and_seeing_the_tag_is_none(world: World) -> None:
    it, _ = await warned(world)
    for name, events in (("carol", 0), ("asha", 1)):
        client = await world.sign_in(name)
        await client.get(f"/properties/{it.id}")
        await client.get(f"/properties/{it.id}/warnings")
        assert await Receipt.count() == events
    (event,) = await Receipt.select()
    assert (event["person"], event["note"]) == (world.asha.id, "read why there is a warning")
    assert event["path"] == f"/properties/{it.id}/warnings"


async def test_a_review_that_is_due_is_said(world: World) -> None:
    it, warning = await warned(world)
    await PersonAlert.update({PersonAlert.review_on: date(2026, 1, 5)}).where(PersonAlert.id == warning)
    page = (await (await world.sign_in("asha")).get(f"/properties/{it.id}/warnings")).text
    assert "Review was due Mon 5 Jan" in page
    assert "Is it still true?" in page


async def test_warnings_come_in_order_of_danger_and_a_lost_code_asks_the_office(world: World) -> None:
    it, _ = await warned(world, code="40")
    for code in ("GONE", "10-10", "10"):
        await PersonAlert.insert(
            PersonAlert(property=it.id, code=code, owner=world.ben.id, review_on=REVIEW, added_at=NOW)
        )
    found = await queries.warnings_for(signed_in(world, "asha"), it)
    assert [one.code.code for one in found] == ["10", "10-10", "40", "0"]
    assert [one.tag for one in tags(["40", "GONE", "10-10", "10"])] == [
        "Two people",
        "Ask the office",
        "Interpreter",
    ]
