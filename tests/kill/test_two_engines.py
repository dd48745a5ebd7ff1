"""Two servers look for what is due in one PostgreSQL, and one is killed with `kill -9` in the middle of it.

No step is taken more than ten seconds late and none twice; nobody is sent anything twice but what was being handed
over just then. That a second engine on SQLite does not start is in tests/server/test_command_line.py.
"""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.servers.notify import KEY, TEMPLATES, Notify
from tests.servers.postgres import Postgres
from tests.servers.running import ROOT, Running

MANY = 40
TELLS = 3  # Ben by text, Dina by text and by e-mail
LATE = timedelta(seconds=10)


@pytest.fixture
def provider() -> Iterator[Notify]:
    made = Notify()
    yield made
    made.stop()


@pytest.fixture
def pair(tmp_path: Path, folder: Path, provider: Notify) -> Iterator[tuple[Running, Running, str]]:
    database = Postgres.start(folder / "postgres-for-two-engines")
    shared = {
        "DOORSTEP_DATABASE_URL": database.url,
        "DOORSTEP_STORAGE": str(tmp_path / "photos"),
        "DOORSTEP_NOTIFY_KEY": KEY,
        "DOORSTEP_NOTIFY_URL": provider.start(),
        "DOORSTEP_NOTIFY_TEMPLATES": ",".join("=".join(pair) for pair in TEMPLATES.items()),
    }
    first, second = Running(tmp_path / "a", shared), Running(tmp_path / "b", shared)
    first.start(), second.start()
    yield first, second, database.url
    first.kill(), second.kill()
    database.stop()


async def until(connection: Any, question: str, wanted: int) -> None:
    for _ in range(1800):
        if await connection.fetchval(question) >= wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {question}")


async def test_one_of_two_engines_is_killed_and_no_step_is_late(
    pair: tuple[Running, Running, str], provider: Notify
) -> None:
    first, _, url = pair
    program = [sys.executable, "-m", "tests.servers.lone_alarms", str(MANY)]
    await asyncio.to_thread(subprocess.run, program, cwd=ROOT, env=first.env(), check=True)
    connection = await asyncpg.connect(url)
    steps = "SELECT count(*) FROM alarm_step WHERE n = 0"
    await until(connection, steps, MANY // 4)
    first.kill()
    doubt = {str(row["id"]) for row in await connection.fetch("SELECT id FROM message WHERE doubt")}
    await until(connection, steps, MANY)
    rows = await connection.fetch("SELECT alarm, due_at, fired_at FROM alarm_step WHERE n = 0")
    assert len({row["alarm"] for row in rows}) == len(rows) == MANY, "each once"
    assert max(row["fired_at"] - row["due_at"] for row in rows) <= LATE
    first_told = "FROM alarm_told t JOIN alarm_step s ON s.id = t.step WHERE s.n = 0"
    assert await connection.fetchval(f"SELECT count(*) {first_told}") == MANY * TELLS
    # As if the lease of what the dead one held were over; it takes a minute.
    await connection.execute("UPDATE message SET next_try_at = now() WHERE state = 'waiting' AND doubt")
    mine = f"SELECT count(*) FROM message WHERE state = 'sent' AND id IN (SELECT t.id {first_told})"
    await until(connection, mine, MANY * TELLS)
    calls = Counter(one["reference"] for one in provider.notifications)
    assert {reference for reference, count in calls.items() if count > 1} <= doubt
    await connection.close()
