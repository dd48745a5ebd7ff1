"""Lanes in which messages are handed over side by side: what is claimed, in which order, and how many at once.

A lane takes more as soon as some of its calls have ended: one that hangs keeps only its own place.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns.combination import WhereRaw

from messages import breaker, rules, sending
from messages.breaker import Shut
from messages.rules import Channel, Rank
from messages.tables import Message
from pwa.first import aside
from pwa.outbox import claim, writing

log = logging.getLogger("doorstep.messages")
Row = dict[str, Any]
TURN_SECONDS = 20.0
"""After this a turn claims no more, so that the health page sees turns end."""
LOOK_SECONDS = 0.5
# As the index says it: a database uses a partial one only for a question that says the same.
URGENT = WhereRaw("message.urgent = true")
TO_NOTIFY = Message.channel != Channel.PUSH.value
"""Notifications go to the phones' makers, in a loop of their own (push_due.py)."""


@dataclass(frozen=True)
class Ended:
    """What became of one message. `answered`: whether its provider did; None when it was not asked."""

    row: Row
    values: dict[Any, Any] | None = None
    answered: bool | None = None


@dataclass(frozen=True)
class Lane:
    """`ranks` of what is urgent, in the order in which they go; none: what is not urgent."""

    name: str
    ranks: tuple[Rank, ...] = ()

    @property
    def most(self) -> int:
        return sending.AT_ONCE[self.name]

    def due(self, at: datetime) -> Any:
        due = (Message.next_try_at <= at) & TO_NOTIFY
        if not self.ranks:
            return due & (Message.urgent.eq(False))
        return (
            URGENT & due if len(self.ranks) == len(Rank) else URGENT & due & (Message.rank == self.ranks[0].value)
        )

    def questions(self, at: datetime) -> list[Any]:
        """Of each rank by itself, in order: so each is one look in the index."""
        if not self.ranks:
            return [self.due(at)]
        due = (Message.next_try_at <= at) & TO_NOTIFY
        return [URGENT & (Message.rank == rank.value) & due for rank in self.ranks]


ORDINARY = Lane("messages")
SAFETY = Lane(rules.URGENT, tuple(Rank))
# Whatever hangs in the other: a call for help begins at once.
HELP = Lane(rules.HELP, (Rank.HELP,))


async def pump(at: datetime, lane: Lane, deal: Callable[[Row, datetime], Awaitable[Ended]]) -> int:
    """Deal with all that is due, as many at once as the lane takes; how many there were."""
    began, passed, done, ended = time.monotonic(), 0.0, 0, list[Ended]()
    going: set[asyncio.Task[Ended]] = set()
    try:
        while True:
            free = lane.most - len(going)
            wanted = free if passed < TURN_SECONDS and free * 4 >= lane.most else 0
            now = at + timedelta(seconds=passed)
            rows = await _next(now, lane, ended, wanted)
            done += len(rows)
            going |= {asyncio.create_task(_one(deal, row, now)) for row in rows}
            if not going:
                return done
            over, going = await asyncio.wait(going, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
            ended, passed = [one.result() for one in over], time.monotonic() - began
    finally:
        for one in going:
            one.cancel()


async def _one(deal: Callable[[Row, datetime], Awaitable[Ended]], row: Row, at: datetime) -> Ended:
    if row["rank"] != Rank.HELP.value:
        await aside()
    return await deal(row, at)


async def _next(at: datetime, lane: Lane, ended: Sequence[Ended], wanted: int) -> list[Row]:
    """Mark what has ended and claim what is next, in one transaction. Nothing is written for nothing."""
    if lane is not HELP:
        await aside()
    wanted = wanted if wanted and await Message.exists().where(lane.due(at)) else 0
    if not ended and not wanted:
        return []
    try:
        async with writing():
            await mark(ended, at)
            return await take(at, lane, await breaker.channels(at), wanted) if wanted else []
    except Exception as wrong:
        # Somebody else was at one of these just then. What the provider said is not forgotten for that.
        log.error("what became of some messages is written down one by one", exc_info=wrong)
    for one in ended:
        async with writing():
            await mark([one], at)
    return []


async def mark(ended: Sequence[Ended], at: datetime) -> None:
    for one in ended:
        if one.values:
            await Message.update(one.values).where(ours(one.row))
    await breaker.note([(one.row["channel"], one.answered) for one in ended if one.answered is not None], at)


def ours(row: Row) -> Any:
    """Still as it was when we claimed it: nobody has claimed it since, or come to know more."""
    return (Message.id == row["id"]) & (Message.tries == row["tries"]) & (Message.state == row["state"])


async def take(at: datetime, lane: Lane, shut: Shut, most: int) -> list[Row]:
    """Inside a transaction: some for us. `tries` is our number: whoever claims them after us has another."""
    rows: list[Row] = []
    closed = sorted(shut.closed) if lane is not HELP else []
    for question in lane.questions(at):
        if len(rows) < most:
            rows += await _of(question & _goes(closed) if closed else question, most - len(rows))
    for channel in sorted(shut.trying) if closed else ():
        rows += await _one_that_tries(lane, channel, at)
    if rows:
        taken: dict[Any, Any] = {
            Message.next_try_at: at + rules.LEASE,
            Message.tries: Message.tries + 1,
            Message.doubt: True,
        }
        await Message.update(taken).where(Message.id.is_in([row["id"] for row in rows]))
    return [{**row, "tries": row["tries"] + 1, "lane": lane.name} for row in rows]


async def _of(question: Any, most: int) -> list[Row]:
    rows: list[Row] = await claim(Message.select().where(question).order_by(Message.next_try_at).limit(most))
    return rows


async def _one_that_tries(lane: Lane, channel: str, at: datetime) -> list[Row]:
    """Of a channel whose time of being shut is over: the first that waits. Calls for help do not wait."""
    for question in lane.questions(at):
        rows = await _of(question & (Message.channel == channel) & (Message.rank != Rank.HELP.value), 1)
        if rows:
            await breaker.try_one(channel, at)
            return rows
    return []


def _goes(closed: Sequence[str]) -> Any:
    """A channel that is shut lets nothing through but calls for help."""
    return Message.channel.not_in(list(closed)) | (Message.rank == Rank.HELP.value)
