"""The inspection report: everything read, found and photographed, as one document that can leave the office."""

import hashlib
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from documents.commands import Wanted
from documents.kinds import Content, Kind
from documents.rules import moment
from inspections import choices, inventory_queries, inventory_view, queries, review_queries
from inspections import report_parts as parts
from inspections.inventory_queries import Heard, Link
from inspections.queries import Opened
from inspections.records import photos_added
from inspections.sheet import Sheet, whole_sheet
from people.rules import SignedIn
from properties.rules import door_number
from pwa.answers import Refused
from pwa.clock import LONDON

TEMPLATES = Path(__file__).parent / "documents"
KINDS = {"inspection-report": "Inspection report", "inspection-evidence": "Evidence bundle"}


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
    pictures, unseen = await parts.pictures_of(photos)
    data = {
        "title": choices.KIND_WORDS[choices.Kind(inspection.kind)],
        "address": inspection.address,
        "postcode": inspection.postcode,
        "door": door_number(inspection.address),
        "officers": parts.officers_of(inspection, sheet),
        "started": parts.clocks(inspection.captured_at, inspection.received_at, inspection.skew_seconds),
        "completed": await _completed(inspection),
        "approved": parts.approved_by(review),
        "counts": parts.counts_of(sheet),
        "findings": parts.findings_of(sheet, numbers),
        "numbers": parts.readouts_of(sheet),
        "rooms": [parts.room_shown(room, numbers) for room in sheet.rooms],
        "photos": [parts.photo_of(photo, numbers, sheet, unseen) for photo in photos],
        "addenda": [
            parts.addendum_shown(one, [numbers[photo.id] for photo in added.get(one["id"], [])], review)
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


async def _completed(inspection: Opened) -> dict[str, Any] | None:
    end = await queries.completion_of(inspection)
    if end is None:
        return None
    return {
        "officer": end["officer"],
        **parts.times_of(end),
        "reason": end["reason"],
        "missing": [line for line in end["missing"].split("\n") if line],
    }


REPORT = Kind("inspection-report", "Inspection report", TEMPLATES / "report.typ", gather)
