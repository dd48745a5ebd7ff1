"""What every store must do, asked of a folder and of a real S3 service alike."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from media import folder_store
from media.choosing import store_from
from media.folder_store import FolderStore
from media.s3_store import S3Store
from media.store import Store, StoreUnavailable
from pwa import disk
from tests.media.conftest import SECRETS
from tests.servers import seaweed

DATA = b"a photograph" * 3000
KEY = f"photos/{sha256(DATA).hexdigest()}"
COPY = f"clean/{sha256(DATA).hexdigest()}/1600.jpg"


def overwrite(kept: Store, key: str, data: bytes) -> None:
    """Damage what is kept, behind the store's back."""
    if isinstance(kept, FolderStore):
        kept._path(key).write_bytes(data)
    else:
        assert isinstance(kept, S3Store)
        kept.client.put_object(Bucket=kept.bucket, Key=kept.prefix + key, Body=data)


def files_in(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


async def test_what_was_put_is_got_byte_for_byte(kept: Store) -> None:
    assert await kept.put(KEY, DATA) is True
    assert await kept.get(KEY) == DATA
    assert await kept.exists(KEY)


async def test_what_was_never_put_is_not_there(kept: Store) -> None:
    assert await kept.get(KEY) is None
    assert not await kept.exists(KEY)


async def test_a_second_put_says_that_it_was_there(kept: Store) -> None:
    assert await kept.put(KEY, DATA) is True
    assert await kept.put(KEY, DATA) is False
    assert await kept.get(KEY) == DATA


async def test_a_copy_is_never_replaced(kept: Store) -> None:
    await kept.put(COPY, b"first")
    assert await kept.put(COPY, b"second") is False
    assert await kept.get(COPY) == b"first"


async def test_a_damaged_original_is_put_right_by_the_phone_sending_it_again(kept: Store) -> None:
    await kept.put(KEY, DATA)
    overwrite(kept, KEY, DATA[:-1] + b"?")
    await kept.put(KEY, DATA)
    assert await kept.get(KEY) == DATA


async def test_of_many_putting_at_once_one_creates_and_all_find_it(kept: Store) -> None:
    created = await asyncio.gather(*(kept.put(KEY, DATA) for _ in range(12)))
    assert sorted(created) == [False] * 11 + [True]
    assert await kept.get(KEY) == DATA


async def test_a_copy_can_be_deleted_twice_and_an_original_never(kept: Store) -> None:
    await kept.put(KEY, DATA)
    await kept.put(COPY, b"copy")
    await kept.delete(COPY)
    await kept.delete(COPY)
    assert await kept.get(COPY) is None
    with pytest.raises(ValueError, match="evidence"):
        await kept.delete(KEY)
    assert await kept.get(KEY) == DATA


async def test_an_original_set_aside_waits_among_the_orphans(kept: Store) -> None:
    await kept.put(KEY, DATA)
    await kept.set_aside(KEY)
    await kept.set_aside(KEY)
    assert await kept.get(KEY) is None
    assert await kept.get(KEY.replace("photos/", "orphans/")) == DATA


async def test_a_walk_finds_each_key_once_with_its_size_and_time(kept: Store) -> None:
    names = {f"photos/{number:064x}" for number in range(12)}
    for name in names:
        await kept.put(name, b"12345")
    await kept.put(COPY, b"copy")
    walked = [stored async for stored in kept.walk("photos/")]
    assert {stored.key for stored in walked} == names
    assert len(walked) == len(names)
    assert {stored.size for stored in walked} == {5}
    assert all(abs(datetime.now(UTC) - stored.stored_at) < timedelta(minutes=1) for stored in walked)


async def test_a_walk_of_nothing_is_empty(kept: Store) -> None:
    assert [stored async for stored in kept.walk("photos/")] == []


# The folder


async def test_a_folder_spreads_its_files_and_leaves_no_parts(tmp_path: Path) -> None:
    await FolderStore(tmp_path).put(KEY, DATA)
    assert files_in(tmp_path) == [f"photos/{KEY[7:9]}/{KEY[7:]}"]


async def test_a_folder_nearly_full_takes_no_more_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = FolderStore(tmp_path)
    await kept.put(KEY, DATA)
    full = type("usage", (), {"total": 8 * 1024**2, "free": 700 * 1024})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(StoreUnavailable):
        await kept.put("photos/" + "a" * 64, DATA)
    assert await kept.get(KEY) == DATA


async def test_a_folder_that_fails_to_sync_does_not_say_it_has_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StoreUnavailable):
        await FolderStore(tmp_path).put(KEY, DATA)


async def test_a_photo_has_its_name_only_once_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, sync, link = [], os.fsync, os.link

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "bytes")
        sync(handle)

    def linked(part: Path, path: Path) -> None:
        steps.append("name")
        link(part, path)

    kept = FolderStore(tmp_path)
    await kept.put(KEY, DATA)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    await kept.put(f"photos/{KEY[7:9]}{'0' * 62}", b"another in the same folder")
    assert steps == ["bytes", "name", "folder"]
    await kept.put(KEY, DATA)
    assert steps[3:] == ["folder"]


