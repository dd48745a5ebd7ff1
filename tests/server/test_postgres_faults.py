"""PostgreSQL killed, restarted and frozen under the pool. Runs against a server of its own on every run."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server import postgres
from server.faults import DATABASE_DOWN
from server.postgres import PooledPostgresEngine
from tests.servers.postgres import Postgres


@pytest.fixture
async def database(folder: Path) -> AsyncIterator[tuple[Postgres, PooledPostgresEngine]]:
    server = Postgres.start(folder / f"postgres-{time.monotonic_ns()}")
    engine = PooledPostgresEngine(server.url)
    await engine.open()
    await engine.run_ddl("CREATE TABLE note (text TEXT)")
    yield server, engine
    await engine.shut()
    server.stop()


async def write(engine: PooledPostgresEngine, text: str) -> None:
    async with engine.transaction():
        await engine.run_ddl(f"INSERT INTO note VALUES ('{text}')")


async def count(engine: PooledPostgresEngine) -> int:
    return int((await engine.run_ddl("SELECT count(*) FROM note"))[0]["count"])


async def many(engine: PooledPostgresEngine, writers: int = 25) -> list[object]:
    """More failures than the pool has places, so that a place lost by each would show."""
    return await asyncio.gather(*(write(engine, str(n)) for n in range(writers)), return_exceptions=True)


async def test_after_a_restart_the_pool_works_again_by_itself(
    database: tuple[Postgres, PooledPostgresEngine],
) -> None:
    server, engine = database
    await write(engine, "before")
    server.stop()
    failed = await many(engine)
    assert all(isinstance(error, DATABASE_DOWN) for error in failed), failed
    server.start_again()
    assert await many(engine) == [None] * 25
    assert await count(engine) == 26


async def test_a_kill_in_the_middle_of_a_transaction_leaves_nothing_of_it_and_a_working_pool(
    database: tuple[Postgres, PooledPostgresEngine],
) -> None:
    server, engine = database
    for _ in range(3):
        with pytest.raises(DATABASE_DOWN):
            async with engine.transaction():
                await engine.run_ddl("INSERT INTO note VALUES ('half')")
                server.stop()
                await engine.run_ddl("INSERT INTO note VALUES ('other half')")
        server.start_again()
    assert await count(engine) == 0
    assert await many(engine) == [None] * 25


async def test_a_frozen_server_is_given_up_in_time_and_used_again_when_it_thaws(
    database: tuple[Postgres, PooledPostgresEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = database
    monkeypatch.setattr(postgres, "TIMEOUT_SECONDS", 0.5)
    engine = PooledPostgresEngine(server.url)
    await engine.open()
    pids = server.pids()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        asked = time.monotonic()
        failed = await many(engine)
        took = time.monotonic() - asked
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    assert all(isinstance(error, DATABASE_DOWN) for error in failed), failed
    assert took < 8, "an asker hung on a frozen server"
    await _until_it_answers(engine)
    assert [error for error in await many(engine) if error] == []
    await engine.shut()


async def _until_it_answers(engine: PooledPostgresEngine) -> None:
    for _ in range(50):
        try:
            await count(engine)
            return
        except DATABASE_DOWN:
            continue
    raise AssertionError("the pool did not heal")


async def test_an_asker_who_goes_away_gives_the_connection_back(
    database: tuple[Postgres, PooledPostgresEngine],
) -> None:
    _, engine = database
    for _ in range(15):
        task = asyncio.create_task(engine.run_ddl("SELECT pg_sleep(3)"))
        for _ in range(20):
            await asyncio.sleep(0)  # far enough for the query to be on its way
        task.cancel()
    assert [error for error in await many(engine) if error] == []
