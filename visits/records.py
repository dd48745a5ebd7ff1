"""A visit as the diary's reads put it together: its row, its home, and what happened to it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from people.rules import SignedIn
from properties import queries as properties
from pwa.prepared import PreparedFor
from visits import rules
from visits.rules import Happening, Outcome
from visits.seen import Event, Seen
from visits.tables import Visit, VisitEvent

COLUMNS = (
    Visit.id,
    Visit.property,
    Visit.purpose,
    Visit.officer,
    Visit.officer.name.as_alias("officer_name"),
    Visit.team,
    Visit.planned_for,
    Visit.expected_minutes,
    Visit.time_window,
    Visit.series,
    Visit.note,
    Visit.captured_at,
    Visit.received_at,
)
_EVENTS = PreparedFor(
    lambda visits: (
        VisitEvent.select()
        .where(VisitEvent.visit.is_in(visits))
        .order_by(VisitEvent.received_at)
        .order_by(VisitEvent.id)
    )
)


async def seen(person: SignedIn, rows: list[dict[str, Any]]) -> list[Seen]:
    """Rows of COLUMNS, which the caller has found they may see, as visits: in three questions however many."""
    homes = await properties.homes(person, {row["property"] for row in rows})
    events = await _events([row["id"] for row in rows])
    return [
        Seen(
            id=row["id"],
            home=homes[row["property"]],
            purpose=rules.Purpose(row["purpose"]),
            officer_id=row["officer"],
            officer=row["officer_name"],
            mine=row["officer"] == person.id,
            planned_for=row["planned_for"],
            minutes=row["expected_minutes"],
            note=row["note"],
            events=events[row["id"]],
            window=rules.Window(row["time_window"]),
            series=row["series"],
        )
        for row in rows
    ]


async def _events(visits: Iterable[UUID]) -> dict[UUID, tuple[Event, ...]]:
    """What happened to each, in the order it was received, which is the order it took effect in."""
    found: dict[UUID, tuple[Event, ...]] = defaultdict(tuple)
    for row in await _EVENTS(visits):
        found[row["visit"]] += (_event(row),)
    return found


def _event(row: dict[str, Any]) -> Event:
    return Event(
        what=Happening(row["what"]),
        by=row["by_name"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=rules.NoAccessReason(row["reason"]) if row["reason"] else None,
        door=rules.Door(row["door"]) if row["door"] else None,
        note=row["note"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
        to=row["given_to_name"],
        company=row["company_name"],
        company_id=row["company"],
        agreed_by=row["agreed_name"],
        alone=row["alone"],
    )
