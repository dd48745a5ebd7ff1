"""Reads about the people somebody looks after (administrator: all; manager: the own team's), teams and firms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from people import rules
from people.rules import Role, SignedIn
from people.session_queries import sessions_of
from people.tables import Firm, Invitation, Person, Team
from pwa.answers import NotFound

PAGE = 50
NONE = WhereRaw("1 = 0")


@dataclass(frozen=True)
class Search:
    words: str = ""
    team: UUID | None = None
    firm: UUID | None = None
    switched_off: bool = False
    page: int = 1


def _mine(me: SignedIn) -> Any:
    """Whom this person may see here at all."""
    if me.role == Role.ADMINISTRATOR:
        return WhereRaw("1 = 1")
    if me.role == Role.MANAGER and me.team_id:
        return (Person.team == me.team_id) | (Person.looked_after_by == me.team_id)
    return NONE


def _asked(me: SignedIn, search: Search) -> Any:
    asked = _mine(me)
    if search.team:
        asked = asked & ((Person.team == search.team) | (Person.looked_after_by == search.team))
    if search.firm:
        asked = asked & (Person.firm == search.firm)
    asked = asked & (Person.disabled_at.is_not_null() if search.switched_off else Person.disabled_at.is_null())
    for word in search.words.split()[:5]:
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        # LOWER and ESCAPE, because ILIKE is not the same thing on the two databases.
        asked = asked & WhereRaw(
            "(LOWER(person.name) LIKE {} ESCAPE '\\' OR person.email LIKE {} ESCAPE '\\')",
            like.lower(),
            like.lower(),
        )
    return asked


async def people(me: SignedIn, search: Search) -> tuple[list[dict[str, Any]], int]:
    """One page of people by name, and how many there are in all."""
    asked = _asked(me, search)
    rows = await (
        Person.select(*_SHOWN)
        .where(asked)
        .order_by(Person.name, Person.id)
        .limit(PAGE)
        .offset((search.page - 1) * PAGE)
    )
    return [_readable(row) for row in rows], await Person.count().where(asked)


_SHOWN = (
    Person.id,
    Person.name,
    Person.email,
    Person.phone,
    Person.role,
    Person.disabled_at,
    Person.created_at,
    Person.password_set_at,
    Person.team.as_alias("team_id"),
    Person.firm.as_alias("firm_id"),
    Person.looked_after_by.as_alias("looked_after_by"),
    Person.team.name.as_alias("team"),
    Person.firm.name.as_alias("firm"),
    Person.looked_after_by.name.as_alias("looked_after"),
)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    role = Role(row["role"])
    return {**row, "role": role, "role_words": rules.ROLE_WORDS[role], "place": row["team"] or row["firm"] or ""}


async def person_for(me: SignedIn, person_id: UUID) -> dict[str, Any]:
    """A person `me` looks after, whatever their state. NotFound also for everybody else."""
    row = await Person.select(*_SHOWN).where(_mine(me) & (Person.id == person_id)).first()
    if row is None:
        raise NotFound
    return _readable(row)


async def standing(me: SignedIn, person: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What the person's page shows besides: sessions, an open invitation, and what `me` may do."""
    made = await (
        Invitation.select(Invitation.made_at, Invitation.ended_at)
        .where(Invitation.person == person["id"])
        .order_by(Invitation.made_at, ascending=False)
        .first()
    )
    waits = made is not None and rules.invitation_is_open(made["made_at"], made["ended_at"], at)
    return {
        "sessions": await sessions_of(person["id"], person["role"], at),
        "invited_until": made["made_at"] + rules.INVITATION_LASTS if waits and made else None,
        "may_switch_off": rules.may_switch_off(me, person["id"], person["role"]),
        "may_reinvite": rules.may_reinvite(me, person["id"], person["role"]) and person["disabled_at"] is None,
        "may_edit": me.role == Role.ADMINISTRATOR,
    }


async def teams() -> list[dict[str, Any]]:
    """Every team with the number of people working in it, by name."""
    rows: list[dict[str, Any]] = await Team.raw(
        "SELECT team.id, team.name, team.latitude, team.longitude, COUNT(person.id) AS people FROM team "
        "LEFT JOIN person ON person.team = team.id AND person.disabled_at IS NULL "
        "GROUP BY team.id, team.name, team.latitude, team.longitude ORDER BY team.name"
    )
    return rows


async def firms() -> list[dict[str, Any]]:
    """Every contractor firm with the number of its people, by name."""
    rows: list[dict[str, Any]] = await Firm.raw(
        "SELECT firm.id, firm.name, COUNT(person.id) AS people FROM firm "
        "LEFT JOIN person ON person.firm = firm.id AND person.disabled_at IS NULL "
        "GROUP BY firm.id, firm.name ORDER BY firm.name"
    )
    return rows


async def team_named(team_id: UUID) -> Team:
    team: Team | None = await Team.objects().get(Team.id == team_id)
    if team is None:
        raise NotFound
    return team


async def firm_named(firm_id: UUID) -> Firm:
    firm: Firm | None = await Firm.objects().get(Firm.id == firm_id)
    if firm is None:
        raise NotFound
    return firm
