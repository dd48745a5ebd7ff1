"""Due work: whose deadline has passed, and whom to tell next. What is asked is a state, never a time window.

A deadline, the alarm it opens, the steps it takes and the messages they cause are one transaction: killed between
any two statements nothing of it is there, and the next turn does all of it. Several engines take different rows.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from lone_working.alarms import alarms, canary, climbing, many, put_back, reaching, reminding
from lone_working.alarms.one_by_one import Each, together
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Ladder
from lone_working.rules import AlarmKind
from lone_working.tables import Alarm, LoneSession
from lone_working.watch import clock, watching
from lone_working.watch.clock_rules import JUMP, Now
from messages.rules import HELP, URGENT
from pwa.adding import AddingMany
from pwa.first import aside
from pwa.ids import uuid7
from pwa.outbox import claim
from pwa.waking import wake

log = logging.getLogger("doorstep.lone_working")
BATCH, ROUNDS = 250, 4
"""Long enough a transaction to be worth one, and short enough for a call for help that waits behind it. So many of
them before what they put out is handed over: handing over takes the time that the next would need."""
HERE = uuid7()
"""This process, among those that look."""
# As the index says it: a database uses a partial one only for a question that says the same.
QUIET = WhereRaw("lone_session.state = 'active' AND lone_session.alarmed = false")
FOR_HELP = Alarm.kind != AlarmKind.OVERDUE.value
Row = dict[str, Any]
_ADD_ALARMS = AddingMany(Alarm)


async def run_due(at: datetime) -> int:
    """Open what is overdue and take the steps that are due, up to BATCH of each; how many there were.

    `at` is this machine's clock. What is done goes by the database's.
    """
    now = await clock.now()
    if now.holding:
        return await help_only(now.at)
    wrong = await _put_back(now)
    done = await scan(now.at, HERE, jumped=now.jumped)
    if wrong:
        raise wrong
    return done


async def _put_back(now: Now) -> Exception | None:
    """What is found out meanwhile does not wait for it; it is tried again with the next look."""
    try:
        if HERE not in watching.BEGAN:
            await put_back.while_nobody_looked(now.at)
        if now.returned < -JUMP:
            await put_back.what_was_held(now.returned, now.at)
        if now.jumped and now.by < timedelta():
            await put_back.seen(HERE, now.by, now.at)
        else:
            await put_back.owed(HERE, now.at)
    except Exception as error:
        log.error("the times could not be put back with the clock", exc_info=error)
        return error
    return None


async def help_only(at: datetime) -> int:
    """While the clock is not believed: calls for help climb and find another way, and nobody becomes overdue."""
    wrong: list[Exception] = []
    done = _woken(await _together(at, None, (Alarm.next_fire_at <= at) & FOR_HELP, watching.Grace(at, at), wrong))
    done += _woken(await reaching.run(at, wrong, FOR_HELP))
    if wrong:
        raise ExceptionGroup("what lone working could not do", wrong)
    return done


async def _reminded(at: datetime, wrong: list[Exception]) -> int:
    try:
        return await reminding.remind(at)
    except Exception as error:
        log.error("no reminder could be put out", exc_info=error)
        wrong.append(error)
        return 0


def _first(table: Any, due: Any, by: Any) -> Any:
    """In the order of the index, so that PostgreSQL's plan for any time goes by it: whether there is any at all it
    would look for from the first row of the table on."""
    return table.select(table.id).where(due).order_by(by).limit(1)


def first_overdue(at: datetime) -> Any:
    return _first(LoneSession, QUIET & (LoneSession.due_at <= at), LoneSession.due_at)


async def scan(at: datetime, engine: UUID, jumped: bool = False) -> int:
    """What goes wrong is raised once everything else is done: the health page says so, and nobody waits for it.

    `jumped`: the clock has just been put forward while we looked all along, so that nothing was missed.
    """
    wrong: list[Exception] = []
    grace = await _beat(engine, at, jumped, wrong)
    done, began = 0, monotonic()
    for _ in range(ROUNDS):
        since = timedelta(seconds=monotonic() - began) if done else timedelta()
        turned = await _round(at, grace, wrong, at + since)
        done += turned
        if turned < BATCH or wrong:
            break
    _woken(done)
    if await _first(Alarm, reaching.due(at), Alarm.check_at):
        done += _woken(await reaching.run(at, wrong))
    done += _woken(await _reminded(at, wrong))
    if wrong:
        raise ExceptionGroup("what lone working could not do", wrong)
    return done


async def _round(at: datetime, grace: watching.Grace, wrong: list[Exception], now: datetime) -> int:
    """One batch. However many are overdue, calls for help go first, also those that came while others were found
    out: `now`, where the look began at `at`."""
    await aside()
    overdue, due = QUIET & (LoneSession.due_at <= at), Alarm.next_fire_at <= at
    done, climbs = 0, await _first(Alarm, Alarm.next_fire_at <= now, Alarm.next_fire_at)
    if climbs:
        for_help = (Alarm.next_fire_at <= now) & FOR_HELP
        done = _woken(await _together(now, None, for_help, grace, wrong))
    if climbs or await first_overdue(at):
        done += await _together(at, overdue, due, grace, wrong)
    return done


def _woken(done: int) -> int:
    for lane in (HELP, URGENT) if done else ():
        wake(lane)
    return done


async def _beat(engine: UUID, at: datetime, jumped: bool, wrong: list[Exception]) -> watching.Grace:
    try:
        return await watching.beat(engine, at, jumped)
    except Exception as error:
        log.error("no heartbeat could be written", exc_info=error)
        wrong.append(error)
        return watching.Grace(at, at)


async def _together(
    at: datetime, overdue: Any | None, due: Any, grace: watching.Grace, wrong: list[Exception]
) -> int:
    async def everything() -> int:
        opened = await _open(at, overdue, grace) if overdue else 0
        return max(opened, await _fire(at, due, grace))

    each: list[Each] = []
    if overdue:
        sessions = LoneSession.select(LoneSession.id).where(overdue).order_by(LoneSession.due_at)
        each.append((sessions, lambda id: _open(at, overdue & (LoneSession.id == id), grace)))
    climbing = Alarm.select(Alarm.id).where(due).order_by(Alarm.next_fire_at)
    each.append((climbing, lambda id: _fire(at, due & (Alarm.id == id), grace)))
    return await together(everything, each, wrong)


async def _open(at: datetime, overdue: Any, grace: watching.Grace) -> int:
    """An alarm for each session that nobody has heard of in time. None counts from before we knew of it."""
    sessions: list[Row] = await claim(
        LoneSession.select().where(overdue).order_by(LoneSession.due_at).limit(BATCH)
    )
    if not sessions:
        return 0
    ladders = await ladder_queries.in_force(one["team"] for one in sessions)
    rows = [_overdue(one, ladder_queries.of(ladders, one["team"], AlarmKind.OVERDUE, one["high_risk"]), at)
            for one in sessions]  # fmt: skip
    canary.use_ladder(sessions, rows)
    climbed = await climbing.climb(list(zip(rows, sessions, strict=True)), at, grace)
    await _ADD_ALARMS([row | climbed.after[row["id"]] for row in rows])
    ids = [one["id"] for one in sessions]
    await LoneSession.update({LoneSession.alarmed: True}).where(LoneSession.id.is_in(ids))
    await climbing.put(climbed, at)
    return len(sessions)


def _overdue(row: Row, ladder: Ladder, at: datetime) -> Row:
    return alarms.alarm_row(row, AlarmKind.OVERDUE, max(row["due_at"], row["received_at"]), at, ladder)


async def _fire(at: datetime, due: Any, grace: watching.Grace) -> int:
    rows: list[Row] = await claim(Alarm.select().where(due).order_by(Alarm.next_fire_at).limit(BATCH))
    if not rows:
        return 0
    ids = list({row["session"] for row in rows})
    sessions = {row["id"]: row for row in await LoneSession.select().where(LoneSession.id.is_in(ids))}
    climbed = await climbing.climb([(row, sessions[row["session"]]) for row in rows], at, grace)
    await many.set_each(Alarm, climbed.after)
    await climbing.put(climbed, at, again=True)
    return len(rows)
