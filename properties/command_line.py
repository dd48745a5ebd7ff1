"""`doorstep import properties FILE.csv [--apply]`: the browser's import, by the same rules."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from properties import importing
from properties.applying import apply_next
from properties.sheet import MOST_BYTES
from properties.tables import ImportRun
from pwa.answers import Refused, Turned
from pwa.ids import uuid7
from pwa.outbox import Sent, once

Say = Callable[[str], None]
NAME = "the command line"
MOST_SHOWN = 50


async def import_file(path: Path, apply: bool = False, say: Say = print) -> int:
    """Say what the file would do, and do it with `apply`. Exit code: 0 all well, 1 some rows not, 2 nothing."""
    try:
        body = await asyncio.to_thread(_read, path)
        preview = await importing.prepare(None, body)
    except OSError as error:
        say(f"{path} could not be opened: {error.strerror}.")
        return 2
    except (Refused, Turned) as refused:
        say(refused.reasons["file"] if isinstance(refused, Refused) else refused.sentence)
        return 2
    run_id = uuid7()
    await once(_sent(body, "/properties/import"), importing.store_preview, None, run_id, preview)
    run = await importing.run_for(None, run_id)
    _say_preview(run, say)
    if apply:
        run = await _apply(run, say)
    elif run.new + run.changed:
        say("Nothing was changed. Add --apply to do it.")
    return 1 if run.wrong or run.skipped else 0


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


async def _apply(run: ImportRun, say: Say) -> ImportRun:
    await once(_sent(run.id.bytes, f"/properties/import/{run.id}/apply"), importing.start_import, None, run.id)
    total, told = run.new + run.changed, 0
    while run.state != "done":
        await apply_next(datetime.now(UTC), run.id)
        run = await importing.run_for(None, run.id)
        if total and run.applied * 10 // total > told:
            told = run.applied * 10 // total
            say(f"{run.applied:,} of {total:,} rows done")
    say("Done." if not run.skipped else f"Done, but {run.skipped:,} rows were changed by somebody else meanwhile.")
    return run


def _say_preview(run: ImportRun, say: Say) -> None:
    say(f"{run.new:,} new, {run.changed:,} changed, {run.same:,} unchanged, {run.wrong:,} rows with mistakes")
    shown = importing.shown(run)
    if shown["ignored"]:
        say(f"Not used: {', '.join(shown['ignored'])}")
    for number, title, says in shown["changed"][:MOST_SHOWN]:
        changes = "; ".join(f"{column}: {old or 'nothing'} -> {new or 'nothing'}" for column, old, new in says)
        say(f"  row {number}, {title}: {changes}")
    for number, _, says in shown["wrong"]:
        for column, sentence in says:
            say(f"  row {number}{f', {column}' if column else ''}: {sentence}")
    if run.wrong > len(shown["wrong"]):
        say(f"  and {run.wrong - len(shown['wrong']):,} more rows with mistakes")


def _sent(body: bytes, path: str) -> Sent:
    now = datetime.now(UTC)
    return Sent(
        id=uuid7(), person_id=None, person_name=NAME, team_id=None, device_id=None, sequence=None, method="POST",
        path=path, content_type="text/csv", body=b"", body_sha256=hashlib.sha256(body).hexdigest(),
        captured_at=now, received_at=now,
    )  # fmt: skip
