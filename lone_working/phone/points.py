"""Where officers were when they pressed something, and along the way while an alarm is open.

Only whoever may open the alarm sees it, only while it is open, and each look is written down for the officer to
read. Nothing else reads these rows: no list, no figures, no file.
"""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import events
from lone_working.alarms.alarms import UNRESOLVED
from lone_working.alarms.page import alarm_for
from lone_working.alarms.responding import alarm_row
from lone_working.phone_tables import LoneLook, LonePoint
from lone_working.point_rules import SAFE_KEPT, Position, Why, may_keep, position_in
from lone_working.rules import AFTER_DURESS, AlarmKind, AlarmState, SessionState
from lone_working.sessions import queries
from lone_working.sessions.commands import begun_with
from lone_working.tables import Alarm, LoneSession
from people.rules import SignedIn
from properties import hold_queries
from pwa.answers import NotFound
from pwa.forms import pairs
from pwa.outbox import Sent, once, writing

log = logging.getLogger("doorstep.lone_working")


LOOKED_FOR = {
    AlarmKind.OVERDUE.value: "you were overdue",
    AlarmKind.PANIC.value: "help was asked for",
    AlarmKind.DURESS.value: "help was asked for",
}
"""Why, as its officer reads it."""


async def with_act(sent: Sent, me: SignedIn, session_id: UUID, why: Why) -> None:
    """What came in the body of an act that has taken effect. Nothing that is wrong with it harms the act."""
    try:
        here = position_in(dict(pairs(sent.body)))
        if here:
            known = await queries.mine(me, session_id)
            session_id = session_id if known else await begun_with(sent, session_id)
            await once(replace(sent, id=uuid5(sent.id, "point")), note, me, session_id, why, here)
    except Exception as error:
        log.error("a position was not kept", exc_info=error)


async def note(sent: Sent, me: SignedIn, session_id: UUID, why: Why, here: Position | None) -> None:
    """Kept if it is from inside the session or its alarm. Answered alike whether it is or not."""
    await queries.owned(me, session_id)
    session = await events.locked(session_id)
    sent.note = "where a phone was"
    at = events.acted_at(sent, session["started_at"])
    about = await Alarm.select(Alarm.state, Alarm.resolved_at).where(Alarm.session == session_id)
    is_open = any(row["state"] != AlarmState.RESOLVED for row in about)
    resolved = max((row["resolved_at"] for row in about if row["resolved_at"]), default=None)
    ended = session["pin_given_at"] or session["closed_at"]
    if here and may_keep(why, at, session["started_at"], ended, is_open, resolved):
        row = LonePoint(
            id=sent.id, session=session_id, why=why.value, latitude=here.latitude, longitude=here.longitude,
            accuracy=here.accuracy, at=at, received_at=sent.received_at,
        )  # fmt: skip
        await LonePoint.insert(row)


async def look(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """I look where they are, from now on until the alarm is over: `looked` shows it. NotFound once it is.

    The place of a confidential home is for the cleared, and for whoever calls the police: of others no look is
    kept, and nothing shown. Nor may who is in there with them.
    """
    session, alarm = await alarm_row(me, alarm_id)
    if alarm["state"] == AlarmState.RESOLVED or me.id in session["beside"]:
        raise NotFound
    if not (await alarm_for(me, alarm_id, sent.received_at)).may_look:
        return
    row = LoneLook(
        id=sent.id, session=session["id"], alarm=alarm_id, why=alarm["kind"], person=me.id, person_name=me.name,
        at=sent.received_at,
    )  # fmt: skip
    await LoneLook.insert(row)
    sent.note = "looked where somebody is"


async def looks_at(me: SignedIn, at: datetime) -> list[dict[str, Any]]:
    """Who looked where I was, the newest first, once all is over: before, whoever stands beside me reads it.

    After an alarm that came of duress a day later still, as helping.looks_at.
    """
    lately = (Alarm.kind == AlarmKind.DURESS.value) & (Alarm.resolved_at > at - AFTER_DURESS)
    still = Alarm.select(Alarm.session).where(UNRESOLVED | lately)
    mine = (LoneLook.session.person == me.id) & (LoneLook.session.state != SessionState.ACTIVE.value)
    place = LoneLook.session.place.as_alias("place")
    query = LoneLook.select(LoneLook.person_name, LoneLook.at, LoneLook.why, place)
    query = query.where(mine & LoneLook.session.not_in(still))
    rows = await query.order_by(LoneLook.at, ascending=False).limit(100)
    return [{**row, "why": LOOKED_FOR.get(row["why"], "")} for row in rows]


async def erase_old(at: datetime) -> int:
    """Points of sessions that ended well, a day after; but not those of an alarm, nor at a home on hold."""
    over = (LoneSession.state != SessionState.ACTIVE.value) & (LoneSession.closed_at < at - SAFE_KEPT)
    pointed = LonePoint.select(LonePoint.session).where(LonePoint.received_at < at - SAFE_KEPT)
    calm = LoneSession.select(LoneSession.id).where(LoneSession.id.is_in(pointed) & over)
    calm = calm.where(LoneSession.id.not_in(Alarm.select(Alarm.session)))
    if held := await hold_queries.homes_on_hold():
        calm = calm.where(LoneSession.property.is_null() | LoneSession.property.not_in(held))
    old = LonePoint.session.is_in(calm)
    if not await LonePoint.exists().where(old):
        return 0
    async with writing():
        return len(await LonePoint.delete().where(old).returning(LonePoint.id))
