"""Tasks go with all that happened to them once they were kept long enough after their end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from properties.tables import LegalHold, Property, PropertyChange
from pwa import audit
from pwa.due import run_due as seal
from pwa.tables import Held, Receipt
from server.retention import forget
from server.settings import read
from tasks.tables import Task, TaskEvent
from tests.conftest import World
from tests.server.keeping import LONG_AGO, NOW
from tests.tasks.making import late, raised

RULES = read({"DOORSTEP_RETAIN_TASKS_YEARS": "7"})


async def ended(world: World, home: Property, at: datetime = LONG_AGO) -> UUID:
    asha, task = await world.sign_in("asha"), await raised(world, home)
    await asha.post(f"/tasks/{task}/done", data={"note": "canary-13aa rang the household"})
    await Task.update({Task.ended_at: at}).where(Task.id == task)
    return task


async def test_it_goes_whole_and_its_home_says_that_there_was_one(world: World, home: Property) -> None:
    task = await ended(world, home)
    assert await forget(NOW, RULES) > 0
    assert (await Task.count(), await TaskEvent.count()) == (0, 0)
    (trace,) = await Receipt.select().where(Receipt.method == "ERASE")
    assert (trace["path"], trace["note"]) == (f"/tasks/{task}", "task erased: it was kept as long as it is to be")
    assert await PropertyChange.exists().where(PropertyChange.before == "A task")
    await seal(NOW)
    assert (await audit.checked()).faults == []


async def test_one_that_is_open_or_young_stays_and_so_do_all_without_a_setting(
    world: World, home: Property
) -> None:
    await ended(world, home, NOW - timedelta(days=6 * 365))
    await raised(world, home, days=-3000)
    old = await ended(world, home)
    await forget(NOW, read({}))
    assert await Task.count() == 3
    await forget(NOW, RULES)
    assert await Task.count() == 2
    assert not await Task.exists().where(Task.id == old)


async def test_it_waits_for_the_end_of_a_hold_on_its_home(world: World, home: Property) -> None:
    await ended(world, home)
    hold = LegalHold(property=home.id, reason="Court", set_at=datetime.now(UTC))
    await LegalHold.insert(hold)
    await forget(NOW, RULES)
    assert await Task.count() == 1
    await LegalHold.update({LegalHold.released_at: NOW}).where(LegalHold.id == hold.id)
    await forget(NOW, RULES)
    assert await Task.count() == 0


async def test_it_waits_while_the_office_has_still_to_decide_about_something_for_it(
    world: World, home: Property
) -> None:
    task = await ended(world, home)
    await late(await world.sign_in("ben"), task, "done", note="canary-13aa me too")
    await forget(NOW, RULES)
    assert await Task.count() == 1
    await Held.update({Held.decided_at: NOW}, force=True)
    await forget(NOW, RULES)
    assert (await Task.count(), [bytes(row["body"]) for row in await Held.select(Held.body)]) == (0, [b""])
