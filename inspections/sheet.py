"""The whole of one inspection as its page shows it: rooms, items, what was read, found and photographed."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from inspections import rules
from inspections.compare_rules import THINGS
from inspections.plan_queries import plan_of
from inspections.queries import Opened, previous_of
from inspections.records import FindingView, PhotoView, findings_of, photos_of, readings_of
from inspections.rules import ItemState, Missing, Read
from inspections.tables import Room, RoomChange
from people.rules import SignedIn
from pwa.prepared import Prepared


@dataclass
class ItemView:
    item: rules.Item
    readings: list[Read] = field(default_factory=list)
    findings: list[FindingView] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)
    previous: Read | None = None
    previous_photo: PhotoView | None = None
    household: Any = None
    """What the household said of it (inventory_queries.Heard), where that is shown."""

    @property
    def reading(self) -> Read | None:
        return self.readings[0] if self.readings else None

    @property
    def differ(self) -> bool:
        return rules.differ(self.readings)

    @property
    def seen(self) -> bool:
        return rules.complete_reading(self.item.type, self.reading)

    @property
    def tone(self) -> str:
        return rules.tone(self.item.type, self.reading)

    @property
    def stands_out(self) -> bool:
        """Whether somebody who reviews looks at it first."""
        lost = any(photo.received_at is None or photo.problem for photo in self.photos)
        return bool(self.differ or self.findings or lost or self.tone == "warn" or not self.seen)

    @property
    def values(self) -> dict[str, str]:
        """What the item's form has chosen now, by field."""
        return _values(self.reading)

    @property
    def was(self) -> dict[str, str]:
        """The same of what it is compared with; empty where it is not compared."""
        seen = rules.complete_reading(self.item.type, self.previous)
        return _values(self.previous) if self.item.type in THINGS and seen else {}

    @property
    def markable(self) -> bool:
        """Whether "all satisfactory" says anything about it: nobody has read it, and it is not a number."""
        return self.reading is None and rules.is_marked(self.item.type)

    @property
    def state(self) -> ItemState:
        return ItemState(self.item, self.reading, self.readings, len(self.photos), len(self.findings))


def _values(read: Read | None) -> dict[str, str]:
    if read is None:
        return {}
    return {
        "condition": read.condition or "",
        "cleanliness": read.cleanliness or "",
        "answer": read.answer or "",
        "value": read.value,
        "note": read.note,
    }


@dataclass
class RoomView:
    key: str
    kind: str
    label: str
    there: bool
    items: list[ItemView]

    @property
    def seen(self) -> int:
        return sum(item.seen for item in self.items)

    @property
    def left(self) -> int:
        return len(self.items) - self.seen

    @property
    def markable(self) -> bool:
        return any(item.markable for item in self.items)

    @property
    def findings(self) -> int:
        return sum(len(item.findings) for item in self.items)

    @property
    def pictured(self) -> list[ItemView]:
        """Items with photographs that no finding shows: of a room that is not there, all that have any."""
        return [item for item in self.items if item.photos and not (self.there and item.findings)]


@dataclass
class Sheet:
    rooms: list[RoomView]
    previous: Opened | None = None

    @property
    def here(self) -> list[RoomView]:
        return [room for room in self.rooms if room.there]

    @property
    def items(self) -> int:
        return sum(len(room.items) for room in self.here)

    @property
    def seen(self) -> int:
        return sum(room.seen for room in self.here)

    @property
    def findings(self) -> int:
        return sum(room.findings for room in self.here)

    @property
    def every_item(self) -> list[ItemView]:
        return [item for room in self.rooms for item in room.items]

    @property
    def photos(self) -> list[PhotoView]:
        return [photo for item in self.every_item for photo in item.photos]

    @property
    def photos_received(self) -> int:
        return sum(photo.received_at is not None for photo in self.photos)

    @property
    def missing(self) -> list[Missing]:
        return [
            missing
            for room in self.here
            for missing in rules.missing_of(room.key, room.label, [item.state for item in room.items])
        ]

    def item(self, key: str) -> ItemView | None:
        return next((item for room in self.rooms for item in room.items if item.item.key == key), None)

    def room(self, key: str) -> RoomView | None:
        return next((room for room in self.rooms if room.key == key), None)


