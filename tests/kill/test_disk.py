"""A disk that is full, and a disk that lies: what could not be stored is never acknowledged."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.phone import Phone, photo, reading, start
from tests.servers.running import Running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("F5 not tried: a small disk can only be mounted by root on Linux")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_on_a_full_disk_reads_work_writes_wait_and_nothing_needs_a_restart(small_disk: Path) -> None:
    server = Running(small_disk / "data")
    who = server.people("asha")["asha"]
    server.start()
    phone = Phone(server.url, who["id"], who["token"])
    async with httpx.AsyncClient(timeout=30) as client:
        begun = start(who["home"])
        await phone.deliver(client, begun)
        filler = small_disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(os.urandom(65536))
        one, picture = reading(begun.mark), photo(random.Random(3))
        one.body += b"v" * 150  # of its note, the last field
        for op in (one, picture):
            answer = await phone.send(client, op)
            while answer.status_code == 200:  # what is left in the last page of the log may still take some
                op = reading(begun.mark)
                answer = await phone.send(client, op)
            assert answer.status_code in (503, 507)
            assert "on your phone" in answer.text
            assert "receipt" not in answer.headers
        page = await client.get(f"{server.url}/inspections/{begun.mark}", headers=phone.headers(begun))
        assert page.status_code == 200
        filler.unlink()
        await phone.deliver(client, picture)
        last = reading(begun.mark)
        await phone.deliver(client, last)
    assert server.interrupt() in (0, -2)
    with contextlib.closing(sqlite3.connect(server.data / "doorstep.sqlite")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM reading WHERE note = ?", (last.mark,)).fetchone() == (1,)


def fail_every_sync(server: Running) -> "subprocess.Popen[bytes]":
    """From now on no fsync of this server succeeds."""
    assert server.process is not None
    pid = server.process.pid
    calls = "fdatasync,fsync"
    failing = subprocess.Popen(
        f"strace -f -qq -e trace={calls} -e inject={calls}:error=EIO -o /dev/null -p {pid}".split(),
        stderr=subprocess.DEVNULL,
    )
    while "TracerPid:\t0" in Path(f"/proc/{pid}/status").read_text():
        if failing.poll() is not None:
            server.kill()
            pytest.skip("F6 not tried: this machine does not let strace attach")
    return failing


async def test_when_the_disk_fails_to_store_a_commit_nothing_is_acknowledged_and_it_stops(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("F6 not tried: strace is not installed")
    server = Running(tmp_path / "data", {"DOORSTEP_ENGINE": "off"})
    who = server.people("asha")["asha"]
    server.start()
    assert server.process is not None
    phone = Phone(server.url, who["id"], who["token"])
    async with httpx.AsyncClient(timeout=30) as client:
        begun = start(who["home"])
        await phone.deliver(client, begun)
        failing = fail_every_sync(server)
        op = reading(begun.mark)
        with pytest.raises(httpx.TransportError):
            await phone.send(client, op)
        assert server.process.wait(30) == 74
        failing.wait(30)
        server.start()
        await phone.deliver(client, op)
    server.kill()
    with contextlib.closing(sqlite3.connect(server.data / "doorstep.sqlite")) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM reading WHERE note = ?", (op.mark,)).fetchone() == (1,)
    assert "the disk could not store a commit" in server.log.read_text()
