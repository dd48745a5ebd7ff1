"""One session, for those who look out for whoever is out: a manager, the buddy, or who was told of wrong PINs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lone_working import events, party
from lone_working.alarms import telling
from lone_working.alarms.alarms import UNRESOLVED
from lone_working.alarms.page import event_row
from lone_working.alarms.queries import KEPT, EventRow, Row, kept_from, leads, without
from lone_working.beside import with_beside
from lone_working.places import Point, last_points
from lone_working.rota import duty
from lone_working.rules import Happening, SessionState
from lone_working.tables import Alarm, LoneSession, PinFailure, SessionEvent
from messages import queries as messages
from people import queries as people
from people.rules import SignedIn
from pwa.answers import NotFound


@dataclass(frozen=True)
class OutSeen:
    id: UUID
    number: int
    person_name: str
    phone: str
    """Empty where nobody is to ring them."""
    do_not_phone: bool
    place: str
    point: Point | None
    buddy_name: str
    started_at: datetime
    due_at: datetime
    last_confirmed_at: datetime
    closed_at: datetime | None
    high_risk: bool
    pin_failures: int
    alarm: UUID | None
    events: tuple[EventRow, ...]


async def out_for(me: SignedIn, session_id: UUID) -> OutSeen:
    session = await LoneSession.select().where(LoneSession.id == session_id).first()
    if (
        session is None
        or session["person"] == me.id
        or not (await _leads(me, session) or await _told(me, session_id))
    ):
        raise NotFound
    point = (await last_points([session])).get(session_id)
    kept = await kept_from(me, [session])
    session = without({**session, "point": point}, kept, KEPT)
    alarm = await Alarm.select().where((Alarm.session == session_id) & UNRESOLVED).first()
    duress = session["person"] in await party.not_to_ring()
    return OutSeen(
        id=session_id,
        number=session["number"],
        person_name=session["person_name"],
        phone="" if duress else await _phone(session["person"]),
        do_not_phone=duress,
        place=session["place"],
        point=session["point"],
        buddy_name=session["buddy_name"],
        started_at=session["started_at"],
        due_at=session["due_at"],
        last_confirmed_at=await events.well_at(session),
        closed_at=session["closed_at"] if session["state"] != SessionState.ACTIVE else None,
        high_risk=session["high_risk"],
        pin_failures=await PinFailure.count().where(PinFailure.session == session_id),
        alarm=alarm["id"] if alarm else None,
        events=await _events(session_id, bool(kept)),
    )


async def _leads(me: SignedIn, session: Row) -> bool:
    (session,) = await with_beside([session])
    return leads(me, session, await duty.led_by(me, datetime.now(UTC)))


async def _told(me: SignedIn, session_id: UUID) -> bool:
    """Where a team has nobody else, administrators are told of wrong PINs: they may open what they were sent."""
    return bool(await messages.standings([telling.slips_id(session_id, me.id)]))


async def _phone(person: UUID) -> str:
    return next((one.phone for one in await people.contacts([person]) if one.id == person), "")


async def _events(session_id: UUID, kept: bool) -> tuple[EventRow, ...]:
    rows: list[Row] = (
        await SessionEvent.select().where(SessionEvent.session == session_id).order_by(SessionEvent.seq)
    )
    if kept:
        rows = [{**row, "said": KEPT} if row["what"] == Happening.STARTED else row for row in rows]
    return tuple(event_row(row) for row in rows)
