"""What is on a legal hold is passed over by everything that erases, whichever comes first."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from inspections import erasing
from inspections.tables import Inspection
from properties import hold_commands, hold_queries
from properties.tables import Property
from pwa.outbox import writing
from pwa.tables import Conflict, Held
from server.piccolo_conf import DB
from server.retention import forget
from server.settings import read
from tests.conftest import ON_POSTGRES, World
from tests.inspections.doing import home, post
from tests.people.outside import outside
from tests.properties.homes import home as another_home
from tests.properties.test_legal_holds import WHY, held, holds, let_go
from tests.properties.test_search import signed_in
from tests.pwa.test_once import sent
from tests.server.keeping import LATER, NOW, RULES, Made, aged, due, inspected, photos
from tests.visits.making import late, planned
from tests.visits.test_erasing import a_door
from visits.tables import VisitPhoto

__all__ = ["home"]
HELD_DAYS = {"DOORSTEP_RETAIN_HELD_DAYS": "30"}
ALL_RULES = read({"DOORSTEP_RETAIN_INSPECTIONS_YEARS": "7", "DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS": "3", **HELD_DAYS})


async def there(made: Made) -> bool:
    return await Inspection.exists().where(Inspection.id == made.id)


async def test_a_held_homes_inspections_and_photos_stay_until_the_hold_is_released(
    world: World, home: Property
) -> None:
    other = await another_home("9 South Parade")
    kept, gone = await aged(await inspected(world, home)), await aged(await inspected(world, other, 41))
    dina = await world.sign_in("dina")
    await held(dina, home)
    await due()
    await due(LATER)
    assert (await there(kept), await there(gone), await photos()) == (True, False, {kept.sha})
    assert WHY in (await kept.client.get(kept.address)).text
    (row,) = await holds()
    await let_go(dina, home, row["id"])
    assert WHY not in (await kept.client.get(kept.address)).text
    await due()
    await due(LATER)
    assert (await there(kept), await photos()) == (False, set())


async def test_a_held_homes_photos_of_doors_stay_until_the_hold_is_released(world: World, home: Property) -> None:
    other, asha, dina = (
        await another_home("9 South Parade"),
        await world.sign_in("asha"),
        await world.sign_in("dina"),
    )
    kept, gone = await planned(world, home), await planned(world, other)
    for visit in (kept, gone):
        await a_door(asha, visit)
    await held(dina, home)
    await due()
    left = VisitPhoto.select(VisitPhoto.visit).where(VisitPhoto.erased_at.is_null())
    assert [row["visit"] for row in await left] == [kept]
    (row,) = await holds()
    await let_go(dina, home, row["id"])
    await due()
    assert await left == []


async def test_what_was_held_for_review_or_came_twice_stays_with_its_home(world: World, home: Property) -> None:
    """A late reading, a visit's second end, and a change of the home's record that came twice."""
    made, visit = await inspected(world, home), await planned(world, home)
    elsewhere = await inspected(world, await another_home("9 South Parade", team=world.asha.team), 41)
    for one in (made, elsewhere):
        await post(one.client, one.id, "readings", item="kitchen_hob", note="Late")
    await made.client.post(f"/visits/{visit}/finish", data={"outcome": "done"})
    await late(made.client, visit, "finish", outcome="not-needed")
    dina = await world.sign_in("dina")
    for reference in ("GS-1", "GS-2"):
        data = {"kind": "LGSR", "issued_on": "2026-01-01", "reference": reference}
        await dina.post(f"/properties/{home.id}/certificates", data=data, headers={"Command-Id": str(made.id)})
    await held(dina, home)
    long_ago = NOW - timedelta(days=31)
    await Held.update({Held.decided_at: long_ago}, force=True)
    await Conflict.update({Conflict.decided_at: long_ago}, force=True)
    rules = read(HELD_DAYS)
    await forget(NOW, rules)

    async def bodies() -> list[bool]:
        rows = await Held.select(Held.receipt.path.as_alias("path"), Held.body)
        twice = await Conflict.select(Conflict.path, Conflict.body)
        return [
            bool(row["body"]) for row in sorted([*rows, *twice], key=lambda row: str(elsewhere.id) in row["path"])
        ]

    assert await bodies() == [True, True, True, False]
    (row,) = await holds()
    await let_go(dina, home, row["id"])
    await forget(NOW, rules)
    assert await bodies() == [False] * 4


async def test_what_is_on_hold_keeps_nothing_else_waiting(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 1)
    kept = await aged(await inspected(world, home), begun=NOW - timedelta(days=9 * 366))
    gone = await aged(await inspected(world, await another_home("9 South Parade"), 41))
    await held(await world.sign_in("dina"), home)
    await due()
    assert (await there(kept), await there(gone)) == (True, False)


# Whichever comes first


async def test_a_hold_that_comes_too_late_says_what_it_does_not_cover(world: World, home: Property) -> None:
    await aged(await inspected(world, home))
    await a_door(await world.sign_in("asha"), await planned(world, home))
    dina = await world.sign_in("dina")
    assert "Erased already" not in (await dina.get(f"/properties/{home.id}/legal-holds")).text
    await due()
    said = (await held(dina, home)).text
    assert WHY in said
    told = said.split("Erased already, and cannot be brought back:")[1].split("</ul>")[0]
    assert ("An inspection, " in told, "A photo of the door, " in told) == (True, True)
    history = (await dina.get(f"/properties/{home.id}/history")).text
    assert "the retention settings" in history and "An inspection" in history


async def test_a_hold_set_when_the_erasure_has_begun_to_look_is_honoured(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due was chosen before it was set; the transaction that would erase asks again."""

    async def as_before() -> list[UUID]:
        return []

    made, asha = await inspected(world, home), await world.sign_in("asha")
    await post(made.client, made.id, "readings", item="kitchen_hob", note="Late")
    await Held.update({Held.decided_at: NOW - timedelta(days=31)}, force=True)
    await aged(made)
    await a_door(asha, await planned(world, home))
    await held(await world.sign_in("dina"), home)
    monkeypatch.setattr(hold_queries, "homes_on_hold", as_before)
    assert await forget(NOW, ALL_RULES) == 0
    assert (await there(made), await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())) == (True, True)
    assert [bool(row["body"]) for row in await Held.select(Held.body)] == [True]


