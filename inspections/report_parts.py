"""How each part of an inspection's report is said: the words, numbers and times that its templates print."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from documents.rules import moment
from inspections import choices, reference, rules
from inspections.queries import Opened
from inspections.records import FindingView, PhotoView
from inspections.review_queries import Review
from inspections.sheet import ItemView, RoomView, Sheet
from media import queries as media
from media import rules as media_rules
from pwa import clock
from pwa.answers import Turned
from pwa.pages import pounds

# The large copy, which the press then makes as small as print needs.
SIDE = media_rules.COPY_SIDES[0]


async def pictures_of(photos: Iterable[PhotoView]) -> tuple[dict[str, bytes], dict[UUID, str]]:
    """Pictures by file name, and why there is none of the others. Turned (503) while the store is away."""
    pictures, unseen = {}, {}
    for photo in photos:
        if photo.received_at is None:
            unseen[photo.id] = "Not received when this was made"
            continue
        try:
            pictures[_file(photo)] = await media.clean_copy(photo.sha256, SIDE)
        except Turned as wrong:
            if wrong.status != 404:
                raise
            unseen[photo.id] = "Kept as it was sent, but it cannot be opened"
    return pictures, unseen


def _file(photo: PhotoView) -> str:
    return f"{photo.sha256}.jpg"


def clocks(captured: datetime, received: datetime, skew_seconds: int) -> dict[str, str]:
    """Both clocks when they differ: the phone's, put right and said to be so, and ours when it came."""
    wrong = clock.wrong(captured, received, skew_seconds)
    later = wrong or clock.came_later(captured, received)
    return {
        "captured": _captured(captured, received, skew_seconds),
        "received": moment(received) if later else "",
    }


def _captured(captured: datetime, received: datetime, skew_seconds: int) -> str:
    if not clock.wrong(captured, received, skew_seconds):
        return moment(captured)
    about = moment(clock.happened(captured, received, skew_seconds))
    return f"about {about} (the phone said {moment(captured)}: its clock was wrong)"


def times_of(row: dict[str, Any]) -> dict[str, str]:
    """As `_times`, of a row that has them."""
    return clocks(row["captured_at"], row["received_at"], row["skew_seconds"])


def officers_of(inspection: Opened, sheet: Sheet) -> list[str]:
    names = [inspection.officer]
    for item in sheet.every_item:
        names += [read.person_name for read in item.readings]
        names += [one.officer for one in item.findings] + [one.officer for one in item.photos]
    return list(dict.fromkeys(names))


def counts_of(sheet: Sheet) -> dict[str, int]:
    return {
        "items": sheet.items,
        "seen": sheet.seen,
        "findings": sheet.findings,
        "photos": len(sheet.photos),
        "received": sheet.photos_received,
    }


def findings_of(sheet: Sheet, numbers: dict[UUID, int]) -> list[dict[str, Any]]:
    """What was found, the most urgent first, each with the photographs that were taken of it or its item."""
    found = []
    for room in sheet.here:
        for item in room.items:
            for place, one in enumerate(item.findings):
                mine = [p for p in item.photos if p.finding == one.id or (p.finding is None and place == 0)]
                found.append((one.severity, _finding(one, room, item, [numbers[p.id] for p in mine])))
    order = [choices.Severity.EMERGENCY, choices.Severity.SIGNIFICANT, choices.Severity.MINOR]
    return [shown for severity in order for wanted, shown in found if wanted == severity]


def _finding(one: FindingView, room: RoomView, item: ItemView, photos: list[int]) -> dict[str, Any]:
    hazard = one.what is choices.What.HAZARD
    return {
        "what": choices.WHAT_WORDS[one.what],
        "hazard": hazard,
        "severity": choices.SEVERITY_WORDS[choices.Severity(one.severity)],
        "place": f"{room.label}: {item.item.label}",
        "observed": one.note,
        "suspected": reference.hazard_words().get(one.hazard or 0, "") if hazard else "",
        "liability": choices.LIABILITY_WORDS[choices.Liability(one.liability)] if one.liability else "",
        "cost": pounds(one.cost),
        "officer": one.officer,
        "times": clocks(one.captured_at, one.received_at, one.skew_seconds),
        "photos": photos,
    }


def readouts_of(sheet: Sheet) -> list[dict[str, str]]:
    """Meters, keys and alarms, which are looked for first when somebody moves in or out."""
    kinds = (rules.ItemType.METER, rules.ItemType.COUNT, rules.ItemType.TESTED)
    return [
        {"label": item.item.label, "room": room.label, **_answer(item)}
        for room in sheet.here
        for item in room.items
        if item.item.type in kinds
    ]


def _answer(item: ItemView) -> dict[str, str]:
    read = item.reading
    words = read.words if read else ""
    if read and read.answer and read.value:
        words = f"{choices.ANSWER_WORDS[read.answer]}, {read.value}"
    return {
        "words": words or "Not seen",
        "note": read.note if read else "",
        "officer": read.person_name if read else "",
        "tone": item.tone,
    }


def room_shown(room: RoomView, numbers: dict[UUID, int]) -> dict[str, Any]:
    return {"label": room.label, "there": room.there, "items": [_item(item, numbers) for item in room.items]}


def _item(item: ItemView, numbers: dict[UUID, int]) -> dict[str, Any]:
    read = item.reading
    condition = choices.CONDITION_WORDS[read.condition] if read and read.condition else ""
    clean = choices.CLEANLINESS_WORDS[read.cleanliness] if read and read.cleanliness else ""
    others = [f"{one.person_name}: {one.words or 'no answer'}" for one in item.readings[1:]] if item.differ else []
    return {
        "label": item.item.label,
        **_answer(item),
        "condition": condition,
        "cleanliness": clean,
        "others": others,
        "photos": [numbers[photo.id] for photo in item.photos],
        "findings": len(item.findings),
    }


def photo_of(photo: PhotoView, numbers: dict[UUID, int], sheet: Sheet, unseen: dict[UUID, str]) -> dict[str, Any]:
    item = sheet.item(photo.item)
    room = sheet.room(photo.item.partition("_")[0])
    place = f"{room.label}: {item.item.label}" if room and item else ""
    return photo_shown(photo, numbers[photo.id], unseen, place)


def photo_shown(photo: PhotoView, number: int, unseen: dict[UUID, str], place: str) -> dict[str, Any]:
    """One photograph as the templates print it; `place` is its caption when it has none."""
    return {
        "number": number,
        "file": "" if photo.id in unseen else _file(photo),
        "unseen": unseen.get(photo.id, ""),
        "caption": photo.caption or place,
        "place": place,
        "officer": photo.officer,
        "captured": _captured(photo.captured_at, photo.attached_at, photo.skew_seconds),
        "received": moment(photo.received_at) if photo.received_at else "",
        "sha256": photo.sha256,
    }


def approved_by(review: Review) -> str:
    """By whom and when, if the last word about it is that it was approved."""
    last = review.approved
    return f"{last['name']}, {moment(last['received_at'])}" if last else ""


def addendum_shown(one: dict[str, Any], photos: list[int], review: Review) -> dict[str, Any]:
    """What a manager asked stays in the office; of which place they asked stands before the answer."""
    note = review.answered_by(one["id"])
    return {
        "text": f"{note.place}: {one['text']}" if note else one["text"],
        "officer": one["officer"],
        "times": times_of(one),
        "photos": photos,
    }
