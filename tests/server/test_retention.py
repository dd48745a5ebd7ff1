from datetime import timedelta
from typing import Any

import pytest

from pwa.answers import Mismatch
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.tables import Conflict, Device, Held, Receipt
from server.retention import forget
from server.settings import read
from tests.conftest import World
from tests.pwa.test_office import hold
from tests.pwa.test_once import NOW, sent


async def phone(days: int, waiting: int = 0) -> Any:
    return await Device.objects().create(
        id=uuid7(), person_name="Asha Test", last_seen=NOW - timedelta(days=days), waiting_commands=waiting
    )


async def test_a_phone_long_unheard_of_is_forgotten_unless_it_holds_unsent_work(world: World) -> None:
    await phone(401)
    held_back, recent = await phone(401, waiting=2), await phone(399)
    await forget(NOW, read({}))
    assert {row["id"] for row in await Device.select(Device.id)} == {held_back.id, recent.id}


async def test_a_lost_phone_is_never_forgotten_so_that_it_stays_lost_when_it_is_switched_on(world: World) -> None:
    gone = await phone(401)
    await Device.update({Device.lost_at: NOW, Device.lost_reason: "Left on a bus"}).where(Device.id == gone.id)
    await forget(NOW, read({}))
    assert await Device.exists().where(Device.id == gone.id)


async def test_with_zero_days_everything_is_kept(world: World) -> None:
    await phone(4000)
    await forget(NOW, read({"DOORSTEP_RETAIN_PHONES_DAYS": "0"}))
    assert await Device.count() == 1


async def test_what_was_held_goes_some_time_after_it_was_decided_and_never_before(world: World) -> None:
    decided, open_still = await hold(world), await hold(world, "ben")
    await Held.update({Held.decided_at: NOW - timedelta(days=31), Held.decision_reason: "Kept"}).where(
        Held.id == decided
    )
    await forget(NOW, read({"DOORSTEP_RETAIN_HELD_DAYS": "30"}))
    bodies: Any = {row["id"]: bytes(row["body"]) for row in await Held.select(Held.id, Held.body)}
    assert bodies[decided] == b""
    assert bodies[open_still] != b""
    assert await Receipt.count() == 2


async def test_a_second_copy_goes_some_time_after_it_was_decided_and_never_before(world: World) -> None:
    for decided_at in (NOW - timedelta(days=31), None):
        first = sent(b"a=1")
        await once(first, nothing)
        with pytest.raises(Mismatch):
            await once(sent(b"a=2", id=first.id), nothing)
        await Conflict.update({Conflict.decided_at: decided_at}).where(Conflict.receipt == first.id)
    await forget(NOW, read({"DOORSTEP_RETAIN_HELD_DAYS": "30"}))
    rows: Any = await Conflict.select(Conflict.body, Conflict.decided_at)
    assert {bytes(row["body"]) for row in rows if row["decided_at"]} == {b""}
    assert {bytes(row["body"]) for row in rows if not row["decided_at"]} == {b"a=2"}


async def nothing(_: Sent) -> None: ...