async def test_what_is_on_hold_costs_no_write_while_it_waits(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await inspected(world, home)
    await post(made.client, made.id, "readings", item="kitchen_hob", note="Late")
    await Held.update({Held.decided_at: NOW - timedelta(days=31)}, force=True)
    await held(await world.sign_in("dina"), home)
    asked: list[UUID] = []

    async def may_erase(home: UUID) -> bool:
        asked.append(home)
        return False

    monkeypatch.setattr(hold_commands, "may_erase", may_erase)
    await forget(NOW, ALL_RULES)
    assert asked == []


async def somebody_waits() -> None:
    """Until a transaction waits for another one."""
    if ON_POSTGRES:
        while not await DB._run_in_new_connection("SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass
    else:
        while not DB._writing._waiters:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)


async def test_a_hold_sent_while_the_erasure_is_at_work_waits_and_says_what_went(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, dina, erase = await aged(await inspected(world, home)), await world.sign_in("dina"), erasing._erase
    coming: list[asyncio.Task[httpx.Response]] = []

    async def with_a_hold_coming(*what: Any) -> None:
        coming.append(asyncio.create_task(held(dina, home), context=outside()))
        await somebody_waits()
        await erase(*what)

    monkeypatch.setattr(erasing, "_erase", with_a_hold_coming)
    assert await forget(NOW, RULES) == 1
    assert "Erased already" in (await coming[0]).text
    assert (await there(made), len(await holds())) == (False, 1)


async def test_an_erasure_due_while_a_hold_is_being_set_passes_it_over(world: World, home: Property) -> None:
    made = await aged(await inspected(world, home))
    await a_door(await world.sign_in("asha"), await planned(world, home))
    async with writing():
        await hold_commands.set_hold(sent(b""), signed_in(world, "dina"), home, WHY)
        erasure = asyncio.create_task(forget(NOW, RULES), context=outside())
        if ON_POSTGRES:
            await erasure
        else:
            await somebody_waits()
    assert await erasure == 0
    assert (await there(made), await VisitPhoto.exists().where(VisitPhoto.erased_at.is_null())) == (True, True)
