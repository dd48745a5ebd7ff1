"""Tasks where people meet them: on Today, in the pack of a day, and after an inspection."""

import pytest

from inspections.commands import seed_reference
from inspections.tables import Completion
from properties.tables import Property
from pwa.tables import Conflict
from tasks.tables import Task
from tests.conftest import World
from tests.inspections.objects import an_inspection
from tests.server.keeping import aged, due, inspected
from tests.tasks.making import HTMX, asked, flag, raised
from tests.visits.making import planned


async def test_today_says_what_is_overdue_to_whom_it_is_for_and_to_their_manager(
    world: World, home: Property
) -> None:
    await raised(world, home, "asha", -1)
    asha, ben, dina = [await world.sign_in(name) for name in ("asha", "ben", "dina")]
    assert "1 overdue" in (await asha.get("/today")).text
    assert "1 overdue" not in (await ben.get("/today")).text
    page = (await dina.get("/today")).text
    assert ("Tasks of your team" in page, "1 overdue" in page) == (True, True)


async def test_a_phone_takes_its_officers_tasks_along_but_none_of_a_confidential_household(
    world: World, home: Property
) -> None:
    task = await raised(world, home)
    asha = await world.sign_in("asha")

    async def packed() -> list[str]:
        groups = (await asha.get("/today/pack")).json()["groups"]
        return [one["url"] for group in groups for one in group["urls"]]

    assert {"/tasks?whose=mine", f"/tasks/{task}"} <= set(await packed())
    await flag(world, home)
    again = await packed()
    assert ("/tasks?whose=mine" in again, f"/tasks/{task}" in again) == (True, False)
    page = await asha.get("/tasks?whose=mine", headers={"Doorstep-Pack": "1"})
    assert (str(task) in page.text, home.address in page.text) == (False, False)
    for address in (f"/tasks/{task}", "/tasks?whose=mine", f"/tasks/new?property={home.id}"):
        assert "Doorstep-Keep" not in (await asha.get(address)).headers, address


async def test_a_task_is_raised_after_an_inspection_and_says_where_it_came_from(world: World) -> None:
    asha, inspection = await world.sign_in("asha"), await an_inspection(world, "asha")
    data = asked(world.ben.id)
    answer = await asha.post(f"/inspections/{inspection}/tasks", data=data, headers=HTMX)
    assert (answer.status_code, "See whether they are well" in answer.text) == (200, True)
    assert "See whether they are well" in (await asha.get(f"/inspections/{inspection}/tasks")).text
    assert f'href="/inspections/{inspection}"' in (await asha.get(f"/tasks/{data['id']}")).text


@pytest.mark.parametrize("who", ["carol", "marek"])
async def test_nobody_raises_one_after_an_inspection_that_is_not_theirs(world: World, who: str) -> None:
    client, inspection = await world.sign_in(who), await an_inspection(world, "asha")
    data = asked(world.people[who].id)
    assert (await client.post(f"/inspections/{inspection}/tasks", data=data)).status_code == 404
    assert (await client.get(f"/inspections/{inspection}/tasks")).status_code == 404
    assert await Task.count() == 0


async def test_a_task_stays_when_its_inspection_is_erased_and_names_nothing_that_is_gone(
    world: World, home: Property
) -> None:
    await seed_reference()
    made = await aged(await inspected(world, home))
    await made.client.post(f"{made.address}/tasks", data=asked(world.asha.id))
    await due()
    assert await Completion.count() == 0
    (row,) = await Task.select(Task.inspection)
    assert row["inspection"] is None


@pytest.mark.parametrize("page", ["visits", "inspections"])
async def test_a_task_raised_on_a_page_and_held_is_told_with_its_day(
    world: World, home: Property, page: str
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    record = await planned(world, home) if page == "visits" else await an_inspection(world, "asha")
    data = asked(world.ben.id, due="week", day="2026-12-04")
    for what in ("First", "Second"):
        sent = {"Command-Id": str(data["id"]), **HTMX}
        await asha.post(f"/{page}/{record}/tasks", data=data | {"what": what}, headers=sent)
    (row,) = await Conflict.select(Conflict.id)
    shown = (await dina.get(f"/held/{row['id']}")).text
    for words in ("By when", "In a week", "2026-12-04", "Second"):
        assert words in shown, words
