"""What happens to a visit, and what comes too late for one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from properties.tables import Property
from pwa.pages import time
from pwa.tables import Held
from tests.conftest import World
from tests.visits.making import happened, late, plan, planned
from visits.tables import Visit, VisitEvent


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
    visit_id = await planned(world, home)
    clients = [await world.sign_in("asha") for _ in range(4)]
    answers = await asyncio.gather(
        *(client.post(f"/visits/{visit_id}/finish", data={"outcome": "done"}) for client in clients)
    )
    assert sorted("outcome=held" in answer.headers["receipt"] for answer in answers) == [False, True, True, True]
    assert await happened(visit_id) == ["finished"]


async def test_the_list_leads_back_to_the_visit_under_way_in_the_words_of_today(
    world: World, home: Property
) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home, hours=0)
    assert "Open the visit" in (await client.get("/visits")).text
    await client.post(f"/visits/{visit_id}/start")
    assert "Back to the visit at 22 Saltmarsh Road" in (await client.get("/visits")).text


async def test_pages_for_no_signal_are_kept_with_the_inspection_they_lead_to(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    page = await client.get(f"/visits/{visit_id}")
    assert page.headers["doorstep-keep"] == "24h"
    assert f'<link rel="keep" href="/properties/{home.id}/inspections/blank/void">' in page.text


async def test_what_is_typed_is_shown_as_typed(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    note = "<script>alert(1)</script> {{7*7}} ‮"
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "could-not-finish", "note": note})
    page = (await client.get(f"/visits/{visit_id}")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page
    assert "\u202e" not in page


async def test_without_script_late_news_is_told_on_the_list_that_it_is_kept(world: World, home: Property) -> None:
    client, visit_id = await world.sign_in("asha"), await planned(world, home)
    await client.post(f"/visits/{visit_id}/finish", data={"outcome": "done"})
    again = await client.post(f"/visits/{visit_id}/finish", data={"outcome": "done", "note": "Again"})
    assert again.status_code == 303
    assert "What you sent is kept" in (await client.get(again.headers["location"])).text


async def test_a_phone_with_a_wrong_clock_is_said_to_have_one_and_plans_all_the_same(
    world: World, home: Property
) -> None:
    client = await world.sign_in("asha")
    said = (datetime.now(UTC) + timedelta(days=365)).isoformat()
    client.headers.update({"Command-Captured-At": said, "Command-Sent-At": said})
    tomorrow = plan(home, world.asha.id)
    assert (await client.post("/visits", data=tomorrow)).status_code == 303
    visit = f"/visits/{tomorrow['id']}"
    await client.post(f"{visit}/start")
    await client.post(f"{visit}/finish", data={"outcome": "done"})
    page = (await client.get(visit)).text
    assert page.count("phone’s clock was wrong, received") == 3  # how it ended, and twice in what happened
    assert f"Finished {time(datetime.now(UTC))[:2]}" in page
