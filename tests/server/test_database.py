"""The SQLite engine by itself: what happens when askers go away, disks fill and others hold the lock."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server import database
from server.database import PooledSQLiteEngine
from tests.servers.files import holding


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[PooledSQLiteEngine]:
    made = PooledSQLiteEngine(str(tmp_path / "a.sqlite"))
    await made.run_ddl("CREATE TABLE note (text TEXT)")
    yield made
    await made.shut()


async def write(engine: PooledSQLiteEngine, text: str) -> None:
    async with engine.transaction():
        await engine.run_ddl(f"INSERT INTO note VALUES ('{text}')")


async def texts(engine: PooledSQLiteEngine) -> list[str]:
    return [row["text"] for row in await engine.run_ddl("SELECT text FROM note ORDER BY text")]


async def test_it_writes_ahead_and_waits_for_the_disk(engine: PooledSQLiteEngine) -> None:
    async with engine.transaction():
        (mode,) = (await engine.run_ddl("PRAGMA journal_mode"))[0].values()
        (synchronous,) = (await engine.run_ddl("PRAGMA synchronous"))[0].values()
        (foreign_keys,) = (await engine.run_ddl("PRAGMA foreign_keys"))[0].values()
    assert (mode, synchronous, foreign_keys) == ("wal", 2, 1)


async def test_forty_writers_at_once_all_get_their_turn(engine: PooledSQLiteEngine) -> None:
    await asyncio.gather(*(write(engine, f"{n:02}") for n in range(40)))
    assert len(await texts(engine)) == 40


async def test_a_failed_transaction_leaves_nothing(engine: PooledSQLiteEngine) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with engine.transaction():
            await engine.run_ddl("INSERT INTO note VALUES ('half')")
            _ = 1 / 0
    assert await texts(engine) == []


async def test_an_asker_who_goes_away_mid_write_leaves_no_transaction_behind(engine: PooledSQLiteEngine) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with engine.transaction():
            await engine.run_ddl("INSERT INTO note VALUES ('half')")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await begun.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await write(engine, "whole")
    assert await texts(engine) == ["whole"]


async def test_askers_who_go_away_at_any_moment_never_wear_out_the_readers(engine: PooledSQLiteEngine) -> None:
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200000) SELECT max(x) FROM n"
    for turns in range(4 * database.READERS):
        task = asyncio.create_task(engine.run_ddl(slow))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await write(engine, "seen")
    rows = await asyncio.gather(*(texts(engine) for _ in range(database.READERS)))
    assert rows == [["seen"]] * database.READERS


async def test_a_wrong_read_does_not_cost_a_reader(engine: PooledSQLiteEngine) -> None:
    for _ in range(3 * database.READERS):
        with pytest.raises(sqlite3.OperationalError):
            await engine.run_ddl("SELECT nothing FROM nowhere")
    assert await texts(engine) == []


async def test_a_read_cannot_write(engine: PooledSQLiteEngine) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await engine.run_ddl("WITH a AS (SELECT 1) INSERT INTO note SELECT 'sly'")


async def test_who_waits_longer_than_the_limit_is_told_it_is_locked(
    engine: PooledSQLiteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MAX_WAITING_SECONDS", 0.05)
    async with engine.transaction():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            # A task of its own: inside this one it would join the transaction.
            await asyncio.create_task(_apart(engine))
    await write(engine, "after")
    assert await texts(engine) == ["after"]


async def _apart(engine: PooledSQLiteEngine) -> None:
    engine.current_transaction.set(None)
    await write(engine, "never")


async def test_a_lock_held_by_another_process_ends_in_a_refusal_and_not_in_a_hang(
    engine: PooledSQLiteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MAX_WAITING_SECONDS", 0.05)
    with contextlib.closing(sqlite3.connect(engine.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await write(engine, "never")
        assert await texts(engine) == []  # readers do not wait for a writer
        other.execute("ROLLBACK")
    await write(engine, "after")
    assert await texts(engine) == ["after"]


def test_another_event_loop_starts_with_connections_of_its_own(tmp_path: Path) -> None:
    engine = PooledSQLiteEngine(str(tmp_path / "b.sqlite"))
    asyncio.run(engine.run_ddl("CREATE TABLE note (text TEXT)"))
    asyncio.run(write(engine, "first"))

    async def second() -> list[str]:
        await write(engine, "second")
        found = await texts(engine)
        await engine.shut()
        return found

    assert asyncio.run(second()) == ["first", "second"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root on Linux")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_full_disk_refuses_the_write_and_heals_without_a_restart(small_disk: Path) -> None:
    engine = PooledSQLiteEngine(str(small_disk / "c.sqlite"))
    await engine.run_ddl("CREATE TABLE note (text TEXT)")
    await write(engine, "before")
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(os.urandom(4096))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await write(engine, "a" * 200_000)
    assert await texts(engine) == ["before"]
    filler.unlink()
    await write(engine, "later")
    assert await texts(engine) == ["before", "later"]
    await engine.shut()


async def test_what_was_erased_leaves_the_file_and_the_log_once_nobody_reads_any_more(
    engine: PooledSQLiteEngine,
) -> None:
    def on_the_disk() -> list[str]:
        return holding("canary words", Path(engine.path))

    await write(engine, "canary words")
    with contextlib.closing(sqlite3.connect(engine.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM note").fetchall()
        await engine.run_ddl("DELETE FROM note")
        assert await engine.clear_log() is False
        assert on_the_disk() != []
        other.execute("COMMIT")
    assert await engine.clear_log() is True
    assert on_the_disk() == []
    await write(engine, "after")
    assert await texts(engine) == ["after"]
