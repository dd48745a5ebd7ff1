"""The one loop that runs due work. State is asked, never a time window, so an outage needs no recovery."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from documents import due as documents_due
from media import due as photos_due
from people import due as people_due
from properties import due as properties_due
from pwa import due as receipts_due
from server import retention
from server.opened import opened
from server.settings import settings

log = logging.getLogger("doorstep.engine")

Work = Callable[[datetime], Awaitable[int]]
DUE: list[Work] = [
    receipts_due.run_due,
    photos_due.run_due,
    properties_due.run_due,
    people_due.run_due,
    documents_due.run_due,
    retention.run_due,
]
PAUSE_SECONDS = 1.0


class Engine:
    """Runs every package's due work until stopped. `last_turn` is what the health page looks at."""

    def __init__(self, due: list[Work] | None = None) -> None:
        self.due = DUE if due is None else due
        self.last_turn: datetime | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def turn(self, at: datetime) -> int:
        """One pass over everything that is due at `at`. One failing package does not stop the others."""
        done = 0
        for work in self.due:
            try:
                done += await work(at)
            except Exception as error:
                log.error("due work of %s failed", work.__module__, exc_info=error)
            self.last_turn = datetime.now(UTC)
        return done

    async def run(self) -> None:
        while not self._stop.is_set():
            busy = await self.turn(datetime.now(UTC))
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), PAUSE_SECONDS)

    def start(self) -> None:
        self._task = asyncio.create_task(self.run())

    def leave(self) -> None:
        self._stop.set()

    async def stop(self) -> None:
        self.leave()
        if self._task:
            await self._task


async def run_alone() -> None:
    """The due work in a process of its own, until SIGTERM or Ctrl-C; the turn in hand is finished."""
    engine = Engine()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, engine.leave)
    async with opened(settings):
        await engine.run()