ROOM = Prepared(
    lambda inspection, key: (
        Room.select(Room.kind, Room.label).where(Room.inspection == inspection).where(Room.key == key).limit(1)
    )
)
_ROOMS = Prepared(
    lambda inspection: Room.select().where(Room.inspection == inspection).order_by(Room.position, Room.id)
)
_ROOM_CHANGES = Prepared(
    lambda inspection: (
        RoomChange.select().where(RoomChange.inspection == inspection).order_by(RoomChange.received_at)
    )
)


async def sheet_of(person: SignedIn, inspection: Opened) -> Sheet:
    """Everything read so far, beside what the last completed inspection of this home says of each item."""
    sheet = await whole_sheet(inspection)
    sheet.previous = await previous_of(person, inspection.property, inspection.received_at, inspection.kind)
    if sheet.previous:
        await lay_beside(sheet, sheet.previous)
    return sheet


async def item_of(inspection: Opened, key: str) -> tuple[ItemView, str] | None:
    """One item as it is now, and what its room is called. None if the inspection has no such item."""
    room_key = key.partition("_")[0]
    row = await ROOM.one(inspection.id, room_key)
    if row is None:
        return None
    items = rules.items_of(await plan_of(inspection), room_key, row["kind"], inspection.furnished)
    found = next((ItemView(item) for item in items if item.key == key), None)
    if found is None:
        return None
    found.readings = rules.latest_by_person((await readings_of(inspection, key))[key])
    found.findings = (await findings_of(inspection, key))[key]
    found.photos = (await photos_of(inspection, key))[key]
    return found, row["label"]


async def whole_sheet(inspection: Opened) -> Sheet:
    """Everything read so far, of today alone."""
    sheet = Sheet(await _rooms(inspection))
    await _fill(inspection, sheet)
    return sheet


async def state_of_items(inspection: Opened) -> list[ItemState]:
    """What is known of each item of the rooms that are there, in page order."""
    sheet = await whole_sheet(inspection)
    return [item.state for room in sheet.here for item in room.items]


async def missing_from(inspection: Opened) -> list[Missing]:
    """What a complete inspection would have and this one has not."""
    return (await whole_sheet(inspection)).missing


async def _fill(inspection: Opened, sheet: Sheet) -> None:
    readings = await readings_of(inspection)
    findings = await findings_of(inspection)
    photos = await photos_of(inspection)
    for room in sheet.rooms:
        for item in room.items:
            item.readings = rules.latest_by_person(readings[item.item.key])
            item.findings = findings[item.item.key]
            item.photos = photos[item.item.key]


async def lay_beside(sheet: Sheet, previous: Opened) -> None:
    readings = await readings_of(previous)
    photos = await photos_of(previous)
    for room in sheet.rooms:
        for item in room.items:
            before = rules.latest_by_person(readings[item.item.key])
            item.previous = before[0] if before else None
            shown = [photo for photo in photos[item.item.key] if photo.state == "ready"]
            item.previous_photo = shown[-1] if shown else None


async def _rooms(inspection: Opened) -> list[RoomView]:
    content = await plan_of(inspection)
    rows = await _ROOMS(inspection.id)
    changes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for change in await _ROOM_CHANGES(inspection.id):
        changes[change["room"]].append(change)
    rooms = []
    for row in rows:
        label = next((c["label"] for c in reversed(changes[row["key"]]) if c["label"]), row["label"])
        there = changes[row["key"]][-1]["there"] if changes[row["key"]] else True
        items = rules.items_of(content, row["key"], row["kind"], inspection.furnished)
        rooms.append(RoomView(row["key"], row["kind"], label, there, [ItemView(item) for item in items]))
    return rooms
