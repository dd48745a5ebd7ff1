"""Hearing of what any process commits, for pages that show it at once."""

from collections.abc import Callable
from typing import Any

from pwa import tables


async def noticing(channel: str, tell: Callable[[], None]) -> None:
    """Call `tell` whenever something may have been committed, until cancelled.

    On PostgreSQL what a trigger says on this channel; on SQLite every commit, whatever it was about.
    """
    database: Any = tables.Receipt._meta.db
    await database.noticing(channel, tell)
