"""`kill -9` under four writers, again and again: nothing acknowledged is lost, nothing is there twice.

50 kills by default, fewer on a machine so busy that they would take over 100 seconds;
`KILLS=500 pytest tests/kill/test_kill.py` before a release does all of them.
"""

import asyncio
import contextlib
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.phone import Phone, photo, reading, start
from tests.servers.running import ROOT, Running

KILLS = int(os.environ.get("KILLS", "50"))
ENOUGH_SECONDS = 100 if KILLS <= 50 else 86400
WRITERS = ("asha", "ben", "carol", "della")


class Nursery:
    """Forks one server at a time, to be killed."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.log = server.log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.nursery"],
            cwd=ROOT,
            env=server.env(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.child = 0

    def _says(self) -> str:
        assert self.process.stdout is not None
        while True:
            line = self.process.stdout.readline().strip()
            assert line or self.process.poll() is None, self.server.log.read_text()[-2000:]
            if line.isdigit() or line == "ended":
                return line

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.child = int(self._says())

    def end(self, sign: signal.Signals) -> None:
        os.kill(self.child, sign)
        assert self._says() == "ended"

    def close(self) -> None:
        if self.child:  # never 0, which would be everybody
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
        self.process.communicate("stop\n", timeout=30)
        self.log.close()


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(Running(tmp_path / "data"))
    yield made
    made.close()


async def write(phone: Phone, home: str, stop: asyncio.Event, chance: random.Random) -> None:
    async with httpx.AsyncClient(timeout=15) as client:
        begun = start(home)
        await phone.deliver(client, begun)
        while not stop.is_set():
            await phone.deliver(client, photo(chance) if chance.random() < 0.25 else reading(begun.mark))


async def kill(nursery: Nursery, phones: list[Phone], chance: random.Random) -> int:
    """Kill after a few more acknowledgements, at a moment of no meaning, and start again."""
    began = time.monotonic()
    for done in range(KILLS):
        if time.monotonic() - began > ENOUGH_SECONDS:
            return done
        enough = sum(len(phone.acked) for phone in phones) + chance.randrange(1, 12)
        until = time.monotonic() + 60
        while sum(len(phone.acked) for phone in phones) < enough:
            assert time.monotonic() < until, "the server takes nothing any more"
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.random() * 0.02)
        nursery.end(signal.SIGKILL)
        nursery.start()
    return KILLS


def test_kills_lose_nothing_and_double_nothing(nursery: Nursery, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    people = nursery.server.people(*WRITERS)
    phones = [Phone(nursery.server.url, one["id"], one["token"]) for one in people.values()]

    async def all_of_it() -> int:
        stop = asyncio.Event()
        nursery.start()
        writers = [
            asyncio.create_task(write(phone, one["home"], stop, random.Random(chance.random())))
            for phone, one in zip(phones, people.values(), strict=True)
        ]
        killer = asyncio.create_task(kill(nursery, phones, chance))
        done, _ = await asyncio.wait([*writers, killer], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.gather(*done)
        await asyncio.gather(*writers)
        return killer.result()

    started = time.monotonic()
    kills = asyncio.run(all_of_it())
    took = time.monotonic() - started
    nursery.end(signal.SIGTERM)
    acked = {id: phone.ops[id] for phone in phones for id in phone.acked}
    again = sum(phone.again for phone in phones)
    with capsys.disabled():
        print(f"\n{kills} kills in {took:.0f} s (seed {seed}): {len(acked)} acknowledged, {again} sent again")

    assert kills >= 10
    data = nursery.server.data
    with contextlib.closing(sqlite3.connect(data / "doorstep.sqlite")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        receipts = {row[0]: row[1] for row in db.execute("SELECT id, body_sha256 FROM receipt WHERE method != ''")}
        marks = [row[0] for row in db.execute("SELECT note FROM reading")]
        photos = [row[0] for row in db.execute("SELECT sha256 FROM photo")]
    assert {id: op.sha256 for id, op in acked.items()} == receipts
    readings = [op.mark for op in acked.values() if op.url.endswith("/readings")]
    assert sorted(marks) == sorted(readings), "each reading once"
    pictures = [op.sha256 for op in acked.values() if op.method == "PUT"]
    assert sorted(photos) == sorted(pictures), "each photograph once"
    stored = {
        hashlib.sha256(file.read_bytes()).hexdigest() for file in (data / "photos").rglob("*") if file.is_file()
    }
    assert set(pictures) <= stored, "every acknowledged photograph is whole"
