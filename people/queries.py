"""Reads about people: who they are, where they work and how they are reached."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from people.rules import Role, SignedIn
from people.tables import Firm, Person, Team
from pwa.answers import NotFound
from pwa.prepared import Prepared

_OFFICE = Prepared(lambda team: Team.select(Team.latitude, Team.longitude).where(Team.id == team).limit(1))


async def office_of(team_id: UUID | None) -> tuple[float, float] | None:
    """Where a team's office is, as latitude and longitude."""
    row = await _OFFICE.one(team_id) if team_id else None
    return (row["latitude"], row["longitude"]) if row and row["latitude"] is not None else None


async def person_by_email(email: str) -> Person | None:
    person: Person | None = await Person.objects().get(Person.email == email.strip().lower())
    return person


async def person_as(person_id: UUID, at: datetime) -> SignedIn | None:
    """Somebody as if signed in at `at`, without a session: for work of theirs that another person brings.

    Also for people who have left: what they recorded before is still theirs.
    """
    row = await Person.select().where(Person.id == person_id).first()
    if row is None:
        return None
    return SignedIn(row["id"], row["name"], Role(row["role"]), row["team"], row["firm"], row["id"], at)


async def password_hash_of(me: SignedIn) -> str:
    row = await Person.select(Person.password_hash).where(Person.id == me.id).first()
    return str(row["password_hash"]) if row else ""


async def about(me: SignedIn) -> dict[str, Any]:
    """Name, e-mail, role and where I work: what /you says about me."""
    row = await (
        Person.select(
            Person.id,
            Person.name,
            Person.email,
            Person.role,
            Person.password_set_at,
            Person.team.name.as_alias("team"),
            Person.firm.name.as_alias("firm"),
        )
        .where(Person.id == me.id)
        .first()
    )
    if row is None:
        raise NotFound
    return dict(row)


async def people_named(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names for ids, also of people who have left. For showing who did something."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = await Person.select(Person.id, Person.name).where(Person.id.is_in(wanted))
    return {row["id"]: row["name"] for row in rows}


async def told_of(given: Iterable[tuple[str, str]], headings: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of a form that choose somebody, as heading and name. Whom we do not know is left out."""
    chosen = {}
    for name, value in given:
        if name in headings:
            with suppress(ValueError):
                chosen[name] = UUID(value)
    names = await people_named(chosen.values()) if chosen else {}
    return [(headings[name], names[id]) for name, id in chosen.items() if id in names]


async def officers_of(me: SignedIn) -> list[tuple[UUID, str]]:
    """For whom `me` may plan a visit: officers and managers of the own team, by name, `me` first."""
    if me.team_id is None:
        return []
    rows = await (
        Person.select(Person.id, Person.name)
        .where(Person.team == me.team_id)
        .where(Person.role.is_in([Role.OFFICER.value, Role.MANAGER.value]))
        .where(Person.disabled_at.is_null())
        .order_by(Person.name)
    )
    return sorted(((row["id"], row["name"]) for row in rows), key=lambda one: one[0] != me.id)


async def managers_of(me: SignedIn) -> list[tuple[UUID, str]]:
    """The other managers of the own team, by name: who can agree to something that `me` may not decide alone."""
    rows = await (
        Person.select(Person.id, Person.name)
        .where(Person.team == me.team_id, Person.team.is_not_null(), Person.id != me.id)
        .where(Person.role == Role.MANAGER.value, Person.disabled_at.is_null())
        .order_by(Person.name)
    )
    return [(row["id"], row["name"]) for row in rows]


@dataclass(frozen=True)
class Contact:
    """How somebody can be reached. The number and the address are as they were typed."""

    id: UUID
    name: str
    phone: str
    email: str
    role: Role
    team_id: UUID | None
    push: bool = False
    """They have a phone that shows notifications; said by who knows (lone_working.duty)."""


async def contacts(ids: Iterable[UUID]) -> list[Contact]:
    """Of these people, and of every manager and administrator, whoever can be asked to help: by name.

    Not scoped: for due work, and for commands that show none of it.
    """
    leads = Person.role.is_in([Role.MANAGER.value, Role.ADMINISTRATOR.value])
    return await _contacts(leads | Person.id.is_in(sorted(set(ids)) or [UUID(int=0)]))


async def _contacts(which: Any) -> list[Contact]:
    rows = await (
        Person.select(Person.id, Person.name, Person.phone, Person.email, Person.role, Person.team)
        .where(Person.disabled_at.is_null())
        .where(which)
        .order_by(Person.name, Person.id)
    )
    return [
        Contact(row["id"], row["name"], row["phone"], row["email"], Role(row["role"]), row["team"]) for row in rows
    ]


async def people_of_firm(firm_id: UUID) -> list[Contact]:
    """Of a contractor firm, whoever's account is not switched off, by name. Not scoped: as `contacts`."""
    return await _contacts(Person.firm == firm_id)


async def looked_after_by(person_id: UUID) -> UUID | None:
    """The council's team that looks after a contractor."""
    row = await Person.select(Person.looked_after_by).where(Person.id == person_id).first()
    return row["looked_after_by"] if row else None


async def firm_names() -> dict[UUID, str]:
    rows = await Firm.select(Firm.id, Firm.name).order_by(Firm.name)
    return {row["id"]: row["name"] for row in rows}


async def works_here(person_id: UUID) -> bool:
    """Whether their account is there and not switched off."""
    return bool(await Person.exists().where((Person.id == person_id) & Person.disabled_at.is_null()))


async def works_in(team_id: UUID) -> list[UUID]:
    """The officers and managers of a team whose accounts are not switched off. Not scoped, as `contacts`."""
    rows = await (
        Person.select(Person.id)
        .where(Person.team == team_id, Person.disabled_at.is_null())
        .where(Person.role.is_in([Role.OFFICER.value, Role.MANAGER.value]))
    )
    return [row["id"] for row in rows]


async def with_phones() -> list[Contact]:
    """Everybody with a number, whose account is not switched off. Not scoped: to find out who sends a text."""
    return await _contacts(Person.phone != "")


async def team_of(person_id: UUID) -> UUID | None:
    """The team an officer or manager works in; none for everybody else."""
    row = await Person.select(Person.team).where(Person.id == person_id).first()
    return row["team"] if row else None


async def managed_teams() -> list[UUID]:
    """Teams with a manager whose account is not switched off."""
    rows = await (
        Person.select(Person.team)
        .where(Person.role == Role.MANAGER.value)
        .where(Person.disabled_at.is_null() & Person.team.is_not_null())
    )
    return sorted({row["team"] for row in rows})


async def managers(at: datetime) -> list[SignedIn]:
    """All whose account is not switched off."""
    ids = await Person.select(Person.id).where(Person.role == Role.MANAGER.value, Person.disabled_at.is_null())
    found = [await person_as(row["id"], at) for row in ids]
    return [one for one in found if one]


async def team_names() -> dict[UUID, str]:
    rows = await Team.select(Team.id, Team.name).order_by(Team.name)
    return {row["id"]: row["name"] for row in rows}


async def database_answers() -> bool:
    """True if a trivial read works just now."""
    try:
        await Person.count()
    except (OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    return True
