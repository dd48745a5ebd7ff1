"""What officers do to an inspection. Each runs inside `once`: one transaction, one receipt."""

import json
from typing import Any
from uuid import UUID

from inspections import choices, reference, rules
from inspections.queries import Opened, plan_of
from inspections.sheet import ROOM, missing_from, state_of_items
from inspections.tables import (
    Addendum,
    Completion,
    Finding,
    Inspection,
    Phrase,
    Reading,
    Room,
    RoomChange,
    Template,
)
from people.rules import SignedIn
from properties import queries as properties
from properties.rules import Use
from pwa.answers import Held, Refused
from pwa.outbox import Sent, lock_row
from pwa.prepared import Adding, Prepared

CLOSED = "This inspection was already completed, so this is kept for the office to add."
GONE = "This inspection is not with your team any more, so this is kept for the office."
UNKNOWN_ITEM = "This inspection has no such item, so this is kept for the office to place."
LONGEST_PHRASE = 80
HISTORY = ("item", "what", "severity", "liability", "cost", "note", "hazard", "urgency")
_ADD_READING = Adding(Reading)


async def seed_reference() -> None:
    """Put in the first templates and phrases where there are none. Safe to run at every start."""
    known = {row["kind"] for row in await Template.select(Template.kind)}
    for kind, plan in reference.first_templates().items():
        if kind not in known:
            await Template.insert(
                Template(
                    kind=kind, version=plan["version"], label=plan["label"], content=json.dumps(plan["content"])
                )
            )
    if not await Phrase.exists():
        await Phrase.insert(
            *(Phrase(what=what, text=text) for what, texts in reference.first_phrases().items() for text in texts)
        )


async def start_inspection(sent: Sent, officer: SignedIn, data: Any) -> None:
    """Begin one, with the id the phone made. Rooms are made from the home's size as the officer saw it.

    A second tap may send the same beginning under another command id: it has begun, and that is all.
    """
    home = await properties.property_for(officer, data.property)
    known = (
        await Inspection.select(Inspection.started_by, Inspection.property).where(Inspection.id == data.id).first()
    )
    if known is not None:
        if (known["started_by"], known["property"]) != (officer.id, home.id):
            raise Held("Another inspection already has this one's number, so this is kept for the office.")
        return
    template = await (
        Template.objects().where(Template.kind == data.kind).order_by(Template.version, ascending=False).first()
    )
    assert template is not None, "templates are seeded at start"
    furnished = home.use == Use.TEMPORARY
    bedrooms = (home.bedrooms or 0) if data.bedrooms is None else data.bedrooms
    if not 0 <= bedrooms <= 20:
        raise Refused({"bedrooms": "Enter a number of bedrooms from 0 to 20."})
    await Inspection.insert(
        Inspection(
            id=data.id,
            kind=data.kind,
            template=template.id,
            property=home.id,
            visit=data.visit,
            team=officer.team_id,
            started_by=officer.id,
            bedrooms=bedrooms,
            furnished=furnished,
            **times(sent),
        )
    )
    plans = rules.rooms_for(json.loads(template.content), bedrooms, home.kind, furnished)
    await Room.insert(
        *(
            Room(inspection=data.id, key=plan.key, kind=plan.kind, label=plan.label, position=position)
            for position, plan in enumerate(plans)
        )
    )
    sent.note = "inspection started"


