"""Who watches the watcher: somebody outside, and systemd. Both are told that all is well only when it is, so that
silence is what alarms them, whatever it is that broke."""

import asyncio
import logging
import socket
import time
import urllib.request
from datetime import datetime

from lone_working.alarms import audit, canary
from lone_working.watch import clock
from lone_working.watch.clock_rules import APART_MOST
from server.engine import Due, Engine
from server.settings import Settings

log = logging.getLogger("doorstep.engine")
LOOK_SECONDS, PING_SECONDS, TIMEOUT_SECONDS = 10.0, 60.0, 5.0


def watched(engine: Engine, config: Settings) -> Engine:
    """The same engine, with somebody told while it is well."""
    engine.due += (Due("dead man’s switch", DeadMan(engine, config).run_due),)
    return engine


class DeadMan:
    def __init__(self, engine: Engine, config: Settings) -> None:
        self._engine, self._ping, self._systemd = engine, config.dead_man, config.notify_socket
        self._looked = self._pinged = float("-inf")

    async def run_due(self, at: datetime) -> int:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS or not (self._ping or self._systemd):
            return 0
        self._looked = now
        if wrong := await self.wrong(at):
            log.error("nobody outside is told that all is well: %s", wrong)
            return 0
        if self._systemd:
            feed(self._systemd)
        if self._ping and now - self._pinged >= PING_SECONDS:
            self._pinged = now
            await asyncio.to_thread(ping, self._ping)
        return 0

    async def wrong(self, at: datetime) -> str:
        """Why not all is well; empty when it is."""
        if stuck := self._engine.stuck(at):
            return f"stuck: {', '.join(stuck)}"
        theirs = await clock.read()
        if missed := await audit.missed(theirs):
            return f"steps missed: {missed}"
        if await canary.failing(theirs):
            return "the canary was not answered"
        return "the clock is wrong" if abs(await clock.apart()) > APART_MOST else ""


def ping(address: str) -> None:
    """Nobody waits for it, and what goes wrong is what the other end is there to notice."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http(s) by the settings
            answer.read(1)
    except (OSError, ValueError) as wrong:
        log.warning("the dead man's switch could not be told: %s", type(wrong).__name__)


def feed(address: str) -> None:
    """systemd's watchdog: `WATCHDOG=1` on the socket it named."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.sendto(b"WATCHDOG=1", "\0" + address[1:] if address.startswith("@") else address)
    except OSError as wrong:
        log.warning("systemd's watchdog could not be fed: %s", type(wrong).__name__)