async def test_the_names_of_the_folders_are_on_the_disk_before_a_photo_is_called_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    for module in (disk, folder_store):
        monkeypatch.setattr(module, "sync", synced.append)
    root = tmp_path / "disk" / "photos of doorstep"
    kept = FolderStore(root)
    assert set(synced) == {tmp_path, tmp_path / "disk"}
    synced.clear()
    await kept.put(KEY, DATA)
    assert synced == [root, root / "photos", root / "photos" / KEY[7:9]]


@pytest.mark.parametrize("whole", [False, True])
async def test_a_folder_somebody_else_has_just_made_is_not_taken_for_one_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """By another thread, or by the process before this one, which was killed before it could sync."""
    path = tmp_path / "photos" / KEY[7:9] / KEY[7:]
    path.parent.mkdir(parents=True)
    if whole:
        path.write_bytes(DATA)
    synced: list[Path] = []
    kept = FolderStore(tmp_path)
    monkeypatch.setattr(folder_store, "sync", synced.append)
    assert await kept.put(KEY, DATA) is not whole
    assert synced == [tmp_path, tmp_path / "photos", path.parent]
    assert await kept.put(KEY, DATA) is False
    assert synced[3:] == [path.parent]


def test_the_loser_of_a_race_for_a_name_replaces_nothing(tmp_path: Path) -> None:
    kept, part = FolderStore(tmp_path), tmp_path / "part"
    path = tmp_path / "copy"
    path.write_bytes(b"first")
    part.write_bytes(b"second")
    assert kept._name(part, path, COPY, b"second") is False
    assert path.read_bytes() == b"first"


async def test_a_walk_clears_old_parts_and_leaves_new_ones(tmp_path: Path) -> None:
    kept = FolderStore(tmp_path)
    await kept.put(KEY, DATA)
    old, new = (tmp_path / "photos" / KEY[7:9] / name for name in (".old.1", ".new.1"))
    for part in (old, new):
        part.write_bytes(b"half")
    long_ago = time.time() - 50 * 3600
    os.utime(old, (long_ago, long_ago))
    assert [stored.key async for stored in kept.walk("photos/")] == [KEY]
    assert not old.exists()
    assert new.exists()


async def test_a_key_that_climbs_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await FolderStore(tmp_path / "photos").put("photos/../../x", DATA)


def test_a_folder_killed_while_writing_keeps_only_whole_files(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys, os, hashlib\n"
        "from media.folder_store import FolderStore\n"
        "async def main():\n"
        "    kept = FolderStore(sys.argv[1])\n"
        "    while True:\n"
        "        data = os.urandom(200_000)\n"
        "        name = hashlib.sha256(data).hexdigest()\n"
        "        await kept.put('photos/' + name, data)\n"
        "        print(name, flush=True)\n"
        "asyncio.run(main())\n"
    )
    acknowledged: list[str] = []
    for _ in range(5):
        command = [sys.executable, "-c", program, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        assert process.stdout is not None
        acknowledged += [process.stdout.readline().strip() for _ in range(20)]
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if len(line) == 65]
        process.stdout.close()
        process.wait()
    whole = {path.name for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".")}
    assert set(acknowledged) <= whole
    assert all(
        sha256(path.read_bytes()).hexdigest() == path.name
        for path in tmp_path.rglob("[0-9a-f]*")
        if path.is_file()
    )


# The S3 service


async def test_s3_refuses_a_wrong_secret_and_so_do_we(weed: seaweed.Seaweed) -> None:
    wrong = store_from(weed.url("wrong"), seaweed.KEY, "guessed")
    assert isinstance(wrong, S3Store)
    for attempt in (wrong.put(KEY, DATA), wrong.get(KEY), wrong.exists(KEY)):
        with pytest.raises(StoreUnavailable):
            await attempt
    wrong.client.close()


async def test_s3_in_a_bucket_that_is_not_there_is_unavailable_not_empty(weed: seaweed.Seaweed) -> None:
    wrong = store_from(weed.url("x").replace(seaweed.BUCKET, "nobodys-bucket"), *SECRETS)
    assert isinstance(wrong, S3Store)
    with pytest.raises(StoreUnavailable):
        await wrong.get(KEY)
    wrong.client.close()


# What DOORSTEP_STORAGE may say


@pytest.mark.parametrize(
    "url",
    ["", "  ", "http://store", "ftp://x", "s3://", "s3://B_d", "s3://bucket?endpoint=store:1", "s3://bucket?endpoint=",
     "s3://bucket?secret=1", "s3://bucket?region=a&region=b", "s3://bucket?endpoint=http://a/path"],
)  # fmt: skip
def test_a_wrong_storage_setting_is_one_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]+\.$"):
        store_from(url, *SECRETS)


def test_a_key_without_its_secret_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="given together"):
        store_from("s3://bucket", "a")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cannot be made"):
        store_from(str(tmp_path / "file" / "photos"))
