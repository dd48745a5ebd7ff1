"""Lone working by the figures of its design, beside a plain loop in the same run.

On a machine that does something else as well these figures are too high: they are worth something on an idle one.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import plain_loop, provider, walls
from bench.load import Connection, Figures, steady
from bench.running import ROOT, doorstep, free_port
from bench.table import Row
from tests.servers.postgres import Postgres

PANICS, PANICS_A_SECOND = 60, 4


@contextmanager
def providing(seconds: float) -> Iterator[int]:
    """A provider that takes so long for each; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.provider", str(port), str(seconds)], cwd=ROOT)
    try:
        while not _listens(port):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/log", timeout=2).read()
    except OSError:
        return False
    return True


def alone(which: str, postgres: bool = False, port: int = 0) -> dict[str, float]:
    """One measurement in a process and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own
        server = Postgres.start(Path(folder) / "postgres") if postgres else None
        env = {**os.environ, "DOORSTEP_DATA": f"{folder}/data", "PYTHONPATH": str(ROOT)}
        env |= provider.settings(port) if port else {"DOORSTEP_DEMO": "1"}
        env |= {"DOORSTEP_DATABASE_URL": server.url} if server else {}
        try:
            made = subprocess.run(
                [sys.executable, "-m", "bench.alone", which],
                env=env, cwd=ROOT, check=True, capture_output=True, text=True,
            )  # fmt: skip
        finally:
            if server:
                server.stop()
        return dict(json.loads(made.stdout.strip().splitlines()[-1]))


def panics(in_a_storm: bool) -> tuple[Figures, list[float]]:
    """How long the phone waits for its answer, and how long after the press the provider is first called."""
    with providing(1.0) as port:
        kept = {name: os.environ.get(name) for name in provider.settings(port)}
        os.environ.update(provider.settings(port))
        try:
            with doorstep(homes=10) as server:
                env = {**os.environ, "DOORSTEP_DATA": str(server.data), "PYTHONPATH": str(ROOT)}
                which = "overdue" if in_a_storm else "nobody"
                subprocess.run([sys.executable, "-m", "bench.alone", which], env=env, cwd=ROOT, check=True,
                               capture_output=True)  # fmt: skip
                return asyncio.run(_press(server.port, server.cookie, port))
        finally:
            for name, value in kept.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


async def _press(port: int, cookie: str, at: int) -> tuple[Figures, list[float]]:
    pressed: list[float] = []

    async def one(number: int) -> None:
        connection = await Connection(port, cookie).open()
        pressed.append(time.time())
        status, _, said = await connection.ask("POST", f"/lone-working/{uuid4()}/panic", Command_Id=str(uuid4()))
        assert status < 400, (status, said[:200])

    figures = await steady(PANICS_A_SECOND, PANICS / PANICS_A_SECOND, one)
    await asyncio.sleep(3)
    log: list[dict[str, Any]] = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{at}/log").read())  # noqa: ASYNC210
    first: dict[str, float] = {}
    for call in log:
        if call["template"].startswith("alarm-panic"):
            first.setdefault(call["number"], call["at"])
    # Pressed and called in the same order: each is the next of its kind.
    return figures, [call - press for press, call in zip(sorted(pressed), sorted(first.values()), strict=True)]


def ms(value: float) -> str:
    return f"{value:.1f} ms"


def quiet() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        peer = Figures(plain_loop.idle(Path(folder)))
    beside = f"plain loop, SQLite: p50 {ms(peer.percentile(0.5))}, p99 {ms(peer.percentile(0.99))}"
    for name, postgres in (("SQLite", False), ("PostgreSQL", True)):
        idle, found = alone("idle", postgres), alone("steady", postgres)
        rows += [
            Row(
                f"{name}: idle scan, 100,000 out",
                f"p50 {ms(idle['p50'])}, p99 {ms(idle['p99'])}",
                beside,
                "p99 ≤ 5 ms",
            ),
            Row(
                f"{name}: deadline → step committed, 100,000 out",
                f"p50 {found['p50'] / 1000:.2f} s, p99 {found['p99'] / 1000:.2f} s",
                "",
                "p50 ≤ 0.7 s, p99 ≤ 2 s",
            ),
        ]
    return rows


def storms() -> list[Row]:
    rows = []
    for seconds, bar, share in ((0.0, "≤ 3 s", 1), (1.0, "≤ 35 s", 100)):
        with providing(seconds) as port, tempfile.TemporaryDirectory() as folder:
            peer = plain_loop.storm(Path(folder), f"http://127.0.0.1:{port}", plain_loop.STORM // share) * share
            how = "plain loop" if share == 1 else f"plain loop, reckoned from {plain_loop.STORM // share}"
            for name, postgres in (("SQLite", False), ("PostgreSQL", True)):
                told = alone("storm", postgres, port)
                said = f"{name}: 1,000 overdue, provider takes {seconds:.0f} s"
                rows.append(Row(f"{said}: steps committed", f"{told['committed']:.2f} s", "", "≤ 1 s"))
                rows.append(Row(f"{said}: handed over", f"{told['handed']:.2f} s", f"{how}: {peer:.1f} s", bar))
    return rows


def help_asked_for() -> list[Row]:
    rows = []
    for in_a_storm, when in ((False, "alone"), (True, "while 1,000 overdue are handed over")):
        figures, calls = panics(in_a_storm)
        first = Figures(calls).percentile(0.99)
        rows.append(
            Row(f"call for help {when}: committed", f"p99 {ms(figures.percentile(0.99))}", "", "p99 ≤ 150 ms")
        )
        rows.append(Row(f"call for help {when}: provider called", f"p99 {ms(first)}", "", "p99 ≤ 1 s"))
    return rows


def main() -> list[Row]:
    both = alone("alike")
    said = f"{ms(both['safe'])} and {ms(both['duress'])}: {ms(both['differ'])} apart"
    return [
        *quiet(),
        *storms(),
        *help_asked_for(),
        Row("ending by the one PIN and by the other, p50", said, "", "< 5 ms apart"),
        *walls.main(),
    ]
