"""What people do about signing in and out, and about their own password."""

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from people import limits, passwords
from people.browsers import in_words
from people.queries import password_hash_of, person_by_email
from people.rules import SignedIn
from people.session_queries import Invited, hashed
from people.tables import CalendarAddress, Invitation, Person, Session
from pwa.answers import NotFound, Refused, Turned
from pwa.outbox import Sent, writing

log = logging.getLogger("doorstep.people")
_RENEW_AFTER = timedelta(minutes=1)
INVITATION_ENDED = "This invitation has ended. Ask the person who invited you for a new one."
WRONG_CURRENT = (
    "That is not your current password. Check it and try again. "
    "After several tries, wait five minutes and try again."
)


@dataclass
class Admitted:
    """Somebody whose password was right a moment ago."""

    person: Person
    attempt: limits.Attempt
    new_hash: str


async def admit(sent: Sent, email: str, password: str, address: str) -> Admitted:
    """Count the attempt, then look at the password. Refused and Turned(429) carry one wording.

    Outside any transaction: argon2 takes longer than everything else here together.
    """
    attempt = await limits.count(email.lower(), address, sent.received_at)
    person = await person_by_email(email)
    alive = person is not None and person.disabled_at is None
    # The hash is checked for nobody too, so that the time taken does not tell who exists.
    right = await passwords.match(person.password_hash if person and alive else "", password)
    if not (person and right):
        log.info("sign-in refused")
        raise Refused({"email": limits.REFUSED})
    sent.person_id, sent.person_name = person.id, person.name
    stale = passwords.hasher.check_needs_rehash(person.password_hash)
    return Admitted(person, attempt, await passwords.hashed(password) if stale else person.password_hash)


async def sign_in(sent: Sent, who: Admitted, before: SignedIn | None, browser: str, issued: list[str]) -> None:
    """Start a session; the new cookie value is put in `issued`. The session this browser had ends."""
    still = await (
        Person.update({Person.password_hash: who.new_hash})
        .where(Person.id == who.person.id)
        .where(Person.password_hash == who.person.password_hash)
        .where(Person.disabled_at.is_null())
        .returning(Person.id)
    )
    if not still:
        raise Refused({"email": limits.REFUSED})
    await limits.give_back(who.attempt, sent.received_at)
    if before:
        await _end(Session.id == before.session_id, sent.received_at)
    sent.note = "signed in"
    issued.append(await start_session(who.person, sent.received_at, in_words(browser)))


async def start_session(person: Person, at: datetime, browser: str) -> str:
    """A new session with a new id, whatever cookie came along. Returns the cookie's value, once."""
    token = secrets.token_urlsafe(32)
    await Session.insert(
        Session(
            token_sha256=hashed(token),
            person=person.id,
            started_at=at,
            last_used_at=at,
            browser=browser[:200],
        )
    )
    return token


async def sign_out(sent: Sent, person: SignedIn) -> None:
    await _end(Session.id == person.session_id, sent.received_at)
    sent.note = "signed out"


async def end_session(sent: Sent, session: Session) -> None:
    """One of my own, on another browser."""
    await _end(Session.id == session.id, sent.received_at)
    sent.note = "ended one of their own sessions"


async def end_other_sessions(sent: Sent, me: SignedIn) -> None:
    await _end((Session.person == me.id) & (Session.id != me.session_id), sent.received_at)
    sent.note = "ended their other sessions"


async def make_calendar_address(sent: Sent, me: SignedIn, made: list[str]) -> None:
    """A new one, its secret of 256 bits in `made`, once. One person has one: the one before ends."""
    await end_calendar_address(sent, me.id)
    token = secrets.token_urlsafe(32)
    await CalendarAddress.insert(
        CalendarAddress(token_sha256=hashed(token), person=me.id, made_at=sent.received_at)
    )
    sent.note = "made a calendar address"
    made.append(token)


