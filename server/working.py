"""The due work in a process of its own, beside any number of servers."""

import asyncio
import signal

from server.dead_man import watched
from server.engine import CLOCK, DUE, Engine
from server.opened import opened
from server.settings import settings


async def run_alone() -> None:
    """Until SIGTERM or Ctrl-C; the turns in hand are finished."""
    engine = watched(Engine((*DUE, CLOCK)), settings)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, engine.leave)
    async with opened(settings):
        await engine.run()
