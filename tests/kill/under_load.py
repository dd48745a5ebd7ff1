"""Four officers writing at once, a server that can be ended and begun again quickly, and the count afterwards."""

import asyncio
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress

import httpx

from tests.servers.phone import Phone, photo, reading, start
from tests.servers.running import ROOT, Running

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
        with suppress(ProcessLookupError):  # a server that cannot store a commit ends by itself
            os.kill(self.child, sign)
        assert self._says() == "ended"
        self.child = 0

    def close(self) -> None:
        if self.child:  # never 0, which would be everybody
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
        self.process.communicate("stop\n", timeout=30)
        self.log.close()


async def write(phone: Phone, home: str, stop: asyncio.Event, chance: random.Random) -> None:
    async with httpx.AsyncClient(timeout=15) as client:
        begun = start(home)
        await phone.deliver(client, begun)
        while not stop.is_set():
            await phone.deliver(client, photo(chance) if chance.random() < 0.25 else reading(begun.mark))


def all_there_once(server: Running, phones: list[Phone]) -> None:
    """What was acknowledged is there, each once, whole, and nothing that was never sent."""
    acked = {id: phone.ops[id] for phone in phones for id in phone.acked}
    with closing(sqlite3.connect(server.data / "doorstep.sqlite")) as db:
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
    files = (server.data / "photos" / "photos").rglob("*")
    stored = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}
    assert set(pictures) <= stored, "every acknowledged photograph is whole"
    chain = subprocess.run(
        [server.python, "-m", "server", "audit", "verify"],
        cwd=ROOT,
        env=server.env(),
        capture_output=True,
        text=True,
    )
    assert chain.returncode == 0, chain.stdout + chain.stderr
