"""Stored first, acknowledged after: the order of the server's own calls, as the kernel was asked for them (F7).

A power cut can only be survived if every acknowledgement comes after the sync of what it acknowledges. This reads
that from strace, for each of 100 commands: the log of the database, a photograph's bytes, its name and those
of the folders it is in.
"""

import asyncio
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.phone.outbox.phone import until
from tests.servers.phone import Op, Phone, photo, reading, start
from tests.servers.running import ROOT, Running

CALLS = "pwrite64,fsync,fdatasync,mkdir,link,sendto,write,writev"
CHANCE = random.Random(7)
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")
SYNCS = ("fdatasync(", "fsync(")
SENDS = ("sendto(", "write(", "writev(")


@dataclass
class Call:
    text: str
    began: int
    ended: int


def calls(trace: Path) -> list[Call]:
    """In the order they began, with the line at which each was over: threads overlap."""
    found: list[Call] = []
    open_calls: dict[str, Call] = {}
    for number, line in enumerate(trace.read_text(errors="replace").splitlines()):
        thread, _, text = line.partition(" ")
        text = text.strip()
        if RESUMED.match(text):
            open_calls.pop(thread).ended = number
            continue
        call = Call(text, number, number)
        found.append(call)
        if text.endswith(UNFINISHED):
            call.ended = 10**9
            open_calls[thread] = call
    return found


@dataclass
class Traced:
    calls: list[Call]
    phone: Phone
    ops: list[Op]
    photos: Path

    def answer(self, op: Op) -> int:
        (sent,) = [one for one in self.calls if one.text.startswith(SENDS) and f"id={op.id}" in one.text]
        assert '"HTTP/1.1 20' in sent.text
        return sent.began

    def synced(self, ending: str, after: int, before: int) -> Call:
        """The sync of that file that began after the one moment and was over before the other."""
        found = [
            one
            for one in self.calls
            if one.text.startswith(SYNCS) and f"{ending}>" in one.text and after < one.began and one.ended < before
        ]
        assert found, f"{ending} was not synced between {after} and {before}"
        return found[0]


async def send(phone: Phone, home: str) -> list[Op]:
    async with httpx.AsyncClient(timeout=60) as client:
        begun = start(home)
        ops = [begun, *(photo(CHANCE) if n % 5 == 0 else reading(begun.mark) for n in range(99))]
        for op in ops:
            await phone.deliver(client, op)
    return ops


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    if not shutil.which("strace"):
        pytest.skip("F7 not tried: strace is not installed")
    folder = tmp_path_factory.mktemp("order")
    server, trace = Running(folder / "data", {"DOORSTEP_ENGINE": "off"}), folder / "trace"
    who = server.people("asha")["asha"]
    watched = f"strace -D -f -qq -y -s 4400 --seccomp-bpf -e trace={CALLS} -o {trace}".split()
    with server.log.open("ab") as log:
        server.process = subprocess.Popen(
            [*watched, server.python, "-m", "server", "run"], env=server.env(), cwd=ROOT, stdout=log, stderr=log
        )
    try:
        server.wait()
    except RuntimeError as error:
        server.kill()
        pytest.skip(f"F7 not tried: strace may not watch here ({error})")
    phone = Phone(server.url, who["id"], who["token"])
    ops = asyncio.run(send(phone, who["home"]))
    server.stop()
    until(lambda: f"id={ops[-1].id}" in trace.read_text(errors="replace"))  # the watcher ends after the watched
    yield Traced(calls(trace), phone, ops, server.data / "photos")


def test_every_command_was_synced_to_the_log_before_it_was_acknowledged(traced: Traced) -> None:
    assert len(traced.ops) == 100
    for op in traced.ops:
        answer = traced.answer(op)
        written = [
            one.ended
            for one in traced.calls
            if one.text.startswith("pwrite64(")
            and "-wal>" in one.text
            and op.id in one.text
            and one.ended < answer
        ]
        assert written, f"{op.url} was acknowledged before it was in the log"
        traced.synced("-wal", written[-1], answer)


def test_a_photograph_was_synced_then_named_then_its_name_synced_before_it_was_acknowledged(
    traced: Traced,
) -> None:
    pictures = [op for op in traced.ops if op.method == "PUT"]
    assert len(pictures) == 20
    for op in pictures:
        answer, folder = traced.answer(op), traced.photos / "photos" / op.sha256[:2]
        (named,) = [one for one in traced.calls if one.text.startswith("link(") and op.sha256 in one.text]
        assert any(
            one.text.startswith("fsync(") and f"/.{op.sha256}." in one.text and one.ended < named.began
            for one in traced.calls
        ), "it had its name before its bytes were on the disk"
        traced.synced(str(folder), named.ended, answer)


def test_every_folder_made_for_a_photograph_had_its_name_synced(traced: Traced) -> None:
    made = [
        one
        for one in traced.calls
        if one.text.startswith("mkdir(") and one.text.endswith(" = 0") and str(traced.photos) in one.text
    ]
    assert len(made) >= 10
    for one in made:
        folder = Path(one.text.split('"')[1])
        answers = [
            traced.answer(op)
            for op in traced.ops
            if op.method == "PUT" and folder.name in ("photos", op.sha256[:2])
        ]
        traced.synced(str(folder.parent), one.ended, min(answers))
