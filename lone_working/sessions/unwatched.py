"""Somebody went in and nobody looks out for them, because their start was only kept for the office: said in red on
every page of theirs, however late the start came, until they have dealt with it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, rules
from lone_working.sessions.tables import Unwatched
from lone_working.tables import LoneSession
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.outbox import Sent, once
from pwa.prepared import Prepared

SEEN = LoneSession.pin_given_at.is_null() | (LoneSession.pin_given_at >= LoneSession.started_at)
"""Not one that a PIN began which somebody made them enter (by_pin.py), over before it began: by nothing of
theirs can they tell."""


@dataclass(frozen=True)
class NotWatched:
    id: UUID
    started_at: datetime
    watched: bool = False


async def kept(sent: Sent, person: SignedIn) -> None:
    """A start of theirs is kept for the office. Once, however often it comes."""
    mine = replace(sent, id=uuid5(sent.id, "not watched"), note="nobody looks out for them", receipt=None)
    await once(mine, _kept, person)


async def _kept(sent: Sent, person: SignedIn) -> None:
    at = events.acted_at(sent, sent.received_at - timedelta(days=1))
    await Unwatched.insert(Unwatched(id=sent.id, person=person.id, started_at=at, received_at=sent.received_at))


_NEWEST = Prepared(
    lambda person: (
        Unwatched.select(Unwatched.id, Unwatched.started_at)
        .where((Unwatched.person == person) & Unwatched.told_at.is_null())
        .order_by(Unwatched.received_at, ascending=False)
        .limit(1)
    )
)


async def newest(me: SignedIn, at: datetime) -> NotWatched | None:
    """What they have not dealt with: neither said so, nor begun a session since."""
    row = await _NEWEST.one(me.id)
    if row is None or row["started_at"] < at - rules.UNWATCHED_FOR:
        return None
    since = SEEN & (LoneSession.person == me.id) & (LoneSession.started_at >= row["started_at"])
    return None if await LoneSession.exists().where(since) else NotWatched(row["id"], row["started_at"])


async def told(sent: Sent, me: SignedIn, id: UUID) -> None:
    """They are out, or somebody knows. NotFound is also for everybody else's."""
    mine = (Unwatched.id == id) & (Unwatched.person == me.id)
    if not await Unwatched.exists().where(mine):
        raise NotFound
    dealt: dict[Any, Any] = {Unwatched.told_at: sent.received_at}
    await Unwatched.update(dealt).where((Unwatched.person == me.id) & Unwatched.told_at.is_null())
    sent.note = "somebody knows where they are"
