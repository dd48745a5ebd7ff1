"""The list of inspections, signed in, at twenty times the demo council, beside Django with the same query and markup."""

import asyncio
import subprocess
import sys

from bench.load import Connection, Figures, spread, steady
from bench.pack import VISITS, planned
from bench.running import ROOT, Running, doorstep, free_port, wait_for
from bench.table import Row

RATE, SECONDS = 50, 8


async def at_rate(port: int, cookie: str, path: str) -> Figures:
    lines = [await Connection(port, cookie).open() for _ in range(16)]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)

    async def work(_: int) -> None:
        line = await free.get()
        status, _headers, _body = await line.ask("GET", path, Accept_Encoding="gzip")
        assert status == 200
        free.put_nowait(line)

    for _ in range(20):
        await work(0)
    return await steady(RATE, SECONDS, work)


async def flat_out(port: int, cookie: str, path: str) -> Figures:
    line = await Connection(port, cookie).open()

    async def work(_client: int, _turn: int) -> None:
        status, _headers, _body = await line.ask("GET", path, Accept_Encoding="gzip")
        assert status == 200

    return await spread(1, 200, work)


def peer(server: Running) -> tuple[Figures, Figures]:
    port = free_port()
    database = str(server.data / "doorstep.sqlite")
    process = subprocess.Popen([sys.executable, "-m", "bench.peer", database, str(port)], cwd=ROOT)
    try:
        wait_for(f"http://localhost:{port}/inspections", process)
        return (
            asyncio.run(at_rate(port, server.cookie, "/inspections")),
            asyncio.run(flat_out(port, server.cookie, "/inspections")),
        )
    finally:
        process.terminate()
        process.wait(10)


async def today(server: Running) -> Figures:
    """The officer's day with as many visits as anybody makes."""
    await planned(server, await Connection(server.port, server.cookie).open())
    return await at_rate(server.port, server.cookie, "/today")


def main() -> list[Row]:
    with doorstep(homes=800, inspections=3200, readings=3200 * 8) as server:
        ours = asyncio.run(at_rate(server.port, server.cookie, "/inspections"))
        alone = asyncio.run(flat_out(server.port, server.cookie, "/inspections"))
        theirs, theirs_alone = peer(server)
        day = asyncio.run(today(server))
    return [
        Row(
            f"list of inspections, demo council × 20, {RATE} requests/s, p95",
            f"{ours.percentile(0.95):.1f} ms",
            f"Django 5.2: {theirs.percentile(0.95):.1f} ms",
            "≤ 25 ms and ≤ Django",
        ),
        Row(
            "the same, one after the other, median",
            f"{alone.percentile(0.5):.1f} ms",
            f"Django 5.2: {theirs_alone.percentile(0.5):.1f} ms",
            "",
        ),
        Row(
            f"Today with {VISITS} visits, {RATE} requests/s, p95",
            f"{day.percentile(0.95):.1f} ms",
            "",
            "≤ 25 ms",
        ),
    ]
