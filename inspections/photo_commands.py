"""Photographs of an inspection: attach, caption, take out of sight. The bytes are media's business."""

from typing import Any
from uuid import UUID

from inspections.commands import insert_addendum, item_known, keep_if_gone, still_open, times
from inspections.compare_rules import Shot, is_earlier
from inspections.photo_queries import shot_of
from inspections.queries import Opened
from inspections.tables import InspectionPhoto, PhotoChange
from media import rules as media
from people.rules import SignedIn
from properties import position
from pwa.answers import Held, Refused
from pwa.outbox import Sent

TAKEN_AGAIN = "A photo that could not be opened was taken again."
NO_PAIR = "The photo before it is not an earlier one of the same thing in this home. Yours is still on your phone."


async def attach_photo(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Say that a photograph, known by its hash, belongs to an item. Its bytes may still be on their way."""
    await still_open(inspection)
    await item_known(inspection, data.item)
    media.refuse_unnamed(data.sha256, data.drawn_from)
    doubt = position.doubt_about(data.latitude, data.longitude, data.accuracy)
    known = await InspectionPhoto.select().where(InspectionPhoto.id == data.id).first()
    if known is not None:
        await _come_again(sent, officer, inspection, data, known)
        return
    over = await _taken_over(sent, officer, inspection, data)
    by = {"person": officer.id, "taken_over": over, **times(sent)}
    await InspectionPhoto.insert(photo_of(inspection.id, data, id=data.id, position_doubt=doubt, **by))
    if data.replaces and await _attached(inspection, data.replaces):
        await _change(sent, officer, inspection, data.replaces, withdrawn=True)
    sent.note = "photo attached" + ("" if over == data.taken_over else ", without the earlier photo it named")


async def _taken_over(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> UUID | None:
    """The earlier photograph it is a pair with. Of one they may not see it is kept without: it is evidence."""
    if data.taken_over is None:
        return None
    then = await shot_of(officer, data.taken_over)
    if then is None:
        return None
    if not is_earlier(
        then, Shot(inspection.id, inspection.property, data.item, inspection.received_at, sent.captured_at)
    ):
        raise Refused({"taken_over": NO_PAIR})
    return UUID(str(data.taken_over))


async def add_photo(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """A photograph taken again after the end, because the first cannot be opened: an addendum, and its picture."""
    keep_if_gone(inspection)
    media.refuse_unnamed(data.sha256, data.drawn_from)
    doubt = position.doubt_about(data.latitude, data.longitude, data.accuracy)
    if await InspectionPhoto.exists().where(InspectionPhoto.id == data.id):
        return
    addendum = await insert_addendum(sent, officer.id, inspection.id, TAKEN_AGAIN, data.replaces)
    more = {"id": data.id, "addendum": addendum, "position_doubt": doubt, "person": officer.id, **times(sent)}
    await InspectionPhoto.insert(photo_of(inspection.id, data, **more))


async def _come_again(sent: Sent, officer: SignedIn, inspection: Opened, data: Any, known: dict[str, Any]) -> None:
    """One that is here already. Made small after its original came in a saved copy, it has other bytes."""
    if known["inspection"] != inspection.id:
        raise Held("Another photo already has this one's number, so this is kept for the office.")
    if known["person"] == officer.id and known["sha256"] != data.sha256:
        await InspectionPhoto.insert(
            photo_of(inspection.id, data, same_as=data.id, person=officer.id, **times(sent))
        )
        sent.note = "photo that is here already"


def photo_of(inspection: UUID | None, data: Any, **more: Any) -> InspectionPhoto:
    """The row of a photograph as its form says it; `more` is who took it, when, and what else is known."""
    return InspectionPhoto(
        inspection=inspection,
        item=data.item,
        finding=data.finding,
        sha256=data.sha256,
        drawn_from=data.drawn_from,
        caption=data.caption,
        taken_at=data.taken_at,
        latitude=data.latitude,
        longitude=data.longitude,
        accuracy=data.accuracy,
        **more,
    )


async def take_original(sent: Sent, reason: str) -> None:
    """A manager has the untouched bytes of a photograph. That they did, and why, is in the audit chain."""
    if not reason:
        raise Refused({"reason": "Say what you need the original for, like: court, 12 January."})
    sent.note = f"original photograph taken out: {reason}"[:200]


async def change_photo(sent: Sent, officer: SignedIn, inspection: Opened, photo: UUID, data: Any) -> None:
    """A new caption, or out of sight. The picture and its history stay."""
    await still_open(inspection)
    if not await _attached(inspection, photo):
        raise Held("The photo this belongs to is not here yet, so this is kept for the office.")
    await _change(sent, officer, inspection, photo, data.caption, data.withdrawn)
    sent.note = "photo changed"


async def _attached(inspection: Opened, photo: UUID) -> bool:
    return await InspectionPhoto.exists().where(
        (InspectionPhoto.id == photo) & (InspectionPhoto.inspection == inspection.id)
    )


async def _change(
    sent: Sent, officer: SignedIn, inspection: Opened, photo: UUID, caption: str = "", withdrawn: bool = False
) -> None:
    await PhotoChange.insert(
        PhotoChange(
            inspection=inspection.id,
            photo=photo,
            caption=caption,
            withdrawn=withdrawn,
            person=officer.id,
            **times(sent),
        )
    )
