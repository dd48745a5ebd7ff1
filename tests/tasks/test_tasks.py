"""Raising tasks, doing them, giving them on; and who may see which."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from people.queries import person_as
from people.tables import Person
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Held, Receipt
from tasks import queries
from tasks.tables import Task, TaskEvent
from tests.conftest import World
from tests.properties import homes
from tests.tasks.making import HTMX, asked, flag, happened, in_days, late, raised
from tests.visits.making import planned


async def test_an_officer_raises_a_task_from_a_visit_and_its_owner_finds_it(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    data = asked(world.ben.id)
    answer = await asha.post(f"/visits/{visit}/tasks", data=data, headers=HTMX)
    assert (answer.status_code, "See whether they are well" in answer.text) == (200, True)
    assert "See whether they are well" in (await asha.get(f"/visits/{visit}")).text
    ben = await world.sign_in("ben")
    assert "22 Saltmarsh Road" in (await ben.get("/tasks")).text
    page = (await ben.get(f"/tasks/{data['id']}")).text
    assert ("Asha Test" in page, f'href="/visits/{visit}"' in page) == (True, True)
    (row,) = await Task.select()
    assert (row["owner"], row["team"], row["visit"]) == (world.ben.id, world.teams["north"].id, visit)


async def test_one_is_raised_for_a_home_by_itself_without_our_script_too(world: World, home: Property) -> None:
    asha, data = (
        await world.sign_in("asha"),
        asked(world.asha.id, property=str(home.id), due="", day=str(in_days(9))),
    )
    assert "Raise the task" in (await asha.get(f"/tasks/new?property={home.id}")).text
    answer = await asha.post("/tasks", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/{data['id']}")
    assert (await Task.select(Task.due))[0]["due"] == in_days(9)
    assert "See whether they are well" in (await asha.get(f"/properties/{home.id}/tasks")).text


async def test_the_same_task_sent_twice_is_one(world: World, home: Property) -> None:
    asha, data = await world.sign_in("asha"), asked(world.asha.id, property=str(home.id))
    for _ in range(2):
        answer = await asha.post("/tasks", data=data, headers={"Command-Id": str(uuid7())})
        assert "outcome=done" in answer.headers["receipt"]
    assert (await Task.count(), await Receipt.count()) == (1, 2)


async def test_another_task_under_a_number_that_is_taken_waits_for_the_office(
    world: World, home: Property
) -> None:
    asha, data = await world.sign_in("asha"), asked(world.asha.id, property=str(home.id))
    await asha.post("/tasks", data=data)
    again = await asha.post("/tasks", data={**data, "kind": "other"}, headers=HTMX)
    assert ("outcome=held" in again.headers["receipt"], "kept for the office" in again.text) == (True, True)
    assert (await Task.count(), await Held.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value", "status", "says"),
    [
        ("what", " ", 422, "Say in a few words what is to be done."), ("due", "", 422, "Choose by when"),
        ("due", "never", 422, "Choose one of the"), ("day", "2020-01-01", 422, "Choose today or a later day."),
        ("day", "2199-01-01", 422, "Choose a day within a year."), ("kind", "party", 422, "Choose one of the"),
        ("owner", "nobody", 422, "That is not one of ours."), ("surprise", "1", 400, ""), ("what", "\0", 400, ""),
    ],
)  # fmt: skip
async def test_a_task_with_a_mistake_stores_nothing(
    world: World, home: Property, field: str, value: str, status: int, says: str
) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/tasks", data={**asked(world.asha.id, property=str(home.id)), field: value})
    assert (answer.status_code, says in answer.text) == (status, True)
    assert await Task.count() == await Receipt.count() == 0


async def test_a_task_said_yesterday_with_no_signal_is_due_as_it_was_said(world: World, home: Property) -> None:
    asha, data = await world.sign_in("asha"), asked(world.asha.id, property=str(home.id), due="today")
    said = datetime.now(UTC) - timedelta(days=2)
    answer = await asha.post("/tasks", data=data, headers={"Command-Captured-At": said.isoformat()})
    assert answer.status_code == 303
    assert (await Task.select(Task.due))[0]["due"] == in_days(-2)
    assert "2 days overdue" in (await asha.get("/tasks")).text


async def test_nobody_gives_another_team_something_to_do(world: World, home: Property) -> None:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    refused = await asha.post("/tasks", data=asked(world.carol.id, property=str(home.id)))
    assert (refused.status_code, "Choose somebody of your team." in refused.text) == (422, True)
    again = await asha.post(f"/tasks/{task}/owner", data={"owner": str(world.carol.id)})
    assert (again.status_code, await happened(task)) == (422, [])


async def test_it_is_done_by_whoever_did_it_with_what_they_did(world: World, home: Property) -> None:
    ben, task = await world.sign_in("ben"), await raised(world, home)
    assert (await ben.post(f"/tasks/{task}/done", data={"note": ""})).status_code == 422
    done = await ben.post(f"/tasks/{task}/done", data={"note": "Rang them: all is well"}, headers=HTMX)
    assert (done.status_code, "Rang them: all is well" in done.text) == (200, True)
    asha = await world.sign_in("asha")
    assert "Nothing to do" in (await asha.get("/tasks?whose=mine")).text
    assert "The last that ended" in (await asha.get("/tasks?whose=mine")).text
    assert await happened(task) == ["done"]


async def test_it_is_given_on_moved_noted_and_cancelled_each_as_a_row(world: World, home: Property) -> None:
    dina, task = await world.sign_in("dina"), await raised(world, home)
    for action, data in (
        ("owner", {"owner": str(world.ben.id), "note": "Asha is away"}),
        ("due", {"day": str(in_days(5)), "note": "They asked for Friday"}),
        ("notes", {"note": "Rang twice"}),
        ("cancel", {"note": "They moved out"}),
        ("notes", {"note": "Keys are back"}),
    ):
        assert (await dina.post(f"/tasks/{task}/{action}", data=data)).status_code == 303, action
    page = (await dina.get(f"/tasks/{task}")).text
    for words in (
        "Given to",
        "Ben Test",
        "Asha is away",
        "They asked for Friday",
        "They moved out",
        "Keys are back",
    ):
        assert words in page, words
    assert await happened(task) == ["given", "moved", "noted", "dropped", "noted"]
    (row,) = await Task.select()
    assert (row["owner"], row["due"], row["ended_at"] is not None) == (world.ben.id, in_days(5), True)


async def test_what_was_called_done_by_mistake_is_taken_up_again_with_why(world: World, home: Property) -> None:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    await asha.post(f"/tasks/{task}/done", data={"note": "Rang"})
    assert (await asha.post(f"/tasks/{task}/reopen", data={"note": ""})).status_code == 422
    for _ in range(2):
        answer = await asha.post(f"/tasks/{task}/reopen", data={"note": "It was another home"}, headers=HTMX)
        assert ("Taken up again" in answer.text, "Is it done?" in answer.text) == (True, True)
    assert str(task) in (await asha.get("/tasks")).text
    await asha.post(f"/tasks/{task}/cancel", data={"note": "They moved out"})
    assert await happened(task) == ["done", "reopened", "dropped"]
    assert (await Task.select(Task.ended_at))[0]["ended_at"] is not None


@pytest.mark.parametrize(("action", "data"), [("cancel", {}), ("due", {"day": "2030-01-01"}), ("notes", {})])
async def test_a_change_without_its_reason_is_asked_for_one(
    world: World, home: Property, action: str, data: dict[str, Any]
) -> None:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    assert (await asha.post(f"/tasks/{task}/{action}", data=data)).status_code == 422
    assert await happened(task) == []


async def test_giving_it_to_whoever_has_it_or_to_the_same_day_changes_nothing(
    world: World, home: Property
) -> None:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    await asha.post(f"/tasks/{task}/owner", data={"owner": str(world.asha.id)})
    await asha.post(f"/tasks/{task}/due", data={"day": str(in_days(3)), "note": "x"})
    assert await happened(task) == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("done", {"note": "Did it"}),
        ("cancel", {"note": "x"}),
        ("due", {"day": "", "note": "x"}),
        ("owner", {"owner": ""}),
    ],
)
async def test_what_comes_after_its_end_is_kept_for_the_office(
    world: World, home: Property, action: str, data: dict[str, str]
) -> None:
    asha, ben, task = await world.sign_in("asha"), await world.sign_in("ben"), await raised(world, home)
    await ben.post(f"/tasks/{task}/done", data={"note": "Rang"})
    filled = {"day": str(in_days(4)), "owner": str(world.dina.id)}
    assert "already done by Ben Test" in await late(
        asha, task, action, **{name: value or filled[name] for name, value in data.items()}
    )
    assert (await happened(task), await Held.count()) == (["done"], 1)


async def test_the_office_reads_it_and_keeps_it_as_a_note(world: World, home: Property) -> None:
    asha, dina, task = await world.sign_in("asha"), await world.sign_in("dina"), await raised(world, home)
    await dina.post(f"/tasks/{task}/cancel", data={"note": "Not needed"})
    await late(asha, task, "done", note="Saw them at the door")
    (row,) = await Held.select(Held.id)
    page = (await dina.get(f"/held/{row['id']}")).text
    for words in ("Task done", "Licence breach", "Saw them at the door"):
        assert words in page, words
    await dina.post(f"/held/{row['id']}", data={"decision": "note", "reason": "She went"})
    assert "Kept as a note: She went" in (await dina.get(f"/tasks/{task}")).text
    assert await happened(task) == ["dropped", "noted"]


async def test_what_comes_from_somebody_who_lost_it_to_another_team_is_kept(world: World, home: Property) -> None:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    dina = await world.sign_in("dina")
    await dina.post(f"/tasks/{task}/owner", data={"owner": str(world.ben.id)})
    await Task.update({Task.team: world.teams["south"].id, Task.owner: world.carol.id}).where(Task.id == task)
    assert "another team" in await late(asha, task, "done", note="Did it all the same")


async def test_another_teams_task_is_nowhere_to_be_found(world: World, home: Property) -> None:
    task = await raised(world, home)
    for name in ("carol", "marek"):
        client = await world.sign_in(name)
        assert (await client.get(f"/tasks/{task}")).status_code == 404
        for action, data in (("done", {"note": "x"}), ("cancel", {"note": "x"}), ("notes", {"note": "x"}),
                             ("owner", {"owner": str(world.people[name].id)}),
                             ("due", {"day": str(in_days(4)), "note": "x"})):  # fmt: skip
            assert (await client.post(f"/tasks/{task}/{action}", data=data)).status_code == 404
        for address in ("/tasks?whose=team", f"/properties/{home.id}/tasks"):
            assert str(task) not in (await client.get(address)).text
    assert await happened(task) == []


async def test_nobody_raises_one_from_a_visit_that_is_not_theirs(world: World, home: Property) -> None:
    carol, visit = await world.sign_in("carol"), await planned(world, home)
    assert (await carol.post(f"/visits/{visit}/tasks", data=asked(world.carol.id))).status_code == 404
    assert await Task.count() == 0


async def test_a_manager_sees_the_teams_with_what_is_overdue_first(world: World, home: Property) -> None:
    later, old = await raised(world, home, "ben", 3), await raised(world, home, "asha", -2)
    today = await raised(world, home, "asha", 0)
    dina = await world.sign_in("dina")
    page = (await dina.get("/tasks")).text
    assert page.index(str(old)) < page.index(str(today)) < page.index(str(later))
    assert ("3 open" in page, "1 overdue" in page, "2 days overdue" in page) == (True, True, True)
    mine = (await (await world.sign_in("ben")).get("/tasks")).text
    assert (str(later) in mine, str(old) in mine) == (True, False)


@pytest.mark.parametrize("how", ["left", "moved"])
async def test_a_task_of_somebody_who_left_is_nobodys_until_it_is_given_on(
    world: World, home: Property, how: str
) -> None:
    task, dina = await raised(world, home, "ben"), await world.sign_in("dina")
    gone: Any = (
        {Person.disabled_at: datetime.now(UTC)} if how == "left" else {Person.team: world.teams["south"].id}
    )
    await Person.update(gone).where(Person.id == world.ben.id)
    page = (await dina.get("/tasks")).text
    assert ("Nobody’s" in page, "1 with nobody to do it" in page) == (True, True)
    assert "is not in the team any more" in (await dina.get(f"/tasks/{task}")).text
    await dina.post(f"/tasks/{task}/owner", data={"owner": str(world.asha.id)})
    assert "Nobody’s" not in (await dina.get("/tasks")).text
    assert await happened(task) == ["given"]


async def test_a_task_sent_late_for_somebody_who_has_left_since_is_taken_in(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == world.ben.id)
    answer = await asha.post("/tasks", data=asked(world.ben.id, property=str(home.id)))
    assert answer.status_code == 303
    assert "Nobody’s" in (await (await world.sign_in("dina")).get("/tasks")).text


@pytest.mark.parametrize("code", ["20-70", "1", "a code the list lost"])
async def test_a_confidential_home_is_in_no_list_and_no_count_for_who_is_not_cleared(
    world: World, code: str
) -> None:
    theirs = await homes.home("9 South Parade", team=world.teams["south"].id)
    task = await raised(world, theirs, "asha")
    ben, dina = await world.sign_in("ben"), await world.sign_in("dina")
    assert (await ben.get(f"/tasks/{task}")).status_code == 200
    await flag(world, theirs, code[:10])
    for client in (ben, dina):
        answer, absent = await client.get(f"/tasks/{task}"), await client.get(f"/tasks/{uuid7()}")
        assert (answer.status_code, answer.content) == (404, absent.content)
        assert (await client.post(f"/tasks/{task}/done", data={"note": "x"})).status_code == 404
        for address in ("/tasks?whose=team", f"/properties/{theirs.id}/tasks"):
            assert str(task) not in (await client.get(address)).text
    assert "0 open" in (await dina.get("/tasks")).text
    # Whoever is to do it must know of it.
    assert (await (await world.sign_in("asha")).get(f"/tasks/{task}")).status_code == 200


async def test_a_task_at_a_confidential_home_that_becomes_a_colleagues_is_received_and_shown_no_more(
    world: World,
) -> None:
    theirs = await homes.home("9 South Parade", team=world.teams["south"].id)
    await flag(world, theirs)
    asha, task = await world.sign_in("asha"), await raised(world, theirs, "asha")
    data = asked(world.ben.id, property=str(theirs.id))
    new = await asha.post("/tasks", data=data, headers=HTMX)
    given = await asha.post(f"/tasks/{task}/owner", data={"owner": str(world.ben.id)}, headers=HTMX)
    noted = await asha.post(f"/tasks/{task}/notes", data={"note": "Ring first"}, headers=HTMX)
    # Hers is that one task: another, of a home she may not know of, is kept for who may.
    for answer, outcome in ((new, "held"), (given, "done"), (noted, "done")):
        assert (answer.status_code, f"outcome={outcome}" in answer.headers["receipt"]) == (200, True), answer.text
        assert "See whether" not in answer.text and "South Parade" not in answer.text
    ben = await world.sign_in("ben")
    assert (await ben.get(f"/tasks/{task}")).status_code == 200
    assert (await asha.get(f"/tasks/{task}")).status_code == 404


async def test_the_team_that_looks_after_a_confidential_home_sees_its_tasks(world: World, home: Property) -> None:
    task = await raised(world, home)
    await flag(world, home)
    assert str(task) in (await (await world.sign_in("dina")).get("/tasks")).text


async def test_counts_say_what_the_list_shows(world: World, home: Property) -> None:
    (
        await raised(world, home, "asha", -1),
        await raised(world, home, "asha", 0),
        await raised(world, home, "ben", -3),
    )
    dina = await person_as(world.dina.id, datetime.now(UTC))
    assert dina is not None
    counts = await queries.counts_for(dina, in_days(0), team=True)
    assert (counts.open, counts.overdue, counts.today, counts.nobodys) == (3, 2, 1, 0)
    board = await queries.board_of(dina, in_days(0), team=True)
    assert (len(board.overdue), len(board.due_today)) == (2, 1)


@pytest.mark.parametrize("name", ["ade", "callum"])
async def test_roles_that_have_no_tasks_are_told_so(world: World, home: Property, name: str) -> None:
    client, task = await world.sign_in(name), await raised(world, home)
    assert (await client.get("/tasks")).status_code == 403
    assert (await client.get(f"/tasks/{task}")).status_code == 403
    assert (await client.post(f"/tasks/{task}/done", data={"note": "x"})).status_code == 403
    assert await TaskEvent.count() == 0
