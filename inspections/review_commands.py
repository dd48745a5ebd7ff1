"""Approving a completed inspection, sending it back with notes, and answering them. Each runs inside `once`.

None of them changes the inspection: what is said after its end are addenda (docs/decisions/0046).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from inspections import queries, review_queue
from inspections.commands import insert_addendum, keep_if_gone, times
from inspections.photo_commands import photo_of
from inspections.queries import Opened
from inspections.review_facts import ended_of, facts_of
from inspections.review_forms import Written
from inspections.review_queries import Note, Review, review_of
from inspections.review_rules import DONE_WORDS, OWN, Spot, State, What, why_not_clean
from inspections.review_tables import ReviewAnswer, ReviewEvent, ReviewNote
from inspections.sheet import Sheet, whole_sheet
from inspections.tables import Inspection, InspectionPhoto
from media import rules as media
from people.rules import SignedIn
from properties import position
from pwa.answers import Held, Refused
from pwa.direction import apart
from pwa.ids import uuid7
from pwa.outbox import Sent, lock_row
from pwa.pages import when

MOST = 100
UNFINISHED = "It is not completed yet, so there is nothing to review."
NO_NOTE = "Write a note to at least one thing, so that the officer knows what to do."
NO_PLACE = "One of the notes is about something this inspection does not have. Reload the page."
UNKNOWN_NOTE = "The note this answers is not there, so this is kept for the office."
TAKEN_ID = "Another photo already has this one's number, so this is kept for the office."
SHOWN = "A photo in answer to a note."
NOT_YOURS = "It is not your team’s any more."


async def approve(sent: Sent, manager: SignedIn, inspection: Opened, seen: UUID) -> None:
    """Of two managers at once the first decision stands: the other is told who decided, and nothing is written."""
    review = await _to_decide(manager, inspection, seen)
    if review.state is State.APPROVED:
        raise Refused({"form": _done(review)})
    if await _is_own(manager, inspection):
        raise Refused({"form": OWN})
    await _happened(sent, manager.id, inspection.id, seen, What.APPROVED)
    sent.note = "inspection approved"


async def send_back(
    sent: Sent, manager: SignedIn, inspection: Opened, seen: UUID, notes: Sequence[Written]
) -> None:
    """To its officer, with a note to each thing that wants an answer. The inspection stays as it is."""
    review = await _to_decide(manager, inspection, seen)
    if not notes:
        raise Refused({"form": NO_NOTE})
    sheet = await whole_sheet(inspection)
    placed = [(note, _placed(sheet, note.spot)) for note in notes]
    event = await _happened(sent, manager.id, inspection.id, seen, What.BACK)
    first = len(review.notes) + 1
    await ReviewNote.insert(
        *(
            ReviewNote(
                inspection=inspection.id,
                event=event,
                number=number,
                room=spot.room,
                item=spot.item,
                finding=spot.finding,
                place=place,
                text=note.text,
            )
            for number, (note, (spot, place)) in enumerate(placed, first)
        )
    )
    sent.note = f"inspection sent back with {len(notes)} {'note' if len(notes) == 1 else 'notes'}"


def _placed(sheet: Sheet, spot: Spot) -> tuple[Spot, str]:
    """The place as it is in this inspection, and in words. Refused when it is not there."""
    if spot.finding:
        for item in sheet.every_item:
            if any(finding.id == spot.finding for finding in item.findings):
                spot = Spot(item.item.room, item.item.key, spot.finding)
    if spot == Spot():
        return spot, "The whole inspection"
    room, item_seen = sheet.room(spot.room), sheet.item(spot.item) if spot.item else None
    if room is None or (spot.item and item_seen is None):
        raise Refused({"form": NO_PLACE})
    if item_seen is None:
        return spot, apart(room.label)
    what = "a finding" if spot.finding else ""
    return spot, f"{apart(room.label)}: {item_seen.item.label}" + (f", {what}" if what else "")


async def _to_decide(manager: SignedIn, inspection: Opened, seen: UUID) -> Review:
    """How it stands, with nobody else deciding until the end. Refused when more was done than the page showed."""
    await lock_row(Inspection, inspection.id)
    if await queries.completion_of(inspection) is None:
        raise Refused({"form": UNFINISHED})
    review = await review_of(inspection)
    if (review.last["id"] if review.last else inspection.id) != seen:
        raise Refused({"form": _done(review)})
    return review


def _done(review: Review) -> str:
    last = review.last
    if last is None:
        return "Open the page again: it is out of date."
    who, words = apart(last["name"] or "Somebody"), DONE_WORDS[What(last["what"])]
    return (
        f"{who} {words}, {when(last['received_at'])}. What you typed is still here. Open the page again to see it."
    )


async def _is_own(manager: SignedIn, inspection: Opened) -> bool:
    end = await queries.completion_of(inspection)
    return manager.id in (await queries.begun_by(inspection), end["person"] if end else None)


async def _happened(
    sent: Sent, person: UUID | None, inspection: UUID, after: UUID, what: What, together: bool = False
) -> UUID:
    id = uuid7()
    await ReviewEvent.insert(
        ReviewEvent(
            id=id,
            inspection=inspection,
            after=after,
            what=what,
            together=together,
            person=person,
            **times(sent),
        )
    )
    return id


async def approve_clean(sent: Sent, manager: SignedIn, ids: Sequence[UUID]) -> None:
    """Those of exactly these that are clean at this moment. The others are left as they are."""
    if len(ids) > MOST:
        raise Refused({"form": f"Approve at most {MOST} at once."})
    for id in sorted(set(ids)):
        await lock_row(Inspection, id)
    clean = [one for one, why in (await checked(manager, ids)) if not why]
    for one in clean:
        await _happened(sent, manager.id, one, one, What.APPROVED, together=True)
    sent.note = f"{len(clean)} clean inspections approved together"


async def checked(manager: SignedIn, ids: Sequence[UUID]) -> list[tuple[UUID, list[str]]]:
    """Each of these with what keeps it from being approved with others; nothing: it is clean. By id, as asked."""
    wanted = list(dict.fromkeys(ids))
    ended = await ended_of(await review_queue.ends_of(manager, wanted))
    states = await review_queue.states_of([one.id for one in ended])
    facts = await facts_of(manager, ended, states)
    return [(id, _why(id in facts, states.get(id), facts.get(id))) for id in wanted]


def _why(known: bool, state: State | None, facts: Any) -> list[str]:
    if not known:
        return [NOT_YOURS]
    if state is State.BEFORE:
        return ["It was completed before there was a review."]
    if state in (State.APPROVED, State.BACK):
        return [f"It was {state.value} meanwhile."]
    return why_not_clean(facts)


async def answer_in_words(sent: Sent, officer: SignedIn, inspection: Opened, note: UUID, text: str) -> None:
    """An addendum that answers a note."""
    if not text:
        raise Refused({"text": "Write your answer."})
    review, asked = await _asked(inspection, note)
    addendum = await insert_addendum(sent, officer.id, inspection.id, text)
    await _answered(sent, officer, inspection, review, asked, addendum)


async def answer_with_photo(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """A photograph that answers a note: an addendum, and its picture at the note's own item."""
    media.refuse_unnamed(data.sha256, data.drawn_from)
    review, asked = await _asked(inspection, data.note)
    known = await InspectionPhoto.select(InspectionPhoto.inspection).where(InspectionPhoto.id == data.id).first()
    if known is not None:
        if known["inspection"] != inspection.id:
            raise Held(TAKEN_ID)
        return
    doubt = position.doubt_about(data.latitude, data.longitude, data.accuracy)
    addendum = await insert_addendum(sent, officer.id, inspection.id, SHOWN)
    more = {"id": data.id, "addendum": addendum, "position_doubt": doubt, "person": officer.id, **times(sent)}
    data.item, data.finding = asked.spot.item, asked.spot.finding
    await InspectionPhoto.insert(photo_of(inspection.id, data, **more))
    await _answered(sent, officer, inspection, review, asked, addendum)


async def _asked(inspection: Opened, note: UUID) -> tuple[Review, Note]:
    """The note, with nobody else deciding until the end. Held for the office when it is not there."""
    keep_if_gone(inspection)
    await lock_row(Inspection, inspection.id)
    review = await review_of(inspection)
    asked = review.note(note)
    if asked is None:
        raise Held(UNKNOWN_NOTE)
    return review, asked


async def _answered(
    sent: Sent, officer: SignedIn, inspection: Opened, review: Review, note: Note, addendum: UUID
) -> None:
    """With the last note answered the inspection goes back to the queue."""
    await ReviewAnswer.insert(ReviewAnswer(inspection=inspection.id, note=note.id, addendum=addendum))
    left = [one for one in review.open if one.id != note.id and not one.answers]
    if review.state is State.BACK and note.asked and not left:
        assert review.last is not None
        await _happened(sent, officer.id, inspection.id, review.last["id"], What.ANSWERED)
    sent.note = "answer to a note of the review"
