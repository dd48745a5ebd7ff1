"""The inspection report: everything read, found and photographed, as one document that can leave the office."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from documents.commands import Wanted
from documents.kinds import Content, Kind
from documents.rules import moment
from inspections import choices, inventory_queries, inventory_view, queries, reference, review_queries, rules
from inspections.inventory_queries import Heard, Link
from inspections.queries import Opened
from inspections.records import FindingView, PhotoView, photos_added
from inspections.review_queries import Review
from inspections.sheet import ItemView, RoomView, Sheet, whole_sheet
from media import queries as media
from media import rules as media_rules
from people.rules import SignedIn
from properties.rules import door_number
from pwa import clock
from pwa.answers import Refused, Turned
from pwa.clock import LONDON
from pwa.pages import pounds

TEMPLATES = Path(__file__).parent / "documents"
KINDS = {"inspection-report": "Inspection report", "inspection-evidence": "Evidence bundle"}
# The large copy, which the press then makes as small as print needs.
SIDE = media_rules.COPY_SIDES[0]


async def wanted(person: SignedIn, inspection: Opened, kind: str) -> Wanted:
    """The edition that there would be now: later photographs and addenda make another.

    Refused while the inspection still changes, and for a kind of document that there is not.
    """
    if kind not in KINDS:
        raise Refused({"kind": "Choose one of the documents."})
    if await queries.completion_of(inspection) is None:
        raise Refused({"kind": "Complete the inspection first. Then its report can be made."})
    sheet = await whole_sheet(inspection)
    added = await queries.addenda_of(inspection)
    extra = chain.from_iterable((await photos_added(inspection)).values())
    received = sheet.photos_received + sum(photo.received_at is not None for photo in extra)
    approved = ", approved" if (await review_queries.review_of(inspection)).approved else ""
    heard = edition_of(await inventory_queries.links_of(inspection, datetime.now(UTC)))
    # What was seen in passing may still gain what was captured before its end.
    late = f", {sheet.findings} findings" if inspection.kind == choices.Kind.IN_PASSING else ""
    edition = f"{len(added)} addenda, {received} photographs{late}{heard}{approved}"
    title = f"{KINDS[kind]}, {inspection.address}, {inspection.captured_at.astimezone(LONDON):%-d %b %Y}"
    record = f"/inspections/{inspection.id}"
    return Wanted(kind, inspection.id, edition, title, record, person.team_id)


def edition_of(links: list[Link]) -> str:
    """What changes a document when a household is asked, answers, or their days are over."""
    if not links:
        return ""
    said = [(link.answered.comments, link.answered.photos, link.answered.nothing_to_add) for link in links]
    return f", {len(links)} links, {links[0].stands}, {hashlib.sha256(repr(said).encode()).hexdigest()[:8]}"


async def gather(person: SignedIn, inspection_id: UUID) -> Content:
    """All of it, with the rights of who asked for it. NotFound when they have none any more."""
    inspection = await queries.inspection_for(person, inspection_id)
    sheet = await whole_sheet(inspection)
    review = await review_queries.review_of(inspection)
    added = await photos_added(inspection)
    heard = await inventory_queries.heard_of(inspection)
    theirs = [photo for one in heard.values() for photo in one.photos]
    photos = [*sheet.photos, *chain.from_iterable(added.values()), *theirs]
    numbers = {photo.id: number for number, photo in enumerate(photos, 1)}
    pictures, unseen = await pictures_of(photos)
    data = {
        "title": choices.KIND_WORDS[choices.Kind(inspection.kind)],
        "address": inspection.address,
        "postcode": inspection.postcode,
        "door": door_number(inspection.address),
        "officers": _officers(inspection, sheet),
        "started": _times(inspection.captured_at, inspection.received_at, inspection.skew_seconds),
        "completed": await _completed(inspection),
        "approved": _approved(review),
        "counts": _counts(sheet),
        "findings": _findings(sheet, numbers),
        "numbers": _readouts(sheet),
        "rooms": [_room(room, numbers) for room in sheet.rooms],
        "photos": [_photo(photo, numbers, sheet, unseen) for photo in photos],
        "addenda": [
            _addendum(one, [numbers[photo.id] for photo in added.get(one["id"], [])], review)
            for one in await queries.addenda_of(inspection)
        ],
        "household": await _household(inspection, sheet, heard, numbers),
    }
    return Content(data, pictures)


async def _household(
    inspection: Opened, sheet: Sheet, heard: dict[str, Heard], numbers: dict[UUID, int]
) -> dict[str, Any] | None:
    """What the household was asked and what they said. None where nobody was asked."""
    links = await inventory_queries.links_of(inspection, datetime.now(UTC))
    if not links:
        return None
    said = inventory_view.said_of(sheet, heard)
    return {
        "words": links[0].words,
        "silent": links[0].silent,
        "sent": [moment(link.handed_over) for link in links if link.handed_over],
        "said": [
            {
                "place": one.place if one.key else "Of the home as a whole",
                "comments": [{"text": c.text, "at": moment(c.received_at)} for c in one.heard.comments],
                "photos": [numbers[photo.id] for photo in one.heard.photos],
            }
            for one in said
        ],
    }


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


def _times(captured: datetime, received: datetime, skew_seconds: int) -> dict[str, str]:
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
    return _times(row["captured_at"], row["received_at"], row["skew_seconds"])


def _officers(inspection: Opened, sheet: Sheet) -> list[str]:
    names = [inspection.officer]
    for item in sheet.every_item:
        names += [read.person_name for read in item.readings]
        names += [one.officer for one in item.findings] + [one.officer for one in item.photos]
    return list(dict.fromkeys(names))


async def _completed(inspection: Opened) -> dict[str, Any] | None:
    end = await queries.completion_of(inspection)
    if end is None:
        return None
    return {
        "officer": end["officer"],
        **times_of(end),
        "reason": end["reason"],
        "missing": [line for line in end["missing"].split("\n") if line],
    }


def _counts(sheet: Sheet) -> dict[str, int]:
    return {
        "items": sheet.items,
        "seen": sheet.seen,
        "findings": sheet.findings,
        "photos": len(sheet.photos),
        "received": sheet.photos_received,
    }


def _findings(sheet: Sheet, numbers: dict[UUID, int]) -> list[dict[str, Any]]:
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
        "times": _times(one.captured_at, one.received_at, one.skew_seconds),
        "photos": photos,
    }


def _readouts(sheet: Sheet) -> list[dict[str, str]]:
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


def _room(room: RoomView, numbers: dict[UUID, int]) -> dict[str, Any]:
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


def _photo(photo: PhotoView, numbers: dict[UUID, int], sheet: Sheet, unseen: dict[UUID, str]) -> dict[str, Any]:
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


def _approved(review: Review) -> str:
    """By whom and when, if the last word about it is that it was approved."""
    last = review.approved
    return f"{last['name']}, {moment(last['received_at'])}" if last else ""


def _addendum(one: dict[str, Any], photos: list[int], review: Review) -> dict[str, Any]:
    """What a manager asked stays in the office; of which place they asked stands before the answer."""
    note = review.answered_by(one["id"])
    return {
        "text": f"{note.place}: {one['text']}" if note else one["text"],
        "officer": one["officer"],
        "times": times_of(one),
        "photos": photos,
    }


REPORT = Kind("inspection-report", "Inspection report", TEMPLATES / "report.typ", gather)
