"""Visits through the front door: who may see one, what happens to it, and what comes too late."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.pages import LONDON
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.properties import homes
from visits.tables import Visit, VisitEvent, VisitPhoto

SHA = hashlib.sha256(b"a door").hexdigest()


@pytest.fixture
async def home(world: World) -> Property:
    return await homes.home("22 Saltmarsh Road", team=world.teams["north"].id)


async def planned(world: World, home: Property, officer: str = "asha", hours: float = 1) -> UUID:
    visit_id, now = uuid7(), datetime.now(UTC)
    person = world.people[officer]
    await Visit.objects().create(
        id=visit_id, property=home.id, purpose="void-inspection", officer=person.id, team=person.team,
        planned_for=now + timedelta(hours=hours), expected_minutes=45, created_by=person.id, captured_at=now,
        received_at=now,
    )  # fmt: skip
    return visit_id


def plan(home: Property, by: UUID, **other: Any) -> dict[str, Any]:
    tomorrow = datetime.now(LONDON).date() + timedelta(days=1)
    return {
        "id": str(uuid7()), "property": str(home.id), "purpose": "void-inspection", "officer": str(by),
        "day": tomorrow.isoformat(), "time": "10:30", "minutes": "45", "note": "", **other,
    }  # fmt: skip


async def happened(visit_id: UUID) -> list[str]:
    rows = (
        await VisitEvent.select(VisitEvent.what)
        .where(VisitEvent.visit == visit_id)
        .order_by(VisitEvent.received_at)
    )
    return [row["what"] for row in rows]


async def test_an_officer_plans_a_visit_and_finds_it_in_their_list(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data = plan(home, world.asha.id)
    answer = await client.post("/visits", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/visits/{data['id']}")
    page = (await client.get("/visits")).text
    assert "22 Saltmarsh Road" in page
    assert "Tomorrow" in page
    assert "10:30" in page


async def test_the_same_plan_sent_twice_is_one_visit(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data, again = plan(home, world.asha.id), {"Command-Id": str(uuid7())}
    first = await client.post("/visits", data=data, headers=again)
    second = await client.post("/visits", data=data, headers=again)
    assert first.status_code == second.status_code == 303
    assert "replayed=1" in second.headers["receipt"]
    assert await Visit.count() == 1


async def test_a_visit_planned_again_under_its_own_id_is_refused(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    data = plan(home, world.asha.id)
    await client.post("/visits", data=data)
    assert (await client.post("/visits", data=data)).status_code == 422
    assert await Visit.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("minutes", "0", 422), ("minutes", "many", 422), ("minutes", "9223372036854775808", 422),
        ("time", "25:00", 422), ("day", "2026-02-31", 422), ("day", "2020-01-01", 422), ("day", "9999-01-01", 422),
        ("purpose", "party", 422), ("officer", "not-an-id", 422), ("note", "x" * 4001, 422),
        ("surprise", "1", 400), ("note", "\0", 400),
    ],
)  # fmt: skip
async def test_a_plan_with_a_mistake_stores_nothing(
    world: World, home: Property, field: str, value: str, status: int
) -> None:
    client = await world.sign_in("asha")
    answer = await client.post("/visits", data=plan(home, world.asha.id, **{field: value}))
    assert answer.status_code == status
    assert await Visit.count() == await Receipt.count() == 0


async def test_nobody_plans_for_another_team_nor_to_no_home(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    refused = await client.post("/visits", data=plan(home, world.carol.id))
    assert (refused.status_code, "Choose somebody of your team." in refused.text) == (422, True)
    assert (await client.post("/visits", data=plan(home, world.asha.id, property=str(uuid7())))).status_code == 404


async def test_a_manager_plans_for_an_officer_of_the_team(world: World, home: Property) -> None:
    client = await world.sign_in("dina")
    assert (await client.post("/visits", data=plan(home, world.ben.id))).status_code == 303
    assert "22 Saltmarsh Road" in (await (await world.sign_in("ben")).get("/visits")).text


async def test_another_teams_visit_is_nowhere_to_be_found(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    nothing = await (await world.sign_in("asha")).get(f"/visits/{uuid7()}")
    for name in ("carol", "marek"):
        client = await world.sign_in(name)
        for address in (f"/visits/{visit_id}", f"/visits/{visit_id}/photos/{SHA}"):
            answer = await client.get(address)
            assert answer.status_code == 404
        for action, data in (("start", {}), ("finish", {"outcome": "done"}), ("cancel", {"note": "x"}),
                             ("officer", {"officer": str(world.people[name].id)}),
                             ("photos", {"id": str(uuid7()), "sha256": SHA})):  # fmt: skip
            assert (await client.post(f"/visits/{visit_id}/{action}", data=data)).status_code == 404
        assert str(visit_id) not in (await client.get("/visits?whose=team")).text
        assert str(visit_id) not in (await client.get(f"/properties/{home.id}/visits")).text
    assert "We cannot find that." in nothing.text
    assert await happened(visit_id) == []


@pytest.mark.parametrize("name", ["ade", "callum"])
async def test_roles_that_never_visit_are_told_so(world: World, home: Property, name: str) -> None:
    client, visit_id = await world.sign_in(name), await planned(world, home)
    assert (await client.get("/visits")).status_code == 403
    assert (await client.get(f"/visits/{visit_id}")).status_code == 403
    assert (await client.post(f"/visits/{visit_id}/start")).status_code == 403


async def test_the_team_sees_each_others_visits_and_a_manager_sees_them_first(
    world: World, home: Property
) -> None:
    visit_id = await planned(world, home)
    ben, dina = await world.sign_in("ben"), await world.sign_in("dina")
    assert str(visit_id) not in (await ben.get("/visits")).text
    assert str(visit_id) in (await ben.get("/visits?whose=team")).text
    assert (await ben.get(f"/visits/{visit_id}")).status_code == 200
    assert str(visit_id) in (await dina.get("/visits")).text


async def test_a_visit_is_started_then_finished_and_sinks_to_the_end(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    started = await client.post(f"/visits/{visit_id}/start", headers={"HX-Request": "true"})
    assert started.status_code == 200
    assert f"/properties/{home.id}/inspections/new?visit={visit_id}&amp;kind=void" in started.text
    finished = await client.post(
        f"/visits/{visit_id}/finish", data={"outcome": "done"}, headers={"HX-Request": "true"}
    )
    assert "Finished" in finished.text
    assert await happened(visit_id) == ["started", "finished"]
    assert (
        "1 done" in (await client.get("/visits")).text or "No visits today" in (await client.get("/visits")).text
    )


async def test_pressed_on_two_phones_a_visit_is_started_once(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    for _ in range(2):
        assert (await client.post(f"/visits/{visit_id}/start")).status_code == 303
    assert await happened(visit_id) == ["started"]


async def test_no_access_keeps_the_reason_and_says_a_promised_photo_is_not_here(
    world: World, home: Property
) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    data = {"outcome": "no-access", "reason": "nobody-in", "door": "taken", "note": ""}
    assert (await client.post(f"/visits/{visit_id}/finish", data=data)).status_code == 303
    page = (await client.get(f"/visits/{visit_id}")).text
    assert "Nobody in" in page
    assert "Taken, but not here yet" in page


async def test_the_next_visit_after_two_without_access_is_the_third_try(world: World, home: Property) -> None:
    client = await world.sign_in("asha")
    for hours in (-3, -2):
        earlier = await planned(world, home, hours=hours)
        data = {"outcome": "no-access", "reason": "nobody-in", "door": "taken"}
        await client.post(f"/visits/{earlier}/finish", data=data)
    assert "try 3" in (await client.get(f"/visits/{await planned(world, home)}")).text


@pytest.mark.parametrize(
    ("data", "field"),
    [({"outcome": "no-access"}, "reason"), ({"outcome": "could-not-finish"}, "note"), ({}, "outcome"),
     ({"outcome": "no-access", "reason": "refused", "door": "none"}, "note"), ({"outcome": "gone"}, "outcome")],
)  # fmt: skip
async def test_an_ending_with_a_mistake_is_refused_and_nothing_happens(
    world: World, home: Property, data: dict[str, str], field: str
) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    answer = await client.post(f"/visits/{visit_id}/finish", data=data)
    assert (answer.status_code, f'data-field="{field}"' in answer.text or field in answer.text) == (422, True)
    assert await happened(visit_id) == []


async def late(client: httpx.AsyncClient, visit_id: UUID, action: str, **data: str) -> str:
    answer = await client.post(f"/visits/{visit_id}/{action}", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "outcome=held" in answer.headers["receipt"]
    return answer.text


async def test_starting_a_visit_that_was_cancelled_meanwhile_is_held(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    assert (await dina.post(f"/visits/{visit_id}/cancel", data={"note": "Keys not back"})).status_code == 303
    assert "already cancelled by Dina Test" in await late(asha, visit_id, "start")
    (row,) = await Held.select()
    assert row["reason"].startswith("This visit was already cancelled")
    assert await happened(visit_id) == ["cancelled"]


async def test_finishing_a_visit_that_was_given_away_meanwhile_is_held(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    assert (await dina.post(f"/visits/{visit_id}/officer", data={"officer": str(world.ben.id)})).status_code == 303
    assert "This visit is Ben Test’s now." in await late(asha, visit_id, "finish", outcome="done", note="All well")
    (row,) = await Held.select()
    assert row["body"] == b"outcome=done&note=All+well"


async def test_late_news_of_a_visit_given_out_of_ones_sight_is_held_not_lost(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    now = datetime.now(UTC)
    await VisitEvent.objects().create(
        visit=visit_id, what="given", by=world.dina.id, by_name="Dina Test", given_from=world.asha.id,
        given_to=world.carol.id, captured_at=now, received_at=now,
    )  # fmt: skip
    await Visit.update({Visit.officer: world.carol.id, Visit.team: world.teams["south"].id}).where(
        Visit.id == visit_id
    )
    asha = await world.sign_in("asha")
    assert (await asha.get(f"/visits/{visit_id}")).status_code == 404
    assert "Kept for the office" in await late(asha, visit_id, "start")


async def test_finishing_twice_keeps_the_first_and_holds_the_second(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "done"})
    assert "already finished" in await late(client, visit_id, "finish", outcome="not-needed")
    (event,) = await VisitEvent.select()
    assert event["outcome"] == "done"


async def test_the_office_is_refused_a_change_that_comes_too_late(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await asha.post(f"/visits/{visit_id}/start")
    cancel = await dina.post(f"/visits/{visit_id}/cancel", data={"note": "Not today"})
    give = await dina.post(f"/visits/{visit_id}/officer", data={"officer": str(world.ben.id)})
    assert (cancel.status_code, give.status_code) == (422, 422)
    assert "already started by Asha Test" in cancel.text
    assert (await dina.post(f"/visits/{visit_id}/cancel", data={"note": ""})).status_code == 422
    assert await happened(visit_id) == ["started"]


async def test_a_visit_is_taken_over_and_then_done_by_whoever_has_it(world: World, home: Property) -> None:
    visit_id = await planned(world, home)
    ben = await world.sign_in("ben")
    assert "Take over this visit" in (await ben.get(f"/visits/{visit_id}")).text
    assert (await ben.post(f"/visits/{visit_id}/officer", data={"officer": str(world.ben.id)})).status_code == 303
    assert (await ben.post(f"/visits/{visit_id}/start")).status_code == 303
    assert await happened(visit_id) == ["given", "started"]
    refused = await ben.post(f"/visits/{visit_id}/officer", data={"officer": str(world.carol.id)})
    assert refused.status_code == 422


async def test_two_finishes_at_the_same_time_end_a_visit_once(world: World, home: Property) -> None:
    import asyncio

    visit_id = await planned(world, home)
    clients = [await world.sign_in("asha") for _ in range(4)]
    answers = await asyncio.gather(
        *(client.post(f"/visits/{visit_id}/finish", data={"outcome": "done"}) for client in clients)
    )
    assert sorted("outcome=held" in answer.headers["receipt"] for answer in answers) == [False, True, True, True]
    assert await happened(visit_id) == ["finished"]


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


@pytest.mark.parametrize(
    "wrong", [{"sha256": "../../etc/passwd"}, {"sha256": SHA.upper()}, {"latitude": "91", "longitude": "0"}]
)
async def test_a_photo_with_a_mistake_is_not_attached(world: World, home: Property, wrong: dict[str, str]) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    answer = await client.post(f"/visits/{visit_id}/photos", data={"id": str(uuid7()), "sha256": SHA, **wrong})
    assert answer.status_code == 422
    assert await VisitPhoto.count() == 0


async def test_a_door_photo_is_shown_to_the_team_and_only_through_its_visit(world: World, home: Property) -> None:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (640, 480), "#2b6f78").save(out, "JPEG")
    data, sha = out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    other = await planned(world, home)
    headers = {"Content-Type": "image/jpeg"}
    assert (await client.put(f"/media/photos/{sha}", content=data, headers=headers)).status_code == 201
    tile = await client.post(f"/visits/{visit_id}/photos", data={"id": str(uuid7()), "sha256": sha},
                             headers={"HX-Request": "true"})  # fmt: skip
    assert "Received" in tile.text
    ben = await world.sign_in("ben")
    seen = await ben.get(f"/visits/{visit_id}/photos/{sha}?size=400")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert (await ben.get(f"/visits/{visit_id}/photos/{sha}?size=5000")).status_code == 404
    assert (await ben.get(f"/visits/{other}/photos/{sha}")).status_code == 404


async def test_warnings_are_coded_tags_before_the_start_and_never_their_words(
    world: World, home: Property
) -> None:
    await PersonAlert.objects().create(
        property=home.id, code="10", text="Threw a chair at Ben", owner=world.dina.id,
        review_on=datetime.now(UTC).date(), added_at=datetime.now(UTC),
    )  # fmt: skip
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    page = (await client.get(f"/visits/{visit_id}")).text
    assert page.index("Two people") < page.index("Start visit")
    for text in (
        page,
        (await client.get("/visits")).text,
        (await client.get(f"/visits/new?property={home.id}")).text,
    ):
        assert "Two people" in text
        assert "chair" not in text


async def test_a_visit_left_from_yesterday_is_still_in_sight(world: World, home: Property) -> None:
    visit_id = await planned(world, home, hours=-30)
    client = await world.sign_in("asha")
    page = (await client.get("/visits")).text
    assert "Not finished" in page
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "not-needed"})
    assert "Not finished" not in (await client.get("/visits")).text


async def test_pages_for_no_signal_are_kept_with_the_inspection_they_lead_to(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    page = await client.get(f"/visits/{visit_id}")
    assert page.headers["doorstep-keep"] == "24h"
    assert f'<link rel="keep" href="/properties/{home.id}/inspections/blank/void">' in page.text


async def test_a_property_page_is_given_its_visits_and_an_administrator_a_sentence(
    world: World, home: Property
) -> None:
    visit_id = await planned(world, home)
    rows = await (await world.sign_in("asha")).get(f"/properties/{home.id}/visits", headers={"HX-Request": "true"})
    assert str(visit_id) in rows.text
    assert "<html" not in rows.text
    ade = await (await world.sign_in("ade")).get(f"/properties/{home.id}/visits")
    assert (ade.status_code, str(visit_id) in ade.text) == (200, False)


@pytest.mark.parametrize(
    "wanted", ["", "?property=", "?property=nonsense", "?property=00000000-0000-7000-8000-000000000000"]
)
async def test_planning_for_a_home_that_is_not_there_is_not_found(world: World, wanted: str) -> None:
    answer = await (await world.sign_in("asha")).get(f"/visits/new{wanted}")
    assert answer.status_code == (200 if wanted in ("", "?property=") else 404)


async def test_what_is_typed_is_shown_as_typed(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    note = "<script>alert(1)</script> {{7*7}} ‮"
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "could-not-finish", "note": note})
    page = (await client.get(f"/visits/{visit_id}")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page
    assert "\u202e" not in page
