"""What is in place for somebody who goes out alone now, and what was not when they went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.ladders import audience
from lone_working.rota import duty
from lone_working.rules import SessionState
from lone_working.sessions import phone_test, ready_rules
from lone_working.sessions.ready_rules import Facts, Line
from lone_working.sessions.tables import BuddyChoice, WarningsRead
from lone_working.tables import LoneSession, SafePin
from people import queries as people
from people.rules import SignedIn
from pwa.answers import Held, NotFound
from pwa.direction import apart
from pwa.outbox import Sent
from visits import queries as visits
from visits.seen import Seen

NO_BUDDY = "No buddy."


@dataclass(frozen=True)
class Reading:
    """The warnings of a visit's home, by their mark, and whether they were read as they are."""

    visit: UUID
    mark: str
    read: bool


async def reading_of(person: UUID, visit: Seen) -> Reading | None:
    """None where there is nothing to read."""
    mark = ready_rules.mark((one.tag, one.advice) for one in visit.home.warnings)
    if not mark:
        return None
    theirs = (WarningsRead.person == person) & (WarningsRead.visit == visit.id) & (WarningsRead.shown == mark)
    return Reading(visit.id, mark, await WarningsRead.exists().where(theirs))


async def read_warnings(sent: Sent, me: SignedIn, visit_id: UUID, shown: str) -> None:
    """They have read them as they were shown: those that came since are not read."""
    try:
        visit = await visits.visit_from_field(me, visit_id)
    except Held:
        return  # its plan is kept for the office: there is no visit to have read it for
    await WarningsRead.insert(WarningsRead(person=me.id, visit=visit.id, shown=shown, read_at=sent.received_at))
    sent.note = "read the warnings"


async def facts_for(
    me: SignedIn,
    buddy: UUID | None,
    at: datetime,
    visit: Seen | None = None,
    battery: int | None = None,
    team: UUID | None = None,
) -> Facts:
    """`visit` as it now stands, for somebody who goes to one. `team`: that looks after whoever is in none."""
    reading = await reading_of(me.id, visit) if visit else None
    started = visit.started if visit else None
    return Facts(
        warnings_read=reading is None or reading.read,
        two_met=not (visit and visit.home.two_people) or (started is not None and not started.alone),
        buddy=await _wrong_with(buddy, at),
        few=await _few(me, buddy, at, team, started.company_id if started else None),
        number_checked=await phone_test.number_checked(me.id),
        tested=await phone_test.tested_at(me),
        pins=await SafePin.exists().where(SafePin.person == me.id),
        battery=battery,
    )


async def lines_for(me: SignedIn, buddy: UUID | None, at: datetime, visit: Seen | None = None) -> tuple[Line, ...]:
    return ready_rules.lines(await facts_for(me, buddy, at, visit), at)


async def _few(me: SignedIn, buddy: UUID | None, at: datetime, team: UUID | None, company: UUID | None) -> str:
    """The floor that a ladder is held to when it is saved (HELP_REACHES), as people and teams are now."""
    session = {"person": me.id, "team": team or me.team_id, "buddy": buddy, "beside": {company} - {None}}
    return audience.few(session, *await duty.reach([buddy] if buddy else [], at))


async def _wrong_with(buddy: UUID | None, at: datetime) -> str:
    """Why this buddy would not come; empty when they would."""
    if buddy is None:
        return NO_BUDDY
    found = [one for one in await people.contacts([buddy]) if one.id == buddy]
    if not found:
        return "Your buddy has left."
    if not ways.mobile(found[0]):
        return f"{apart(found[0].name)} has no mobile number."
    mine = (LoneSession.person == buddy) & (LoneSession.state == SessionState.ACTIVE.value)
    # Ended with whatever PIN is ended to everybody but those who were called.
    overdue = mine & LoneSession.pin_given_at.is_null() & (LoneSession.due_at < at)
    return f"{apart(found[0].name)} is out and overdue." if await LoneSession.exists().where(overdue) else ""


async def shown_buddy(session: dict[str, Any]) -> UUID | None:
    """Whom their officer sees as their buddy. While an alarm is open nobody is taken off it by a choice, and the
    screen must not tell of that: it shows what was chosen."""
    if not session["alarmed"]:
        return session["buddy"]  # type: ignore[no-any-return]
    since = (BuddyChoice.person == session["person"]) & (BuddyChoice.chosen_at >= session["started_at"])
    newest = BuddyChoice.select(BuddyChoice.buddy).where(since)
    row = await newest.order_by(BuddyChoice.chosen_at, BuddyChoice.id, ascending=False).first()
    buddy: UUID | None = (row or session)["buddy"]
    return buddy


async def again(me: SignedIn, at: datetime) -> None:
    """In what runs: something has been put in place since. Part of a transaction."""
    running = (LoneSession.person == me.id) & (LoneSession.state == SessionState.ACTIVE.value)
    for row in await LoneSession.select().where(running & LoneSession.pin_given_at.is_null()):
        buddy, visit = await shown_buddy(row), await visit_of(me, row["visit"])
        facts = await facts_for(me, buddy, at, visit, row["battery"], row["team"])
        now: dict[Any, Any] = {LoneSession.missing: ready_rules.stored(ready_rules.missing(facts, at))}
        await LoneSession.update(now).where(LoneSession.id == row["id"])


async def visit_of(me: SignedIn, id: UUID | None) -> Seen | None:
    """As it now stands. None for no visit, and for one that is kept from them by now."""
    try:
        return await visits.visit_from_field(me, id) if id else None
    except (NotFound, Held):
        return None
