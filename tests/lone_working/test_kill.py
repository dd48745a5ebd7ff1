"""`kill -9` in the middle of due work, again and again: no alarm is lost, and nothing is there twice.

25 kills by default; `KILLS=1000 pytest tests/lone_working/test_kill.py` before a release.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ON_POSTGRES
from tests.servers.running import ROOT

KILLS = int(os.environ.get("KILLS", "25"))
PEOPLE = KILLS * 40
STEPS = 5  # of the normal ladder, sixteen minutes after a deadline
TELLS = 3  # Ben once, and Dina by text and by e-mail: several steps at once are told once

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="its database is a file of its own")


def ask(data: Path, question: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(data / "doorstep.sqlite", timeout=20)) as db:
        return db.execute(question).fetchall()


def all_or_none(data: Path) -> int:
    """How many alarms there are; each has its session marked, its steps, who was told, and their messages."""
    ((alarms, marked, steps, told, messages),) = ask(
        data,
        "SELECT (SELECT count(*) FROM alarm), (SELECT count(*) FROM lone_session WHERE alarmed = 1), "
        "(SELECT count(*) FROM alarm_step), (SELECT count(*) FROM alarm_told), (SELECT count(*) FROM message)",
    )
    assert (marked, steps, told, messages) == (alarms, alarms * STEPS, alarms * TELLS, alarms * TELLS)
    return int(alarms)


def until_done(nursery: "subprocess.Popen[str]", data: Path) -> tuple[int, list[int], int]:
    """Engine after engine, each killed at a moment of no meaning; then one that may finish."""
    assert nursery.stdin and nursery.stdout
    seed = random.randrange(10**6)
    chance, kills, seen, done = random.Random(seed), 0, [0], False
    while not done:
        nursery.stdin.write("go\n")
        child = int(nursery.stdout.readline())
        if kills < KILLS:
            wanted, until = seen[-1] + chance.randrange(3, 12), time.monotonic() + 60
            while ask(data, "SELECT count(*) FROM alarm")[0][0] < min(wanted, PEOPLE):
                assert time.monotonic() < until, "nothing is done any more"
            time.sleep(chance.random() * 0.01)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        said = nursery.stdout.readline().strip()
        kills, done = kills + (said == "killed"), said == "done"
        seen.append(all_or_none(data))
    return kills, seen, seed


def test_kills_lose_no_alarm_and_double_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    env = {**kept, "DOORSTEP_DATA": str(tmp_path), "DOORSTEP_DEMO": "1"}
    program = [sys.executable, "-m", "tests.servers.lone_engine"]
    subprocess.run([*program, "make", str(PEOPLE)], cwd=ROOT, env=env, check=True)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(program, cwd=ROOT, env=env, **pipes) as nursery:
        kills, seen, seed = until_done(nursery, tmp_path)
    with capsys.disabled():
        print(f"\n{kills} kills (seed {seed}), {seen[-1]} alarms")
    assert kills >= min(KILLS, 20)
    assert seen[-1] == PEOPLE, "none lost"
    ((once,),) = ask(tmp_path, "SELECT count(DISTINCT session) FROM alarm")
    assert once == PEOPLE, "none twice"
