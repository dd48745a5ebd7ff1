"""What people do about signing in and out."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from people.queries import hashed, person_by_email
from people.rules import SignedIn
from people.tables import Person, Session
from pwa.answers import Refused
from pwa.outbox import Sent, writing

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = hasher.hash(secrets.token_urlsafe(16))
_RENEW_AFTER = timedelta(minutes=1)
WRONG = "That e-mail address and password do not match. Check both and try again."


async def sign_in(sent: Sent, email: str, password: str, browser: str, issued: list[str]) -> None:
    """Start a session; the new cookie value is put in `issued`. Refused in one wording, whatever is wrong."""
    person = await person_by_email(email)
    known = person is not None and person.disabled_at is None and bool(person.password_hash)
    # The hash is checked for nobody too, so that the time taken does not tell who exists.
    right = _matches(person.password_hash if person and known else _NOBODY, password)
    if not (person and known and right):
        raise Refused({"email": WRONG})
    sent.note = "signed in"
    issued.append(await start_session(person, sent.received_at, browser))


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
    await Session.update({Session.ended_at: sent.received_at}).where(Session.id == person.session_id)
    sent.note = "signed out"


async def keep_alive(person: SignedIn, at: datetime) -> None:
    """Move the idle limit on, at most once a minute so that reading pages writes almost nothing."""
    if at - person.last_used_at > _RENEW_AFTER:
        async with writing():
            await Session.update({Session.last_used_at: at}).where(Session.id == person.session_id)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


async def add_person(name: str, email: str, role: str, password: str, **where: Any) -> Person:
    """For the first administrator and the demo council, before anybody can sign in."""
    person = Person(
        name=name,
        email=email.lower(),
        role=role,
        password_hash=hasher.hash(password),
        created_at=datetime.now(UTC),
        **where,
    )
    await person.save()
    return person
