"""Reads, each scoped to the person asking: their own team's inspections and their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

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
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.prepared import Prepared

PAGE = 30
HOMES_TO_OFFER = 3


def _visible(person: SignedIn) -> Any:
    own = Inspection.started_by == person.id
    return own | (Inspection.team == person.team_id) if person.team_id else own


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
_VISIBLE = Prepared(
    lambda inspection, person, team: (
        Inspection.select(*_COLUMNS)
        .where(Inspection.id == inspection)
        # A team that is null equals none, so that only their own are left to somebody without one.
        .where((Inspection.started_by == person) | (Inspection.team == team))
    )
)


async def inspection_for(person: SignedIn, inspection_id: UUID) -> Opened:
    """NotFound also for an inspection of another team."""
    row = await _VISIBLE.one(inspection_id, person.id, person.team_id)
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
    for table in (Reading, Finding, InspectionPhoto, RoomChange):
        mine: Any = (table.inspection == inspection_id) & (table.person == person.id)
        if await table.exists().where(mine):
            return True
    return False


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
    return [row for row in rows if row["completed_at"] is None]


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


async def plan_of(inspection: Opened) -> dict[str, Any]:
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


async def previous_of(person: SignedIn, property_id: UUID, before: datetime) -> Opened | None:
    """The last completed inspection of this home whose start was received before, of those they may see.

    By the server's clock: one inspection from a phone that is a year behind must not hide all that came before.
    """
    found = await completed_before(person, property_id, before, 1)
    return found[0] if found else None


async def completed_before(person: SignedIn, property_id: UUID, before: datetime, most: int) -> list[Opened]:
    """As `previous_of`, and those before it, the newest first."""
    rows = await (
        Inspection.select(*_COLUMNS)
        .where((Inspection.property == property_id) & (Inspection.received_at < before) & _visible(person))
        .where(Inspection.id.is_in(Completion.select(Completion.inspection)))
        .order_by(Inspection.received_at, ascending=False)
        .limit(most)
    )
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
