"""Rooms of an inspection, and what is read of the items in them."""

from typing import Any

from inspections import choices, rules
from inspections.commands import UNKNOWN_ITEM, item_known, still_open, times
from inspections.plan_queries import plan_of
from inspections.queries import Opened
from inspections.sheet import state_of_items
from inspections.tables import Reading, Room, RoomChange
from people.rules import SignedIn
from pwa.answers import Held, Refused
from pwa.outbox import Sent
from pwa.prepared import Adding

_ADD_READING = Adding(Reading)


async def record_reading(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    await still_open(inspection)
    item = await item_known(inspection, data.item)
    if wrong := rules.number_mistake(item.type, data.value):
        raise Refused({"value": wrong})
    if not (data.condition or data.cleanliness or data.answer or data.value or data.note):
        raise Refused({"condition": "Choose an answer first. Nothing was changed."})
    await _ADD_READING(
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
    sent.note = "reading"


async def mark_room_satisfactory(sent: Sent, officer: SignedIn, inspection: Opened, room: str) -> None:
    """Everything in the room that nobody has read yet is good and clean, or yes. What was found stays."""
    await still_open(inspection)
    states = [state for state in await state_of_items(inspection) if state.item.room == room]
    if not states:
        raise Held(UNKNOWN_ITEM)
    unread = [state.item for state in states if state.reading is None and rules.is_marked(state.item.type)]
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
