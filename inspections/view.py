"""What the pages of an inspection are given, beside the sheet itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from documents import queries as documents
from inspections import (
    choices,
    compare_rules,
    inventory_view,
    phrase_queries,
    plan_queries,
    queries,
    reference,
    report,
    review_queries,
    rules,
)
from inspections.handing import handed
from inspections.queries import Opened
from inspections.records import PhotoView, photos_added
from inspections.sheet import ItemView, RoomView, Sheet, item_of, lay_beside, sheet_of
from media import queries as media
from media.rules import State
from people.rules import SignedIn
from properties import hold_queries
from properties import queries as properties
from properties.rules import Use, door_number
from pwa.answers import NotFound
from visits import queries as visits

# The phone puts its own id in place of this one when it starts an inspection with no signal.
BLANK_ID = UUID("00000000-0000-7000-8000-000000000000")
# And its own id and words in place of these when it draws a room that was added with no signal.
MADE_ROOM = "room-00000000-0000-7000-8000-000000000001"
MADE_LABEL = "MADE-LABEL"

# Those that somebody starts.
KINDS = [(kind.value, words) for kind, words in choices.KIND_WORDS.items() if kind is not choices.Kind.IN_PASSING]
CONDITIONS = [(value.value, words) for value, words in choices.CONDITION_WORDS.items()]
CLEANLINESS = [(value.value, words) for value, words in choices.CLEANLINESS_WORDS.items()]
ANSWERS = [(value.value, words) for value, words in choices.ANSWER_WORDS.items()]
WHATS = [(value.value, words) for value, words in choices.WHAT_WORDS.items()]
SEVERITIES = [(value.value, words) for value, words in choices.SEVERITY_WORDS.items()]
LIABILITIES = [(value.value, words) for value, words in choices.LIABILITY_WORDS.items()]


def kind_words(kind: str) -> str:
    return choices.KIND_WORDS[choices.Kind(kind)]


async def show(person: SignedIn, inspection: Opened, sheet: Sheet | None = None) -> dict[str, Any]:
    """Everything show.html and item.html need."""
    blank = inspection.id == BLANK_ID
    plan = await plan_queries.plan_of(inspection)
    home = await properties.property_for(person, inspection.property)
    sheet = sheet or await sheet_of(person, inspection)
    completion = None if blank else await queries.completion_of(inspection)
    found = {
        "inspection": inspection,
        "person": person,
        "sheet": sheet,
        "completion": completion,
        "arrived": await arrived(sheet, completion),
        "addenda": [] if blank else await queries.addenda_of(inspection),
        "added": {} if blank else await photos_added(inspection),
        "review": await review_queries.review_of(inspection) if completion else None,
        "documents": await documents.documents_of(person, inspection.id, report.KINDS) if completion else [],
        "warnings": await properties.warnings_for(person, home),
        "holds": await hold_queries.in_force(person, inspection.property),
        "phrases": await phrase_queries.phrases_for(person),
        "hazards": reference.hazards(),
        "hazard_words": reference.hazard_words(),
        "room_kinds": [(kind, plan["rooms"][kind]["label"]) for kind in FOR_ADDING if kind in plan["rooms"]],
        "new_rooms": [_new_room(plan, kind, inspection) for kind in FOR_ADDING if kind in plan["rooms"]],
        "view": VIEW,
        **await handing(person, inspection),
    }
    found["inventory"] = await inventory_view.panel(person, inspection, sheet) if completion else None
    found["unopened"] = unopened(found) if completion else []
    return {**found, "page": found}


def hazard_choices() -> dict[str, Any]:
    """What a finding's form needs beside the words to choose from."""
    return {"hazards": reference.hazards(), "hazard_words": reference.hazard_words()}


async def handing(person: SignedIn, inspection: Opened) -> dict[str, Any]:
    """Whose it is after the last hand-over, if there was one, and whom it can be handed to."""
    blank = inspection.id == BLANK_ID
    return {
        "handed": None if blank else (await handed([inspection.id])).get(inspection.id),
        "colleagues": await visits.colleagues_of(person),
    }


