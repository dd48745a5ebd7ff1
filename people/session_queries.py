"""Reads about what people hold: a session, a place on a phone, an invitation, a calendar address."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from people.queries import person_as
from people.rules import Role, SignedIn, invitation_is_open, session_ends
from people.tables import CalendarAddress, Invitation, Session
from pwa.answers import NotFound
from pwa.outbox import Sent
from pwa.prepared import Prepared, PreparedFor


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _holders() -> Any:
    """Of sessions that somebody has not ended, each with whoever holds it."""
    return (
        Session.select(
            Session.id,
            Session.started_at,
            Session.last_used_at,
            Session.device,
            Session.person.id.as_alias("person_id"),
            Session.person.name.as_alias("name"),
            Session.person.role.as_alias("role"),
            Session.person.team.as_alias("team_id"),
            Session.person.firm.as_alias("firm_id"),
        )
        .where(Session.ended_at.is_null())
        .where(Session.person.disabled_at.is_null())
    )


_HOLDER = Prepared(lambda token: _holders().where(Session.token_sha256 == token).limit(1))
_HOLDERS = PreparedFor(lambda ids: _holders().where(Session.id.is_in(ids)))


async def signed_in(token: str, at: datetime) -> SignedIn | None:
    """Who holds this cookie, if their session and their account are alive at `at`."""
    row = await _HOLDER.one(hashed(token))
    return _holder(row, at) if row else None


async def still_signed_in(sessions: Iterable[UUID], at: datetime) -> dict[UUID, SignedIn]:
    """Of these sessions those that are alive at `at`, as they would be on their next request."""
    found = [_holder(row, at) for row in await _HOLDERS(sessions)]
    return {one.session_id: one for one in found if one}


def _holder(row: dict[str, Any], at: datetime) -> SignedIn | None:
    if at >= session_ends(Role(row["role"]), row["started_at"], row["last_used_at"]):
        return None
    return SignedIn(
        id=row["person_id"],
        name=row["name"],
        role=Role(row["role"]),
        team_id=row["team_id"],
        firm_id=row["firm_id"],
        session_id=row["id"],
        last_used_at=row["last_used_at"],
        device_id=row["device"],
    )


async def calendar_owner(token: str, at: datetime) -> SignedIn | None:
    """Whose visits this calendar address gives: somebody who still works here and has not ended it."""
    row = await (
        CalendarAddress.select(CalendarAddress.person)
        .where(CalendarAddress.token_sha256 == hashed(token), CalendarAddress.ended_at.is_null())
        .where(CalendarAddress.person.disabled_at.is_null())
        .first()
    )
    return await person_as(row["person"], at) if row else None


async def calendar_since(me: SignedIn) -> datetime | None:
    """When their calendar address was made; None when they have none."""
    row = await (
        CalendarAddress.select(CalendarAddress.made_at)
        .where(CalendarAddress.person == me.id, CalendarAddress.ended_at.is_null())
        .first()
    )
    return row["made_at"] if row else None


async def sessions_of(person_id: UUID, role: Role, at: datetime) -> list[dict[str, Any]]:
    """Where somebody is signed in at `at`, the last used first."""
    rows = await (
        Session.select(Session.id, Session.browser, Session.started_at, Session.last_used_at)
        .where(Session.person == person_id)
        .where(Session.ended_at.is_null())
        .order_by(Session.last_used_at, ascending=False)
    )
    return [row for row in rows if at < session_ends(role, row["started_at"], row["last_used_at"])]


async def session_for(me: SignedIn, session_id: UUID) -> Session:
    """One of my own sessions that has not ended."""
    session: Session | None = await Session.objects().get(
        (Session.id == session_id) & (Session.person == me.id) & (Session.ended_at.is_null())
    )
    if session is None:
        raise NotFound
    return session


@dataclass(frozen=True)
class Invited:
    """Whoever holds an invitation that is still open."""

    id: UUID
    person_id: UUID
    name: str
    email: str

    def by(self, sent: Sent) -> Sent:
        """The receipt names them, though they are not signed in yet."""
        sent.person_id, sent.person_name = self.person_id, self.name
        return sent


async def invitation(token: str, at: datetime) -> Invited | None:
    row = await (
        Invitation.select(
            Invitation.id,
            Invitation.made_at,
            Invitation.ended_at,
            Invitation.person.id.as_alias("person_id"),
            Invitation.person.name.as_alias("name"),
            Invitation.person.email.as_alias("email"),
        )
        .where(Invitation.token_sha256 == hashed(token))
        .where(Invitation.person.disabled_at.is_null())
        .first()
    )
    if row is None or not invitation_is_open(row["made_at"], row["ended_at"], at):
        return None
    return Invited(row["id"], row["person_id"], row["name"], row["email"])


async def on_devices(devices: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who was the last to sign in on each of these phones, if they have not signed out there and still work here.

    Also when their session has run out: they only have to sign in again.
    """
    wanted = list(set(devices))
    if not wanted:
        return {}
    rows = await (
        Session.select(
            Session.device,
            Session.person,
            Session.ended_at,
            Session.person.disabled_at.as_alias("disabled_at"),
        )
        .where(Session.device.is_in(wanted))
        .order_by(Session.started_at)
    )
    last = {row["device"]: row for row in rows}
    return {
        device: row["person"]
        for device, row in last.items()
        if row["ended_at"] is None and row["disabled_at"] is None
    }
