"""Which records are at confidential homes, for what pwa holds for the office: it knows none of the packages."""

from typing import Any
from uuid import UUID

from inspections.tables import Inspection
from people.rules import SignedIn
from properties import queries as properties
from properties.tables import Property
from tasks.tables import Task
from visits.tables import Visit


async def sort_out(person: SignedIn, ids: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of some records and homes: those at confidential homes that this person may not know of, and may."""
    kept, theirs = set[UUID](), set[UUID]()
    wanted = list(ids)
    for table, home in (
        (Inspection, Inspection.property),
        (Visit, Visit.property),
        (Task, Task.property),
        (Property, Property.id),
    ):
        which: Any = table.id.is_in(wanted)
        rows = await table.select(table.id).where(which, home.is_in(properties.secret_homes()))
        if not rows:
            continue
        closed = await table.select(table.id).where(which, properties.closed_to(person, home))
        out = {row["id"] for row in closed}
        kept |= out
        theirs |= {row["id"] for row in rows} - out
    return kept, theirs
