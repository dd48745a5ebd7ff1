"""Clean copies as due work: made once, given up never, repeated safely; and the sweep behind it."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from media import copies, due, imaging, queries, rules
from media.folder_store import FolderStore
from media.rules import State
from media.sweep import Sweep
from media.tables import Photo
from tests.conftest import World
from tests.media import files
from tests.media.conftest import send

DATA = files.jpeg(files.scene(900, 600), exif=files.exif(orientation=1, latitude=51.5, longitude=-0.12))
SHA = sha256(DATA).hexdigest()
OTHER = files.jpeg(files.scene(90, 60))
OTHER_SHA = sha256(OTHER).hexdigest()
OLD = timedelta(hours=49)


async def photo_now() -> Photo:
    photo = await Photo.objects().get(Photo.sha256 == SHA)
    assert photo is not None
    return photo


def age(kept: FolderStore, key: str, by: timedelta) -> None:
    stamp = (datetime.now(UTC) - by).timestamp()
    os.utime(kept._path(key), (stamp, stamp))


@pytest.fixture
async def received(world: World, used: FolderStore) -> datetime:
    """Asha's photograph, taken in; the moment to run due work at."""
    await send(await world.sign_in("asha"), DATA)
    return datetime.now(UTC)


async def test_a_received_photo_becomes_ready_with_what_its_file_said(
    received: datetime, used: FolderStore
) -> None:
    assert await due.run_due(received) == 1
    photo = await photo_now()
    assert photo.state == State.ready
    assert photo.taken_at == datetime(2026, 11, 20, 9, 12, 44, tzinfo=UTC)
    assert photo.taken_offset == "+00:00"
    assert (photo.latitude, photo.accuracy) == (51.5, 4.5)
    assert photo.longitude == pytest.approx(-0.12, abs=1e-3)
    assert photo.large_bytes == len(await used.get(f"clean/{SHA}/1600.jpg") or b"")
    assert photo.small_bytes == len(await used.get(f"clean/{SHA}/400.jpg") or b"")
    assert await due.run_due(received) == 0


async def test_a_time_without_an_offset_is_london_time() -> None:
    summer = imaging.Said(problem=None, sizes=[1, 1], taken_at="2026-07-01T09:00:00")
    assert due._moment(summer) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    for nonsense in ("9999-12-31T23:59:59", "0001-01-01T00:00:00", "once"):
        due._moment(imaging.Said(problem=None, sizes=[1, 1], taken_at=nonsense, offset="-14:00"))


