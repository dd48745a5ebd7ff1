"""Copies of a database torn as a power cut may tear them: what was acknowledged before the tear is there.

A cut may drop, zero or garble any part of what was written after the last sync. So: when everything sent is
acknowledged, mark where the log ends; that much was synced (test_power_cut.py and test_order.py look whether it
was). Write on, kill the server in the middle, and tear copies of what it left at every frame after the mark. Each
must hold all from before, and of what came later every command whole or not at all. A server started on it then
takes from the phone what is missing.
"""

import asyncio
import random
import shutil
import signal
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.kill.under_load import Nursery, all_there_once
from tests.servers.phone import Op, Phone, photo, reading, start
from tests.servers.running import Running

FRAME_HEADER = 24
CHANCE = random.Random(15)


@dataclass
class Left:
    """What a killed server left, how much of its log was synced, and what had been acknowledged by then."""

    server: Running
    synced: int
    frame: int
    phone: Phone
    before: list[Op]
    later: list[Op]

    @property
    def log(self) -> Path:
        return self.server.data / "doorstep.sqlite-wal"

    def frames(self) -> range:
        return range(self.synced, self.log.stat().st_size, self.frame)


async def write_and_be_killed(nursery: Nursery, phone: Phone, home: str) -> Left:
    log = nursery.server.data / "doorstep.sqlite-wal"
    async with httpx.AsyncClient(timeout=15) as client:
        begun = start(home)
        before = [begun, *(reading(begun.mark) for _ in range(6)), *(photo(CHANCE) for _ in range(2))]
        for op in before:
            await phone.deliver(client, op)
        synced = log.stat().st_size
        later = [*(reading(begun.mark) for _ in range(8)), *(photo(CHANCE) for _ in range(8))]
        sending = [asyncio.create_task(phone.deliver(client, op)) for op in later]
        await asyncio.wait(sending[-8:], return_when=asyncio.FIRST_COMPLETED)
        nursery.end(signal.SIGKILL)
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
    (page,) = struct.unpack(">I", log.read_bytes()[8:12])
    return Left(nursery.server, synced, page + FRAME_HEADER, phone, before, later)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    nursery = Nursery(Running(tmp_path_factory.mktemp("torn") / "data", {"DOORSTEP_ENGINE": "off"}))
    who = nursery.server.people("asha")["asha"]
    nursery.start()
    try:
        yield asyncio.run(
            write_and_be_killed(nursery, Phone(nursery.server.url, who["id"], who["token"]), who["home"])
        )
    finally:
        nursery.close()


def nothing(log: bytes, at: int, frame: int) -> bytes:
    return log[:at]


def half_a_frame(log: bytes, at: int, frame: int) -> bytes:
    return log[: at + frame // 2]


def a_hole(log: bytes, at: int, frame: int) -> bytes:
    return log[:at] + bytes(frame) + log[at + frame :]


def zeros(log: bytes, at: int, frame: int) -> bytes:
    return log[:at] + bytes(len(log) - at)


def rubbish(log: bytes, at: int, frame: int) -> bytes:
    return log[:at] + CHANCE.randbytes(frame) + log[at + frame :]


def one_sector(log: bytes, at: int, frame: int) -> bytes:
    """The header got through, with one sector of the page."""
    return log[: at + 512] + bytes(len(log) - at - 512)


TEARS = [nothing, half_a_frame, a_hole, zeros, rubbish, one_sector]
Tear = Callable[[bytes, int, int], bytes]


def copied(left: Left, to: Path, tear: Tear, at: int) -> Path:
    """The index of the log lives in memory: after a cut it is gone, or is rubbish."""
    to.mkdir(exist_ok=True)
    for file in left.server.data.glob("doorstep.sqlite*"):
        shutil.copyfile(file, to / file.name)
    log = to / left.log.name
    log.write_bytes(tear(left.log.read_bytes(), at, left.frame))
    index = to / "doorstep.sqlite-shm"
    index.unlink() if tear is nothing else index.write_bytes(CHANCE.randbytes(index.stat().st_size))
    return to / "doorstep.sqlite"


def there(db: sqlite3.Connection, op: Op) -> tuple[int, int]:
    """Receipts and effects of a command."""
    (receipts,) = db.execute("SELECT count(*) FROM receipt WHERE id = ?", (op.id,)).fetchone()
    where = {"/inspections": ("inspection", "id", op.mark), "PUT": ("photo", "sha256", op.sha256)}
    key = op.url if op.url in where else op.method
    table, column, value = where.get(key, ("reading", "note", op.mark))
    (effects,) = db.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (value,)).fetchone()
    return receipts, effects


@pytest.mark.parametrize("tear", TEARS, ids=lambda tear: tear.__name__)
def test_a_log_torn_anywhere_holds_what_was_acknowledged_and_nothing_half(
    left: Left, tmp_path: Path, tear: Tear
) -> None:
    assert len(left.frames()) > 20
    kept = set()
    for at in left.frames():
        with closing(sqlite3.connect(copied(left, tmp_path / "copy", tear, at))) as db:
            db.execute("PRAGMA synchronous=OFF")  # this copy is read once
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            assert {there(db, op) for op in left.before} == {(1, 1)}
            whole = [there(db, op) for op in left.later]
        assert set(whole) <= {(0, 0), (1, 1)}
        kept.add(whole.count((1, 1)))
    assert len(kept) > 3, "the tears were all in one place"


HALF = [b"", b"\xff\xd8\xff\xe0 half of it"]


@pytest.mark.parametrize("turn", [0, 3])
async def test_a_server_started_on_what_a_cut_left_takes_the_rest_from_the_phone(
    left: Left, tmp_path: Path, turn: int
) -> None:
    """Photographs that were not acknowledged are gone, empty or half, under their name or before they had it."""
    tear, at = TEARS[turn], CHANCE.choice(left.frames())
    shutil.copytree(left.server.data, tmp_path / "data")
    copied(left, tmp_path / "data", tear, at)
    photos = tmp_path / "data" / "photos" / "photos"
    open_still = [op for op in left.later if op.method == "PUT" and op.id not in left.phone.acked]
    assert open_still
    for op in open_still:
        path = photos / op.sha256[:2] / op.sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f".{path.name}.0011").write_bytes(HALF[turn % 2])
        path.unlink(missing_ok=True) if turn < 2 else path.write_bytes(HALF[turn % 2])
    server = Running(tmp_path / "data").start()
    phone = Phone(server.url, left.phone.person, left.phone.token)
    async with httpx.AsyncClient(timeout=15) as client:
        for op in [*left.later, *left.before]:
            await phone.deliver(client, op)
    assert server.stop() == 0
    assert all("replayed=1" in phone.acked[op.id] for op in left.before)
    all_there_once(server, [phone])
