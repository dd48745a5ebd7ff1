"""Two server processes on one database. A phone's command, eight times at once, is still one command."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest

from people.guards import COOKIE
from pwa.ids import uuid7
from tests.servers.phone import Phone, reading, start
from tests.servers.postgres import Postgres
from tests.servers.running import Running


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[tuple[Running, Running, str]]:
    database = Postgres.start(folder / "postgres-for-two")
    home = tmp_path_factory.mktemp("two")
    shared = {"DOORSTEP_DATABASE_URL": database.url, "DOORSTEP_STORAGE": str(home / "photos")}
    first, second = Running(home / "a", shared), Running(home / "b", shared)
    first.who = first.people("asha")
    first.start(), second.start()
    yield first, second, database.url
    first.kill(), second.kill()
    database.stop()


@pytest.mark.parametrize("turn", range(5))
async def test_the_same_command_eight_times_over_two_servers_is_done_once(
    pair: tuple[Running, Running, str], turn: int
) -> None:
    first, second, database = pair
    who = first.who["asha"]
    phone = Phone(first.url, who["id"], who["token"])
    async with httpx.AsyncClient(timeout=30) as client:
        begun = start(who["home"])
        await phone.deliver(client, begun)
        op = reading(begun.mark)
        answers = await asyncio.gather(
            *(phone.send(client, op, (first if n % 2 else second).url) for n in range(8))
        )
    assert {answer.status_code for answer in answers} == {200}
    proofs = [answer.headers["receipt"] for answer in answers]
    assert sum("replayed=0" in proof for proof in proofs) == 1
    assert len({proof.replace("replayed=0", "replayed=1") for proof in proofs}) == 1
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM reading WHERE note = $1", op.mark) == 1
    assert await connection.fetchval("SELECT count(*) FROM receipt WHERE id = $1", op.id) == 1
    await connection.close()


async def test_two_engines_seal_every_receipt_once(pair: tuple[Running, Running, str]) -> None:
    *_, database = pair
    connection = await asyncpg.connect(database)
    for _ in range(200):
        if await connection.fetchval("SELECT count(*) FROM unsealed") == 0:
            break
        await asyncio.sleep(0.1)
    receipts = await connection.fetchval("SELECT count(*) FROM receipt")
    assert receipts > 0
    assert await connection.fetchval("SELECT count(*) FROM seal") == receipts
    assert await connection.fetchval("SELECT max(number) FROM seal") == receipts
    await connection.close()


async def test_both_servers_tell_phones_of_a_database_put_back_beneath_them(
    pair: tuple[Running, Running, str],
) -> None:
    first, second, database = pair
    mark, at = uuid7(), datetime(2026, 11, 24, 9, tzinfo=UTC)
    connection = await asyncpg.connect(database)
    put_back = "INSERT INTO restoration (mark, restored_at, holds_until) VALUES ($1, $2, $2)"
    await connection.execute(put_back, mark, at)
    await connection.close()
    async with httpx.AsyncClient(cookies={COOKIE: first.who["asha"]["token"]}, timeout=30) as client:

        async def told(server: Running) -> str:
            return (await client.get(f"{server.url}/you")).headers.get("doorstep-restored", "")

        async with asyncio.timeout(30):
            while {await told(first), await told(second)} != {f"{mark} 2026-11-24T08:45:00+00:00"}:
                continue
