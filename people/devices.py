"""Which phone a request comes from: its word is believed once for each session, and holds until that ends."""

from datetime import datetime, timedelta
from uuid import UUID

from people.rules import Role, SignedIn, session_ends
from people.tables import Session
from pwa.outbox import writing

LONGEST = timedelta(hours=12)


def settled(person: SignedIn, named: UUID | None) -> bool:
    """There is nothing to look up: the session has its phone, or none was named. So for nearly every request."""
    return named is None or person.device_id is not None


async def believed(person: SignedIn, named: UUID | None, at: datetime) -> UUID | None:
    """The phone that was named, if it is this session's. A session that has none yet takes it, unless somebody
    else is signed in on it: else a request could name another's phone and speak for it."""
    if settled(person, named):
        return named if named == person.device_id else None
    assert named is not None
    if await _somebody_elses(person, named, at):
        return None
    mine = (Session.id == person.session_id) & Session.device.is_null()
    async with writing():
        took = await Session.update({Session.device: named}).where(mine).returning(Session.id)
    return named if took else None


async def _somebody_elses(person: SignedIn, named: UUID, at: datetime) -> bool:
    rows = await Session.select(
        Session.started_at, Session.last_used_at, Session.person.role.as_alias("role")
    ).where(
        Session.device == named,
        Session.person != person.id,
        Session.ended_at.is_null(),
        Session.last_used_at > at - LONGEST,
    )
    return any(at < session_ends(Role(row["role"]), row["started_at"], row["last_used_at"]) for row in rows)
