"""Beginning and ending an inspection, and what every change to one asks first.

Rooms and readings are in room_commands.py, findings in finding_commands.py, photographs in photo_commands.py.
Each runs inside `once`: one transaction, one receipt.
"""

import json
from typing import Any
from uuid import UUID

from inspections import reference, rules
from inspections.choices import Kind
from inspections.plan_queries import plan_of
from inspections.queries import Opened
from inspections.sheet import ROOM, missing_from
from inspections.tables import (
    Addendum,
    Completion,
    Inspection,
    InspectionPhoto,
    Phrase,
    Room,
    Template,
)
from people.rules import SignedIn
from properties import queries as properties
from properties.rules import Use
from pwa.answers import Held, Refused
from pwa.outbox import Sent, lock_row
from pwa.prepared import Prepared
from visits import queries as visits

CLOSED = "This inspection was already completed, so this is kept for the office to add."
WITH_ITS_VISIT = "This is completed with the end of its visit."
GONE = "This inspection is not with your team any more, so this is kept for the office."
UNKNOWN_PHOTO = "This inspection has no such photo, so this is kept for the office to place."
UNKNOWN_ITEM = "This inspection has no such item, so this is kept for the office to place."


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
    if data.kind is Kind.IN_PASSING:
        raise Refused({"kind": "Choose one of the answers."})
    home = await properties.property_from_field(officer, data.property, data.id)
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
    visit = data.visit if data.visit and await visits.is_visit_of(officer, data.visit, home.id) else None
    await Inspection.insert(
        Inspection(
            id=data.id,
            kind=data.kind,
            template=template.id,
            property=home.id,
            visit=visit,
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
    # The visit says only why they went: what they saw there is kept without it.
    sent.note = "inspection started" if visit == data.visit else "inspection started, without the visit it named"


async def complete_inspection(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Close it. With something missing a reason is needed; the list as it was then is kept beside it."""
    if inspection.kind == Kind.IN_PASSING:
        raise Refused({"reason": WITH_ITS_VISIT})
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


async def add_addendum(
    sent: Sent, officer: SignedIn, inspection: Opened, text: str, about: UUID | None = None
) -> None:
    if not text:
        raise Refused({"text": "Write what you want to add."})
    keep_if_gone(inspection)
    if about and not await InspectionPhoto.exists().where(
        (InspectionPhoto.id == about) & (InspectionPhoto.inspection == inspection.id)
    ):
        raise Held(UNKNOWN_PHOTO)
    await insert_addendum(sent, officer.id, inspection.id, text, about)


async def insert_addendum(
    sent: Sent, person: UUID | None, inspection: UUID | None, text: str, about: UUID | None = None
) -> UUID:
    """Words after the end; `about` a photograph that cannot be opened, which is then no longer asked for."""
    addendum = Addendum(inspection=inspection, text=text, about=about, person=person, **times(sent))
    await Addendum.insert(addendum)
    sent.note = "addendum"
    return addendum.id


_COMPLETED = Prepared(
    lambda inspection: Completion.select(Completion.id).where(Completion.inspection == inspection).limit(1)
)


def keep_if_gone(inspection: Opened) -> None:
    """Held when it is out of the sender's sight, with its home: one that could not be begun has no other trace."""
    if inspection.gone:
        raise Held(GONE, inspection.property)


async def still_open(inspection: Opened, closing: bool = False) -> None:
    """Held once it is completed. Many may add at once; completing waits for them and keeps the next ones out."""
    keep_if_gone(inspection)
    await lock_row(Inspection, inspection.id, "UPDATE" if closing else "SHARE")
    if not inspection.adding and await _COMPLETED(inspection.id):
        raise Held(CLOSED)


async def item_known(inspection: Opened, key: str) -> rules.Item:
    room = key.partition("_")[0]
    row = await ROOM.one(inspection.id, room)
    content = await plan_of(inspection)
    items = rules.items_of(content, room, row["kind"], ta=True) if row else ()
    item = next((item for item in items if item.key == key), None)
    if item is None:
        raise Held(UNKNOWN_ITEM)
    return item


def times(sent: Sent) -> dict[str, Any]:
    return {
        "captured_at": sent.captured_at,
        "received_at": sent.received_at,
        "skew_seconds": sent.skew_seconds,
    }
