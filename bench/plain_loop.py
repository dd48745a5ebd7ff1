"""The peer of lone working: a plain loop, as a dead man's switch is usually written. It selects what is overdue, marks each and
sends. Healthchecks, the best-kept open one, does it so, and is not a package that can be installed beside us.

Own SQLite file, the same partial index, `synchronous=FULL`; one call after the other with requests, one commit for each.
"""

import sqlite3
import time
from pathlib import Path
from uuid import uuid4

import requests

ACTIVE, STORM = 100_000, 1_000


class Loop:
    def __init__(self, folder: Path, active: int) -> None:
        self.db = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute("CREATE TABLE visit (id TEXT PRIMARY KEY, due_at REAL, state TEXT, phone TEXT)")
        self.db.execute("CREATE INDEX visit_due ON visit (due_at) WHERE state = 'up'")
        self.add(active, time.time() + 3600)

    def add(self, many: int, due: float) -> None:
        rows = [(str(uuid4()), due, "up", "07700900102") for _ in range(many)]
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO visit VALUES (?, ?, ?, ?)", rows)
        self.db.execute("COMMIT")

    def scan(self) -> list[tuple[str, str]]:
        found = "SELECT id, phone FROM visit WHERE state = 'up' AND due_at <= ? ORDER BY due_at LIMIT 100"
        return self.db.execute(found, (time.time(),)).fetchall()

    def run(self, provider: str) -> float:
        """Seconds until nothing is overdue any more."""
        began = time.perf_counter()
        while rows := self.scan():
            for id, phone in rows:
                self.db.execute("UPDATE visit SET state = 'down' WHERE id = ?", (id,))
                told = {"phone_number": phone, "reference": id, "template_id": "x", "personalisation": {}}
                requests.post(f"{provider}/v2/notifications/sms", json=told, timeout=(3, 5))
        return time.perf_counter() - began


def idle(folder: Path) -> list[float]:
    loop, took = Loop(folder, ACTIVE), []
    for _ in range(600):
        began = time.perf_counter()
        loop.scan()
        took.append(time.perf_counter() - began)
    return took


def storm(folder: Path, provider: str, many: int = STORM) -> float:
    loop = Loop(folder, 0)
    loop.add(many, time.time() - 1)
    return loop.run(provider)
