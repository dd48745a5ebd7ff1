"""`doorstep import properties FILE`: the browser's import, at the terminal and without its preview page."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path

from properties import applying, importing
from pwa.answers import Refused, Turned
from pwa.ids import uuid7
from pwa.outbox import once
from pwa.sent import from_terminal
from server.opened import opened
from server.settings import settings
from server.starting import NotDone, migrate


async def bring_in(file: Path) -> int:
    """Print what will change and what cannot be read, then change it. 1 when some rows could not be."""
    try:
        body = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise NotDone(f"{file} cannot be read: {error.strerror}.") from error
    await migrate()
    async with opened(settings):
        try:
            preview = await importing.prepare(None, body)
        except Refused as refused:
            raise NotDone(" ".join(refused.reasons.values())) from refused
        except Turned as turned:
            raise NotDone(turned.sentence) from turned
        return await _apply(preview, hashlib.sha256(body).hexdigest())


async def _apply(preview: importing.Preview, sha256: str) -> int:
    run_id = uuid7()
    wrong = [outcome for outcome in preview.outcomes if outcome.state == "wrong"]
    for outcome in wrong:
        for mistake in outcome.line.mistakes:
            print(f"Row {outcome.line.number}: {mistake.sentence}")
    words = "doorstep import properties"
    await once(from_terminal(words, sha256), importing.store_preview, None, run_id, preview)
    await once(from_terminal(words, sha256), importing.start_import, None, run_id)
    done = 0
    while more := await applying.apply_next(datetime.now(UTC), run_id):
        done += more
        print(f"{done} rows done", flush=True)
    print(f"{done} rows applied, {len(wrong)} could not be read.")
    return 1 if wrong else 0
