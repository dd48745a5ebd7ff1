"""For whoever comes to help: a car, how to know somebody, a photograph, and whom to ring out of hours.

It is theirs, under their own account. Who was called reads the first three while an alarm is open; the last only a
manager, who says so first, once the managers have been called; and whose it is reads who did (decision 0056).
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import events
from lone_working.alarms.responding import alarm_row
from lone_working.rules import AFTER_DURESS, AlarmKind, AlarmState, Happening
from lone_working.sessions.tables import ContactRead, HelpCard, HelpPhoto
from lone_working.tables import AlarmStep
from media import commands as media
from media import queries as photos
from media import rules as media_rules
from media.rules import Photograph
from people.rules import Role, SignedIn
from pwa.answers import NotFound, Refused
from pwa.outbox import Sent

Row = dict[str, Any]
FROM_STEP = 3
"""Of the ladder for whoever is overdue: that is when managers are called."""
HELP_WITHIN = timedelta(minutes=5)
"""They are called at once for help; a team may set its last step an hour later."""
TOO_EARLY = "That is read only once the managers have been called, and while the alarm is open."


@dataclass(frozen=True)
class Card:
    car: str = ""
    looks: str = ""
    contact_name: str = ""
    contact_is: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class Look:
    by_name: str
    read_at: datetime


@dataclass(frozen=True)
class ToLookFor:
    """What a responder reads. `contact` only of who has said that they read it; `may_read`: they may say so."""

    alarm: UUID
    name: str
    car: str
    looks: str
    sha256: str
    contact: Card | None
    may_read: bool


async def save(sent: Sent, me: SignedIn, card: Card) -> None:
    mine = HelpCard.person == me.id
    at = await _said_at(sent, HelpCard, mine)
    sent.note = "said what helps whoever comes"
    if await HelpCard.exists().where(mine & (HelpCard.said_at > at)):
        return  # it waited on a phone
    await HelpCard.delete().where(mine)
    await HelpCard.insert(HelpCard(person=me.id, said_at=at, **asdict(card)))


async def set_photo(sent: Sent, me: SignedIn, sha256: str) -> None:
    """The photograph to know them by; none with an empty hash. The one before is let go of."""
    if sha256:
        media_rules.refuse_unnamed(sha256)
    mine = HelpPhoto.person == me.id
    at = await _said_at(sent, HelpPhoto, mine)
    sent.note = "set a photo of themselves" if sha256 else "took their photo away"
    if await HelpPhoto.exists().where(mine & (HelpPhoto.said_at > at)):
        return
    before = {row["sha256"] for row in await HelpPhoto.select(HelpPhoto.sha256).where(mine)} - {"", sha256}
    await media.let_go(before, sent.received_at)
    await HelpPhoto.delete().where(mine)
    await HelpPhoto.insert(HelpPhoto(person=me.id, sha256=sha256, said_at=at))


async def _said_at(sent: Sent, table: type[HelpCard] | type[HelpPhoto], mine: Any) -> datetime:
    row = await table.select(table.said_at).where(mine).order_by(table.said_at, ascending=False).first()
    at = events.acted_at(sent, sent.received_at - timedelta(days=30))
    return events.newer(sent, at, row["said_at"] if row else None)


async def card_of(person: UUID) -> Card:
    row = (
        await HelpCard.select()
        .where(HelpCard.person == person)
        .order_by(HelpCard.said_at, ascending=False)
        .first()
    )
    return Card(**{name: row[name] for name in Card.__annotations__}) if row else Card()


async def photo_of(person: UUID) -> tuple[UUID | None, str]:
    """Its id and hash; an empty hash for none."""
    photo = HelpPhoto.select(HelpPhoto.id, HelpPhoto.sha256).where(HelpPhoto.person == person)
    row = await photo.order_by(HelpPhoto.said_at, HelpPhoto.id, ascending=False).first()
    return (row["id"], row["sha256"]) if row else (None, "")


async def arrived(person: UUID, sha256: str) -> Photograph | None:
    """Only what they sent themselves: knowing a hash is not enough."""
    return (await photos.photos([sha256], {person})).get(sha256) if sha256 else None


async def photo_shown(person: UUID, sha256: str) -> None:
    """NotFound unless this is the photograph of this person, which they sent."""
    if sha256 != (await photo_of(person))[1] or await arrived(person, sha256) is None:
        raise NotFound


async def own_photo(me: SignedIn, photo_id: UUID, sha256: str) -> None:
    """NotFound unless it is mine, and the one I am known by."""
    mine = (HelpPhoto.id == photo_id) & (HelpPhoto.person == me.id) & (HelpPhoto.sha256 == sha256)
    if not await HelpPhoto.exists().where(mine):
        raise NotFound
    await photo_shown(me.id, sha256)


async def looks_at(me: SignedIn, at: datetime) -> list[Look]:
    """Who read whom to ring for me, the newest first."""
    mine = ContactRead.select(
        ContactRead.by_name,
        ContactRead.read_at,
        ContactRead.alarm.kind.as_alias("kind"),
        ContactRead.alarm.resolved_at.as_alias("resolved_at"),
    ).where(ContactRead.person == me.id)
    rows = await mine.order_by(ContactRead.read_at, ascending=False)
    return [Look(row["by_name"], row["read_at"]) for row in rows if _may_be_told(row, at)]


def _may_be_told(row: Row, at: datetime) -> bool:
    over: datetime | None = row["resolved_at"]
    wait = AFTER_DURESS if row["kind"] == AlarmKind.DURESS else timedelta()
    return over is not None and at >= over + wait


async def to_look_for(me: SignedIn, alarm_id: UUID) -> ToLookFor:
    """NotFound for whoever may not see the alarm, and once it is over."""
    session, alarm = await _open(me, alarm_id)
    person = session["person"]
    card, (_, sha256) = await card_of(person), await photo_of(person)
    here = await arrived(person, sha256)
    read = (ContactRead.alarm == alarm_id) & (ContactRead.by == me.id)
    return ToLookFor(
        alarm=alarm_id,
        name=session["person_name"],
        car=card.car,
        looks=card.looks,
        sha256=sha256 if here and here.state is not media_rules.State.unreadable else "",
        contact=card if await ContactRead.exists().where(read) else None,
        may_read=await _may_read(me, alarm, datetime.now(UTC)),
    )


async def _open(me: SignedIn, alarm_id: UUID) -> tuple[Row, Row]:
    session, alarm = await alarm_row(me, alarm_id)
    if alarm["state"] == AlarmState.RESOLVED:
        raise NotFound
    return session, alarm


async def _may_read(me: SignedIn, alarm: Row, at: datetime) -> bool:
    taken = (AlarmStep.alarm == alarm["id"]) & (AlarmStep.n >= FROM_STEP)
    late = alarm["kind"] != AlarmKind.OVERDUE and at >= alarm["origin_at"] + HELP_WITHIN
    return me.role is Role.MANAGER and (late or await AlarmStep.exists().where(taken))


async def read_contact(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """A manager breaks the glass: it is in the chain of the session, and for its officer to read."""
    session, alarm = await _open(me, alarm_id)
    session = await events.locked(session["id"])
    if not await _may_read(me, alarm, sent.received_at):
        raise Refused({"form": TOO_EARLY})
    known = (ContactRead.alarm == alarm_id) & (ContactRead.by == me.id)
    sent.note = "read whom to ring out of hours"
    if await ContactRead.exists().where(known):
        return
    await events.add(sent, me, session["id"], Happening.CONTACT_READ, sent.received_at)
    await ContactRead.insert(
        ContactRead(
            id=sent.id,
            person=session["person"],
            alarm=alarm_id,
            by=me.id,
            by_name=me.name,
            read_at=sent.received_at,
        )
    )


async def alarm_photo(me: SignedIn, alarm_id: UUID, sha256: str) -> None:
    session, _ = await _open(me, alarm_id)
    await photo_shown(session["person"], sha256)
