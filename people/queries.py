"""Reads about people and sessions."""

import hashlib
import sqlite3
from datetime import datetime

import asyncpg

from people.rules import Role, SignedIn, session_ends
from people.tables import Person, Session


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def signed_in(token: str, at: datetime) -> SignedIn | None:
    """Who holds this cookie, if their session and their account are alive at `at`."""
    row = await (
        Session.select(
            Session.id,
            Session.started_at,
            Session.last_used_at,
            Session.person.id.as_alias("person_id"),
            Session.person.name.as_alias("name"),
            Session.person.role.as_alias("role"),
            Session.person.team.as_alias("team_id"),
            Session.person.firm.as_alias("firm_id"),
        )
        .where(Session.token_sha256 == hashed(token))
        .where(Session.ended_at.is_null())
        .where(Session.person.disabled_at.is_null())
        .first()
    )
    if row is None or at >= session_ends(Role(row["role"]), row["started_at"], row["last_used_at"]):
        return None
    return SignedIn(
        id=row["person_id"],
        name=row["name"],
        role=Role(row["role"]),
        team_id=row["team_id"],
        firm_id=row["firm_id"],
        session_id=row["id"],
        last_used_at=row["last_used_at"],
    )


async def person_by_email(email: str) -> Person | None:
    person: Person | None = await Person.objects().get(Person.email == email.strip().lower())
    return person


async def database_answers() -> bool:
    """True if a trivial read works just now."""
    try:
        await Person.count()
    except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    return True
