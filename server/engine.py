"""The due work of every package, each in a loop of its own. State is asked, never a time window, so that an
outage needs no recovery, and one package that fails or waits holds up no other."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from documents import due as documents_due
from lone_working import ahead
from lone_working import rules as lone_working_rules
from lone_working.alarms import canary, nudging
from lone_working.alarms import due as lone_working_due
from lone_working.watch import clock
from media import due as photos_due
from messages import due as messages_due
from messages import push_due, subscriptions
from messages import rules as message_rules
from people import due as people_due
from properties import due as properties_due
from pwa import due as receipts_due
from pwa.waking import sleeps
from server import retention

log = logging.getLogger("doorstep.engine")
PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Due:
    """What one package has to do. Silent for longer than `patience`, it is stuck."""

    name: str
    work: Callable[[datetime], Awaitable[int]]
    patience: timedelta = timedelta(seconds=15)
    vital: bool = False
    """A turn that failed is no turn: it is stuck, and the health page says so."""


DUE = (
    Due(lone_working_rules.ENGINE, lone_working_due.run_due, vital=True),
    # Of these nothing waits behind another message: somebody may be in danger. Calls for help have their places.
    Due(message_rules.HELP, messages_due.run_help, timedelta(seconds=60), vital=True),
    Due(message_rules.URGENT, messages_due.run_urgent, timedelta(seconds=60), vital=True),
    Due("canary", canary.run_due, vital=True),
    Due("reminders", nudging.run_due),
    # Beside a text, never instead of one: a push service that hangs is waited for, for eight seconds a call.
    Due("notifications", push_due.run_due, timedelta(seconds=60)),
    Due("phones that show them", subscriptions.run_due),
    Due("receipts", receipts_due.run_due),
    Due("rota", ahead.run_due, timedelta(seconds=60)),
    # A store that cannot be reached takes up to forty seconds to say so.
    Due("photographs", photos_due.run_due, timedelta(seconds=60)),
    Due("properties", properties_due.run_due),
    Due("people", people_due.run_due),
    Due("documents", documents_due.run_due, timedelta(seconds=60)),
    # A provider that hangs is waited for, for eight seconds a call.
    Due("messages", messages_due.run_due, timedelta(seconds=60)),
    Due("retention", retention.run_due),
)

# In every process, wherever the due work runs.
CLOCK = Due("clock", clock.run_due, timedelta(seconds=60))


class Engine:
    """Runs due work until stopped. `stuck` is what the health page asks."""

    def __init__(self, due: tuple[Due, ...] = DUE) -> None:
        self.due = due
        self.last_turn: dict[str, datetime] = {}
        self._stop = asyncio.Event()
        self._asked: dict[str, asyncio.Event] = {}
        self._task: asyncio.Task[None] | None = None

    def stuck(self, at: datetime) -> list[str]:
        """Names of what ended no turn for longer than it may take, or never began."""
        return [
            one.name
            for one in self.due
            if one.name not in self.last_turn or at - self.last_turn[one.name] > one.patience
        ]

    async def turn(self, one: Due, at: datetime) -> int:
        """Do once what is due at `at`; how much there was. A failure is logged, and the next turn tries again."""
        done = 0
        try:
            done = await one.work(at)
        except Exception as error:
            log.error("due work of %s failed", one.name, exc_info=error)
            if one.vital:
                return 0
        self.last_turn[one.name] = datetime.now(UTC)
        return done

    async def _loop(self, one: Due) -> None:
        self.last_turn[one.name] = datetime.now(UTC)
        asked = self._asked[one.name] = asyncio.Event()
        awake = sleeps(one.name, asked.set)
        try:
            while not self._stop.is_set():
                asked.clear()  # before it looks: what is asked for meanwhile is looked for once more
                if not await self.turn(one, datetime.now(UTC)) and not self._stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(asked.wait(), PAUSE_SECONDS)
        finally:
            awake()

    async def run(self) -> None:
        """Every loop until `leave`; then the turns in hand are finished."""
        async with asyncio.TaskGroup() as loops:
            for one in self.due:
                loops.create_task(self._loop(one))

    def start(self) -> None:
        self._task = asyncio.create_task(self.run())

    def leave(self) -> None:
        self._stop.set()
        for asked in self._asked.values():
            asked.set()

    async def stop(self) -> None:
        self.leave()
        if self._task:
            await self._task
