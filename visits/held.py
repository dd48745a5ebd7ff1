"""What came too late for a visit, or twice: in words for the office, and as a note when it says so."""

from typing import Any

from media import queries as media
from media.forms import PhotoForm
from people import queries as people
from properties import queries as properties
from pwa import plain
from pwa.direction import apart
from pwa.forms import bind
from pwa.ids import uuid7
from pwa.owners import Came, Given, Owner, Said
from pwa.pages import when
from pwa.sent import Sent
from tasks.rules import Due
from visits import occupancy_rules as checks
from visits import rules
from visits.commands import photo_of, times
from visits.tables import Visit, VisitEvent, VisitPhoto

KINDS = {
    "": "Plan of a visit",
    "start": "Start of a visit",
    "start/today": "Start of a visit",
    "finish": "End of a visit",
    "cancel": "Cancelled visit",
    "officer": "Visit given to somebody else",
    "hand-over": "Visit handed over",
    "again": "Plan of another visit",
    "photos": "Photo of a door",
    "tasks": "Task",
    "occupancy": "Occupancy or welfare check",
}
WORDS: dict[str, plain.Words] = {
    "purpose": ("What for", plain.chosen(rules.Purpose, {one: one.words for one in rules.Purpose})),
    "day": ("Day", str),
    "time": ("Time", str),
    "minutes": ("Minutes", str),
    "outcome": ("How it went", plain.chosen(rules.Outcome, {one: one.words for one in rules.Outcome})),
    "reason": ("Why", plain.chosen(rules.NoAccessReason, {one: one.words for one in rules.NoAccessReason})),
    "door": ("Photo of the door", plain.chosen(rules.Door, {rules.Door.TAKEN: "Taken", rules.Door.NONE: "None"})),
    "why": ("Why alone", str),
    "note": ("Note", str),
    "caption": ("Caption", str),
    "seen": ("Seen", plain.chosen(checks.Seen, {one: one.words for one in checks.Seen})),
    "spoken": ("Spoken to", plain.chosen(checks.Spoken, {one: one.words for one in checks.Spoken})),
    "living": ("Lives there", plain.chosen(checks.Living, {one: one.words for one in checks.Living})),
    "signs": ("Signs", plain.chosen(checks.Sign, {one: one.words for one in checks.Sign})),
    "adults": ("Adults", str),
    "children": ("Children", str),
    "concerns": ("Concerns", plain.chosen(checks.Concern, {one: one.words for one in checks.Concern})),
    "what": ("To do", str),
    "due": ("By when", plain.chosen(Due, {one: one.words for one in Due})),
}


PEOPLE = {"officer": "Who goes", "company": "Who was there too", "agreed_by": "Which manager agreed"}


async def say(came: Came) -> Said:
    kind = KINDS.get(came.action, "Something else")
    told = plain.told(came.given, WORDS) + await people.told_of(came.given, PEOPLE)
    columns = (Visit.purpose, Visit.planned_for, Visit.property.address.as_alias("address"))
    row = await Visit.select(*columns).where(Visit.id == came.record).first() if came.record else None
    if row is None:
        sha = came.value("sha256")
        pictures = [await media.picture(sha, came.person)] if sha else []
        return Said(kind, [*await properties.told_of_home(came.home), *told], pictures)
    words = f"{rules.Purpose(row['purpose']).words}, {apart(row['address'])}, {when(row['planned_for'])}"
    sha = came.value("sha256")
    return Said(
        kind, [("Visit", words), *told], [await media.picture(sha, came.person)] if sha else [], notable=True
    )


async def note(sent: Sent, came: Came, words: str) -> None:
    """On the visit's history, by who decides, in whose words it says who recorded it; and the photograph."""
    by: Any = {"by": sent.person_id, "by_name": sent.person_name}
    await VisitEvent.insert(
        VisitEvent(visit=came.record, what=rules.Happening.NOTED.value, note=words, **by, **times(sent))
    )
    if came.action == "photos":
        photo = bind(came.given, PhotoForm)
        taken = await VisitPhoto.exists().where(VisitPhoto.id == photo.id)
        moments = {name: getattr(came, name) for name in ("captured_at", "received_at", "skew_seconds")}
        own = {"id": uuid7() if taken else photo.id, "by": came.person, **moments}
        await VisitPhoto.insert(photo_of(came.record, photo, **own))


async def stored(came: Came) -> Given:
    table: Any = {"": Visit, "photos": VisitPhoto}.get(came.action, VisitEvent)
    who = table.created_by if table is Visit else table.by
    then = (table.captured_at == came.captured_at) & (table.received_at == came.received_at)
    row = await table.select().where(then & (who == came.person)).first()
    return [(name, str(value)) for name, value in (row or {}).items() if value not in (None, "", False)]


OWNER = Owner(KINDS, say, note, stored)
