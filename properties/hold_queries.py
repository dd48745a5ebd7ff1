"""Legal holds: of one home, of all that somebody looks after, and, for what erases, which homes are on hold."""

from typing import Any
from uuid import UUID

from people.rules import Role, SignedIn
from properties import queries, rules
from properties.clearing import open_to
from properties.hold_commands import ERASED, may_hold_or_turn
from properties.tables import LegalHold, Property, PropertyChange
from pwa.answers import NotFound
from pwa.held_queries import NO_TEAM
from pwa.prepared import Prepared

PAGE = 50
_IN_FORCE = Prepared(
    lambda home: (
        LegalHold.select()
        .where(LegalHold.property == home)
        .where(LegalHold.released_at.is_null())
        .order_by(LegalHold.set_at)
    )
)


async def in_force(person: SignedIn, home: UUID) -> list[dict[str, Any]]:
    """The holds on a home that are not released, the oldest first. NotFound for who sees no homes."""
    if not rules.sees_properties(person.role):
        raise NotFound
    return await _IN_FORCE(home)


def may_hold(person: SignedIn, found: Property) -> bool:
    return rules.may_hold(person.role, person.team_id, found.team)


async def property_to_hold(person: SignedIn, property_id: UUID) -> Property:
    """The property, if this person may put it on hold: NotFound when they may not see it, else 403."""
    found = await queries.property_for(person, property_id)
    may_hold_or_turn(person, found)
    return found


async def released(found: Property) -> list[dict[str, Any]]:
    """The holds on it that are over, the last one first; for whom `property_to_hold` gave it to."""
    over = LegalHold.select().where(LegalHold.property == found.id).where(LegalHold.released_at.is_not_null())
    rows: list[dict[str, Any]] = await over.order_by(LegalHold.released_at, ascending=False)
    return rows


async def erased(found: Property) -> list[dict[str, Any]]:
    """What of this home was erased, which no hold brings back, as {before, received_at}: the last first."""
    lines = PropertyChange.select(PropertyChange.before, PropertyChange.received_at)
    lines = lines.where(PropertyChange.property == found.id).where(PropertyChange.field == ERASED)
    rows: list[dict[str, Any]] = await lines.order_by(PropertyChange.received_at, ascending=False)
    return rows


async def holds_of(person: SignedIn, page: int) -> tuple[list[dict[str, Any]], int]:
    """The holds in force that this person may release, the oldest first, and how many pages of them there are."""
    theirs: Any = LegalHold.released_at.is_null() & open_to(person, LegalHold.property)
    if person.role is not Role.ADMINISTRATOR:
        team = LegalHold.property.team
        theirs &= team.is_null() | (team == (person.team_id or NO_TEAM))
    columns = (*LegalHold.all_columns(), LegalHold.property.address.as_alias("address"))
    query = LegalHold.select(*columns).where(theirs).order_by(LegalHold.set_at).order_by(LegalHold.id)
    rows: list[dict[str, Any]] = await query.limit(PAGE).offset((page - 1) * PAGE)
    return rows, -(-await LegalHold.count().where(theirs) // PAGE)


async def homes_on_hold() -> list[UUID]:
    """For what erases: each home of which nothing may go. What it finds is asked again by `may_erase`."""
    rows = await LegalHold.select(LegalHold.property).where(LegalHold.released_at.is_null())
    return sorted({row["property"] for row in rows})
