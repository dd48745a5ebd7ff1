"""Processor time and delay of one write on SQLite (a receipt and a reading, fsync on), beside Django's ORM doing the same."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.running import ROOT
from bench.table import Row

WRITES = 400


def figures(cpu: float, took: list[float]) -> dict[str, float]:
    return {"cpu": cpu / len(took) * 1000, "p99": sorted(took)[int(len(took) * 0.99)] * 1000}


async def ours(folder: str) -> dict[str, float]:
    """Runs in a process of its own, with DOORSTEP_DATA set."""
    import hashlib
    from datetime import UTC, datetime

    from piccolo.apps.migrations.commands.forwards import run_forwards

    from pwa.ids import uuid7
    from pwa.outbox import Sent, once
    from pwa.prepared import Adding
    from pwa.tables import Receipt
    from server.piccolo_conf import DB

    await run_forwards(app_name="all")
    await DB.open()
    from inspections.tables import PhotoChange  # noqa: F401 - loads the package's tables

    digest = hashlib.sha256(b"").hexdigest()
    add = Adding(Receipt)

    async def command(sent: Any) -> None:
        """A second row as wide as a reading, added as a reading is, without the foreign keys the peer does not have."""
        await add(
            id=uuid7(),
            method="POST",
            path="/x",
            person_name="Asha",
            body_sha256=sent.body_sha256,
            captured_at=sent.captured_at,
            received_at=sent.received_at,
        )

    took: list[float] = []
    began = time.process_time()
    for _ in range(WRITES):
        now = datetime.now(UTC)
        start = time.perf_counter()
        await once(Sent(**_sent(uuid7(), now, digest)), command)
        took.append(time.perf_counter() - start)
    cpu = time.process_time() - began
    await DB.shut()
    return figures(cpu, took)


def _sent(id: Any, at: Any, digest: str) -> dict[str, Any]:
    return {
        "id": id, "person_id": None, "person_name": "Asha", "team_id": None, "device_id": None, "sequence": 1,
        "method": "POST", "path": "/inspections/x/readings", "content_type": "", "body": b"", "body_sha256": digest,
        "captured_at": at, "received_at": at,
    }  # fmt: skip


def theirs(folder: str) -> dict[str, float]:
    from django.db import connection, transaction
    from django.utils.timezone import now

    from bench.peer import configure, insert_tables

    configure(str(Path(folder) / "peer.sqlite"))
    receipt, reading = insert_tables()
    with connection.schema_editor() as editor:
        editor.create_model(receipt)
        editor.create_model(reading)
    took: list[float] = []
    began = time.process_time()
    for _ in range(WRITES):
        start = time.perf_counter()
        with transaction.atomic():
            at = now()
            receipt.objects.create(id=uuid4(), captured_at=at, received_at=at, sequence=1)
            reading.objects.create(id=uuid4(), inspection=uuid4(), person=uuid4(), captured_at=at, received_at=at)
        took.append(time.perf_counter() - start)
    return figures(time.process_time() - began, took)


def run(which: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
        import os

        env = {**os.environ, "DOORSTEP_DATA": folder, "PYTHONPATH": str(ROOT)}
        made = subprocess.run(
            [sys.executable, "-m", "bench.inserts", which, folder],
            env=env, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return dict(json.loads(made.stdout.strip().splitlines()[-1]))


def main() -> list[Row]:
    us, peer = run("ours"), run("theirs")
    return [
        Row(
            "one write (receipt + row), processor time",
            f"{us['cpu']:.2f} ms",
            f"Django 5.2: {peer['cpu']:.2f} ms",
            "≤ Django",
        ),
        Row("one write, p99", f"{us['p99']:.1f} ms", f"Django 5.2: {peer['p99']:.1f} ms", "≤ Django"),
    ]


if __name__ == "__main__":
    import asyncio

    result = asyncio.run(ours(sys.argv[2])) if sys.argv[1] == "ours" else theirs(sys.argv[2])
    print(json.dumps(result))
