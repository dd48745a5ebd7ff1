"""A session begins with a visit, or by itself. Whoever nobody could be called for is told so, and has none."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, party, rules
from lone_working.events import ACTIVE
from lone_working.ladders import would_reach
from lone_working.places import NOWHERE
from lone_working.rules import Happening, SessionKind
from lone_working.sessions import buddies, known_later, ready, ready_rules, unwatched
from lone_working.tables import LoneSession
from messages import queries as sending
from people import queries as people
from people.rules import Role, SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent
from visits import queries as visits
from visits.seen import Seen
from visits.sessions import Followers, follow_visits

MOST_PLACE = 200
SAY_WHERE = f"Say where you are, in {MOST_PLACE} letters or fewer."
NOT_SET_UP = "Doorstep cannot send messages at this council yet."


def follow() -> None:
    """Said once at the start (server/app.py)."""
    follow_visits(lone_working=Followers(begin=_with_visit, end=_left, kept=unwatched.kept))


async def nobody_for(
    me: SignedIn,
    at: datetime | None = None,
    minutes: int = 0,
    buddy: UUID | None = None,
    high_risk: bool = False,
    due: datetime | None = None,
    beside: UUID | None = None,
) -> str:
    """Why nobody would come, by the first step of the ladder that reaches nobody; empty when somebody would.

    `due`: the deadline, where no check-in comes before it. `beside`: who goes in with them: not called."""
    if not sending.ready():
        return NOT_SET_UP
    at = at or datetime.now(UTC)
    due = due or at + timedelta(minutes=rules.interval(minutes, high_risk))
    return await would_reach.unreached(me, at, due, buddy, high_risk, beside)


@dataclass(frozen=True)
class Going:
    kind: SessionKind
    place: str
    minutes: int
    buddy: UUID | None = None
    visit: UUID | None = None
    property: UUID | None = None
    high_risk: bool = False
    seen: Seen | None = None
    """The visit as it now stands."""
    battery: int | None = None
    team: UUID | None = None
    """The council's that looks after them, for whoever is in none."""
    check: bool = True
    """Whether to look what is in place: not while somebody asks for help."""


async def _with_visit(sent: Sent, person: SignedIn, visit: Seen) -> None:
    """Its start is never lost for want of anybody to call: then nobody looks out, and the page says so."""
    now = await visits.visit_from_field(person, visit.id)
    other = now.started.company_id if now.started else None
    called = await known_later.called_before(person, sent.id)
    if not called and not await _somebody_for(sent, person, visit, other):
        return
    mine = await _at_visit(sent, person, now, other)
    companion = await people.person_as(other, sent.received_at) if other else None
    if companion and await _somebody_for(sent, companion, visit, person.id):
        theirs = await _at_visit(replace(sent, id=uuid5(sent.id, "with them")), companion, now, person.id)
        await party.together(sent, person, mine, theirs)
        await ready.again(person, sent.received_at)


async def _somebody_for(sent: Sent, person: SignedIn, visit: Seen, other: UUID | None) -> bool:
    at, two = sent.received_at, visit.home.two_people
    buddy = await buddies.buddy_of(person)
    return not await nobody_for(person, at, visit.minutes, buddy, two, beside=other)


async def _at_visit(sent: Sent, person: SignedIn, visit: Seen, other: UUID | None) -> UUID:
    """The session of somebody at this visit, begun unless they have one. Who is in there with them is no buddy."""
    theirs = (LoneSession.visit == visit.id) & (LoneSession.person == person.id) & ACTIVE
    known = await LoneSession.select(LoneSession.id).where(theirs & LoneSession.pin_given_at.is_null()).first()
    if known:
        return known["id"]  # type: ignore[no-any-return]
    buddy = await buddies.buddy_of(person)
    going = Going(
        SessionKind.VISIT,
        f"{visit.home.label}, {visit.home.where}".strip(", ")[:MOST_PLACE],
        visit.minutes,
        buddy if buddy != other else None,
        visit.id,
        visit.home.id,
        visit.home.two_people,
        visit,
    )
    # The start's own id: a phone with no signal knows what its session will be called (decision 62).
    return (await begin(sent, person, going, sent.id)).id


async def _left(sent: Sent, person: SignedIn, visit: Seen) -> None:
    """The visit is over; its officer may not be. Only they, or somebody who has spoken to them, end a session."""
    for row in await LoneSession.select(LoneSession.id).where((LoneSession.visit == visit.id) & ACTIVE):
        session = await events.locked(row["id"])
        mine = replace(sent, id=uuid5(sent.id, str(session["id"])))  # one command may end several
        at = events.acted_at(sent, session["started_at"])
        await events.add(mine, person, session["id"], Happening.VISIT_LEFT, at)


