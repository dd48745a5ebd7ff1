"""The bytes of photographs that were erased, in a folder and in a real S3 service, and crashes on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from media import erasing, rules
from media.commands import let_go
from media.due import run_due
from media.store import Store, StoreUnavailable, store, use
from media.sweep import Sweep
from media.tables import Photo
from tests.conftest import World
from tests.media.conftest import send
from tests.media.test_due import DATA, OLD, OTHER, OTHER_SHA, SHA

DAY = timedelta(days=1)


async def nobody(hashes: object) -> set[str]:
    return set()


@pytest.fixture
async def erased(world: World, kept: Store) -> AsyncIterator[datetime]:
    """Two photographs with their copies, one let go of and its row erased; the moment at which sweeps begin."""
    before = store()
    use(kept)
    asha, now = await world.sign_in("asha"), datetime.now(UTC)
    for data in (DATA, OTHER):
        await send(asha, data)
    await run_due(datetime.now(UTC))
    await let_go([SHA], now)
    assert await erasing.erase_unnamed(now + erasing.REST, nobody) == 1
    yield now + OLD
    use(before)


async def keys(kept: Store) -> set[str]:
    prefixes = ("photos/", "clean/", "orphans/")
    return {stored.key for prefix in prefixes async for stored in kept.walk(prefix)}


def all_of(sha: str) -> set[str]:
    return {rules.original_key(sha), *(rules.copy_key(sha, side) for side in rules.COPY_SIDES)}


async def test_within_two_sweeps_no_byte_of_it_is_left_and_what_is_not_erased_is_whole(
    erased: datetime, kept: Store
) -> None:
    assert await keys(kept) == all_of(SHA) | all_of(OTHER_SHA)
    await Sweep().turn(erased)
    assert await keys(kept) == {f"orphans/{SHA}"} | all_of(OTHER_SHA)
    await Sweep().turn(erased + DAY)
    assert await keys(kept) == all_of(OTHER_SHA)


@pytest.mark.parametrize("step", ["set_aside", "delete"])
@pytest.mark.parametrize("how", [asyncio.CancelledError, StoreUnavailable])
async def test_a_sweep_that_dies_on_the_way_is_finished_by_the_next(
    erased: datetime, kept: Store, monkeypatch: pytest.MonkeyPatch, step: str, how: type[BaseException]
) -> None:
    async def dies(*_: object) -> None:
        raise how

    with monkeypatch.context() as patch:
        patch.setattr(kept, step, dies)
        with contextlib.suppress(asyncio.CancelledError):
            await Sweep().turn(erased)
    for day in range(3):
        await Sweep().turn(erased + day * DAY)
    assert await keys(kept) == all_of(OTHER_SHA)


async def test_bytes_sent_again_while_they_are_cleared_away_are_there_in_the_end(
    erased: datetime, kept: Store, world: World
) -> None:
    await Sweep().turn(erased)
    assert (await send(await world.sign_in("ben"), DATA)).status_code == 201
    for day in range(3):
        await Sweep().turn(erased + day * DAY)
    assert await kept.get(rules.original_key(SHA)) == DATA
    assert await keys(kept) >= all_of(OTHER_SHA)


async def test_it_goes_a_few_at_a_time_and_not_before_its_week(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 1)
    asha, now = await world.sign_in("asha"), datetime.now(UTC)
    for data in (DATA, OTHER):
        await send(asha, data)
    await let_go([SHA, OTHER_SHA], now)
    assert await erasing.erase_unnamed(now + erasing.REST - timedelta(seconds=1), nobody) == 0
    assert [await erasing.erase_unnamed(now + erasing.REST, nobody) for _ in range(3)] == [1, 1, 0]
    assert await Photo.count() == 0


async def test_sent_again_at_the_very_moment_it_stays(world: World) -> None:
    asha, now = await world.sign_in("asha"), datetime.now(UTC)
    await send(asha, DATA)
    await let_go([SHA], now)

    async def meanwhile(hashes: object) -> set[str]:
        await send(asha, DATA)
        return set()

    await erasing.erase_unnamed(now + erasing.REST, meanwhile)
    assert await Photo.count() == 1
