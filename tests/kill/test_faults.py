"""Faults between a real server and a phone. After each: what was acknowledged is there, once."""

import asyncio
import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.servers.phone import Op, Phone, photo, reading, start
from tests.servers.proxy import Proxy
from tests.servers.running import Running
from tests.servers.wire import Line

CHANCE = random.Random(7)


@pytest.fixture
async def client() -> Iterator[httpx.AsyncClient]:  # type: ignore[misc]
    async with httpx.AsyncClient(timeout=30) as made:
        yield made


@pytest.fixture
async def inspection(server: Running, asha: Phone, client: httpx.AsyncClient) -> str:
    begun = start(server.who["asha"]["home"])
    await asha.deliver(client, begun)
    return begun.mark


def rows(server: Running, op: Op) -> tuple[int, int]:
    """How many receipts and how many readings or photographs a command left."""
    with contextlib.closing(sqlite3.connect(server.data / "doorstep.sqlite")) as db:
        (receipts,) = db.execute("SELECT count(*) FROM receipt WHERE id = ?", (op.id,)).fetchone()
        table, column, value = ("reading", "note", op.mark) if op.mark else ("photo", "sha256", op.sha256)
        (effects,) = db.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (value,)).fetchone()
    return receipts, effects


@pytest.mark.parametrize("lost", [1, 3])
async def test_when_the_reply_is_lost_the_next_try_gets_the_first_receipt(
    server: Running, asha: Phone, inspection: str, client: httpx.AsyncClient, lost: int
) -> None:
    for op in (reading(inspection), photo(CHANCE)):
        with Proxy(server.port, drop_replies=lost) as network:
            phone = Phone(network.url, asha.person, asha.token)
            await phone.deliver(client, op)
            assert (network.dropped, phone.again) == (lost, lost)
        assert "replayed=1" in phone.acked[op.id]
        assert rows(server, op) == (1, 1)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
async def test_a_line_cut_in_the_middle_of_a_photograph_leaves_no_half_photograph(
    server: Running, asha: Phone, client: httpx.AsyncClient, share: float
) -> None:
    op = photo(CHANCE)
    with Proxy(server.port) as network:
        network.cut_after = 700 + int(len(op.body) * share)
        phone = Phone(network.url, asha.person, asha.token)
        with contextlib.suppress(httpx.TransportError):
            await phone.send(client, op)
        await phone.deliver(client, op)
    assert rows(server, op) == (1, 1)


async def test_a_slow_network_is_waited_for(
    server: Running, asha: Phone, inspection: str, client: httpx.AsyncClient
) -> None:
    op = reading(inspection)
    with Proxy(server.port, seconds_each_way=1.0) as network:
        phone = Phone(network.url, asha.person, asha.token)
        await phone.deliver(client, op)
        assert phone.again == 0
    assert rows(server, op) == (1, 1)


async def test_a_lock_held_long_ends_in_a_503_that_says_when_and_a_short_one_in_patience(
    server: Running, asha: Phone, inspection: str, client: httpx.AsyncClient
) -> None:
    held = sqlite3.connect(server.data / "doorstep.sqlite", isolation_level=None, check_same_thread=False)
    held.execute("BEGIN IMMEDIATE")
    refused, patient = reading(inspection), reading(inspection)
    asked = time.monotonic()
    first = asyncio.create_task(asha.send(client, refused))
    while time.monotonic() < asked + 5:
        assert (await client.get(f"{server.url}/sign-in")).status_code == 200  # readers do not wait
        await asyncio.sleep(0.5)
    second = asyncio.create_task(asha.send(client, patient))
    answer = await first
    assert time.monotonic() - asked < 12
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "It is kept on your phone and will be sent again." in answer.text
    threading.Timer(1, held.execute, ["ROLLBACK"]).start()
    assert (await second).status_code == 200
    held.close()
    assert rows(server, patient) == (1, 1)
    assert rows(server, refused) == (0, 0)
    await asha.deliver(client, refused)
    assert rows(server, refused) == (1, 1)


def test_on_sigterm_it_is_not_ready_first_and_finishes_the_photograph_on_its_way(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = Running(tmp_path_factory.mktemp("term") / "data")
    who = server.people("asha")["asha"]
    server.start()
    phone, op = Phone(server.url, who["id"], who["token"]), photo(CHANCE)
    head = "".join(f"{name}: {value}\r\n" for name, value in phone.headers(op).items())
    line = Line(server.port).send(
        f"PUT {op.url} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(op.body)}\r\n\r\n".encode(),
        op.body[:100],
    )
    assert server.answers("/health/ready") == 200
    ended: list[int] = []
    stopping = threading.Thread(target=lambda: ended.append(server.stop()))
    stopping.start()
    seen = 200
    until = time.monotonic() + 10
    while seen == 200 and time.monotonic() < until:
        seen = server.answers("/health/ready")
    assert seen == 503, "not ready, but still answering"
    while server.answers() and time.monotonic() < until + 10:
        pass
    reply = line.send(op.body[100:]).reply()
    line.close()
    stopping.join()
    assert reply.status == 201
    assert f"id={op.id}" in reply.headers["receipt"]
    assert ended == [0]
    assert rows(server, op) == (1, 1)