def wrong_with(place: str, minutes: int) -> dict[str, str]:
    wrong = {}
    if not place.strip() or len(place) > MOST_PLACE:
        wrong["place"] = SAY_WHERE
    if not 5 <= minutes <= 8 * 60:
        wrong["minutes"] = "Enter a number of minutes from 5 to 480."
    return wrong


async def begin_own(
    sent: Sent, me: SignedIn, place: str, minutes: int, buddy: UUID | None = None, battery: int | None = None
) -> LoneSession:
    """Alone somewhere without a visit. Run by `once`; the session's id is the command's."""
    wrong = wrong_with(place, minutes)
    if buddy is not None and buddy not in dict(await visits.colleagues_of(me)):
        wrong["buddy"] = buddies.NOT_OURS
    called = await known_later.called_before(me, sent.id)
    if not called and (why := await nobody_for(me, sent.received_at, minutes, buddy)):
        wrong["form"] = f"{why} Nobody would be told if you did not come back. Tell somebody yourself."
    if wrong:
        raise Refused(wrong)
    await buddies.keep_choice(sent, me, buddy)
    going = Going(SessionKind.OWN, place.strip(), minutes, buddy, battery=battery)
    return await begin(sent, me, going, sent.id)


async def begin(sent: Sent, me: SignedIn, going: Going, id: UUID) -> LoneSession:
    started = events.acted_at(sent, sent.received_at - timedelta(days=1))
    if known := await known_later.called_before(me, id):
        more: dict[str, Any] = _battery(going.battery, started) if known.battery is None else {}
        return await known_later.fill_in(sent, me, known, {**_where(going), **more}, going.minutes)
    session = LoneSession(
        id=id,
        number=await _number(sent),
        buddy=going.buddy,
        buddy_name=(await people.people_named([going.buddy] if going.buddy else [])).get(going.buddy or me.id, ""),
        due_at=started + timedelta(minutes=_every(going)),
        ends_at=started + timedelta(minutes=going.minutes),
        missing=await _missing(me, going, started) if going.check else "",
        **_where(going),
        **_whose(sent, me, going, started),
        **_battery(going.battery, started),
    )
    await LoneSession.insert(session)
    await events.add(replace(sent, id=session.id), me, session.id, Happening.STARTED, started, said=going.place)
    sent.note = sent.note or "somebody looks out for them"
    return session


def _every(going: Going) -> int:
    return going.minutes if going.kind is SessionKind.HOME else rules.interval(going.minutes, going.high_risk)


def _where(going: Going) -> dict[str, Any]:
    return {
        "kind": going.kind.value,
        "visit": going.visit,
        "property": going.property,
        "place": going.place,
        "high_risk": going.high_risk,
        "interval_minutes": _every(going),
    }


def _whose(sent: Sent, me: SignedIn, going: Going, started: datetime) -> dict[str, Any]:
    return {
        "person": me.id,
        "person_name": me.name,
        "team": going.team or me.team_id,
        "started_at": started,
        "received_at": sent.received_at,
        "heard_at": started,
    }


async def _missing(me: SignedIn, going: Going, at: datetime) -> str:
    facts = await ready.facts_for(me, going.buddy, at, going.seen, going.battery, going.team)
    return ready_rules.stored(ready_rules.missing(facts, at))


def _battery(level: int | None, at: datetime) -> dict[str, Any]:
    return {} if level is None else {"battery": level, "battery_at": at}


async def _number(sent: Sent) -> int:
    """Of nobody else's who is out, or whom somebody still looks for: whoever reads it must know who is meant."""
    ours = ACTIVE | LoneSession.alarmed.eq(True)
    taken = [row["number"] for row in await LoneSession.select(LoneSession.number).where(ours)]
    return rules.number_of(sent.id.int, taken)


async def for_panic(sent: Sent, me: SignedIn) -> LoneSession:
    """Help was asked for where no session is known: it begins with the call, and is told to the same people."""
    outside = me.role is Role.CONTRACTOR
    buddy = await (buddies.supervisor_of(me.firm_id) if outside else buddies.buddy_of(me))
    team = await people.looked_after_by(me.id) if outside else None
    going = Going(SessionKind.OWN, NOWHERE, 60, buddy, team=team, check=False)
    return await begin(sent, me, going, sent.id)
