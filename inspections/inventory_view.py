"""What the pages of an inventory are given: the officer's part of the inspection, and the household's own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from inspections import inventory_queries, inventory_rules, queries
from inspections.choices import WHAT_WORDS, Kind
from inspections.inventory_queries import Heard, Link
from inspections.inventory_rules import WHOLE
from inspections.queries import Opened
from inspections.sheet import ItemView, RoomView, Sheet, whole_sheet
from media.rules import State
from messages import queries as messages
from people.rules import SignedIn
from properties import queries as properties
from pwa.answers import NotFound
from pwa.direction import apart

CHANNELS = [("sms", "Text message"), ("email", "E-mail")]


async def panel(person: SignedIn, inspection: Opened, sheet: Sheet | None = None) -> dict[str, Any] | None:
    """The officer's part of a completed move-in. What the household said is laid beside the sheet's items."""
    if inspection.kind != Kind.MOVE_IN:
        return None
    heard = await inventory_queries.heard_of(inspection)
    sheet = sheet or await whole_sheet(inspection)
    for item in sheet.every_item:
        item.household = heard.get(item.item.key)
    links = await inventory_queries.links_of(inspection, datetime.now(UTC))
    home = await properties.home_for(person, inspection.property)
    return {
        "links": links,
        "last": links[0] if links else None,
        "said": said_of(sheet, heard),
        "ready": messages.ready(),
        "confidential": home.confidential,
        "channels": CHANNELS,
    }


async def replies_to(rows: list[dict[str, Any]]) -> dict[UUID, str]:
    """For a list of inspections: what the household said of each inventory that was sent, in a few words."""
    asked = [row["id"] for row in rows if row["kind"] == Kind.MOVE_IN and row["completed_at"]]
    return await inventory_queries.words_of(asked, datetime.now(UTC))


@dataclass(frozen=True)
class SaidOf:
    """What the household said of one thing. `key` is empty for the home as a whole."""

    place: str
    key: str
    heard: Heard


def said_of(sheet: Sheet, heard: dict[str, Heard]) -> list[SaidOf]:
    """All of it, in the order of the page, the home as a whole first."""
    whole = [SaidOf("of the home as a whole", "", heard[WHOLE])] if heard.get(WHOLE) else []
    return whole + [
        SaidOf(f"{apart(room.label)}: {item.item.label}", item.item.key, heard[item.item.key])
        for room in sheet.rooms
        for item in room.items
        if heard.get(item.item.key)
    ]


async def household(link: Link) -> dict[str, Any]:
    """The household's page: rooms and items that are there, and no word of where, who or why."""
    inspection = await opened_for(link)
    heard = await inventory_queries.heard_by(link)
    sheet = await whole_sheet(inspection)
    for item in sheet.every_item:
        item.household = heard.get(item.item.key)
    return {
        "inspection": inspection,
        "link": link,
        "rooms": [room for room in sheet.here if room.items],
        "whole": heard.get(WHOLE) or Heard(),
        "last_day": inventory_rules.last_day(link.handed_over) if link.handed_over else None,
        "what_words": WHAT_WORDS,
        "is_shown": is_shown,
    }


async def household_item(link: Link, key: str) -> dict[str, Any]:
    """One item, or the whole, with what they said of it. NotFound if the inventory has no such item."""
    context = await household(link)
    if key == WHOLE:
        return {**context, "key": WHOLE, "label": "", "room": None, "item": None, "heard": context["whole"]}
    room, item = _find(context["rooms"], key)
    heard = item.household or Heard()
    return {**context, "key": key, "label": item.item.label, "room": room, "item": item, "heard": heard}


def _find(rooms: list[RoomView], key: str) -> tuple[RoomView, ItemView]:
    for room in rooms:
        for item in room.items:
            if item.item.key == key:
                return room, item
    raise NotFound


async def picture_for(link: Link, sha256: str) -> None:
    """NotFound unless it is a photograph that the inventory shows, or one that came by this link."""
    inspection = await opened_for(link)
    shown = [photo for photo in (await whole_sheet(inspection)).photos if is_shown(photo)]
    own = [photo for heard in (await inventory_queries.heard_by(link)).values() for photo in heard.photos]
    if sha256 not in {photo.sha256 for photo in [*shown, *own]}:
        raise NotFound


def is_shown(photo: Any) -> bool:
    """One that is here and can be opened."""
    return photo.received_at is not None and photo.state != State.unreadable


async def opened_for(link: Link) -> Opened:
    inspection = await queries.inspection_held(link.inspection)
    assert inspection is not None, "the link hangs on it"
    return inspection
