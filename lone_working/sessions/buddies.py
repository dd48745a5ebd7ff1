"""Who looks out for somebody: chosen before they go or while they are out, and theirs until they choose again.

Nobody is texted for being chosen (decision 0056): they see whom they look out for on the page of who is out, and
whoever chose them is asked to tell them.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, ways
from lone_working.rules import Happening, SessionState
from lone_working.sessions import ready
from lone_working.sessions.tables import BuddyChoice, FirmWatch
from lone_working.tables import LoneSession
from people import queries as people
from people.rules import Role, SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent
from visits import queries as visits

NOT_OURS = "Choose somebody else of your team."


async def buddies_for(me: SignedIn) -> list[tuple[UUID, str]]:
    """Who of the team can be somebody's buddy: they have a mobile number here."""
    colleagues = await visits.colleagues_of(me)
    able = {one.id for one in await people.contacts([id for id, _ in colleagues]) if ways.mobile(one)}
    return [(id, name) for id, name in colleagues if id in able]


async def buddy_of(me: SignedIn) -> UUID | None:
    """Whom they chose the last time, if that still stands."""
    choices = BuddyChoice.select(BuddyChoice.buddy).where(BuddyChoice.person == me.id)
    row = await choices.order_by(BuddyChoice.chosen_at, BuddyChoice.id, ascending=False).first()
    if row is None:  # chosen with a session, before choices were kept by themselves
        sessions = LoneSession.select(LoneSession.buddy).where(LoneSession.person == me.id)
        row = await sessions.order_by(LoneSession.received_at, ascending=False).first()
    buddy: UUID | None = row["buddy"] if row else None
    return buddy if buddy and buddy in dict(await visits.colleagues_of(me)) else None


async def to_ring(ids: list[UUID], team: UUID | None) -> list[people.Contact]:
    """These people and the managers of that team, for a phone that has no signal to ask us whom to ring."""
    found = [one for one in await people.contacts(ids) if ways.mobile(one)]
    return [one for one in found if one.id in ids or (team and one.team_id == team and one.role is Role.MANAGER)]


async def firm_watch(firm: UUID | None) -> dict[str, Any] | None:
    """What was last agreed with a contractor firm."""
    rows = FirmWatch.select().where(FirmWatch.firm == firm)
    row = await rows.order_by(FirmWatch.set_at, FirmWatch.id, ascending=False).first()
    return dict(row) if row else None


async def supervisor_of(firm: UUID | None) -> UUID | None:
    """Of a firm, told first about its people. None: we do not look out for them."""
    row = await firm_watch(firm)
    return row["supervisor"] if row else None


async def choose(sent: Sent, me: SignedIn, buddy: UUID | None) -> None:
    """Who is told before the managers are, from now on and in the sessions that run."""
    names = dict(await visits.colleagues_of(me))
    if buddy is not None and buddy not in names:
        raise Refused({"buddy": NOT_OURS})
    at = await keep_choice(sent, me, buddy)
    sent.note = "chose who looks out for them"
    later = (BuddyChoice.person == me.id) & (BuddyChoice.chosen_at > at)
    if await BuddyChoice.exists().where(later):
        return  # it waited on a phone, and they have chosen again since
    running = (LoneSession.person == me.id) & (LoneSession.state == SessionState.ACTIVE.value)
    for row in await LoneSession.select(LoneSession.id).where(running & LoneSession.pin_given_at.is_null()):
        await _change(sent, me, row["id"], buddy, names[buddy] if buddy else "")
    await ready.again(me, sent.received_at)


async def keep_choice(sent: Sent, me: SignedIn, buddy: UUID | None) -> datetime:
    """For the sessions to come. When they chose, by our clock."""
    at = events.acted_at(sent, sent.received_at - timedelta(days=1))
    last = BuddyChoice.select(BuddyChoice.chosen_at).where(BuddyChoice.person == me.id)
    row = await last.order_by(BuddyChoice.chosen_at, ascending=False).first()
    at = events.newer(sent, at, row["chosen_at"] if row else None)
    await BuddyChoice.insert(BuddyChoice(person=me.id, buddy=buddy, chosen_at=at))
    return at


async def _change(sent: Sent, me: SignedIn, session_id: UUID, buddy: UUID | None, name: str) -> None:
    session = await events.locked(session_id)
    mine = replace(sent, id=uuid5(sent.id, str(session_id)))  # one choice may be for several
    at = events.acted_at(sent, session["started_at"])
    await events.add(mine, me, session_id, Happening.BUDDY, at, said=name)
    if session["alarmed"]:
        return  # whoever is called is not taken off: somebody may stand beside them and make them choose
    now: dict[Any, Any] = {LoneSession.buddy: buddy, LoneSession.buddy_name: name}
    await LoneSession.update(now).where(LoneSession.id == session_id)
