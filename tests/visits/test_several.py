"""Visits by the week and by the handful: each its own, none twice, and none half done in silence."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import httpx
import pytest

from properties.tables import Property
from pwa.clock import LONDON
from pwa.ids import uuid7
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.visits.making import happened, plan, planned
from visits.rules import MOST_WEEKS
from visits.tables import Visit

FRAGMENT = {"HX-Request": "true"}


async def test_a_weekly_check_is_a_visit_of_its_own_each_week_at_the_same_time_on_the_wall(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    data = plan(home, world.asha.id, purpose="occupancy-check", weeks="26")
    assert (await asha.post("/visits", data=data)).status_code == 303
    rows = await Visit.select().order_by(Visit.planned_for)
    assert len(rows) == len({row["id"] for row in rows}) == MOST_WEEKS
    local = [row["planned_for"].astimezone(LONDON) for row in rows]
    assert {f"{moment:%H:%M}" for moment in local} == {"10:30"}
    assert {two.date() - one.date() for one, two in pairwise(local)} == {timedelta(days=7)}
    assert {row["series"] for row in rows} == {UUID(data["id"])}
    (receipt,) = await Receipt.select()
    assert receipt["note"] == "26 weekly visits planned"
    assert "every week" in (await asha.get(f"/visits/{rows[-1]['id']}")).text


async def test_a_weekly_plan_sent_again_doubles_nothing_under_whatever_command_id(
    world: World, home: Property
) -> None:
    asha, data = await world.sign_in("asha"), plan(home, world.asha.id, weeks="4")
    for command in (uuid7(), uuid7()):
        answer = await asha.post("/visits", data=data, headers={"Command-Id": str(command)})
        assert "outcome=done" in answer.headers["receipt"]
    assert await Visit.count() == 4
    answer = await asha.post("/visits", data={**data, "weeks": "5"})
    assert "outcome=held" in answer.headers["receipt"]
    assert (await Visit.count(), await Held.count()) == (4, 1)


@pytest.mark.parametrize("weeks", ["0", "27", "-1", "many"])
async def test_no_more_weeks_than_half_a_year(world: World, home: Property, weeks: str) -> None:
    answer = await (await world.sign_in("asha")).post("/visits", data=plan(home, world.asha.id, weeks=weeks))
    assert answer.status_code == 422
    assert await Visit.count() == 0


@pytest.mark.parametrize(
    ("window", "words"), [("morning", "Morning"), ("afternoon", "Afternoon"), ("any", "Any time")]
)
async def test_a_visit_need_not_have_a_time(world: World, home: Property, window: str, words: str) -> None:
    asha, data = await world.sign_in("asha"), plan(home, world.asha.id, window=window, time="")
    assert (await asha.post("/visits", data=data)).status_code == 303
    assert words in (await asha.get("/visits")).text
    assert words.lower() in (await asha.get(f"/visits/{data['id']}")).text
    answer = await asha.post("/visits", data={**data, "window": "at", "time": "09:00"})
    assert "outcome=held" in answer.headers["receipt"]


async def test_an_appointment_needs_its_time(world: World, home: Property) -> None:
    answer = await (await world.sign_in("asha")).post("/visits", data=plan(home, world.asha.id, time=""))
    assert (answer.status_code, "Enter a time, like 14:30." in answer.text) == (422, True)


async def several(client: httpx.AsyncClient, visits: list[UUID], act: str, **more: str) -> httpx.Response:
    headers = {**FRAGMENT, "Command-Id": more.pop("command", str(uuid7()))}
    data: dict[str, object] = {"visit": [str(visit) for visit in visits], "act": act, **more}
    return await client.post("/visits/several", data=data, headers=headers)


async def test_a_sick_officers_visits_go_to_somebody_else_in_one_go(world: World, home: Property) -> None:
    visits, dina = [await planned(world, home, hours=hours) for hours in (1, 2, 3)], await world.sign_in("dina")
    page = (await dina.get(f"/visits/several?officer={world.asha.id}")).text
    assert page.count(" checked><label") == 3
    assert '<option value="">Choose somebody</option>' in page
    assert "selected" not in page.split('name="officer"')[1].split("</select>")[0]
    answer = await several(dina, visits, "give", officer=str(world.ben.id))
    assert "3 visits are Ben Test’s now." in answer.text
    assert {row["officer"] for row in await Visit.select(Visit.officer)} == {world.ben.id}
    assert [await happened(visit) for visit in visits] == [["given"]] * 3
    (receipt,) = await Receipt.select()
    assert (receipt["outcome"], receipt["note"]) == ("done", "3 visits given to somebody else")


async def test_those_that_cannot_change_are_named_one_by_one_and_the_others_do(
    world: World, home: Property
) -> None:
    visits, dina = [await planned(world, home, hours=hours) for hours in (1, 2)], await world.sign_in("dina")
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{visits[0]}/start")
    command = str(uuid7())
    for _ in range(2):  # the answer was lost, and asked for again
        answer = await several(dina, visits, "cancel", note="Snow", command=command)
        assert "1 visit is cancelled." in answer.text
        assert "1 could not be changed" in answer.text
        assert "already started by Asha Test" in answer.text
        assert f'href="/visits/{visits[0]}"' in answer.text
    assert await happened(visits[0]) == ["started"]
    assert await happened(visits[1]) == ["cancelled"]
    assert "Snow" in (await asha.get(f"/visits/{visits[1]}")).text


async def test_one_that_was_cancelled_already_is_as_wanted(world: World, home: Property) -> None:
    visit, dina = await planned(world, home), await world.sign_in("dina")
    for _ in range(2):
        answer = await several(dina, [visit, visit], "cancel", note="Snow")
        assert "1 visit is cancelled." in answer.text
    assert await happened(visit) == ["cancelled"]


@pytest.mark.parametrize(
    ("act", "more", "sentence"),
    [
        ("cancel", {}, "Say in a few words why the visits are cancelled."),
        ("give", {"officer": "carol"}, "Choose somebody of your team."),
        ("give", {}, "Choose who goes."),
        ("steal", {}, "Choose one of the answers."),
    ],
)
async def test_a_change_that_is_not_whole_changes_nothing(
    world: World, home: Property, act: str, more: dict[str, str], sentence: str
) -> None:
    visit, dina = await planned(world, home), await world.sign_in("dina")
    more = {name: str(world.people[value].id) for name, value in more.items()}
    answer = await several(dina, [visit], act, **more)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert await happened(visit) == []


async def test_none_and_too_many_are_no_choice(world: World) -> None:
    dina = await world.sign_in("dina")
    for count, sentence in ((0, "Choose at least one visit."), (201, "Choose 200 visits at most.")):
        answer = await several(dina, [uuid7() for _ in range(count)], "cancel", note="Snow")
        assert (answer.status_code, sentence in answer.text) == (422, True)


async def test_with_another_teams_visit_among_them_none_changes(world: World, home: Property) -> None:
    own, other = await planned(world, home), await planned(world, home, "carol")
    dina = await world.sign_in("dina")
    answer = await several(dina, [own, other], "cancel", note="Snow")
    assert answer.status_code == 404
    assert await happened(own) == await happened(other) == []
    assert await Receipt.count() == 0
    assert str(other) not in (await dina.get("/visits/several")).text


async def test_left_over_visits_can_be_changed_too(world: World, home: Property) -> None:
    visit, dina = await planned(world, home, hours=-30), await world.sign_in("dina")
    assert str(visit) in (await dina.get("/visits/several")).text
    assert datetime.now(UTC) > (await Visit.select(Visit.planned_for))[0]["planned_for"]