async def test_two_engines_at_once_make_each_photo_once(
    received: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, real = [], copies.make

    async def counted(sha: str, kind: rules.Kind) -> imaging.Said:
        made.append(sha)
        return await real(sha, kind)

    monkeypatch.setattr(copies, "make", counted)
    done = await asyncio.gather(due.run_due(received), due.run_due(received), due.run_due(received))
    assert sum(done) == 1
    assert made == [SHA]


async def test_an_engine_that_died_holding_a_photo_is_followed_by_another(
    received: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(sha: str, kind: rules.Kind) -> imaging.Said:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(copies, "make", killed)
        with pytest.raises(asyncio.CancelledError):
            await due.run_due(received)
    assert await due.run_due(received + timedelta(seconds=5)) == 0
    assert (await photo_now()).state == State.received
    assert await due.run_due(received + due.LEASE) == 1
    assert (await photo_now()).state == State.ready


async def test_dying_between_the_copies_and_the_mark_is_harmless(received: datetime) -> None:
    await copies.make(SHA, rules.Kind.jpeg)
    assert await due.run_due(received) == 1
    assert (await photo_now()).state == State.ready


async def test_a_decoder_stopped_three_times_flags_the_photo_and_keeps_it(
    received: datetime, world: World, used: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(sha: str, kind: rules.Kind) -> imaging.Said:
        raise imaging.NotNow

    monkeypatch.setattr(copies, "make", stopped)
    states = []
    for turn in range(4):
        await due.run_due(received + turn * timedelta(minutes=5))
        states.append((await photo_now()).state)
    assert states == [State.received, State.received, State.unreadable, State.unreadable]
    assert (await photo_now()).problem == rules.TOO_HEAVY
    assert [photo.sha256 for photo in await queries.not_opened(world.asha.id)] == [SHA]
    assert await queries.not_opened(world.ben.id) == []
    assert await used.get(f"photos/{SHA}") == DATA


async def test_a_photo_the_store_has_lost_stays_due_and_is_logged(
    received: datetime, used: FolderStore, caplog: pytest.LogCaptureFixture
) -> None:
    used._path(f"photos/{SHA}").unlink()
    await due.run_due(received)
    assert (await photo_now()).state == State.received
    assert "lost photograph" in caplog.text
    await used.put(f"photos/{SHA}", DATA)
    await due.run_due(received + due.MISSING_PAUSE)
    assert (await photo_now()).state == State.ready


async def test_a_damaged_original_is_not_shown_as_if_it_were_the_photo(
    received: datetime, used: FolderStore
) -> None:
    used._path(f"photos/{SHA}").write_bytes(OTHER)
    await due.run_due(received)
    assert (await photo_now()).state == State.received
    assert not await used.exists(f"clean/{SHA}/400.jpg")


async def test_a_picture_asked_for_before_the_engine_came_is_made_at_once(received: datetime) -> None:
    large, small = await asyncio.gather(queries.clean_copy(SHA, 1600), queries.clean_copy(SHA, 400))
    assert rules.is_clean_copy(large, 1600)
    assert rules.is_clean_copy(small, 400)
    assert (await photo_now()).state == State.received


async def test_photos_are_made_in_the_order_they_came_a_few_at_a_time(world: World, used: FolderStore) -> None:
    phone = await world.sign_in("asha")
    for width in range(20, 26):
        await send(phone, files.jpeg(files.scene(width, 20)))
    at = datetime.now(UTC)
    assert await due.run_due(at) == due.BATCH
    ready = await Photo.select(Photo.width).where(Photo.state == State.ready.value).order_by(Photo.received_at)
    assert [row["width"] for row in ready] == [20, 21, 22, 23]
    assert await due.run_due(at) == 2


# The sweep


async def test_bytes_whose_row_never_came_are_set_aside_after_two_days_and_then_removed(
    received: datetime, used: FolderStore
) -> None:
    await used.put(f"photos/{OTHER_SHA}", OTHER)
    sweep, now = Sweep(), datetime.now(UTC)
    await sweep.turn(now)
    assert await used.get(f"photos/{OTHER_SHA}") == OTHER
    await sweep.turn(now + OLD)
    assert await used.get(f"photos/{OTHER_SHA}") is None
    assert await used.get(f"orphans/{OTHER_SHA}") == OTHER
    await sweep.turn(now + OLD + timedelta(hours=1))
    assert await used.get(f"orphans/{OTHER_SHA}") == OTHER
    await sweep.turn(now + OLD + timedelta(days=1))
    assert await used.get(f"orphans/{OTHER_SHA}") is None
    assert await used.get(f"photos/{SHA}") == DATA


async def test_an_orphan_whose_row_comes_after_all_is_put_back(world: World, used: FolderStore) -> None:
    await used.put(f"photos/{SHA}", DATA)
    age(used, f"photos/{SHA}", OLD)
    await Sweep().turn(datetime.now(UTC))
    assert await used.get(f"photos/{SHA}") is None
    now = datetime.now(UTC)
    await Photo.insert(
        Photo(sha256=SHA, person=world.asha.id, bytes_size=1, mime="image/jpeg", width=1, height=1,
              captured_at=now, received_at=now, try_after=now)
    )  # fmt: skip
    await Sweep().turn(now)
    assert await used.get(f"photos/{SHA}") == DATA
    assert await used.get(f"orphans/{SHA}") is None


async def test_sending_again_makes_bytes_young(world: World, used: FolderStore) -> None:
    await used.put(f"photos/{SHA}", DATA)
    age(used, f"photos/{SHA}", OLD)
    await used.put(f"photos/{SHA}", DATA)
    await Sweep().turn(datetime.now(UTC))
    assert await used.get(f"photos/{SHA}") == DATA


async def test_a_sweep_of_many_goes_a_few_hundred_at_a_time(
    world: World, used: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.sweep.BATCH", 3)
    for number in range(8):
        await used.put(f"photos/{number:064x}", b"x")
        age(used, f"photos/{number:064x}", OLD)
    sweep, now, left = Sweep(), datetime.now(UTC), []
    for _ in range(4):
        await sweep.turn(now)
        left.append(len([stored async for stored in used.walk("photos/")]))
    assert left[0] == 5
    assert left[-1] == 0
