"""Which records are at confidential homes, for what pwa holds for the office: it knows none of the packages."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from inspections.tables import Inspection
from people.queries import managers
from people.rules import SignedIn
from properties import queries as properties
from properties.tables import Property
from tasks.tables import Task
from visits.tables import Visit

HOMES: tuple[tuple[Any, Any], ...] = (
    (Inspection, Inspection.property),
    (Visit, Visit.property),
    (Task, Task.property),
    (Property, Property.id),
)


async def sort_out(person: SignedIn, ids: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of some records and homes: those at confidential homes that this person may not know of, and may."""
    kept, theirs = set[UUID](), set[UUID]()
    wanted = list(ids)
    for table, home in HOMES:
        which: Any = table.id.is_in(wanted)
        rows = await table.select(table.id).where(which, home.is_in(properties.secret_homes()))
        if not rows:
            continue
        closed = await table.select(table.id).where(which, properties.closed_to(person, home))
        out = {row["id"] for row in closed}
        kept |= out
        theirs |= {row["id"] for row in rows} - out
    return kept, theirs


async def nobodys(ids: set[UUID]) -> set[UUID]:
    """Of some records and homes: those at confidential homes that no manager may know of."""
    at: dict[UUID, UUID] = {}
    for table, home in HOMES:
        secret = table.id.is_in(list(ids)) & home.is_in(properties.secret_homes())
        rows = await table.select(table.id, home.as_alias("home")).where(secret)
        at |= {row["id"]: row["home"] for row in rows}
    homes = set(at.values())
    for manager in await managers(datetime.now(UTC)) if homes else []:
        rows = await Property.select(Property.id).where(
            Property.id.is_in(list(homes) or [UUID(int=0)]), properties.closed_to(manager, Property.id)
        )
        homes = {row["id"] for row in rows}
    return {id for id, home in at.items() if home in homes}
