"""The power goes under four writers: what was not synced is gone, and what was acknowledged is not.

The data folder is a real ext4 on a file, and the cut is the kernel's own, the one filesystems are tested with
(`EXT4_IOC_SHUTDOWN` without flushing the journal): from that instant nothing more reaches the file, and what only
the page cache held goes with the unmount. So it is the real SQLite, the real fsync and the real recovery of a
journal that are tried, and not our idea of them. The mount makes it worse than a server's: bytes are not ordered
before their names (`data=writeback`) and nothing is written by age (`commit=300`), so only what was asked for with
fsync survives. What this cannot show is a disk that says it has stored what it has not. Folder names that were
never synced it may keep by luck, because ext4 has one journal: those are in test_order.py.

It takes root and Linux. Everywhere, test_torn_log.py tears the copies of a database as a cut may.
"""

import asyncio
import fcntl
import os
import random
import signal
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kill.under_load import WRITERS, Nursery, all_there_once, write
from tests.servers.phone import Phone
from tests.servers.running import Running

CUTS = int(os.environ.get("CUTS", "8"))
SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
WITHOUT_FLUSHING = struct.pack("I", 2)


@dataclass
class Disk:
    """A filesystem of our own on a file."""

    file: Path
    folder: Path

    def mount(self) -> None:
        options = "loop,data=writeback,commit=300,noatime"
        subprocess.run(["mount", "-o", options, self.file, self.folder], check=True, capture_output=True)

    def cut(self) -> None:
        """From now on nothing reaches the disk."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, WITHOUT_FLUSHING)
        finally:
            os.close(handle)

    def unmount(self) -> None:
        subprocess.run(["umount", self.folder], check=True, capture_output=True)

    def rest(self) -> None:
        """As after a restart of the machine."""
        self.unmount()
        self.mount()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk.img", tmp_path / "data")
    made.folder.mkdir()
    with made.file.open("wb") as file:
        file.truncate(256 * 1024 * 1024)
    try:
        subprocess.run(["mkfs.ext4", "-q", made.file], check=True, capture_output=True)
        made.mount()
        made.cut()
        made.rest()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the power is not cut here: that takes root, ext4 and a loop device ({error})")
    yield made
    subprocess.run(["umount", "--lazy", made.folder], check=True)


def test_what_was_not_synced_is_really_gone_after_a_cut(disk: Disk) -> None:
    """Without this, the next test would prove nothing."""
    synced, left = disk.folder / "synced", disk.folder / "left"
    with synced.open("wb") as file:
        file.write(b"kept")
        file.flush()
        os.fsync(file.fileno())
    left.write_bytes(b"lost")
    disk.cut()
    disk.rest()
    assert synced.read_bytes() == b"kept"
    assert not left.exists()


@dataclass
class Cuts:
    nursery: Nursery
    disk: Disk
    phones: list[Phone]
    chance: random.Random

    def acked(self) -> int:
        return sum(len(phone.acked) for phone in self.phones)

    async def go(self) -> None:
        """Cut after a few more acknowledgements, at a moment of no meaning, and switch on again."""
        for _ in range(CUTS):
            enough, until = self.acked() + self.chance.randrange(20, 60), time.monotonic() + 60
            while self.acked() < enough:
                assert time.monotonic() < until, "the server takes nothing any more"
                await asyncio.sleep(0.002)
            await asyncio.sleep(self.chance.random() * 0.03)
            self.disk.cut()
            # The machine does not stop at one instant: what answers now must not claim what is not stored.
            await asyncio.sleep(self.chance.random() * 0.03)
            self.nursery.end(signal.SIGKILL)
            self.disk.rest()
            self.nursery.start()


def test_a_power_cut_loses_nothing_that_was_acknowledged(disk: Disk, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    nursery = Nursery(Running(disk.folder))
    people = nursery.server.people(*WRITERS)
    phones = [Phone(nursery.server.url, one["id"], one["token"]) for one in people.values()]
    cuts = Cuts(nursery, disk, phones, chance)

    async def all_of_it() -> None:
        stop = asyncio.Event()
        nursery.start()
        writers = [
            asyncio.create_task(write(phone, one["home"], stop, random.Random(chance.random())))
            for phone, one in zip(phones, people.values(), strict=True)
        ]
        cutting = asyncio.create_task(cuts.go())
        await asyncio.wait([*writers, cutting], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await cutting
        await asyncio.gather(*writers)

    try:
        asyncio.run(all_of_it())
        nursery.end(signal.SIGTERM)
    finally:
        nursery.close()
    with capsys.disabled():
        again = sum(phone.again for phone in phones)
        print(f"\n{CUTS} power cuts (seed {seed}): {cuts.acked()} acknowledged, {again} sent again")
    all_there_once(nursery.server, phones)
