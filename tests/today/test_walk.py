"""One walk: what the page of a visit says before the door, there, and on the way out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from inspections import report
from inspections.commands import seed_reference
from inspections.queries import inspection_held
from inspections.rules import passing_of
from inspections.tables import Completion, Finding, HandOver, Inspection, InspectionPhoto, Reading
from people.queries import person_as
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from server.retention import forget
from server.settings import read
from tests.conftest import World
from tests.inspections.comparing import HOB
from tests.inspections.doing import post, start
from tests.inspections.reviewing import approve, send_back
from tests.inspections.test_held import picture, send_bytes
from tests.today.making import TODAY, before, home, visit
from today.walk_rules import At, Progress, steps, still_open
from visits.rules import State

HTMX = {"HX-Request": "true"}
DAMP = {"what": "hazard", "severity": "significant", "hazard": "11", "note": "Stairs: damp patch, 40 cm"}


@pytest.fixture(autouse=True)
async def forms(world: World) -> None:
    """What an inspection is made from."""
    await seed_reference()


async def see(client: httpx.AsyncClient, visit: UUID, **more: Any) -> httpx.Response:
    data = {"id": str(uuid7()), "visit": str(visit), **DAMP, **more}
    return await client.post(f"/inspections/{passing_of(visit)}/seen", data=data, headers=HTMX)


async def walk(client: httpx.AsyncClient, visit: UUID) -> str:
    answer = await client.get(f"/visits/{visit}")
    assert answer.status_code == 200, answer.text
    return answer.text


def path(page: str) -> list[tuple[str, str]]:
    """The steps at the top: (which, how it stands)."""
    return re.findall(
        r'<li class="path__step path__step--(\w+)" id="step-(\w+)"', page.partition("</ol></nav>")[0]
    )


def now(page: str) -> list[str]:
    return re.findall(r'id="step-(\w+)" aria-current="step"', page)


# --- how far it has come


@pytest.mark.parametrize(
    ("state", "since", "done", "current"),
    [
        (State.PLANNED, "", False, "before"),
        (State.STARTED, "10:06", False, "work"),
        (State.STARTED, "10:06", True, "leave"),
        (State.FINISHED, "10:06", False, None),
        (State.FINISHED, "", False, None),
        (State.CANCELLED, "", False, None),
    ],
)
def test_one_step_is_the_one_to_do_now_and_none_once_it_is_over(
    state: State, since: str, done: bool, current: str | None
) -> None:
    found = steps(state, since, ("Inspection", "Inspect"), done, "4 of 8")
    assert [step.key for step in found if step.at is At.NOW] == ([current] if current else [])


def test_who_leaves_is_told_what_is_open_and_nothing_when_nothing_is() -> None:
    done = Progress(rooms=8, rooms_done=8, left=0, completed=True)
    assert still_open(False, []) == []
    assert still_open(True, []) == ["The inspection is not started."]
    assert still_open(True, [done]) == []
    assert still_open(True, [Progress(8, 4, 12, False, needs_photo=1, not_received=2)]) == [
        "The inspection is not completed: 12 things not seen.",
        "1 photo not taken yet.",
        "2 photos not at the office yet.",
    ]


async def test_the_page_goes_from_before_the_door_to_the_way_out_in_this_order(world: World) -> None:
    place = await home(world, "1 Eel Row")
    await Property.update({Property.access_notes: "Side gate\nRing twice"}).where(Property.id == place.id)
    one = await visit(world, place, purpose="void-inspection", note="Ms Tern expects you")
    asha = await world.sign_in("asha")
    page = await walk(asha, one)
    assert before(page, 'id="before-h"', "Ms Tern expects you", "Side gate", "Ring twice", 'id="here-h"')
    assert before(page, 'id="here-h"', 'id="work-h"', 'id="else-h"', 'id="leave"', 'id="finish"', "What next?")
    assert now(page) == ["before"]
    await asha.post(f"/visits/{one}/start")
    page = await walk(asha, one)
    assert now(page) == ["work"]
    assert "Start the inspection" in page


async def test_hazards_of_the_last_inspection_and_since_are_said_and_older_ones_are_not(world: World) -> None:
    place = await home(world, "1 Eel Row")
    asha = await world.sign_in("asha")
    for note in ("Old: loose stair", "Last: bare wire"):
        last = await start(asha, place)
        hazard = {"item": "kitchen_hob", "what": "hazard", "severity": "significant", "hazard": "4", "note": note}
        await post(asha, last, "findings", id=str(uuid7()), **hazard)
        await post(asha, last, "complete", reason="Enough for a test")
    earlier = await visit(world, place, "08:00")
    await see(asha, earlier)
    one = await visit(world, place, "10:00", purpose="void-inspection")
    page = await walk(asha, one)
    assert before(page, "Hazards found last time", "Stairs: damp patch, 40 cm", "Last: bare wire")
    assert "Old: loose stair" not in page.partition('id="here-h"')[0]


async def test_another_teams_hazard_at_that_door_is_told_without_its_record(world: World) -> None:
    place = await home(world, "1 Eel Row")
    asha, carol = await world.sign_in("asha"), await world.sign_in("carol")
    theirs = await start(carol, place)
    for number, note in (("8", "Anna Okonkwo pulled out the wires"), ("18", "Seven people in it")):
        hazard = {
            "item": "kitchen_hob",
            "what": "hazard",
            "severity": "significant",
            "hazard": number,
        }
        await post(carol, theirs, "findings", id=str(uuid7()), note=note, **hazard)
    page = await walk(asha, await visit(world, place, "10:00"))
    told = page.partition("Hazards found last time")[2].partition("</ul>")[0]
    assert "Electrical hazards" in told
    assert "Crowding" not in told
    for words in ("Okonkwo", "Seven people", str(theirs), "Carol"):
        assert words not in page, words


async def test_what_was_found_the_last_time_somebody_called_is_said(world: World) -> None:
    place = await home(world, "1 Eel Row")
    asha = await world.sign_in("asha")
    earlier = await visit(world, place, "08:00")
    await asha.post(
        f"/visits/{earlier}/finish", data={"outcome": "no-access", "reason": "refused", "door": "taken"}
    )
    page = await walk(asha, await visit(world, place, "10:00"))
    assert before(page, "Last time", "No access", "refused")


# --- the work, and coming back


async def test_the_inspection_of_a_visit_says_how_far_it_is_and_leads_back_to_it(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place, purpose="void-inspection")
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{one}/start")
    inspection = await start(asha, place, visit=str(one))
    await post(asha, inspection, "rooms/satisfactory", room="hall")
    page = await walk(asha, one)
    assert re.search(r"1 of \d rooms", page)
    assert re.search(r"\d+ to see", page)
    assert "Carry on with the inspection" in page
    assert "The inspection is not completed:" in page
    assert f'<a class="backlink" href="/visits/{one}#work">' in (await asha.get(f"/inspections/{inspection}")).text
    await post(asha, inspection, "complete", reason="Enough for a test")
    page = await walk(asha, one)
    assert now(page) == ["leave"]
    assert "The inspection is not" not in page
    assert "Finish the visit" in page


async def test_reopened_by_a_colleague_it_stands_where_it_stood(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place, purpose="void-inspection")
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    await asha.post(f"/visits/{one}/start")
    assert path(await walk(asha, one)) == path(await walk(ben, one))


# --- anything else seen


async def test_a_finding_without_an_inspection_begins_what_it_hangs_on_once(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place)
    asha = await world.sign_in("asha")
    assert "Stairs: damp patch" in (await see(asha, one)).text
    assert (await see(asha, one, note="Gate: hinge off", what="repair")).status_code == 200
    (row,) = await Inspection.select()
    assert (row["id"], row["kind"], row["visit"], row["team"]) == (
        passing_of(one), "in-passing", one, world.teams["north"].id,
    )  # fmt: skip
    assert await Finding.count() == 2
    page = await walk(asha, one)
    assert before(page, 'id="else-h"', "Stairs: damp patch", "Gate: hinge off")
    assert "Seen in passing" in (await asha.get(f"/properties/{place.id}/inspections")).text
    shown = (await asha.get(f"/inspections/{passing_of(one)}")).text
    assert "Stairs: damp patch" in shown and ">Not seen<" not in shown.partition("<template")[0]


async def test_a_photograph_of_it_may_come_first_and_belongs_to_its_finding(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one, finding = await visit(world, place), uuid7()
    asha = await world.sign_in("asha")
    data, sha = picture()
    await send_bytes(asha, data)
    photo = {"id": str(uuid7()), "sha256": sha, "visit": str(one), "finding": str(finding)}
    answer = await asha.post(f"/inspections/{passing_of(one)}/seen/photos", data=photo, headers=HTMX)
    assert answer.status_code == 200, answer.text
    await see(asha, one, id=str(finding))
    (row,) = await InspectionPhoto.select()
    assert (row["inspection"], row["finding"]) == (passing_of(one), finding)
    assert sha in await walk(asha, one)


async def test_it_is_complete_with_the_end_of_the_visit_and_a_photo_taken_before_it_still_comes_in(
    world: World,
) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place)
    asha = await world.sign_in("asha")
    await see(asha, one)
    taken = {"Command-Captured-At": TODAY.isoformat(), "Command-Sent-At": TODAY.isoformat()}
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    (end,) = await Completion.select()
    assert end["inspection"] == passing_of(one)
    photo = {"id": str(uuid7()), "sha256": "a" * 64, "visit": str(one)}
    to = f"/inspections/{passing_of(one)}/seen/photos"
    early = await asha.post(to, data=photo, headers={**HTMX, **taken})
    assert "outcome=done" in early.headers["receipt"]
    after = await asha.post(to, data={**photo, "id": str(uuid7()), "sha256": "b" * 64}, headers=HTMX)
    assert "outcome=held" in after.headers["receipt"]
    assert await InspectionPhoto.count() == 1
    assert "Add something you saw" not in await walk(asha, one)


async def test_what_comes_after_the_end_of_its_visit_is_taken_and_complete_at_once(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place)
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    assert "outcome=done" in (await see(asha, one)).headers["receipt"]
    assert await Completion.count() == 1


async def test_of_a_visit_given_away_meanwhile_what_was_seen_is_still_taken(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await dina.post(f"/visits/{one}/officer", data={"officer": str(world.ben.id)})
    assert "outcome=done" in (await see(asha, one)).headers["receipt"]


@pytest.mark.parametrize("who", ["carol", "marek"])
async def test_nobody_adds_to_a_visit_of_another_team_nor_to_an_address_that_is_not_its_own(
    world: World, who: str
) -> None:
    place = await home(world, "1 Eel Row")
    one, other = await visit(world, place), await visit(world, place, officer=who)
    client = await world.sign_in(who)
    assert (await see(client, one)).status_code == 404
    elsewhere = {"id": str(uuid7()), "visit": str(other), **DAMP}
    to = f"/inspections/{passing_of(one)}/seen"
    assert (await client.post(to, data=elsewhere, headers=HTMX)).status_code == 404
    assert await Inspection.count() == 0


async def test_a_hazard_without_words_is_refused_and_begins_nothing(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha = await world.sign_in("asha")
    assert (await see(asha, one, note="")).status_code == 422
    assert await Inspection.count() == 0


async def test_nothing_is_compared_with_what_was_seen_in_passing_and_nobody_starts_such_a_thing(
    world: World,
) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place)
    asha = await world.sign_in("asha")
    await see(asha, one)
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    inspection = await start(asha, place)
    assert "Last time" not in (await asha.get(f"/inspections/{inspection}")).text
    assert "Seen in passing" not in (await asha.get(f"/properties/{place.id}/inspections/new")).text
    assert (await asha.get(f"/properties/{place.id}/inspections/blank/in-passing")).status_code == 404
    begun = {"id": str(uuid7()), "property": str(place.id), "kind": "in-passing"}
    assert (await asha.post("/inspections", data=begun)).status_code == 422


async def test_what_the_next_officer_sees_at_a_visit_handed_over_is_added_and_its_end_completes_it(
    world: World,
) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    await asha.post(f"/visits/{one}/start")
    await see(asha, one)
    await asha.post(f"/visits/{one}/hand-over", data={"officer": str(world.ben.id)}, headers=HTMX)
    assert await Completion.count() == 0
    await ben.post(f"/visits/{one}/start")
    assert "outcome=done" in (await see(ben, one, note="Gate: hinge off")).headers["receipt"]
    await ben.post(f"/visits/{one}/finish", data={"outcome": "done"})
    (end,) = await Completion.select()
    assert (end["inspection"], end["person"]) == (passing_of(one), world.ben.id)
    assert await Finding.count() == 2


async def test_it_is_completed_and_handed_over_with_its_visit_alone(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha = await world.sign_in("asha")
    await see(asha, one)
    page = (await asha.get(f"/inspections/{passing_of(one)}")).text
    assert "completed with the end of its visit" in page
    assert "/complete" not in page and "/hand-over" not in page and "Add a room" not in page
    assert (await post(asha, passing_of(one), "complete", reason="x")).status_code == 422
    handed = await post(asha, passing_of(one), "hand-over", officer=str(world.ben.id))
    assert (handed.status_code, await HandOver.count(), await Completion.count()) == (422, 0, 0)


async def test_a_finding_that_comes_late_makes_another_edition_of_the_report(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha = await world.sign_in("asha")
    await see(asha, one)
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    officer, inspection = await person_as(world.asha.id, TODAY), await inspection_held(passing_of(one))
    assert officer and inspection
    first = (await report.wanted(officer, inspection, "inspection-report")).edition
    taken = {"Command-Captured-At": TODAY.isoformat(), "Command-Sent-At": TODAY.isoformat()}
    data = {"id": str(uuid7()), "visit": str(one), **DAMP}
    to = f"/inspections/{passing_of(one)}/seen"
    assert (await asha.post(to, data=data, headers={**HTMX, **taken})).status_code == 200
    assert (await report.wanted(officer, inspection, "inspection-report")).edition != first


async def test_a_review_compares_with_nothing_that_was_seen_in_passing(world: World) -> None:
    place = await home(world, "1 Eel Row")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    void = await start(asha, place)
    await post(asha, void, "readings", item=HOB, condition="G", cleanliness="clean")
    await post(asha, void, "complete", reason="Enough for a test")
    one = await visit(world, place)
    await see(asha, one)
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    out = await start(asha, place, "move-out")
    await post(asha, out, "readings", item=HOB, condition="V", cleanliness="clean")
    await post(asha, out, "complete", reason="Enough for a test")
    assert "One thing is worse than it was." in (await dina.get(f"/inspections/{out}/review")).text


@pytest.mark.parametrize("several", [False, True])
async def test_what_was_seen_at_a_visit_that_is_then_cancelled_goes_to_review_and_is_not_the_managers(
    world: World, several: bool
) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await see(asha, one)
    if several:
        data = {"visit": str(one), "act": "cancel", "note": "Not needed"}
        answer = await dina.post("/visits/several", data=data, headers=HTMX)
    else:
        answer = await dina.post(f"/visits/{one}/cancel", data={"note": "Not needed"}, headers=HTMX)
    assert answer.status_code == 200, answer.text
    (end,) = await Completion.select()
    assert (end["inspection"], end["person"]) == (passing_of(one), world.asha.id)
    assert f"/inspections/{passing_of(one)}/review" in (await dina.get("/review")).text


async def test_nothing_is_put_under_a_managers_approval_that_they_did_not_see(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await see(asha, one)
    taken = {"Command-Captured-At": TODAY.isoformat(), "Command-Sent-At": TODAY.isoformat()}
    await asha.post(f"/visits/{one}/finish", data={"outcome": "done"})
    assert (await approve(dina, passing_of(one))).status_code == 200
    data = {"id": str(uuid7()), "visit": str(one), **DAMP}
    late = await asha.post(f"/inspections/{passing_of(one)}/seen", data=data, headers={**HTMX, **taken})
    assert "outcome=held" in late.headers["receipt"]
    assert await Finding.count() == 1


# --- the way out


async def test_another_visit_planned_on_the_way_out_is_in_the_diary_once_and_named_here(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one, again = await visit(world, place, purpose="void-inspection"), str(uuid7())
    asha = await world.sign_in("asha")
    data = {"id": again, "purpose": "welfare-check", "officer": str(world.asha.id), "day": "2026-12-01"}
    for _ in range(2):
        answer = await asha.post(f"/visits/{one}/again", data=data, headers=HTMX)
        assert answer.status_code == 200, answer.text
        assert "Another visit" in answer.text
    page = await walk(asha, one)
    assert page.count(f'id="again-{again}"') == 1
    assert "Tue 1 Dec, any time" in page
    carol = await world.sign_in("carol")
    assert (await carol.post(f"/visits/{one}/again", data={**data, "id": str(uuid7())})).status_code == 404


# --- handed over


async def test_a_half_done_inspection_is_handed_over_with_its_visit_and_nothing_is_done_twice(
    world: World,
) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place, purpose="void-inspection")
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    await asha.post(f"/visits/{one}/start")
    inspection = await start(asha, place, visit=str(one))
    await post(asha, inspection, "rooms/satisfactory", room="hall")
    data = {"officer": str(world.ben.id), "note": "Both bedrooms", "visit": "yes"}
    answer = await post(asha, inspection, "hand-over", **data)
    assert answer.status_code == 200 and "Handed over to" in answer.text
    today = (await ben.get("/today")).text
    assert before(today, "Handed to you", "Both bedrooms")
    page = await walk(ben, one)
    assert "Handed to you by" in page and "Start visit" in page
    assert re.search(r"1 of \d rooms", page)
    shown = (await ben.get(f"/inspections/{inspection}")).text
    assert "Both bedrooms" in shown
    read = await Reading.count()
    late = await post(asha, inspection, "readings", item="kitchen_hob", condition="G")
    assert "outcome=done" in late.headers["receipt"]
    assert await Reading.count() == read + 1
    await post(ben, inspection, "complete", reason="Enough for a test")
    assert "Handed to you" not in (await ben.get("/today")).text
    held = await post(asha, inspection, "hand-over", **data)
    assert "outcome=held" in held.headers["receipt"]


async def test_an_inspection_without_its_visit_is_handed_over_alone(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place, purpose="void-inspection")
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    inspection = await start(asha, place, visit=str(one))
    await post(asha, inspection, "hand-over", officer=str(world.ben.id))
    assert "Take over this visit" in await walk(ben, one)
    (row,) = await HandOver.select()
    assert (row["given_to"], row["person_name"]) == (world.ben.id, "Asha Test")


@pytest.mark.parametrize("to", ["asha", "carol", "ade", "callum"])
async def test_it_is_handed_to_nobody_outside_the_team_nor_to_oneself(world: World, to: str) -> None:
    asha = await world.sign_in("asha")
    inspection = await start(asha, await home(world, "1 Eel Row"))
    answer = await post(asha, inspection, "hand-over", officer=str(world.people[to].id))
    assert answer.status_code == 422
    assert await HandOver.count() == 0


async def test_what_came_back_is_nobody_elses_to_do_any_more(world: World) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    inspection = await start(asha, await home(world, "1 Eel Row"))
    await post(asha, inspection, "hand-over", officer=str(world.ben.id))
    await post(ben, inspection, "hand-over", officer=str(world.asha.id), note="Back to you")
    assert "Handed to you" not in (await ben.get("/today")).text
    assert "Back to you" in (await asha.get("/today")).text


# --- the flagged household


async def flag(world: World, place: Property, code: str = "20-70") -> None:
    await PersonAlert.objects().create(
        property=place.id, code=code, text="x", owner=world.dina.id, review_on=TODAY.date(), added_at=TODAY
    )


async def test_a_list_that_names_a_flagged_household_is_kept_only_as_it_is_packed(world: World) -> None:
    safe, flagged = await home(world, "1 Eel Row"), await home(world, "77 Canary Wharf Lane")
    await visit(world, safe, "09:00")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    for path in ("/today", "/today/tomorrow", "/visits"):
        assert (await asha.get(path)).headers["doorstep-keep"] == "24h", path
    await visit(world, flagged, "10:00")
    await visit(world, flagged, "10:00", days=1)
    await flag(world, flagged)
    for path in ("/today", "/today/tomorrow"):
        shown = await asha.get(path)
        assert "77 Canary Wharf Lane" in shown.text
        assert shown.headers["doorstep-keep"] == "as packed", path
        kept = await asha.get(path, headers={"Doorstep-Pack": "1"})
        assert "77 Canary Wharf Lane" not in kept.text
        assert "1 visit is not kept on this phone." in kept.text
    for client, path in (
        (asha, "/visits"), (dina, "/today"), (asha, "/today?whose=team"), (dina, "/visits/several"),
    ):  # fmt: skip
        answer = await client.get(path)
        assert "77 Canary Wharf Lane" in answer.text
        assert "doorstep-keep" not in answer.headers, path


@pytest.mark.parametrize("way", ["handed over", "sent back"])
async def test_a_flagged_household_whose_inspection_waits_is_on_no_phone_either(world: World, way: str) -> None:
    safe, flagged = await home(world, "1 Eel Row"), await home(world, "77 Canary Wharf Lane")
    asha, ben, dina = [await world.sign_in(name) for name in ("asha", "ben", "dina")]
    waiting = [await start(ben, place) for place in (safe, flagged)]
    for one in waiting:
        if way == "handed over":
            await post(ben, one, "hand-over", officer=str(world.asha.id))
        else:
            await post(ben, one, "complete", reason="Enough for a test")
            assert (await send_back(dina, one, whole="Which stair?")).status_code == 200
    client = asha if way == "handed over" else ben
    assert (await client.get("/today")).headers["doorstep-keep"] == "24h"
    await flag(world, flagged)
    shown = await client.get("/today")
    assert "77 Canary Wharf Lane" in shown.text
    assert shown.headers["doorstep-keep"] == "as packed"
    kept = (await client.get("/today", headers={"Doorstep-Pack": "1"})).text
    assert "77 Canary Wharf Lane" not in kept and "1 Eel Row" in kept
    pack = (await client.get("/today/pack")).text
    assert str(waiting[0]) in pack and str(waiting[1]) not in pack


async def test_the_walk_says_of_an_inspection_that_it_was_sent_back(world: World) -> None:
    place = await home(world, "1 Eel Row")
    one = await visit(world, place, purpose="void-inspection")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    inspection = await start(asha, place, visit=str(one))
    await post(asha, inspection, "complete", reason="Enough for a test")
    assert "Sent back" not in await walk(asha, one)
    await send_back(dina, inspection, whole="Which stair?")
    assert "Sent back" in await walk(asha, one)


async def test_what_was_seen_at_a_visit_that_never_ended_is_erased_when_its_years_are_over(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{one}/start")
    await see(asha, one)
    kept = {"DOORSTEP_RETAIN_INSPECTIONS_YEARS": "6"}
    await forget(datetime.now(UTC) + timedelta(days=5 * 365), read(kept))
    assert await Inspection.count() == 1
    await forget(datetime.now(UTC) + timedelta(days=7 * 366), read(kept))
    assert (await Inspection.count(), await Finding.count()) == (0, 0)


async def test_a_visit_of_yesterday_that_is_under_way_is_gone_back_to_before_another_is_begun(
    world: World,
) -> None:
    old = await visit(world, await home(world, "1 Eel Row"), days=-1)
    await visit(world, await home(world, "2 Eel Row"), "23:00")
    asha = await world.sign_in("asha")
    assert "Start visit</button>" in (await asha.get("/today")).text
    await asha.post(f"/visits/{old}/start")
    page = (await asha.get("/today")).text
    assert "Back to the visit at 1 Eel Row" in page and "Start visit</button>" not in page
