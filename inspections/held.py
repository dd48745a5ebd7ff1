"""What came too late for an inspection, or twice: in words for the office, and as a note when it says so."""

from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import choices, forms, queries, reference
from inspections.commands import insert_addendum
from inspections.photo_commands import photo_of
from inspections.queries import Opened
from inspections.review_forms import AnswerPhotoForm
from inspections.sheet import ROOM, item_of
from inspections.tables import (
    Addendum,
    Completion,
    Finding,
    HandOver,
    InspectionPhoto,
    PhotoChange,
    Reading,
    RoomChange,
)
from media import queries as media
from messages.rules import CHANNEL_WORDS, Channel, masked
from people import queries as people
from properties import queries as properties
from pwa import plain
from pwa.direction import apart
from pwa.forms import bind
from pwa.ids import uuid7
from pwa.owners import Came, Given, Owner, Said
from pwa.pages import pounds, when
from pwa.sent import Sent
from tasks.rules import Due

KINDS = {
    "": "Start of an inspection",
    "readings": "Reading",
    "rooms/satisfactory": "All satisfactory",
    "rooms": "New room",
    "rooms/change": "Change of a room",
    "findings": "Finding",
    "findings/withdraw": "Finding taken back",
    "photos": "Photo",
    "photos/change": "Change of a photo",
    "complete": "Completion",
    "addenda": "Addendum",
    "seen": "Finding in passing",
    "seen/photos": "Photo of something seen in passing",
    "hand-over": "Hand-over of an inspection",
    "tasks": "Task",
    "addenda/photo": "Photo taken again",
    "review/answers": "Answer to a note",
    "review/photos": "Photo in answer to a note",
    "inventory/links": "Inventory to the household",
    "inventory/links/end": "End of the household’s link",
    "inventory/comments": "Comment of the household",
    "inventory/photos": "Photo of the household",
}
# A photograph that came with each of these goes on the record with the note.
_PICTURED: dict[str, type[Any]] = {
    "photos": forms.PhotoForm,
    "seen/photos": forms.SeenPhotoForm,
    "addenda/photo": forms.PhotoForm,
    "review/photos": AnswerPhotoForm,
}
_STORED: dict[str, Any] = {
    "readings": Reading,
    "rooms/change": RoomChange,
    "findings": Finding,
    "photos": InspectionPhoto,
    "photos/change": PhotoChange,
    "complete": Completion,
    "addenda": Addendum,
    "seen": Finding,
    "seen/photos": InspectionPhoto,
    "hand-over": HandOver,
}


def _yes_no(value: str) -> str:
    return "Yes" if value.lower() in ("on", "true", "yes", "1") else "No"


def _moment(value: str) -> str:
    try:
        return when(datetime.fromisoformat(value))
    except ValueError:
        return value


WORDS: dict[str, plain.Words] = {
    "item": ("Item", str),
    "room": ("Room", str),
    "kind": ("Kind", plain.chosen(choices.Kind, choices.KIND_WORDS)),
    "label": ("Name of the room", str),
    "there": ("Is there such a room", _yes_no),
    "condition": ("Condition", plain.chosen(choices.Condition, choices.CONDITION_WORDS)),
    "cleanliness": ("How clean", plain.chosen(choices.Cleanliness, choices.CLEANLINESS_WORDS)),
    "answer": ("Answer", plain.chosen(choices.Answer, choices.ANSWER_WORDS)),
    "value": ("Reading or number", str),
    "what": ("What was found", plain.chosen(choices.What, choices.WHAT_WORDS)),
    "hazard": ("Suspected hazard", plain.chosen(int, reference.hazard_words())),
    "severity": ("How bad it is", plain.chosen(choices.Severity, choices.SEVERITY_WORDS)),
    "liability": ("Whose it is to put right", plain.chosen(choices.Liability, choices.LIABILITY_WORDS)),
    "cost": ("Estimated cost", str),
    "note": ("Note", str),
    "caption": ("Caption", str),
    "taken_at": ("Taken", _moment),
    "withdrawn": ("Out of sight", _yes_no),
    "reason": ("Why something is missing", str),
    "text": ("What was added", str),
    "channel": ("How", plain.chosen(Channel, CHANNEL_WORDS)),
    "to": ("To", masked),
    "due": ("By when", plain.chosen(Due, {one: one.words for one in Due})),
    "day": ("Day", str),
}


PEOPLE = {"officer": "Who carries on", "owner": "Who does it"}


async def say(came: Came) -> Said:
    inspection = await queries.inspection_held(came.record) if came.record else None
    given, kind = came.given, KINDS.get(came.action, "Something else")
    chosen = await people.told_of(given, PEOPLE)
    if inspection is None:
        sha, where = came.value("sha256"), await properties.told_of_home(came.home)
        pictures = [await media.picture(sha, came.person)] if sha else []
        return Said(kind, [*where, *plain.told(given, WORDS), *chosen], pictures)
    photo = await _photo_meant(came, inspection)
    key = came.value("item") or (photo["item"] if photo else "")
    label = await _label(inspection, key) if key else ""
    room = await ROOM.one(inspection.id, came.value("room"))
    names = {"item": label, "room": room["label"] if room else came.value("room")}
    given = list({**dict(given), **{name: words for name, words in names.items() if words}}.items())
    home = ("Inspection", f"{choices.KIND_WORDS[choices.Kind(inspection.kind)]}, {apart(inspection.address)}")
    sha = photo["sha256"] if photo else came.value("sha256")
    return Said(
        what=f"{kind}: {label}" if label else kind,
        facts=[home, *plain.told(given, WORDS), *chosen],
        pictures=[await media.picture(sha, came.person)] if sha else [],
        notable=True,
    )


async def _label(inspection: Opened, key: str) -> str:
    """Kitchen, hob: an item this inspection does not have is named by what the phone called it."""
    found = await item_of(inspection, key)
    return f"{found[0].item.label}, {apart(found[1])}" if found else apart(plain.name_in_words(key))


async def _photo_meant(came: Came, inspection: Opened) -> dict[str, Any] | None:
    """The photograph that a change is about, if it is the sender's own."""
    try:
        wanted = UUID(came.value("photo"))
    except ValueError:
        return None
    mine: Any = (InspectionPhoto.inspection == inspection.id) & (InspectionPhoto.person == came.person)
    return await InspectionPhoto.select().where(mine & (InspectionPhoto.id == wanted)).first()


async def note(sent: Sent, came: Came, words: str) -> None:
    """An addendum by who decides, in whose words it says who recorded it, with the photograph if it is one."""
    addendum = await insert_addendum(sent, sent.person_id, came.record, words)
    if came.action in _PICTURED:
        data = bind(came.given, _PICTURED[came.action])
        taken = await InspectionPhoto.exists().where(InspectionPhoto.id == data.id)
        moments = {name: getattr(came, name) for name in ("captured_at", "received_at", "skew_seconds")}
        by = {"id": uuid7() if taken else data.id, "person": came.person, "addendum": addendum}
        await InspectionPhoto.insert(photo_of(came.record, data, **by, **moments))


async def stored(came: Came) -> Given:
    table = _STORED.get(came.action)
    if table is None:
        return []
    then = (table.captured_at == came.captured_at) & (table.received_at == came.received_at)
    row = await table.select().where(then & (table.person == came.person)).first()
    kept = {**row, "cost": pounds(row.get("cost"))} if row else {}
    return [(name, str(value)) for name, value in kept.items() if value not in (None, "", False)]


OWNER = Owner(KINDS, say, note, stored)
