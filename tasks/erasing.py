"""Tasks that ended and were kept for as long as the council keeps them: erased with all that happened to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from properties import hold_commands, hold_queries
from pwa import commands, queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule
from tasks.tables import Task

BATCH = 10


async def erase_older(before: datetime, at: datetime) -> int:
    """Erase up to BATCH tasks that ended before that; how many it erased.

    One that is still open is somebody's to do and stays. One waits while the office has to decide about what
    came too late for it, and while its home is on hold. Safe to run twice at once.
    """
    if await _due(before).first() is None:
        return 0
    waiting, erased = await queries.undecided_records("/tasks/"), 0
    for row in await _due(before, waiting, await hold_queries.homes_on_hold()).limit(BATCH):
        async with writing():
            mine = await claim(_due(before, waiting).where(Task.id == row["id"]))
            if mine and await hold_commands.may_erase(row["property"]):
                await once(from_rule(f"/tasks/{row['id']}", at), _erase, row["id"], row["property"])
                erased += 1
    return erased


def _due(before: datetime, but: list[UUID] | None = None, homes: list[UUID] | None = None) -> Any:
    old = Task.select(Task.id, Task.property).where(Task.ended_at < before)
    old = old.where(Task.id.not_in(but)) if but else old
    old = old.where(Task.property.not_in(homes)) if homes else old
    return old.order_by(Task.ended_at)


async def _erase(sent: Sent, task: UUID, home: UUID) -> None:
    await commands.forget_bodies(f"/tasks/{task}")
    # What happened to it refers to it and goes with it.
    await Task.delete().where(Task.id == task)
    await hold_commands.note_erased(sent, home, "A task")
    sent.note = "task erased: it was kept as long as it is to be"


async def homes_of(tasks: Collection[UUID]) -> dict[UUID, UUID]:
    """Of those of some tasks that are there, by their id, the home."""
    rows = Task.select(Task.id, Task.property).where(Task.id.is_in(sorted(tasks)))
    return {row["id"]: row["property"] for row in (await rows if tasks else [])}
