"""Says that something was committed, by whichever process: for pages that show it at once (pwa.noticing).

It may say so once too often, never once too little: whoever is told looks at what is now so.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import asyncpg

log = logging.getLogger("doorstep.database")
LOOK_SECONDS = 0.1
ANSWERS_SECONDS = 5.0
"""A connection that is cut without a word is found out after so long, and its place taken by another."""
LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


async def in_file(tell: Callable[[], None], **kwargs: Any) -> None:
    """SQLite counts the commits of all other connections to a file; reading the count costs some microseconds."""
    with contextlib.closing(sqlite3.connect(**kwargs)) as own:
        known = None
        while True:
            with contextlib.suppress(sqlite3.OperationalError):
                (now,) = own.execute("PRAGMA data_version").fetchone()
                if now != known:
                    known = now
                    tell()
            await asyncio.sleep(LOOK_SECONDS)


async def in_postgres(connect: Callable[[], Any], channel: str, tell: Callable[[], None]) -> None:
    """LISTEN on a connection of its own; what was said while there was none is made up for by one word."""
    while True:
        with contextlib.suppress(*LOST):
            connection = await connect()
            try:
                await connection.add_listener(channel, lambda *_: tell())
                tell()
                while True:
                    await asyncio.sleep(ANSWERS_SECONDS)
                    await connection.fetchval("SELECT 1", timeout=ANSWERS_SECONDS)
            except LOST as error:
                log.warning("what others commit is not heard of for a moment: %s", type(error).__name__)
                raise
            finally:
                connection.terminate()
        await asyncio.sleep(1)
