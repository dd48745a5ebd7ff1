"""Due work: documents that were asked for. Made one at a time, beside the engine's other work.

The engine's turns must stay short, so that a document is begun in one turn and goes on by itself. If we die,
the lease runs out and it is due again.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from documents import rules
from documents.building import build
from documents.children import Failed
from documents.kinds import kind_of
from documents.rules import Step
from documents.tables import Document
from media.store import StoreUnavailable, store
from pwa.answers import NotFound, Turned
from pwa.outbox import writing

log = logging.getLogger("doorstep.documents")
LEASE = timedelta(minutes=3)
PAUSE = timedelta(seconds=20)
BATCH = 20


class Builder:
    """The one document that this process is making, if any."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    async def turn(self, at: datetime) -> int:
        """Begin the next document when none is being made; how many were begun."""
        if self._task is not None and not self._task.done():
            return 0
        row = await _claim(at)
        if row is not None:
            self._task = asyncio.create_task(_make(row, at))
        return int(row is not None)

    async def finished(self) -> None:
        """Wait for what is being made."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Leave off: what was begun is due again when its lease has run out."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


builder = Builder()


async def run_due(at: datetime) -> int:
    """Begin the next document that is due, and take away the files of those that were erased."""
    return await builder.turn(at) + await _take_away(at)


async def _take_away(at: datetime) -> int:
    """Safe to do twice, and after a crash: a file that is gone is gone."""
    left = Document.leaving_at <= at
    rows = await Document.select(Document.id).where(left).order_by(Document.leaving_at).limit(BATCH)
    for row in rows:
        await store().delete(rules.key_of(row["id"]))
    if rows:
        done = left & Document.id.is_in([row["id"] for row in rows])
        await Document.update({Document.leaving_at: None}).where(done)
    return len(rows)


async def _claim(at: datetime) -> dict[str, Any] | None:
    """Take one for ourselves."""
    due = (Document.state == rules.State.waiting.value) & (Document.try_after <= at)
    if not await Document.exists().where(due):
        return None
    query = Document.select().where(due).order_by(Document.try_after).limit(1)
    if Document._meta.db.engine_type == "postgres":
        query = query.lock_rows("UPDATE", skip_locked=True)
    async with writing():
        rows = await query
        for row in rows:
            taken: dict[Any, Any] = {Document.try_after: at + LEASE, Document.tries: row["tries"] + 1}
            await Document.update(taken).where(Document.id == row["id"])
    return rows[0] if rows else None


async def _make(row: dict[str, Any], at: datetime) -> None:
    async def say(step: Step) -> None:
        await _mark(row, {Document.step: step.value, Document.percent: rules.PERCENT[step]})

    try:
        made = await build(row, at, say)
    except NotFound:
        # The record may just have been erased, and its address stands in the title.
        await _mark(row, _given_up() | {Document.title: kind_of(row["kind"]).words})
    except (StoreUnavailable, Failed, Turned) as wrong:
        await _again(row, at, wrong)
    except Exception as wrong:
        # Nobody awaits this task, so what is not said here is said nowhere.
        log.error("a document of kind %s could not be made", row["kind"], exc_info=wrong)
        await _again(row, at, wrong)
    else:
        await _mark(
            row,
            {
                Document.state: rules.State.ready.value,
                Document.step: Step.done.value,
                Document.percent: rules.PERCENT[Step.done],
                Document.sha256: made.sha256,
                Document.size: made.size,
                Document.certificate: made.certificate,
                Document.self_made: made.self_made,
                Document.made_at: made.made_at,
            },
        )


async def _again(row: dict[str, Any], at: datetime, wrong: Exception) -> None:
    """A store that is away is no fault of the document's, so that it is tried for ever."""
    tries = row["tries"] + 1
    if tries >= rules.MAX_TRIES and not isinstance(wrong, StoreUnavailable | Turned):
        await _mark(row, _given_up())
    else:
        waiting = {Document.step: Step.asked.value, Document.percent: rules.PERCENT[Step.asked]}
        await _mark(row, {Document.try_after: at + PAUSE * tries, **waiting})


def _given_up() -> dict[Any, Any]:
    return {Document.state: rules.State.failed.value, Document.problem: rules.FAILED}


async def _mark(row: dict[str, Any], values: dict[Any, Any]) -> None:
    # Not over a state that somebody else has reached since our lease ran out.
    mine = (Document.id == row["id"]) & (Document.state == rules.State.waiting.value)
    await Document.update(values).where(mine)