def unopened(found: dict[str, Any]) -> list[PhotoView]:
    """Of a completed inspection: the person's own photographs that nobody can open and nothing answers for yet."""
    photos = found["sheet"].photos + [photo for added in found["added"].values() for photo in added]
    answered = {one["about"] for one in found["addenda"]}
    broken = (photo for photo in photos if photo.state == State.unreadable and photo.id not in answered)
    return [photo for photo in broken if photo.person == found["person"].id]


@dataclass(frozen=True)
class Arrived:
    """How many of an inspection's photographs are here, of all that were attached or promised at the end."""

    received: int
    promised: int


async def arrived(sheet: Sheet, completion: dict[str, Any] | None) -> Arrived:
    only_promised = not_attached(sheet.photos, completion["promised"] if completion else "")
    here = await media.photos(only_promised, {completion["person"]}) if completion and only_promised else {}
    return counted(sheet.photos, only_promised, here)


def not_attached(photos: list[PhotoView], promised: str) -> set[str]:
    """Photographs that the phone promised at the end and that are attached to nothing."""
    return set(promised.split()) - {sha256 for photo in photos for sha256 in (photo.sha256, *photo.also)}


def counted(photos: list[PhotoView], only_promised: Collection[str], here: Collection[str]) -> Arrived:
    attached = {photo.sha256: photo.received_at is not None for photo in photos}
    return Arrived(sum(attached.values()) + len(here), len(attached) + len(only_promised))


async def of_item(inspection: Opened, key: str) -> dict[str, Any]:
    """What the answer to a write about one item needs: that item alone, and the words around it."""
    found = await item_of(inspection, key)
    item, room_label = found if found else (None, "")
    return {
        "inspection": inspection,
        "item": item,
        "room_label": room_label,
        "hazard_words": reference.hazard_words(),
        "view": VIEW,
    }


FOR_ADDING = ("hall", "living-room", "kitchen", "bathroom", "bedroom", "outside", "other")


def _new_room(plan: dict[str, Any], kind: str, inspection: Opened) -> RoomView:
    """A room of this kind as it is when it has just been added."""
    items = rules.items_of(plan, MADE_ROOM, kind, inspection.furnished)
    return RoomView(MADE_ROOM, kind, MADE_LABEL, True, [ItemView(item) for item in items])


def one(context: dict[str, Any], item: str, room: str = "") -> dict[str, Any]:
    """The context narrowed to one item and its room. Both are None when the inspection has no such item."""
    sheet: Sheet = context["sheet"]
    found = sheet.item(item)
    return {**context, "page": context, "item": found, "room": sheet.room(room or item.partition("_")[0])}


async def blank_inspection(person: SignedIn, home: Any, kind: str) -> tuple[Opened, Sheet]:
    """An inspection of this home as it would begin now, under the placeholder id. NotFound for no such kind."""
    if kind not in dict(KINDS):
        raise NotFound
    template = await plan_queries.template_for(kind)
    furnished = home.use == Use.TEMPORARY
    now = datetime.now(UTC)
    inspection = Opened(
        id=BLANK_ID,
        kind=kind,
        template=template["id"],
        visit=None,
        furnished=furnished,
        captured_at=now,
        received_at=now,
        skew_seconds=0,
        property=home.id,
        address=home.address,
        postcode=home.postcode,
        officer=person.name,
    )
    plans = rules.rooms_for(template["content"], home.bedrooms or 0, home.kind, furnished)
    sheet = Sheet([RoomView(p.key, p.kind, p.label, True, [ItemView(item) for item in p.items]) for p in plans])
    sheet.previous = await queries.previous_of(person, home.id, now, kind)
    if sheet.previous:
        await lay_beside(sheet, sheet.previous)
    return inspection, sheet


class _View:
    """The words the templates choose from, under one name."""

    kinds = KINDS
    conditions = CONDITIONS
    cleanliness = CLEANLINESS
    answers = ANSWERS
    whats = WHATS
    severities = SEVERITIES
    liabilities = LIABILITIES
    compared = compare_rules.COMPARED
    kind_words = staticmethod(kind_words)
    door = staticmethod(door_number)
    what_words = choices.WHAT_WORDS
    severity_words = choices.SEVERITY_WORDS
    liability_words = choices.LIABILITY_WORDS


VIEW = _View()
