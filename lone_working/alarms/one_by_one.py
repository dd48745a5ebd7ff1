"""Due work in one transaction for all; if anything goes wrong, each by itself, so that one holds up no other."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from pwa.outbox import writing

log = logging.getLogger("doorstep.lone_working")
Each = tuple[Any, Callable[[UUID], Awaitable[int]]]
"""A select of ids, and what is done with one of them."""


async def together(everything: Callable[[], Awaitable[int]], each: Sequence[Each], wrong: list[Exception]) -> int:
    """How much was done. What went wrong with one alone is put into `wrong`."""
    try:
        async with writing():
            return await everything()
    except Exception as error:
        log.error("lone working goes one by one", exc_info=error)
    done = 0
    for ids, work in each:
        for row in await ids:
            done += await _alone(row["id"], work, wrong)
    return done


async def _alone(id: UUID, work: Callable[[UUID], Awaitable[int]], wrong: list[Exception]) -> int:
    try:
        async with writing():
            return await work(id)
    except Exception as error:
        log.error("one of lone working went wrong", exc_info=error)
        wrong.append(error)
    return 0
