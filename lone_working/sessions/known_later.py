"""A session that a call for help began, and whose start came after it: then it is known where they are."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events
from lone_working.rules import Happening
from lone_working.tables import LoneSession
from people.rules import SignedIn
from pwa.outbox import Sent


async def called_before(me: SignedIn, id: UUID) -> LoneSession | None:
    """Help went first, by the name that the phone gave the session (commands.begun_with). Then who could be called
    is asked no more: they are, and where to look is what they want to know."""
    return await LoneSession.objects().where((LoneSession.id == id) & (LoneSession.person == me.id)).first()


async def fill_in(
    sent: Sent, me: SignedIn, session: LoneSession, where: dict[str, Any], minutes: int
) -> LoneSession:
    """Where they are, since when, and for how long. Who was told stays told, and what a responder has closed stays
    closed."""
    id: UUID = session.id
    row = {**await events.locked(id), **where}
    row["started_at"] = started = _earlier(sent, row["started_at"])
    mine = replace(sent, id=uuid5(sent.id, "where"))  # the session's own id is that of its first event
    await events.add(mine, me, id, Happening.STARTED, started, said=where["place"])
    times = {"started_at": started, "ends_at": started + timedelta(minutes=minutes)}
    # Not when they called: that is no sign that they were well.
    since = [row["pin_given_at"] or started, *(one.at for one in await events.acts_of(id))]
    times["heard_at"] = max(started, *since)
    now: dict[Any, Any] = {**where, **times, "due_at": await events.due_of(row)}
    await LoneSession.update(now).where(LoneSession.id == id)
    sent.note = sent.note or "said where they are, after they had called for help"
    return session


def _earlier(sent: Sent, known: datetime) -> datetime:
    at = events.acted_at(sent, sent.received_at - timedelta(days=1))
    return min(known, at)
