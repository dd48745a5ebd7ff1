"""Lists of inspections: the person's own and their team's, the newest first."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from inspections.choices import Kind
from inspections.tables import Completion, Inspection
from people.rules import SignedIn
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


@lru_cache(32)
def _listed(page: int, of_property: bool) -> Prepared:
    def build(person: Any, team: Any, *home: Any) -> Any:
        rows = Inspection.select(*_LISTED).where((Inspection.started_by == person) | (Inspection.team == team))
        rows = rows.where(Inspection.property == home[0]) if home else rows
        return rows.order_by(Inspection.received_at, ascending=False).limit(PAGE).offset((page - 1) * PAGE)

    return Prepared(build, places=3 if of_property else 2)


def _newest(mine: Callable[[Any], Any]) -> Prepared:
    def build(whose: Any) -> Any:
        rows = Inspection.select(*_LISTED).where(mine(whose))
        return rows.order_by(Inspection.received_at, ascending=False).limit(PAGE)

    return Prepared(build)


_OWN = _newest(lambda person: Inspection.started_by == person)
_OF_TEAM = _newest(lambda team: Inspection.team == team)


async def _first_page(person: SignedIn) -> list[dict[str, Any]]:
    """Each list from its own index: to an "or" of the two a database answers by sorting them whole."""
    both = [*await _OWN(person.id), *await _OF_TEAM(person.team_id)]
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
        rows = await _listed(page, bool(home))(person.id, person.team_id, *home)
    ids = [row["id"] for row in rows] + [None] * (PAGE - len(rows))
    ends = {row["inspection"]: row["received_at"] for row in await _ENDS(*ids)}
    return [{**row, "completed_at": ends.get(row["id"])} for row in rows]


async def open_here(person: SignedIn, property_id: UUID) -> list[dict[str, Any]]:
    """Inspections of this home that nobody has completed: somebody may be there at this moment."""
    rows = await inspections_of(person, property_id=property_id)
    return [row for row in rows if row["completed_at"] is None and row["kind"] != Kind.IN_PASSING]
