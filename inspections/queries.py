"""Reads, each scoped to the person asking: their own team's inspections and their own."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from inspections.choices import Kind
from inspections.compare_rules import COMPARED, base_of
from inspections.tables import (
    Addendum,
    Completion,
    Finding,
    Inspection,
    InspectionPhoto,
    Phrase,
    PhraseUse,
    Reading,
    RoomChange,
    Template,
)
from people.rules import Role, SignedIn
from properties import queries as properties
from pwa.answers import NotFound
from pwa.prepared import Prepared

PAGE = 30
HOMES_TO_OFFER = 3
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


def _open(role: Role, teamless: bool, person: Any, team: Any, since: Any) -> Any:
    return properties.open_for(role, person, None if teamless else team, since, Inspection.property)


@lru_cache(16)
def _visible(role: Role, teamless: bool) -> Prepared:
    return Prepared(
        lambda inspection, person, team, since: (
            Inspection.select(*_COLUMNS)
            .where(Inspection.id == inspection)
            # A team that is null equals none, so that only their own are left to somebody without one.
            .where((Inspection.started_by == person) | (Inspection.team == team))
            .where(_open(role, teamless, person, team, since))
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
        if row is None or not await _worked_in(person, inspection_id):
            raise
    return Opened(**row, gone=True)


async def _worked_in(person: SignedIn, inspection_id: UUID) -> bool:
    begun: Any = (Inspection.id == inspection_id) & (Inspection.started_by == person.id)
    if await Inspection.exists().where(begun):
        return True
    for table in (Reading, Finding, InspectionPhoto, RoomChange):
        mine: Any = (table.inspection == inspection_id) & (table.person == person.id)
        if await table.exists().where(mine):
            return True
    return False


@lru_cache(64)
def _listed(page: int, of_property: bool, role: Role, teamless: bool) -> Prepared:
    def build(person: Any, team: Any, since: Any, *home: Any) -> Any:
        rows = Inspection.select(*_LISTED).where((Inspection.started_by == person) | (Inspection.team == team))
        rows = rows.where(Inspection.property == home[0]) if home else rows
        rows = rows.where(_open(role, teamless, person, team, since))
        return rows.order_by(Inspection.received_at, ascending=False).limit(PAGE).offset((page - 1) * PAGE)

    return Prepared(build, places=4 if of_property else 3)


@lru_cache(16)
def _newest(of_team: bool, role: Role, teamless: bool) -> Prepared:
    def build(person: Any, team: Any, since: Any) -> Any:
        mine: Any = Inspection.team == team if of_team else Inspection.started_by == person
        rows = Inspection.select(*_LISTED).where(mine, _open(role, teamless, person, team, since))
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


_plans: dict[UUID, dict[str, Any]] = {}


class Planned(Protocol):
    """Whatever was started with a template."""

    @property
    def template(self) -> UUID: ...


async def plan_of(inspection: Planned) -> dict[str, Any]:
    """The template it was started with, as rooms and items. A version never changes, so it is kept."""
    if inspection.template not in _plans:
        row = await Template.select(Template.content).where(Template.id == inspection.template).first()
        assert row is not None, "a template is never deleted"
        _plans[inspection.template] = dict(json.loads(row["content"]))
    return _plans[inspection.template]


async def template_for(kind: str) -> dict[str, Any]:
    """The newest version for a kind. NotFound if there is no such kind."""
    row = await (
        Template.select(Template.id, Template.content, Template.label, Template.version)
        .where(Template.kind == kind)
        .order_by(Template.version, ascending=False)
        .first()
    )
    if row is None:
        raise NotFound
    return {**row, "content": json.loads(row["content"])}


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


async def phrases_for(person: SignedIn) -> dict[str, list[str]]:
    """The words a team uses most, per kind of finding; those everybody is offered come after their own.

    A note is one home's until it was used in HOMES_TO_OFFER different ones; before that only who wrote it is
    offered it again, since it may name somebody. Source: UK GDPR article 5(1)(c), data
    minimisation; the number is ours.
    """
    own = PhraseUse.select(PhraseUse.phrase).where(PhraseUse.person == person.id)
    mine: Any = Phrase.team.is_null() & (Phrase.uses == 0)
    mine = mine | Phrase.id.is_in(own)
    if person.team_id:
        mine = mine | ((Phrase.team == person.team_id) & (Phrase.homes >= HOMES_TO_OFFER))
    rows = await (
        Phrase.select(Phrase.what, Phrase.text).where(mine).order_by(Phrase.uses, ascending=False).limit(400)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        texts = found.setdefault(row["what"], [])
        if row["text"] not in texts and len(texts) < 6:
            texts.append(row["text"])
    return found
