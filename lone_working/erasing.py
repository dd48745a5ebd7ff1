"""What is forgotten of who was out alone: where their phone was a day after they came home safe, times after a
year, alarms with their sessions after three, PIN slips after a month; and what something newer replaced. What is
open is never forgotten, nor what hangs on a home that is on hold."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import replaced_erasing, rota_erasing
from lone_working.alarms import links
from lone_working.alarms.tables import AlarmLink
from lone_working.phone import points, sealing
from lone_working.phone_tables import LoneLook, LonePoint, VisitToken
from lone_working.rules import AlarmState, SessionState
from lone_working.sessions.tables import ContactRead
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, PinFailure, SessionEvent
from properties import hold_commands, hold_queries
from pwa.outbox import Sent, claim, once, writing
from pwa.sent import from_rule

BATCH = 10
TIMES_KEPT = timedelta(days=366)
ALARMS_KEPT = timedelta(days=3 * 366)
SLIPS_KEPT = timedelta(days=30)


async def erase_older(at: datetime) -> int:
    """Up to BATCH sessions, and every PIN slip that is old enough; of how many. Safe to run twice at once."""
    erased = await _slips(at - SLIPS_KEPT) + await rota_erasing.erase_older(at - TIMES_KEPT)
    erased += await points.erase_old(at) + await sealing.forget_old(at) + await links.erase_older(at)
    erased += await replaced_erasing.erase_older(at)
    for id, home in await _due(at):
        async with writing():
            mine = await claim(LoneSession.select(LoneSession.id).where(LoneSession.id == id))
            if mine and (home is None or await hold_commands.may_erase(home)):
                await once(from_rule(f"/lone-working/{id}", at), _erase, id)
                erased += 1
    return erased


async def _slips(before: datetime) -> int:
    old = PinFailure.at < before
    if not await PinFailure.exists().where(old):
        return 0
    async with writing():
        return len(await PinFailure.delete().where(old).returning(PinFailure.id))


async def _due(at: datetime) -> list[tuple[UUID, UUID | None]]:
    """With their homes. An alarm keeps its session for as long as it is kept itself."""
    over = (LoneSession.state != SessionState.ACTIVE.value) & (LoneSession.closed_at < at - TIMES_KEPT)
    kept = (Alarm.state != AlarmState.RESOLVED.value) | (Alarm.resolved_at >= at - ALARMS_KEPT)
    if not await LoneSession.exists().where(over):
        return []
    query = LoneSession.select(LoneSession.id, LoneSession.property).where(over)
    query = query.where(LoneSession.id.not_in(Alarm.select(Alarm.session).where(kept)))
    if held := await hold_queries.homes_on_hold():
        query = query.where(LoneSession.property.is_null() | LoneSession.property.not_in(held))
    rows: list[dict[str, Any]] = await query.order_by(LoneSession.closed_at).limit(BATCH)
    return [(row["id"], row["property"]) for row in rows]


async def _erase(sent: Sent, id: UUID) -> None:
    mine = Alarm.select(Alarm.id).where(Alarm.session == id)
    await AlarmLink.delete().where(AlarmLink.alarm.is_in(mine))
    await AlarmTold.delete().where(AlarmTold.alarm.is_in(mine))
    await AlarmStep.delete().where(AlarmStep.alarm.is_in(mine))
    await ContactRead.delete().where(ContactRead.alarm.is_in(mine))
    await Alarm.delete().where(Alarm.session == id)
    for table in (PinFailure, VisitToken, LonePoint, LoneLook):
        await table.delete().where(table.session == id)
    await SessionEvent.delete().where(SessionEvent.session == id)
    await LoneSession.delete().where(LoneSession.id == id)
    sent.note = "when somebody was out alone erased: it was kept as long as it is to be"
