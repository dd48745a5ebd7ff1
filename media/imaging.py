"""Clean copies of photographs, made in child processes that the kernel limits (child.py).

The web process never decodes. A child that takes too long, dies or breaks off is killed and replaced at the
next photograph; nothing it says is believed unless it is shaped as a clean copy should be.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from signal import SIGXCPU
from typing import Annotated, Literal

import msgspec

from media import rules
from media.child import ANSWER, ASK, KINDS

WALL_SECONDS = 5.0
# A child is replaced now and then, so that what a parser leaks cannot add up.
PHOTOS_PER_CHILD = 500
MAX_COPY = 4 * 1024 * 1024
HEIC = find_spec("pillow_heif") is not None

# Nothing of our own environment: no database address, no store key. And memory that was given back to
# the system after each photograph would have to be mapped again for the next (measured: a sixth of the CPU).
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
}

Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Side = Annotated[int, msgspec.Meta(ge=0, le=rules.MAX_SIDE)]


class Said(msgspec.Struct, frozen=True):
    """What a child says of a photograph; the bytes of its copies follow."""

    problem: Literal["damaged", "heavy"] | None
    sizes: Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=MAX_COPY)]], msgspec.Meta(max_length=2)]
    width: Side = 0
    height: Side = 0
    orientation: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1
    taken_at: Annotated[str, msgspec.Meta(max_length=19)] | None = None
    offset: Annotated[str, msgspec.Meta(pattern=r"^[+-]\d\d:\d\d$")] | None = None
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    accuracy: Annotated[float, msgspec.Meta(ge=0)] | None = None


class CannotOpen(Exception):
    """This file will never open within our limits: `sentence` says so to the person who sent it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotNow(Exception):
    """The child was stopped from outside or by the clock: worth another try."""


class Child:
    """One decoding process and its pipes."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.opened = 0

    @classmethod
    async def start(cls) -> "Child":
        """Start one and wait until it has set its own limits."""
        command = (sys.executable, "-P", "-s", "-m", "media.child")
        environment = ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[1])}
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, cwd="/"
        )
        child = cls(process)
        try:
            await asyncio.wait_for(child._read(), WALL_SECONDS * 6)
        except (OSError, EOFError, TimeoutError, msgspec.DecodeError):
            await child.stop()
            raise NotNow from None
        return child

    async def _read(self) -> tuple[Said, list[bytes]]:
        out = self.process.stdout
        assert out is not None
        (length,) = ANSWER.unpack(await out.readexactly(ANSWER.size))
        if length > 10_000:
            raise msgspec.DecodeError("longer than anything a child says")
        said = msgspec.json.decode(await out.readexactly(length), type=Said)
        return said, [await out.readexactly(size) for size in said.sizes]

    async def open(self, data: bytes, kind: rules.Kind) -> tuple[Said, list[bytes]]:
        """Send one file and read the answer."""
        into = self.process.stdin
        assert into is not None
        self.opened += 1
        into.write(ASK.pack(KINDS.index(kind.value), len(data)) + data)
        await into.drain()
        return await self._read()

    async def ended(self) -> int:
        """How a child that broke off came to its end.

        Not killed while it may be dying by itself: asyncio looks whether a process lives before it kills it, and
        where that look comes upon the end, nobody learns any more what it was.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), WALL_SECONDS)
        return await self.stop()

    async def stop(self) -> int:
        """End the process now and say how it ended."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        return await self.process.wait()


class Decoder:
    """Up to `most` children, started when first needed and kept."""

    def __init__(self, most: int = 1) -> None:
        self._turn = asyncio.Semaphore(most)
        self._idle: list[Child] = []

    async def open(self, data: bytes, kind: rules.Kind) -> tuple[Said, list[bytes]]:
        """Clean copies (1600 px first, then 400 px) and what EXIF said; raises CannotOpen, NotNow."""
        async with self._turn:
            child = await self._child()
            keep = False
            try:
                said, copies = await asyncio.wait_for(child.open(data, kind), WALL_SECONDS)
                keep = said.problem != "heavy" and child.opened < PHOTOS_PER_CHILD
            except (TimeoutError, msgspec.DecodeError):
                raise NotNow from None
            except (OSError, EOFError):
                if await child.ended() == -SIGXCPU:
                    raise CannotOpen(rules.TOO_HEAVY) from None
                raise NotNow from None
            finally:
                if keep:
                    self._idle.append(child)
                else:
                    await child.stop()
        return _believed(said, copies)

    async def _child(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
            await child.stop()  # somebody killed it while it waited
        return await Child.start()

    async def close(self) -> None:
        """End every idle child: call it when the program stops."""
        while self._idle:
            await self._idle.pop().stop()


def _believed(said: Said, copies: list[bytes]) -> tuple[Said, list[bytes]]:
    if said.problem:
        raise CannotOpen(rules.TOO_HEAVY if said.problem == "heavy" else rules.CANNOT_OPEN)
    shaped = len(copies) == len(rules.COPY_SIDES) and all(map(rules.is_clean_copy, copies, rules.COPY_SIDES))
    if not shaped:
        raise CannotOpen(rules.CANNOT_OPEN)
    return said, copies


# Half the processors: whoever waits for a page has the others, and each child holds 60 MB.
decoder = Decoder(most=max(1, min(2, (os.cpu_count() or 1) // 2)))
