"""Child processes that open what the server itself must not: each does one thing and ends.

A child has none of our environment and is killed when it takes too long; what it says is bytes on its
standard output, and anything but a clean end is `Failed`.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(Path(__file__).parents[1]),
    "MALLOC_ARENA_MAX": "2",
    "RAYON_NUM_THREADS": "2",
}


class Failed(Exception):
    """The child ended without an answer: it was stopped by its limits or the clock, or it broke."""


class Child:
    """One process, started before it is needed so that its imports are done by then."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def tell(self, given: bytes) -> None:
        """Hand over what it can begin with. Raises Failed when it has ended already."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(given)
            await self._process.stdin.drain()
        except OSError as wrong:
            raise Failed from wrong

    async def answer(self, given: bytes, seconds: float) -> bytes:
        """Hand over the input and wait for the end. Raises Failed."""
        try:
            said, _ = await asyncio.wait_for(self._process.communicate(given), seconds)
        except (TimeoutError, OSError) as wrong:
            raise Failed from wrong
        if self._process.returncode != 0:
            raise Failed(f"ended with {self._process.returncode}")
        return said


@asynccontextmanager
async def child(module: str, *words: str) -> AsyncIterator[Child]:
    """`python -m module words…` until the end of the block, whatever happens in it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-s", "-m", module, *words,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ENVIRONMENT, cwd="/", limit=2**16,
    )  # fmt: skip
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            # Closes the pipes too; a child that nobody waited for would be a zombie.
            await asyncio.shield(process.communicate())
