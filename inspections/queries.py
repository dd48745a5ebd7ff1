"""Reads, each scoped to the person asking: their own team's inspections and their own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from inspections.choices import Kind
from inspections.compare_rules import COMPARED, base_of
from inspections.tables import Addendum, Completion, Finding, Inspection, InspectionPhoto, Reading, RoomChange
from people.rules import Role, SignedIn
from properties import queries as properties
from pwa.answers import NotFound
from pwa.outbox import begun_too_late
from pwa.prepared import Prepared

# Of one home, the newest first: more than a household's stay ever has.
LOOKED_AT = 50


def visible(person: SignedIn, inspection: Any = Inspection) -> Any:
    """Their own and their team's, at homes they may know of. Also of rows whose `inspection` is this column."""
    own: Any = inspection.started_by == person.id
    theirs = own | (inspection.team == person.team_id) if person.team_id else own
    return theirs & properties.open_to(person, inspection.property)


@dataclass
class Opened:
    """An inspection somebody may see, with what every page and answer says of its home."""

    id: UUID
    kind: str
    template: UUID
    visit: UUID | None
    furnished: bool
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    property: UUID
    address: str
    postcode: str
    officer: str
    gone: bool = False
    begun: bool = True
    """False: its beginning was held. Then it is `gone` too, and there is nothing of it to point at."""
    adding: bool = False
    """What comes was captured before its end, and may still be added after it."""


_COLUMNS = (
    Inspection.id,
    Inspection.kind,
    Inspection.template,
    Inspection.visit,
    Inspection.furnished,
    Inspection.captured_at,
    Inspection.received_at,
    Inspection.skew_seconds,
    Inspection.property,
    Inspection.property.address.as_alias("address"),
    Inspection.property.postcode.as_alias("postcode"),
    Inspection.started_by.name.as_alias("officer"),
)


def at_open_homes(role: Role, teamless: bool, person: Any, team: Any, since: Any) -> Any:
    """Inspections of homes that this person may know of, for statements that are put together once."""
    return properties.open_for(role, person, None if teamless else team, since, Inspection.property)


@lru_cache(16)
def _visible(role: Role, teamless: bool) -> Prepared:
    return Prepared(
        lambda inspection, person, team, since: (
            Inspection.select(*_COLUMNS)
            .where(Inspection.id == inspection)
            # A team that is null equals none, so that only their own are left to somebody without one.
            .where((Inspection.started_by == person) | (Inspection.team == team))
            .where(at_open_homes(role, teamless, person, team, since))
        )
    )


async def inspection_for(person: SignedIn, inspection_id: UUID) -> Opened:
    """NotFound also for an inspection of another team."""
    ask = _visible(person.role, person.team_id is None)
    row = await ask.one(inspection_id, person.id, person.team_id, properties.sent_since(datetime.now(UTC)))
    if row is None:
        raise NotFound
    return Opened(**row)


async def inspection_held(inspection_id: UUID) -> Opened | None:
    """For the review of what came too late for it. Who may see that is decided by whose review it is."""
    row = await Inspection.select(*_COLUMNS).where(Inspection.id == inspection_id).first()
    return Opened(**row) if row else None


async def inspection_from_field(person: SignedIn, inspection_id: UUID) -> Opened:
    """As `inspection_for`, and also one this person worked in before it went out of their sight.

    Such a one is `gone`: what their phone sends for it late is held for the office, not turned away.
    """
    try:
        return await inspection_for(person, inspection_id)
    except NotFound:
        row = await Inspection.select(*_COLUMNS).where(Inspection.id == inspection_id).first()
        if row is None:
            return await _never_begun(person, inspection_id)
        if not await _worked_in(person, inspection_id):
            raise
    return Opened(**row, gone=True)


async def _never_begun(person: SignedIn, inspection_id: UUID) -> Opened:
    """One whose beginning was held, as far as it is known. NotFound when nothing of it ever came."""
    home, now = await begun_too_late(person.id, inspection_id), datetime.now(UTC)
    if home is None:
        raise NotFound
    return Opened(
        id=inspection_id,
        kind="",
        template=inspection_id,
        visit=None,
        furnished=False,
        captured_at=now,
        received_at=now,
        skew_seconds=0,
        property=home,
        address="",
        postcode="",
        officer=person.name,
        gone=True,
        begun=False,
    )


async def _worked_in(person: SignedIn, inspection_id: UUID) -> bool:
    begun: Any = (Inspection.id == inspection_id) & (Inspection.started_by == person.id)
    if await Inspection.exists().where(begun):
        return True
    for table in (Reading, Finding, InspectionPhoto, RoomChange):
        mine: Any = (table.inspection == inspection_id) & (table.person == person.id)
        if await table.exists().where(mine):
            return True
    return False


async def begun_by(inspection: Opened) -> UUID:
    """Who started it."""
    row = await Inspection.select(Inspection.started_by).where(Inspection.id == inspection.id).first()
    assert row is not None, "it was opened a moment ago"
    return UUID(str(row["started_by"]))


async def completion_of(inspection: Opened) -> dict[str, Any] | None:
    return await (
        Completion.select(
            Completion.captured_at,
            Completion.received_at,
            Completion.skew_seconds,
            Completion.reason,
            Completion.missing,
            Completion.promised,
            Completion.person,
            Completion.person.name.as_alias("officer"),
        )
        .where(Completion.inspection == inspection.id)
        .first()
    )


async def addenda_of(inspection: Opened) -> list[dict[str, Any]]:
    return await (
        Addendum.select(
            Addendum.id,
            Addendum.text,
            Addendum.about,
            Addendum.captured_at,
            Addendum.received_at,
            Addendum.skew_seconds,
            Addendum.person.name.as_alias("officer"),
        )
        .where(Addendum.inspection == inspection.id)
        .order_by(Addendum.received_at)
    )


async def previous_of(person: SignedIn, property_id: UUID, before: datetime, kind: str) -> Opened | None:
    """The completed inspection of this home that one of this kind lies beside, of those they may see.

    The last whose start was received before; for one that is compared, what it is compared with. By the server's
    clock: one inspection from a phone that is a year behind must not hide all that came before.
    """
    compared = kind in COMPARED
    found = await completed_before(person, property_id, before, LOOKED_AT if compared else 1)
    place = base_of([one.kind for one in found]) if compared else 0
    return found[place] if found and place is not None else None


async def completed_before(person: SignedIn, property_id: UUID, before: datetime, most: int) -> list[Opened]:
    """As `previous_of`, and those before it, the newest first."""
    rows = await (
        Inspection.select(*_COLUMNS)
        .where((Inspection.property == property_id) & (Inspection.received_at < before) & visible(person))
        .where(Inspection.id.is_in(Completion.select(Completion.inspection)))
        .where(Inspection.kind != Kind.IN_PASSING.value)
        .order_by(Inspection.received_at, ascending=False)
        .limit(most)
    )
    return [Opened(**row) for row in rows]


async def opened_of(person: SignedIn, which: Any) -> list[Opened]:
    """Those of some inspections that this person may see, in the order they were begun."""
    rows = await Inspection.select(*_COLUMNS).where(visible(person), which).order_by(Inspection.received_at)
    return [Opened(**row) for row in rows]
