"""The database's clock was put back: every time that somebody's safety waits for is put back with it. Or whoever
went silent would be found out so much later, and what is to be sent again would wait until the clock is there.

What counts is the time that passes. So nothing is ever found out later for it; where two clocks were at odds at
that moment it may be found out sooner.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.table import Table

from lone_working import events
from lone_working.alarms import alarms, canary, many, reaching_rules
from lone_working.events import ACTIVE
from lone_working.phone_tables import LonePoint
from lone_working.rules import AlarmState, SessionKind
from lone_working.tables import Alarm, AlarmTold, EngineHeartbeat, LoneSession
from lone_working.watch import clock_rules, watching
from messages import commands as messages
from pwa.outbox import writing

log = logging.getLogger("doorstep.lone_working")
Row = dict[str, Any]
OF_ALARM = (Alarm.opened_at, Alarm.origin_at, Alarm.next_fire_at, Alarm.asked_at, Alarm.check_at, Alarm.owned_at,
            Alarm.owned_until)  # fmt: skip
OF_SESSION = (LoneSession.started_at, LoneSession.received_at, LoneSession.due_at, LoneSession.ends_at,
              LoneSession.heard_at, LoneSession.nudged_for, LoneSession.pin_given_at, LoneSession.battery_at,
              )  # fmt: skip
OF_POINT = (LonePoint.at, LonePoint.received_at)
OF_ENGINE = (EngineHeartbeat.started_at, EngineHeartbeat.last_scan_at, EngineHeartbeat.resumed_at,
             EngineHeartbeat.down_from)  # fmt: skip
AT_ONCE = 250
_SEEN: dict[tuple[UUID, datetime | None], timedelta] = {}
"""By how much an engine of this process has seen its clock put back since it began; by when that was, too."""


async def seen(engine: UUID, by: timedelta, at: datetime) -> None:
    """This engine saw it put back. Others see it too: the one that comes first does it, for all of them.

    `by` is negative; `at`: the time as it is now. What could not be done is done with the next look (`owed`).
    """
    key = engine, watching.BEGAN.get(engine)
    _SEEN[key] = _SEEN.get(key, timedelta()) + by
    await owed(engine, at)


async def owed(engine: UUID, at: datetime) -> None:
    """What this engine saw and nobody has done yet. Costs nothing while it has seen nothing."""
    key = engine, watching.BEGAN.get(engine)
    if not _SEEN.get(key):
        return
    async with writing():
        rows = await _ours(EngineHeartbeat, None)
        mine = [row["started_at"] for row in rows if row["id"] == engine]
        rest = _SEEN[key] - _done(mine, key[1])
        if rest < -clock_rules.JUMP:
            await _all(rest, at)
            # Who has looked since counts from the time as it is. That ours was done says when it began.
            since = [row for row in rows if row["last_scan_at"] <= at]
            await _set(EngineHeartbeat, OF_ENGINE, [row for row in rows if row not in since], rest)
            await _set(EngineHeartbeat, OF_ENGINE[:1], [row for row in since if row["id"] == engine], rest)
    if not mine:
        del _SEEN[key]


def _done(mine: Sequence[datetime], began: datetime | None) -> timedelta:
    """What was put back since an engine began is what its own beginning was put back by, whoever did it."""
    return mine[0] - began if began and mine else timedelta()


async def while_nobody_looked(at: datetime) -> None:
    """The first look of a process: somebody has looked at a time that is still to come."""
    last = await EngineHeartbeat.select(EngineHeartbeat.last_scan_at).order_by(
        EngineHeartbeat.last_scan_at, ascending=False
    ).first()  # fmt: skip
    if last is None or at - last["last_scan_at"] > -clock_rules.JUMP:
        return
    async with writing():
        rows = [row for row in await _ours(EngineHeartbeat, None) if row["last_scan_at"] > at]
        by = min((at - row["last_scan_at"] for row in rows), default=timedelta())
        if by < -clock_rules.JUMP:
            log.error("the clock was put back by %.0f seconds while nothing looked", -by.total_seconds())
            await _all(by, at)
            await _set(EngineHeartbeat, OF_ENGINE, rows, by)


async def what_was_held(by: timedelta, at: datetime) -> None:
    """The clock was wrong for less than a minute and nobody believed it; but whoever began or was heard of then,
    and the calls for help that climbed, have times that are still to come. Once it is done none has: two engines
    do it once."""
    async with writing():
        heard = (LoneSession.received_at > at) | (LoneSession.heard_at > at)
        said = (Alarm.opened_at > at) | (Alarm.origin_at > at) | (Alarm.asked_at > at) | (Alarm.owned_at > at)
        await _all(by, at, ACTIVE & heard, alarms.UNRESOLVED & said, LonePoint.at > at)


async def _all(
    by: timedelta, at: datetime, of: Any = ACTIVE, which: Any = alarms.UNRESOLVED, pointed: Any = None
) -> None:
    """Inside a transaction. Sessions before their alarms, as every command takes them. `pointed`: only where a
    phone was then."""
    waiting = Alarm.select(Alarm.session).where(which)
    sessions = await _ours(LoneSession, of | LoneSession.id.is_in(waiting))
    for session in sessions:
        if session["kind"] != SessionKind.CANARY:
            await events.clock_put_back(session["id"], by, at)
    await _set(LoneSession, OF_SESSION, sessions, by)
    await _points([row["id"] for row in sessions], pointed, by)
    open = await _ours(Alarm, which)
    await _set(Alarm, OF_ALARM, open, by)
    ids = [row["id"] for row in open]
    told = await AlarmTold.select().where(AlarmTold.alarm.is_in(ids)) if ids else []
    await _set(AlarmTold, (AlarmTold.told_at,), told, by)
    far = Alarm.check_at > at + reaching_rules.AGAIN
    await Alarm.update({Alarm.check_at: at}).where((Alarm.state == AlarmState.RESOLVED.value) & far)
    await canary.none_to_come(at)
    await messages.none_far_off(at)


async def _points(sessions: list[UUID], which: Any, by: timedelta) -> None:
    if not sessions:
        return
    mine = LonePoint.session.is_in(sessions)
    when = LonePoint.select(LonePoint.id, *OF_POINT).where(mine if which is None else mine & which)
    await _set(LonePoint, OF_POINT, await when, by)


async def _ours(table: Any, where: Any) -> list[Row]:
    """All of them, ours until the end: one that somebody is at is waited for. In one order, so that nobody waits
    for each other."""
    query = table.select().order_by(table.id)
    query = query if where is None else query.where(where)
    found = await (query.lock_rows("UPDATE") if query.engine_type == "postgres" else query)
    return [dict(row) for row in found]


async def _set(table: type[Table], columns: Iterable[Column], rows: Sequence[Row], by: timedelta) -> None:
    names = [one._meta.name for one in columns]
    for first in range(0, len(rows), AT_ONCE):
        values = {
            row["id"]: {name: None if row[name] is None else row[name] + by for name in names}
            for row in rows[first : first + AT_ONCE]
        }
        await many.set_each(table, values)