async def end_calendar_address(sent: Sent, person_id: UUID) -> None:
    """Also part of a command that takes somebody's access away."""
    await (
        CalendarAddress.update({CalendarAddress.ended_at: sent.received_at})
        .where(CalendarAddress.person == person_id)
        .where(CalendarAddress.ended_at.is_null())
    )
    sent.note = "ended their calendar address"


async def end_all_sessions(person_id: UUID, at: datetime) -> None:
    """Part of a command that takes somebody's access away or replaces their password."""
    await _end(Session.person == person_id, at)


async def end_everybodys_sessions(at: datetime) -> None:
    """After a restore: a session that was ended since the backup must not be alive again."""
    await _end(Session.ended_at.is_null(), at)


async def end_everybodys_calendar_addresses(at: datetime) -> None:
    """After a restore, for the same reason, and no password stands before a calendar."""
    await CalendarAddress.update({CalendarAddress.ended_at: at}).where(CalendarAddress.ended_at.is_null())


async def _end(which: Any, at: datetime) -> None:
    await Session.update({Session.ended_at: at}).where(which).where(Session.ended_at.is_null())


def to_renew(person: SignedIn, at: datetime) -> bool:
    """At most once a minute, so that reading pages writes almost nothing."""
    return at - person.last_used_at > _RENEW_AFTER


async def keep_alive(person: SignedIn, at: datetime) -> None:
    """Move the idle limit on."""
    async with writing():
        await (
            Session.update({Session.last_used_at: at})
            .where(Session.id == person.session_id)
            .where(Session.last_used_at < at)
        )


async def know_again(
    sent: Sent, me: SignedIn, current: str, email: str, address: str, field: str = "current"
) -> limits.Attempt:
    """Somebody signed in gives their password again, in `field` of a form. Guesses count as at sign-in, with one
    wording."""
    try:
        attempt = await limits.count(email, address, sent.received_at)
    except Turned as turned:
        raise Turned(turned.status, WRONG_CURRENT, turned.headers) from turned
    if not await passwords.match(await password_hash_of(me), current):
        raise Refused({field: WRONG_CURRENT})
    return attempt


async def change_password(
    sent: Sent, me: SignedIn, attempt: limits.Attempt, new_hash: str, browser: str, issued: list[str]
) -> None:
    """All sessions end, also this one: whoever took one of them is out. A new one starts here."""
    await limits.give_back(attempt, sent.received_at)
    person = await Person.objects().get(Person.id == me.id)
    if person is None:
        raise NotFound
    await _set_password(person, new_hash, sent.received_at)
    sent.note = "changed their password"
    issued.append(await start_session(person, sent.received_at, in_words(browser)))


async def accept_invitation(sent: Sent, invited: Invited, new_hash: str, browser: str, issued: list[str]) -> None:
    """Set the password and sign in. Turned(400) if somebody used the link first."""
    used = await (
        Invitation.update({Invitation.ended_at: sent.received_at})
        .where(Invitation.id == invited.id)
        .where(Invitation.ended_at.is_null())
        .returning(Invitation.id)
    )
    person = await Person.objects().get(Person.id == invited.person_id)
    if not used or person is None or person.disabled_at is not None:
        raise Turned(400, INVITATION_ENDED)
    await _set_password(person, new_hash, sent.received_at)
    sent.note = "set a password by invitation"
    issued.append(await start_session(person, sent.received_at, in_words(browser)))


async def _set_password(person: Person, new_hash: str, at: datetime) -> None:
    await Person.update({Person.password_hash: new_hash, Person.password_set_at: at}).where(Person.id == person.id)
    await end_all_sessions(person.id, at)
    await (
        Invitation.update({Invitation.ended_at: at})
        .where(Invitation.person == person.id)
        .where(Invitation.ended_at.is_null())
    )


async def add_person(name: str, email: str, role: str, password: str, **where: Any) -> Person:
    """For the first administrator and the demo council, before anybody can sign in."""
    now = datetime.now(UTC)
    person = Person(
        name=name,
        email=email.lower(),
        role=role,
        password_hash=await passwords.hashed(password),
        password_set_at=now,
        created_at=now,
        **where,
    )
    await person.save()
    return person
