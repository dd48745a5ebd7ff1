"""The way home after the last visit of a day: a session of its own, with its own deadline and its own alarm.

Offered, never begun by itself: the last visit ends where they said that it did.
"""

from datetime import datetime, timedelta
from typing import Any

from lone_working import rules
from lone_working.rules import SessionKind, SessionState
from lone_working.sessions import beginning, buddies, known_later
from lone_working.sessions.beginning import Going
from lone_working.sessions.unwatched import SEEN
from lone_working.tables import LoneSession
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent
from visits import queries as visits
from visits.rules import day_of

Row = dict[str, Any]


async def _last(me: SignedIn, since: datetime) -> Row | None:
    """What they ended last by PIN, whichever that was."""
    mine = (LoneSession.person == me.id) & (LoneSession.pin_given_at > since) & SEEN
    row = await LoneSession.select().where(mine).order_by(LoneSession.pin_given_at, ascending=False).first()
    return dict(row) if row else None


async def offered(me: SignedIn, at: datetime) -> bool:
    """Just after the last visit of the day, with nothing else running. Alike for either PIN."""
    last = await _last(me, at - rules.OFFERED_FOR)
    if last is None or last["kind"] == SessionKind.HOME:
        return False
    running = (LoneSession.person == me.id) & (LoneSession.state == SessionState.ACTIVE.value)
    if await LoneSession.exists().where(running & LoneSession.pin_given_at.is_null()):
        return False
    return all(one.over for one in await visits.visits_of(me, day_of(at), 1))


async def begin(sent: Sent, me: SignedIn, minutes: int, battery: int | None = None) -> LoneSession:
    """On their way, and home in so many minutes. Run by `once`; the session's id is the command's."""
    if minutes not in rules.HOME_CHOICES:
        raise Refused({"minutes": "Choose how long you need."})
    due = sent.received_at + timedelta(minutes=minutes)
    called = await known_later.called_before(me, sent.id)
    if not called and (why := await beginning.nobody_for(me, sent.received_at, due=due)):
        raise Refused({"form": f"{why} Nobody would be told if you did not come home. Tell somebody yourself."})
    last = await _last(me, sent.received_at - timedelta(hours=12))
    # Where from, for whoever looks for them; a confidential home is hidden with it as in any session.
    place = f"On the way home from {last['place']}" if last else "On the way home"
    home = last["property"] if last else None
    buddy = await buddies.buddy_of(me)
    going = Going(SessionKind.HOME, place[: beginning.MOST_PLACE], minutes, buddy, property=home, battery=battery)
    return await beginning.begin(sent, me, going, sent.id)
