"""One completed inspection beside the one it is compared with: what changed, item by item."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inspections import compare_rules, inventory_queries, recharge_queries
from inspections.choices import KIND_WORDS, Kind
from inspections.compare_rules import Changed
from inspections.inventory_queries import Link
from inspections.queries import Opened, completion_of, inspection_for, previous_of
from inspections.recharge_queries import Base
from inspections.records import PhotoView, findings_of, pair_of, photos_of
from inspections.sheet import ItemView, RoomView, lay_beside, whole_sheet
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.direction import apart
from pwa.pages import recorded_on


@dataclass
class Difference:
    """One thing that is worse than it was."""

    room: RoomView
    item: ItemView
    changed: tuple[Changed, ...]
    photo: PhotoView | None
    """Of now, to lie beside the item's previous one."""

    @property
    def key(self) -> str:
        return self.item.item.key

    @property
    def now_words(self) -> str:
        """What is said of the photograph of now."""
        before = self.item.previous_photo
        pair = self.photo is not None and before is not None and self.photo.taken_over == before.id
        return "Now, from the same spot" if pair else "Now"

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
    hidden: str = ""
    """What it was compared with, in words, when this person may not see that one, or it is erased."""
    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    unknown: int = 0
    link: Link | None = None
    """The last by which the household was asked about the earlier one."""

    @property
    def words(self) -> str:
        """What it is compared with, when and whose."""
        if self.before is None:
            return ""
        one = self.before
        on = recorded_on(one.captured_at, one.received_at, one.skew_seconds)
        return f"{KIND_WORDS[Kind(one.kind)]}, {on}, {apart(one.officer)}"

    def of(self, key: str) -> Difference | None:
        return next((one for one in self.differences if one.key == key), None)


async def standing(person: SignedIn, inspection: Opened) -> Comparison:
    """As `comparison_of`; while a proposal stands, beside the inspection that one was made beside.

    A newer one, or that somebody else may see others, must not move the ground from under a decision.
    """
    return await comparison_of(person, inspection, await recharge_queries.stands_on(inspection))


async def comparison_of(person: SignedIn, inspection: Opened, base: Base | None = None) -> Comparison:
    """What changed since the inspection it is compared with, of those this person may see; `base` names which.

    Of a kind that is not compared, not completed yet, or nothing to compare with: it says so.
    """
    found = Comparison(await completion_of(inspection), inspection.kind in compare_rules.COMPARED)
    if found.completion is None or not found.compared:
        return found
    found.before = await _before(person, inspection, base)
    if found.before is None:
        found.hidden = base.words if base else ""
        return found
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
                item.previous_photo, now = pair_of(photos[item.item.key], item.photos)
                _add(found, room, item, now, [one.what for one in findings[item.item.key]])
    return found


async def _before(person: SignedIn, inspection: Opened, base: Base | None) -> Opened | None:
    if base:
        try:
            return await inspection_for(person, base.id)
        except NotFound:
            return None
    return await previous_of(person, inspection.property, inspection.received_at, inspection.kind)


def _add(
    found: Comparison, room: RoomView, item: ItemView, photo: PhotoView | None, found_before: list[Any]
) -> None:
    changed = compare_rules.changes(
        item.item.type, item.previous, item.reading, found_before, [one.what for one in item.findings]
    )
    if changed is None:
        found.unknown += 1
    elif changed:
        found.differences.append(Difference(room, item, changed, photo))
    else:
        found.same += 1
