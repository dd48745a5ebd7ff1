"""A call for help goes before what can wait: what else would begin in this process stands aside until it is saved.

Nobody stands aside for long: a database that hangs keeps what can wait no longer than MOST_SECONDS each time.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MOST_SECONDS = 0.5


class _Going:
    many = 0
    over: asyncio.Event | None = None


@contextmanager
def first() -> Iterator[None]:
    """What is done in here goes first."""
    if not _Going.many:
        _Going.over = asyncio.Event()
    _Going.many += 1
    try:
        yield
    finally:
        _Going.many -= 1
        if not _Going.many and _Going.over:
            _Going.over.set()


async def aside() -> None:
    """Before something that can wait is begun."""
    if _Going.many and _Going.over:
        with suppress(TimeoutError):
            await asyncio.wait_for(_Going.over.wait(), MOST_SECONDS)
