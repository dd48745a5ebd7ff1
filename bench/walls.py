"""An event until it is on every open wall: 200 managers look, one of those who are out takes more time."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import ExitStack

from bench.load import Connection, Figures
from bench.running import ROOT, Running, doorstep
from bench.seed_walls import OUT
from bench.table import Row

WALLS, TURNS = 200, 20


class Wall:
    """One browser's stream, read as it comes. `heard` is when its last board came."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.boards = 0
        self.heard = 0.0

    async def open(self) -> None:
        self.reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        writer.write(
            b"GET /lone-working/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            b"Sec-Fetch-Site: same-origin\r\nCookie: __Host-sid=" + self.cookie.encode() + b"\r\n\r\n"
        )
        await writer.drain()
        assert b" 200 " in await self.reader.readline()
        self.reading = asyncio.create_task(self._read(writer))

    async def _read(self, writer: asyncio.StreamWriter) -> None:
        while line := await self.reader.readline():
            if line.startswith(b"event: board"):
                self.boards += 1
                self.heard = time.perf_counter()
        writer.close()


async def measure(server: Running, cookies: list[str], officers: list[tuple[str, str]]) -> Figures:
    walls = [Wall(server.port, cookie) for cookie in cookies]
    for wall in walls:
        await wall.open()
    await _until(lambda: all(wall.boards for wall in walls))
    figures = Figures()
    for turn in range(TURNS):
        session, officer = officers[turn % len(officers)]
        await asyncio.sleep(1)  # as people press: not one in the wake of another
        line = await Connection(server.port, officer).open()
        before = [wall.boards for wall in walls]
        began = time.perf_counter()
        status, *_ = await line.ask("POST", f"/lone-working/{session}/extend", b"minutes=15")
        assert status == 201
        await _until(lambda: all(wall.boards > was for wall, was in zip(walls, before, strict=True)))  # noqa: B023
        figures.took += [wall.heard - began for wall in walls]
    for wall in walls:
        wall.reading.cancel()
    return figures


async def _until(true: object) -> None:
    assert callable(true)
    while not true():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def seeded(server: Running) -> tuple[list[str], list[tuple[str, str]]]:
    """Managers of one team; a hundred people out in twenty, and five of the managers' own who take more time."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.seed_walls", str(WALLS)],
        env={**os.environ, "DOORSTEP_DATA": str(server.data), "PYTHONPATH": str(ROOT)},
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    words = made.stdout.split()
    return words[2 * OUT :], list(zip(words[: 2 * OUT : 2], words[1 : 2 * OUT : 2], strict=True))


def main() -> list[Row]:
    with ExitStack() as stack:
        server = stack.enter_context(doorstep())
        before = server.memory()
        figures = asyncio.run(measure(server, *seeded(server)))
        grown = server.memory() - before
    return [
        Row(
            f"event → {WALLS} open walls, all of them, p99 of {TURNS} turns",
            f"{figures.percentile(0.99):.0f} ms (p50 {figures.percentile(0.5):.0f} ms)",
            "",
            "≤ 1 s",
        ),
        Row(f"memory for {WALLS} open walls", f"{grown:.0f} MB", "", ""),
    ]
