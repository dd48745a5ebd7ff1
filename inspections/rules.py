"""What an inspection is made of, and what follows from what was read. Pure: values in, values out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from inspections.choices import (
    ANSWER_WORDS,
    CLEANLINESS_WORDS,
    CONDITION_WORDS,
    Answer,
    Cleanliness,
    Condition,
    Kind,
)
from pwa.direction import apart


class ItemType(StrEnum):
    CONDITION = "condition"
    METER = "meter"
    COUNT = "count"
    TESTED = "tested"
    CHECK = "check"
    PLACE = "place"  # nothing is asked about it: findings and photographs hang on it


@dataclass(frozen=True)
class Item:
    key: str
    label: str
    type: ItemType
    room: str


@dataclass(frozen=True)
class RoomPlan:
    """A room as the template makes it, before anything is read."""

    key: str
    kind: str
    label: str
    items: tuple[Item, ...]


def items_of(content: Mapping[str, Any], room_key: str, room_kind: str, ta: bool) -> tuple[Item, ...]:
    """The items of one room. `ta` adds what only a furnished temporary home has."""
    made = []
    for key, label, *more in content["rooms"][room_kind]["items"]:
        if "ta" in more and not ta:
            continue
        types = [word for word in more if word != "ta"]
        made.append(Item(f"{room_key}_{key}", label, ItemType(types[0] if types else "condition"), room_key))
    return tuple(made)


def rooms_for(content: Mapping[str, Any], bedrooms: int, property_type: str, ta: bool) -> list[RoomPlan]:
    """The rooms a home of this size has: a bedroom each, and an outside only where there is a garden."""
    made = []
    for kind in content["order"]:
        if kind == "outside" and property_type not in ("house", "bungalow", "maisonette"):
            continue
        if kind == "ta-extras" and not ta:
            continue
        label = content["rooms"][kind]["label"]
        if kind == "bedroom" and bedrooms != 1:
            names = [(f"bedroom-{number}", f"{label} {number}") for number in range(1, bedrooms + 1)]
        else:
            names = [(kind, label)]
        made += [RoomPlan(key, kind, name, items_of(content, key, kind, ta)) for key, name in names]
    return made


@dataclass(frozen=True)
class Read:
    """What one officer recorded about one item at one time. All officers' readings are kept."""

    item: str
    person_id: UUID
    person_name: str
    captured_at: datetime
    received_at: datetime
    condition: Condition | None = None
    cleanliness: Cleanliness | None = None
    answer: Answer | None = None
    value: str = ""
    note: str = ""
    skew_seconds: int = 0

    @property
    def words(self) -> str:
        """The reading in a few words, as the tag on the item's row."""
        if self.condition:
            unclean = self.cleanliness and self.cleanliness is not Cleanliness.CLEAN
            return CONDITION_WORDS[self.condition] + (
                f", {CLEANLINESS_WORDS[self.cleanliness].lower()}" if unclean and self.cleanliness else ""
            )
        if self.value and self.answer is Answer.NO:
            # Two alarms of which one did not sound are never just "2".
            return f"{ANSWER_WORDS[self.answer]}, {self.value}"
        if self.value:
            return self.value
        return ANSWER_WORDS[self.answer] if self.answer else ""

    @property
    def content(self) -> tuple[object, ...]:
        return (self.condition, self.cleanliness, self.answer, self.value)


def latest_by_person(readings: Iterable[Read]) -> list[Read]:
    """Each officer's last word on an item, the last received first: receipt order, never a phone's clock."""
    last: dict[UUID, Read] = {}
    for reading in sorted(readings, key=lambda r: r.received_at):
        last[reading.person_id] = reading
    return sorted(last.values(), key=lambda r: r.received_at, reverse=True)


def differ(latest: list[Read]) -> bool:
    """Whether two officers say different things about the same item. Both are shown."""
    return len({reading.content for reading in latest}) > 1


def likely_kind(purpose: str, ta: bool) -> str:
    """Which kind of inspection is chosen beforehand: what the visit is for; in temporary accommodation, where
    somebody nearly always lives, an occupied one; otherwise none, because a wrong guess is worse than a question.
    """
    if purpose in list(Kind) and purpose != Kind.IN_PASSING:
        return purpose
    return Kind.OCCUPIED if ta else ""


PASSING_ITEM = "seen_else"
"""The one thing on which what was seen in passing hangs."""


def passing_of(visit: UUID) -> UUID:
    """The id of what was seen in passing at a visit: the same whoever works it out, so it is begun once."""
    return uuid5(visit, "seen in passing")


def is_number(type: ItemType) -> bool:
    """Whether an item is read as a number, which cannot be satisfactory unread."""
    return type in (ItemType.METER, ItemType.COUNT)


def is_marked(type: ItemType) -> bool:
    """Whether "all satisfactory" says something about it unread: not of a number, nor where nothing is asked."""
    return not is_number(type) and type is not ItemType.PLACE


