"""Inspections kept for as long as the council says are erased whole, and nothing else is."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from piccolo.columns import ForeignKey
from piccolo.conf.apps import Finder

from inspections import erasing
from inspections.tables import Inspection, Phrase
from media.tables import Photo
from properties.tables import Property
from pwa import audit
from pwa.due import run_due as seal
from pwa.ids import uuid7
from pwa.tables import Conflict, Held, Receipt
from server import retention
from server.retention import forget, years_before
from server.settings import read, settings
from tests.conftest import ON_POSTGRES, World
from tests.inspections.doing import home, post, start
from tests.media.conftest import send
from tests.server.keeping import (
    LATER,
    LONG_AGO,
    NOTE,
    NOW,
    RULES,
    Made,
    aged,
    attached,
    due,
    inspected,
    photos,
    picture,
)
from tests.servers.files import holding
from tests.visits.making import planned

__all__ = ["home"]
RECENTLY = NOW - timedelta(days=6 * 365)


async def there(made: Made) -> bool:
    return await Inspection.exists().where(Inspection.id == made.id)


async def everything() -> str:
    """Every column of every row of every table, in words."""
    rows = [await table.select() for table in Finder().get_table_classes()]
    return str(rows)


async def erasures() -> list[dict[str, Any]]:
    return await Receipt.select().where(Receipt.method == "ERASE").order_by(Receipt.received_at)


async def test_all_that_belongs_to_it_goes_and_its_address_says_not_found_like_any_other(
    world: World, home: Property
) -> None:
    old, recent = await aged(await inspected(world, home)), await inspected(world, home, note="Fine otherwise")
    assert (await old.client.get(old.address)).status_code == 200
    await due()
    gone = await old.client.get(old.address)
    absent = await old.client.get(f"/inspections/{uuid7()}")
    assert gone.status_code == absent.status_code == 404
    assert (await old.client.get(recent.address)).status_code == 200
    left = {
        table._meta.tablename: await table.exists().where(column == old.id)
        for table in Finder().get_table_classes()
        for column in table._meta.columns
        if isinstance(column, ForeignKey) and column._foreign_key_meta.resolved_references is Inspection
    }
    assert len(left) >= 8
    assert [name for name, still in left.items() if still] == []
    assert NOTE not in await everything()


async def test_what_is_left_of_it_is_a_receipt_that_says_when_and_nothing_of_what_it_said(
    world: World, home: Property
) -> None:
    made = await aged(await inspected(world, home))
    receipts = await Receipt.count()
    await seal(NOW)
    await due()
    (trace,) = await erasures()
    assert (trace["path"], trace["received_at"], trace["person_name"]) == (
        made.address,
        NOW,
        "the retention settings",
    )
    assert trace["note"] == "inspection erased: it was kept as long as it is to be"
    assert await Receipt.count() == receipts + 1
    await seal(NOW)
    check = await audit.checked()
    assert (check.faults, check.sealed) == ([], receipts + 1)


@pytest.mark.parametrize(
    ("begun", "completed", "goes"),
    [(LONG_AGO, LONG_AGO, True), (LONG_AGO, RECENTLY, False), (LONG_AGO, None, True), (RECENTLY, None, False)],
)
async def test_years_count_from_completion_or_else_from_the_start(
    world: World, home: Property, begun: datetime, completed: datetime | None, goes: bool
) -> None:
    made = await aged(await inspected(world, home, complete=completed is not None), begun, completed or NOW)
    await due()
    assert await there(made) is not goes


async def test_years_count_by_the_servers_clock_because_a_phones_may_be_wrong(
    world: World, home: Property
) -> None:
    made = await inspected(world, home)
    await Inspection.update({Inspection.captured_at: LONG_AGO}).where(Inspection.id == made.id)
    await due()
    assert await there(made)


async def test_without_a_setting_everything_is_kept(world: World, home: Property) -> None:
    made = await aged(await inspected(world, home))
    await forget(NOW, read({}))
    assert await there(made)
    assert await erasures() == []


def test_a_year_ago_on_the_29th_of_february_is_the_28th() -> None:
    assert years_before(datetime(2032, 2, 29, 9, tzinfo=UTC), 7) == datetime(2025, 2, 28, 9, tzinfo=UTC)
    assert years_before(datetime(2032, 2, 29, 9, tzinfo=UTC), 4) == datetime(2028, 2, 29, 9, tzinfo=UTC)


async def test_it_goes_a_few_at_a_time(world: World, home: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "BATCH", 2)
    for width in (40, 41, 42):
        await aged(await inspected(world, home, width))
    assert [await forget(NOW, RULES) for _ in range(3)] == [2, 1, 0]


async def test_two_engines_at_once_erase_it_once(world: World, home: Property) -> None:
    await aged(await inspected(world, home))
    await asyncio.gather(*(forget(NOW, RULES) for _ in range(4)))
    assert len(await erasures()) == 1


async def test_it_waits_while_the_office_has_still_to_decide_about_something_for_it(
    world: World, home: Property
) -> None:
    made = await inspected(world, home)
    assert (
        "outcome=held"
        in (await post(made.client, made.id, "readings", item="kitchen_hob", note=NOTE)).headers["receipt"]
    )
    other = await aged(await inspected(world, home, 41))
    await due(NOW)
    await aged(made)
    await due()
    assert (await there(made), await there(other)) == (True, False)
    await Held.update({Held.decided_at: NOW, Held.decision_reason: "Told the repairs team"}, force=True)
    await due()
    assert not await there(made)
    (row,) = await Held.select(Held.body, Held.decision_reason)
    assert (row["body"], row["decision_reason"]) == (b"", "Told the repairs team")
    assert NOTE.split()[0] not in await everything()


async def test_a_second_copy_that_came_differently_holds_it_back_until_it_is_decided_about(
    world: World, home: Property
) -> None:
    made, id = await inspected(world, home, complete=False), str(uuid7())
    for note, answer in (("One", 200), (NOTE, 409)):
        data = {"item": "kitchen_hob", "note": note}
        response = await made.client.post(f"{made.address}/readings", data=data, headers={"Command-Id": id})
        assert response.status_code in (answer, 303)
    assert [NOTE.split()[0].encode() in row["body"] for row in await Conflict.select(Conflict.body)] == [True]
    await aged(made)
    await due()
    assert await there(made)
    await Conflict.update({Conflict.decided_at: NOW}, force=True)
    await due()
    assert not await there(made)
    assert [row["body"] for row in await Conflict.select(Conflict.body)] == [b""]


async def test_words_offered_only_because_of_it_are_not_offered_any_more(world: World, home: Property) -> None:
    old = await aged(await inspected(world, home))
    await post(old.client, await start(old.client, home), "findings", id=str(uuid7()), item="kitchen_hob",
               what="repair", severity="minor", note="Tap drips")  # fmt: skip
    shared = await inspected(world, home, 41, note="Tap drips")
    await due()
    assert {row["text"] for row in await Phrase.select(Phrase.text).where(Phrase.uses > 0)} == {"Tap drips"}
    await aged(shared)
    await due()
    assert await Phrase.exists().where(Phrase.text == "Tap drips")


async def test_words_that_everybody_is_offered_stay(world: World, home: Property) -> None:
    first = await Phrase.select(Phrase.what, Phrase.text).where(Phrase.team.is_null()).first()
    assert first is not None
    world.asha.team = None
    await world.asha.save()
    asha = await world.sign_in("asha")
    id = await start(asha, home)
    await post(asha, id, "findings", id=str(uuid7()), item="kitchen_hob", what=first["what"], severity="minor",
               note=first["text"])  # fmt: skip
    await aged(Made(id, "", asha))
    await due()
    assert not await Inspection.exists()
    assert await Phrase.exists().where((Phrase.text == first["text"]) & Phrase.team.is_null())


# Photographs


async def test_its_photographs_follow_a_week_later_when_nothing_else_names_them(
    world: World, home: Property
) -> None:
    made = await aged(await inspected(world, home))
    await due()
    assert await photos() == {made.sha}
    await due(NOW + timedelta(days=6))
    assert await photos() == {made.sha}
    await due(LATER)
    assert await photos() == set()


async def another_inspection(world: World, home: Property, sha: str) -> None:
    await attached(await world.sign_in("ben"), await start(await world.sign_in("ben"), home), sha)


async def a_drawing(world: World, home: Property, sha: str) -> None:
    asha = await world.sign_in("asha")
    await attached(asha, await start(asha, home), "b" * 64, drawn_from=sha)


async def a_promise(world: World, home: Property, sha: str) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home)
    assert (await post(asha, id, "complete", reason="No time", photos=f"{'c' * 64} {sha}")).status_code == 200


async def a_door(world: World, home: Property, sha: str) -> None:
    visit = await planned(world, home)
    answer = await (await world.sign_in("asha")).post(
        f"/visits/{visit}/photos", data={"id": str(uuid7()), "sha256": sha}
    )
    assert answer.status_code < 400


async def something_to_decide(world: World, home: Property, sha: str) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home)
    await post(asha, id, "complete", reason="No time")
    assert "outcome=held" in (await attached(asha, id, sha)).headers["receipt"]


@pytest.mark.parametrize("names", [another_inspection, a_drawing, a_promise, a_door, something_to_decide])
async def test_a_photograph_that_another_record_names_stays(world: World, home: Property, names: Any) -> None:
    made = await aged(await inspected(world, home))
    await inspected(world, home, 41)
    await names(world, home, made.sha)
    await due()
    await due(LATER)
    assert not await there(made)
    assert made.sha in await photos()
    assert not await Photo.exists().where(Photo.leaving_at.is_not_null())


async def test_a_photograph_sent_again_meanwhile_stays_for_the_record_that_is_still_on_its_way(
    world: World, home: Property
) -> None:
    made = await aged(await inspected(world, home))
    await due()
    data, sha = picture()
    assert (await send(made.client, data)).status_code == 201
    await due(LATER)
    assert await photos() == {sha}


async def test_photographs_let_go_of_go_also_when_the_setting_is_taken_back(world: World, home: Property) -> None:
    await aged(await inspected(world, home))
    await due()
    await forget(LATER, read({}))
    assert await photos() == set()


# Crashes, and what is left on the disk


@pytest.mark.parametrize("last", ["media.commands.let_go", "pwa.commands.forget_bodies", "pwa.outbox._note"])
async def test_killed_in_the_middle_of_it_nothing_is_gone_and_the_next_run_finishes(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    made = await aged(await inspected(world, home))

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(last, killed)
        with pytest.raises(asyncio.CancelledError):
            await forget(NOW, RULES)
    assert (await made.client.get(made.address)).text.count(NOTE) > 2
    assert await erasures() == []
    assert not await Photo.exists().where(Photo.leaving_at.is_not_null())
    await due()
    await due(LATER)
    assert (await there(made), await photos(), len(await erasures())) == (False, set(), 1)


def on_the_disk(words: str) -> list[str]:
    return holding(words, Path(settings.data) / "doorstep.sqlite")


@pytest.mark.parametrize("others", [0, 40])
async def test_after_the_due_work_its_words_are_in_no_byte_of_the_database(
    world: World, home: Property, others: int
) -> None:
    """On PostgreSQL in no row: there autovacuum frees the place, and new rows fill it."""
    for number in range(others):
        asha = await world.sign_in("asha")
        id = await start(asha, home)
        await post(asha, id, "findings", id=str(uuid7()), item="kitchen_hob", what="repair", severity="minor",
                   note=f"Number {number} " + "of much longer ones " * (number % 7 * 20))  # fmt: skip
        if number % 10 == 0:
            await aged(await inspected(world, home, 40 + number))
    await aged(await inspected(world, home, 30))
    if not ON_POSTGRES:
        assert on_the_disk(NOTE)
    await due()
    assert NOTE not in await everything()
    if not ON_POSTGRES:
        assert on_the_disk(NOTE) == []


async def test_a_reader_in_the_way_of_clearing_the_log_is_waited_for(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    async def clear_log(_: object) -> bool:
        told.append(len(told))
        return len(told) > 2

    monkeypatch.setattr(type(retention.DB), "clear_log", clear_log)
    await aged(await inspected(world, home))
    for _ in range(6):
        await forget(NOW, RULES)
    assert told == [0, 1, 2]
