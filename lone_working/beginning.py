"""A session begins with a visit, or by itself. Whoever nobody could be called for is told so, and has none."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, reaching, rules, telling
from lone_working.rules import Happening, SessionKind, SessionState
from lone_working.tables import LoneSession
from messages import queries as sending
from people import queries as people
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.ids import uuid7
from pwa.outbox import Sent
from visits import queries as visits
from visits.seen import Seen
from visits.sessions import Followers, follow_visits

MOST_PLACE = 200
NOT_SET_UP = "Doorstep cannot send messages at this council yet."
ACTIVE = LoneSession.state == SessionState.ACTIVE.value


def follow() -> None:
    """Said once at the start (server/app.py)."""
    follow_visits(lone_working=Followers(begin=_with_visit, end=_left))


async def nobody_for(
    me: SignedIn,
    at: datetime | None = None,
    minutes: int = 0,
    buddy: UUID | None = None,
    high_risk: bool = False,
) -> str:
    """Why nobody would come, by the first step of the ladder that reaches nobody; empty when somebody would."""
    if not sending.ready():
        return NOT_SET_UP
    at = at or datetime.now(UTC)
    due = at + timedelta(minutes=rules.interval(minutes, high_risk))
    return await reaching.unreached(me, at, due, buddy, high_risk)


@dataclass(frozen=True)
class Going:
    kind: SessionKind
    place: str
    minutes: int
    buddy: UUID | None = None
    visit: UUID | None = None
    property: UUID | None = None
    high_risk: bool = False


async def _with_visit(sent: Sent, person: SignedIn, visit: Seen) -> None:
    """Its start is never lost for want of anybody to call: then nobody looks out, and the page says so."""
    buddy = await _last_buddy(person)
    if await nobody_for(person, sent.received_at, visit.minutes, buddy, visit.home.two_people):
        return
    mine = (LoneSession.visit == visit.id) & (LoneSession.person == person.id)
    if await LoneSession.exists().where(mine & ACTIVE & LoneSession.pin_given_at.is_null()):
        return
    going = Going(
        SessionKind.VISIT,
        f"{visit.home.label}, {visit.home.where}".strip(", ")[:MOST_PLACE],
        visit.minutes,
        buddy,
        visit.id,
        visit.home.id,
        visit.home.two_people,
    )
    await _begin(sent, person, going)


async def _left(sent: Sent, person: SignedIn, visit: Seen) -> None:
    """The visit is over; its officer may not be. Only they, or somebody who has spoken to them, end a session."""
    for row in await LoneSession.select(LoneSession.id).where((LoneSession.visit == visit.id) & ACTIVE):
        session = await events.locked(row["id"])
        mine = replace(sent, id=uuid5(sent.id, str(session["id"])))  # one command may end several
        at = events.acted_at(sent, session["started_at"])
        await events.add(mine, person, session["id"], Happening.VISIT_LEFT, at)


async def begin_own(sent: Sent, me: SignedIn, place: str, minutes: int, buddy: UUID | None = None) -> LoneSession:
    """Alone somewhere without a visit. Run by `once`; the session's id is the command's."""
    wrong = {}
    if not place.strip() or len(place) > MOST_PLACE:
        wrong["place"] = f"Say where you are, in {MOST_PLACE} letters or fewer."
    if not 5 <= minutes <= 8 * 60:
        wrong["minutes"] = "Enter a number of minutes from 5 to 480."
    if buddy is not None and buddy not in dict(await visits.colleagues_of(me)):
        wrong["buddy"] = "Choose somebody else of your team."
    if why := await nobody_for(me, sent.received_at, minutes, buddy):
        wrong["form"] = f"{why} Nobody would be told if you did not come back. Tell somebody yourself."
    if wrong:
        raise Refused(wrong)
    return await _begin(sent, me, Going(SessionKind.OWN, place.strip(), minutes, buddy), sent.id)


async def buddies_for(me: SignedIn) -> list[tuple[UUID, str]]:
    """Who of the team can be somebody's buddy: they have a mobile number here."""
    colleagues = await visits.colleagues_of(me)
    able = {one.id for one in await people.contacts([id for id, _ in colleagues]) if telling.mobile(one)}
    return [(id, name) for id, name in colleagues if id in able]


async def _last_buddy(me: SignedIn) -> UUID | None:
    """Whom they chose the last time, if that still stands."""
    newest = LoneSession.select(LoneSession.buddy).where(LoneSession.person == me.id)
    row = await newest.order_by(LoneSession.received_at, ascending=False).first()
    buddy: UUID | None = row["buddy"] if row else None
    return buddy if buddy and buddy in dict(await visits.colleagues_of(me)) else None


async def _begin(sent: Sent, me: SignedIn, going: Going, id: UUID | None = None) -> LoneSession:
    started = events.acted_at(sent, sent.received_at - timedelta(days=1))
    every = rules.interval(going.minutes, going.high_risk)
    session = LoneSession(
        id=id or uuid7(),
        number=await _number(sent),
        kind=going.kind.value,
        visit=going.visit,
        property=going.property,
        place=going.place,
        high_risk=going.high_risk,
        buddy=going.buddy,
        buddy_name=(await people.people_named([going.buddy] if going.buddy else [])).get(going.buddy or me.id, ""),
        interval_minutes=every,
        due_at=started + timedelta(minutes=every),
        ends_at=started + timedelta(minutes=going.minutes),
        **_whose(sent, me, started),
    )
    await LoneSession.insert(session)
    await events.add(replace(sent, id=session.id), me, session.id, Happening.STARTED, started, said=going.place)
    sent.note = sent.note or "somebody looks out for them"
    return session


def _whose(sent: Sent, me: SignedIn, started: datetime) -> dict[str, Any]:
    return {
        "person": me.id,
        "person_name": me.name,
        "team": me.team_id,
        "started_at": started,
        "received_at": sent.received_at,
        "heard_at": started,
    }


async def _number(sent: Sent) -> int:
    taken = [row["number"] for row in await LoneSession.select(LoneSession.number).where(ACTIVE)]
    return rules.number_of(sent.id.int, taken)


async def for_panic(sent: Sent, me: SignedIn) -> LoneSession:
    """Help was asked for where no session is known: it begins with the call."""
    return await _begin(sent, me, Going(SessionKind.OWN, "Not known: no visit was running", 60))
