"""Lists of inspections: the person's own and their team's, the newest first."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from inspections.choices import Kind
from inspections.queries import at_open_homes
from inspections.tables import Completion, Inspection
from people.rules import Role, SignedIn
from properties import queries as properties
from pwa.prepared import Prepared

PAGE = 30
_LISTED = (
    Inspection.id,
    Inspection.kind,
    Inspection.captured_at,
    Inspection.received_at,
    Inspection.skew_seconds,
    Inspection.property.id.as_alias("property_id"),
    Inspection.property.address.as_alias("address"),
    Inspection.property.postcode.as_alias("postcode"),
    Inspection.started_by.name.as_alias("officer"),
    Inspection.started_by.id.as_alias("officer_id"),
)


@lru_cache(64)
def _listed(page: int, of_property: bool, role: Role, teamless: bool) -> Prepared:
    def build(person: Any, team: Any, since: Any, *home: Any) -> Any:
        rows = Inspection.select(*_LISTED).where((Inspection.started_by == person) | (Inspection.team == team))
        rows = rows.where(Inspection.property == home[0]) if home else rows
        rows = rows.where(at_open_homes(role, teamless, person, team, since))
        return rows.order_by(Inspection.received_at, ascending=False).limit(PAGE).offset((page - 1) * PAGE)

    return Prepared(build, places=4 if of_property else 3)


@lru_cache(16)
def _newest(of_team: bool, role: Role, teamless: bool) -> Prepared:
    def build(person: Any, team: Any, since: Any) -> Any:
        mine: Any = Inspection.team == team if of_team else Inspection.started_by == person
        rows = Inspection.select(*_LISTED).where(mine, at_open_homes(role, teamless, person, team, since))
        return rows.order_by(Inspection.received_at, ascending=False).limit(PAGE)

    return Prepared(build)


async def _first_page(person: SignedIn) -> list[dict[str, Any]]:
    """Each list from its own index: to an "or" of the two a database answers by sorting them whole."""
    asked, teamless = (person.id, person.team_id, properties.sent_since(datetime.now(UTC))), person.team_id is None
    both = [row for of_team in (False, True) for row in await _newest(of_team, person.role, teamless)(*asked)]
    once = {row["id"]: row for row in both}
    return sorted(once.values(), key=lambda row: row["received_at"], reverse=True)[:PAGE]


_ENDS = Prepared(
    lambda *ids: Completion.select(Completion.inspection, Completion.received_at).where(
        Completion.inspection.is_in(list(ids))
    ),
    places=PAGE,
)


async def inspections_of(person: SignedIn, page: int = 1, property_id: UUID | None = None) -> list[dict[str, Any]]:
    """The person's and their team's, the newest first, with who completed each and when."""
    home = [property_id] if property_id else []
    if page == 1 and not home:
        rows = await _first_page(person)
    else:
        ask = _listed(page, bool(home), person.role, person.team_id is None)
        rows = await ask(person.id, person.team_id, properties.sent_since(datetime.now(UTC)), *home)
    ids = [row["id"] for row in rows] + [None] * (PAGE - len(rows))
    ends = {row["inspection"]: row["received_at"] for row in await _ENDS(*ids)}
    return [{**row, "completed_at": ends.get(row["id"])} for row in rows]


async def open_here(person: SignedIn, property_id: UUID) -> list[dict[str, Any]]:
    """Inspections of this home that nobody has completed: somebody may be there at this moment."""
    rows = await inspections_of(person, property_id=property_id)
    return [row for row in rows if row["completed_at"] is None and row["kind"] != Kind.IN_PASSING]
