"""The walls that are open now, each told of a change as soon as it is committed.

One look serves every wall of this process: who may still see it, what each of them sees, and each different board
drawn once. Nothing is remembered of who may see what: it is asked anew each time, also when nothing changed, so
that a wall goes dark with the session of whoever opened it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar.response.sse import ServerSentEventMessage

from lone_working.alarms.queries import Wall
from lone_working.wall.boards import walls
from people import session_queries
from people.rules import Role, SignedIn
from pwa import lost, pages
from pwa.noticing import noticing
from pwa.waking import LEAVING, sleeps

log = logging.getLogger("doorstep.lone_working")
CHANNEL = "lone_working"
"""What the triggers on our tables say it on."""
LOOK_SECONDS = 5
"""So often each wall hears from us at least; a browser that hears nothing for ten says that its wall is old."""
BETWEEN_SECONDS = 0.2
MOST_EACH = 3
"""Walls of one session that are told: a browser keeps six connections to one address, and needs some itself."""
MOST = 1_000
WHO = (Role.OFFICER, Role.MANAGER)
Event = ServerSentEventMessage
OVER = Event(event="over")
"""Whoever opened it may not see it any more: ask for the page anew."""
ELSEWHERE = Event(event="elsewhere")
"""It may, but not like this: ask every few seconds, as without us."""


@dataclass(eq=False)
class Open:
    """One wall. Of what it was not yet told only the newest board counts, so that a slow line piles up nothing."""

    session: UUID
    board: str = ""
    age: str = ""
    last: Event | None = None
    shown: str = ""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, board: str, age: float | None) -> None:
        self.board, self.age = board, "" if age is None else str(round(age))
        self.news.set()

    def end(self, last: Event) -> None:
        self.last = last
        self.news.set()

    async def events(self) -> AsyncIterator[Event]:
        while True:
            await self.news.wait()
            self.news.clear()
            if self.last:
                yield self.last
                return
            yield Event(event="engine", data=self.age)
            if self.board != self.shown:
                self.shown = self.board
                yield Event(event="board", data=self.board)


class Boards:
    """Every open wall of this process. Its loop runs for as long as there is one."""

    def __init__(self, look: Callable[..., Any] = walls) -> None:
        self._open: list[Open] = []
        self._changed = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._walls = look

    async def stream(self, me: SignedIn) -> AsyncIterator[Event]:
        """What this wall is told, from what is now so until it ends or whoever reads it goes away."""
        mine = [one for one in self._open if one.session == me.session_id]
        if len(mine) >= MOST_EACH:
            mine[0].end(ELSEWHERE)
        wall = Open(me.session_id)
        self._open.append(wall)
        if len(self._open) > MOST:
            wall.end(ELSEWHERE)
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._run())
        self._changed.set()
        try:
            async for event in wall.events():
                yield event
        finally:
            self._open.remove(wall)

    async def once(self, me: SignedIn) -> AsyncIterator[Event]:
        """The same for whoever does not ask for a stream: what is now so, and no more."""
        wall = Open(me.session_id)
        await self._look([wall])
        yield Event(event="engine", data=wall.age)
        yield Event(event="board", data=wall.board)

    async def _run(self) -> None:
        awake = sleeps(LEAVING, self._leave)
        hears = asyncio.create_task(noticing(CHANNEL, self._changed.set))
        try:
            while self._open:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
                self._changed.clear()
                await self._looked()
                await asyncio.sleep(BETWEEN_SECONDS)
        finally:
            awake()
            hears.cancel()

    async def _looked(self) -> None:
        """What goes wrong is no reason to stop looking: the walls turn red by themselves meanwhile."""
        try:
            await self._look([one for one in self._open if not one.last])
        except Exception as error:
            log.error("the walls could not be told", exc_info=error)

    def _leave(self) -> None:
        for one in self._open:
            one.end(ELSEWHERE)

    async def _look(self, told: list[Open]) -> None:
        at = datetime.now(UTC)
        holders = await session_queries.still_signed_in({one.session for one in told}, at)
        may = {id: me for id, me in holders.items() if me.role in WHO and not lost.is_one(me.device_id)}
        seen = await self._walls(list(may.values()), at) if may else {}
        drawn: dict[Wall, str] = {}
        for one in told:
            if one.session not in may:
                one.end(OVER)
                continue
            wall = seen[may[one.session]]
            same = replace(wall, engine_age_seconds=None)
            if same not in drawn:
                drawn[same] = pages.fragment("lone_working/wall.html#board", wall=wall)
            one.tell(drawn[same], wall.engine_age_seconds)


boards = Boards()
