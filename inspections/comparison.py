"""One completed inspection beside the one it is compared with: what changed, item by item."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inspections import compare_rules, inventory_queries
from inspections.compare_rules import Changed
from inspections.inventory_queries import Link
from inspections.queries import Opened, completed_before, completion_of
from inspections.records import PhotoView, findings_of, photos_of
from inspections.sheet import ItemView, RoomView, lay_beside, whole_sheet
from media.rules import State
from people.rules import SignedIn
from pwa.direction import apart

# Of one home, the newest first: more than a household's stay ever has.
LOOKED_AT = 50


@dataclass
class Difference:
    """One thing that is worse than it was."""

    room: RoomView
    item: ItemView
    changed: tuple[Changed, ...]

    @property
    def key(self) -> str:
        return self.item.item.key

    @property
    def photo(self) -> PhotoView | None:
        """The last of now that is here and can be opened."""
        return _last_shown(self.item.photos)

    @property
    def place(self) -> str:
        return f"{apart(self.room.label)}: {self.item.item.label}"

    @property
    def words(self) -> list[str]:
        return [compare_rules.CHANGED_WORDS[one] for one in self.changed]


@dataclass
class Comparison:
    completion: dict[str, Any] | None
    compared: bool
    """Whether this kind of inspection is compared at all."""
    before: Opened | None = None
    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    unknown: int = 0
    link: Link | None = None
    """The last by which the household was asked about the earlier one."""

    def of(self, key: str) -> Difference | None:
        return next((one for one in self.differences if one.key == key), None)


async def comparison_of(person: SignedIn, inspection: Opened) -> Comparison:
    """What changed since the inspection it is compared with, of those this person may see.

    Of a kind that is not compared, not completed yet, or nothing to compare with: it says so.
    """
    found = Comparison(await completion_of(inspection), inspection.kind in compare_rules.COMPARED)
    if found.completion is None or not found.compared:
        return found
    earlier = await completed_before(person, inspection.property, inspection.received_at, LOOKED_AT)
    place = compare_rules.base_of([one.kind for one in earlier])
    if place is None:
        return found
    found.before = earlier[place]
    sheet = await whole_sheet(inspection)
    await lay_beside(sheet, found.before)
    heard = await inventory_queries.heard_of(found.before)
    links = await inventory_queries.links_of(found.before, datetime.now(UTC))
    found.link = links[0] if links else None
    findings, photos = await findings_of(found.before), await photos_of(found.before)
    for room in sheet.here:
        for item in room.items:
            item.household = heard.get(item.item.key)
            if item.item.type in compare_rules.THINGS:
                item.previous_photo = _last_shown(photos[item.item.key])
                _add(found, room, item, [one.what for one in findings[item.item.key]])
    return found


def _add(found: Comparison, room: RoomView, item: ItemView, found_before: list[Any]) -> None:
    changed = compare_rules.changes(
        item.item.type, item.previous, item.reading, found_before, [one.what for one in item.findings]
    )
    if changed is None:
        found.unknown += 1
    elif changed:
        found.differences.append(Difference(room, item, changed))
    else:
        found.same += 1


def _last_shown(photos: list[PhotoView]) -> PhotoView | None:
    """The last that is here and can be opened, also when nobody has looked at it yet."""
    shown = [photo for photo in photos if photo.received_at and photo.state != State.unreadable]
    return shown[-1] if shown else None