MOST_COUNTED = 99
LONGEST_METER = 12
_METER = re.compile(r"[0-9]+(\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,2}")


def number_mistake(type: ItemType, value: str) -> str:
    """What is wrong with the number read of an item of this type, in a sentence, or nothing.

    A meter's is digits with an optional decimal part: household meters show four to six black figures, with
    decimals after them (the reading guides of British Gas and SP Energy Networks); leading noughts are part of
    it, so it stays text. Keys and alarms are whole numbers. That neither can be longer than 12 characters or
    more than 99 is our own limit: beyond it a finger slipped. Other items are not read as a number at all.
    """
    if not value:
        return ""
    if type is ItemType.METER:
        right = len(value) <= LONGEST_METER and _METER.fullmatch(value)
        return "" if right else "Enter the figures on the meter, like 48210 or 482.5, with no spaces or letters."
    if type in (ItemType.COUNT, ItemType.TESTED):
        return "" if _COUNT.fullmatch(value) else f"Enter how many, as a whole number from 0 to {MOST_COUNTED}."
    return "Choose an answer here. There is no number to enter for this."


def complete_reading(type: ItemType, reading: Read | None) -> bool:
    """Whether an item of this type counts as seen."""
    if type is ItemType.PLACE:
        return True
    if reading is None:
        return False
    if type is ItemType.CONDITION:
        return reading.condition is not None
    if is_number(type):
        return bool(reading.value) or reading.answer is Answer.NOT_HERE
    return reading.answer is not None


def tone(type: ItemType, reading: Read | None) -> str:
    """Which kind of tag an item's row carries."""
    if reading is None or not complete_reading(type, reading):
        return ""
    if (
        reading.condition in (Condition.POOR, Condition.VERY_POOR, Condition.MISSING)
        or reading.answer is Answer.NO
    ):
        return "warn"
    return "ok" if reading.answer is not Answer.NOT_HERE else ""


@dataclass(frozen=True)
class Missing:
    """One thing a complete inspection would have: in words, where to put it right, and how the page shows that
    it is done (a CSS selector, for work that is still on the phone)."""

    words: str
    anchor: str
    done_when: str


NEEDS_PHOTO = (Condition.POOR, Condition.VERY_POOR, Condition.MISSING)


@dataclass
class ItemState:
    item: Item
    reading: Read | None = None
    readings: list[Read] = field(default_factory=list)
    photos: int = 0
    findings: int = 0


# Up to this many unseen items are named one by one; more are counted, so that the list stays a list.
NAMED = 3


def missing_of(key: str, label: str, states: list[ItemState]) -> list[Missing]:
    """What is missing of one room, in words. A meter needs its photo; what is poor needs one too."""
    label = apart(label)
    unseen = [state for state in states if not complete_reading(state.item.type, state.reading)]
    if len(unseen) > NAMED:
        words = f"{label}: {'nothing' if len(unseen) == len(states) else f'{len(unseen)} things not'} seen yet"
        done = f"#items-{key}:not(:has([data-unseen])), #room-{key}:has([data-gone])"
        found = [Missing(words, f"room-{key}", done)]
    else:
        found = [
            Missing(f"{label}: {_undone(s.item)}", f"item-{s.item.key}", f"#state-{s.item.key}[data-seen]")
            for s in unseen
        ]
    return found + [
        Missing(f"{label}: photo of {_lower(s.item.label)}", f"item-{s.item.key}", f"#photos-{s.item.key} .photo")
        for s in states
        if _needs_photo(s)
    ]


_UNDONE = {
    ItemType.CONDITION: "{} not seen yet",
    ItemType.METER: "{} not read yet",
    ItemType.COUNT: "{} not counted yet",
    ItemType.TESTED: "{} not tested yet",
    ItemType.CHECK: "“{}” not answered yet",
}


def _undone(item: Item) -> str:
    return _UNDONE[item.type].format(item.label if item.type is ItemType.CHECK else _lower(item.label))


def _needs_photo(state: ItemState) -> bool:
    if state.reading is None or state.photos:
        return False
    return state.reading.condition in NEEDS_PHOTO or (
        state.item.type is ItemType.METER and bool(state.reading.value)
    )


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


_POUNDS = re.compile(r"([0-9]{1,7})(?:\.([0-9]{0,2}))?")


def pence(text: str) -> int | None:
    """Pounds as typed ("£1,250.50", "40") in pence. ValueError with the sentence when it is not money."""
    plain = text.strip().lstrip("£").replace(",", "").replace(" ", "")
    if not plain:
        return None
    found = _POUNDS.fullmatch(plain)
    if found is None:
        raise ValueError("Enter an amount in pounds, like 45 or 45.50.")
    return int(found[1]) * 100 + int(((found[2] or "") + "00")[:2])