async def record_reading(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    await still_open(inspection)
    await item_known(inspection, data.item)
    if not (data.condition or data.cleanliness or data.answer or data.value or data.note):
        raise Refused({"condition": "Choose an answer first. Nothing was changed."})
    await _ADD_READING(
        Reading(
            inspection=inspection.id,
            item=data.item,
            person=officer.id,
            condition=data.condition or "",
            cleanliness=data.cleanliness or "",
            answer=data.answer or "",
            value=data.value,
            note=data.note,
            **times(sent),
        )
    )
    sent.note = "reading"


async def mark_room_satisfactory(sent: Sent, officer: SignedIn, inspection: Opened, room: str) -> None:
    """Everything in the room that nobody has read yet is good and clean, or yes. What was found stays."""
    await still_open(inspection)
    states = [state for state in await state_of_items(inspection) if state.item.room == room]
    if not states:
        raise Held(UNKNOWN_ITEM)
    unread = [state.item for state in states if state.reading is None and not rules.is_number(state.item.type)]
    if unread:
        await Reading.insert(*(_satisfactory(sent, officer, inspection, item) for item in unread))
    sent.note = "room satisfactory"


def _satisfactory(sent: Sent, officer: SignedIn, inspection: Opened, item: rules.Item) -> Reading:
    condition = item.type is rules.ItemType.CONDITION
    return Reading(
        inspection=inspection.id,
        item=item.key,
        person=officer.id,
        condition=choices.Condition.GOOD if condition else "",
        cleanliness=choices.Cleanliness.CLEAN if condition else "",
        answer="" if condition else choices.Answer.YES,
        **times(sent),
    )


async def add_room(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    await still_open(inspection)
    content = await plan_of(inspection)
    if data.kind not in content["rooms"]:
        raise Refused({"kind": "Choose what kind of room it is."})
    if not data.label:
        raise Refused({"label": "Give the room a name, like Box room."})
    if await Room.exists().where((Room.inspection == inspection.id) & (Room.key == f"room-{data.id}")):
        return
    await Room.insert(
        Room(inspection=inspection.id, key=f"room-{data.id}", kind=data.kind, label=data.label, position=1000)
    )
    sent.note = "room added"


async def change_room(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Rename a room, or say that it is not there (or is after all)."""
    await still_open(inspection)
    if not await Room.exists().where((Room.inspection == inspection.id) & (Room.key == data.room)):
        raise Held(UNKNOWN_ITEM)
    await RoomChange.insert(
        RoomChange(
            inspection=inspection.id,
            room=data.room,
            label=data.label,
            there=data.there,
            person=officer.id,
            **times(sent),
        )
    )
    sent.note = "room changed"


async def record_finding(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Save a finding, or a new version of it under the same lasting id."""
    await still_open(inspection)
    await item_known(inspection, data.item)
    reasons = _finding_mistakes(data)
    if reasons:
        raise Refused(reasons)
    hazard = data.what is choices.What.HAZARD
    await Finding.insert(
        Finding(
            finding=data.id,
            inspection=inspection.id,
            item=data.item,
            what=data.what,
            severity=data.severity,
            liability=data.liability,
            cost=rules.pence(data.cost),
            note=data.note,
            hazard=data.hazard if hazard else None,
            urgency=data.severity if hazard else "",
            person=officer.id,
            **times(sent),
        )
    )
    await _learn(officer.team_id, data.what, data.note)
    sent.note = "finding"


def _finding_mistakes(data: Any) -> dict[str, str]:
    reasons = {}
    if data.what is choices.What.HAZARD and data.hazard not in reference.hazard_words():
        reasons["hazard"] = "Choose the hazard you suspect. It is a suspicion, not a score."
    if data.what is choices.What.HAZARD and not data.note:
        reasons["note"] = "Say what you saw, like: damp patch, 60 cm wide, black mould."
    try:
        rules.pence(data.cost)
    except ValueError as error:
        reasons["cost"] = str(error)
    return reasons


async def withdraw_finding(sent: Sent, officer: SignedIn, inspection: Opened, finding: UUID) -> None:
    """Take a finding back. It stays in the history."""
    await still_open(inspection)
    last = await (
        Finding.objects()
        .where((Finding.inspection == inspection.id) & (Finding.finding == finding))
        .order_by(Finding.received_at, ascending=False)
        .first()
    )
    if last is None:
        raise Held("The finding to take back is not here yet, so this is kept for the office.")
    again = {column: getattr(last, column) for column in HISTORY}
    await Finding.insert(
        Finding(
            finding=finding, inspection=inspection.id, withdrawn=True, person=officer.id, **again, **times(sent)
        )
    )
    sent.note = "finding withdrawn"


async def complete_inspection(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Close it. With something missing a reason is needed; the list as it was then is kept beside it."""
    await still_open(inspection, closing=True)
    missing = await missing_from(inspection)
    if missing and not data.reason:
        words = "; ".join(item.words for item in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise Refused({"reason": f"Still missing: {words}{more}. Add it, or say here why it cannot be done."})
    await Completion.insert(
        Completion(
            inspection=inspection.id,
            reason=data.reason,
            missing="\n".join(item.words for item in missing),
            promised="\n".join(data.photos.split()),
            person=officer.id,
            **times(sent),
        )
    )
    sent.note = "inspection completed"


async def add_addendum(sent: Sent, officer: SignedIn, inspection: Opened, text: str) -> None:
    if not text:
        raise Refused({"text": "Write what you want to add."})
    await Addendum.insert(Addendum(inspection=inspection.id, text=text, person=officer.id, **times(sent)))
    sent.note = "addendum"


_COMPLETED = Prepared(
    lambda inspection: Completion.select(Completion.id).where(Completion.inspection == inspection).limit(1)
)


async def still_open(inspection: Opened, closing: bool = False) -> None:
    """Held once it is completed. Many may add at once; completing waits for them and keeps the next ones out."""
    if inspection.gone:
        raise Held(GONE)
    await lock_row(Inspection, inspection.id, "UPDATE" if closing else "SHARE")
    if await _COMPLETED(inspection.id):
        raise Held(CLOSED)


async def item_known(inspection: Opened, item: str) -> None:
    room, _, key = item.partition("_")
    row = await ROOM.one(inspection.id, room)
    content = await plan_of(inspection)
    if row is None or key not in {known for known, *_ in content["rooms"][row["kind"]]["items"]}:
        raise Held(UNKNOWN_ITEM)


async def _learn(team: UUID | None, what: str, note: str) -> None:
    """Count a short note, so that it is offered next time."""
    text = note.strip().split("\n")[0]
    if not 3 <= len(text) <= LONGEST_PHRASE:
        return
    same = (Phrase.what == what) & (Phrase.text == text) & (Phrase.team == team)
    if await Phrase.exists().where(same):
        await Phrase.update({Phrase.uses: Phrase.uses + 1}).where(same)
    else:
        await Phrase.insert(Phrase(team=team, what=what, text=text, uses=1))


def times(sent: Sent) -> dict[str, Any]:
    return {"captured_at": sent.captured_at, "received_at": sent.received_at}
