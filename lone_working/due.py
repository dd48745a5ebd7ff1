"""Due work: whose deadline has passed, and whom to tell next. What is asked is a state, never a time window.

A deadline, the alarm it opens, the steps it takes and the messages they cause are one transaction: killed between
any two statements nothing of it is there, and the next turn does all of it. Several engines take different rows.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from lone_working import (
    alarms,
    canary,
    clock,
    ladder_rules,
    many,
    reaching,
    reaching_rules,
    rules,
    telling,
    watching,
)
from lone_working.ladder_rules import Ladder, Stage, Step, Who
from lone_working.one_by_one import Each, together
from lone_working.rules import AlarmKind, AlarmState, SessionKind, Told
from lone_working.tables import Alarm, AlarmStep, LoneSession
from lone_working.telling import Telling
from messages.rules import HELP, URGENT, Channel
from people import queries as people
from people.queries import Contact
from pwa.ids import uuid7
from pwa.outbox import claim
from pwa.waking import wake

log = logging.getLogger("doorstep.lone_working")
BATCH = 100
HERE = uuid7()
"""This process, among those that look."""
# As the index says it: a database uses a partial one only for a question that says the same.
QUIET = WhereRaw("lone_session.state = 'active' AND lone_session.alarmed = false")
FOR_HELP = Alarm.kind != AlarmKind.OVERDUE.value
Row = dict[str, Any]


async def run_due(at: datetime) -> int:
    """Open what is overdue and take the steps that are due, up to BATCH of each; how many there were.

    `at` is this machine's clock. What is done goes by the database's.
    """
    now = await clock.now()
    if now.holding:
        return await help_only(now.at)
    return await scan(now.at, HERE, jumped=now.jumped)


async def help_only(at: datetime) -> int:
    """While the clock is not believed: calls for help climb, and nobody becomes overdue."""
    wrong: list[Exception] = []
    done = _woken(await _together(at, None, (Alarm.next_fire_at <= at) & FOR_HELP, watching.Grace(at, at), wrong))
    if wrong:
        raise ExceptionGroup("what lone working could not do", wrong)
    return done


async def scan(at: datetime, engine: UUID, jumped: bool = False) -> int:
    """What goes wrong is raised once everything else is done: the health page says so, and nobody waits for it.

    `jumped`: the clock has just been put forward while we looked all along, so that nothing was missed.
    """
    wrong: list[Exception] = []
    grace = await _beat(engine, at, jumped, wrong)
    overdue, due = QUIET & (LoneSession.due_at <= at), Alarm.next_fire_at <= at
    done, climbs = 0, await Alarm.exists().where(due)
    if climbs:
        # However many are overdue, calls for help go first.
        done = _woken(await _together(at, None, due & FOR_HELP, grace, wrong))
    if climbs or await LoneSession.exists().where(overdue):
        done += _woken(await _together(at, overdue, due, grace, wrong))
    if await Alarm.exists().where(reaching.due(at)):
        done += _woken(await reaching.run(at, wrong))
    if wrong:
        raise ExceptionGroup("what lone working could not do", wrong)
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
        opened = await _open(at, overdue) if overdue else 0
        return max(opened, await _fire(at, due, grace))

    each: list[Each] = []
    if overdue:
        sessions = LoneSession.select(LoneSession.id).where(overdue).order_by(LoneSession.due_at)
        each.append((sessions, lambda id: _open(at, overdue & (LoneSession.id == id))))
    climbing = Alarm.select(Alarm.id).where(due).order_by(Alarm.next_fire_at)
    each.append((climbing, lambda id: _fire(at, due & (Alarm.id == id), grace)))
    return await together(everything, each, wrong)


async def _open(at: datetime, overdue: Any) -> int:
    """An alarm for each session that nobody has heard of in time. None counts from before we knew of it."""
    rows = await claim(LoneSession.select().where(overdue).order_by(LoneSession.due_at).limit(BATCH))
    if rows:
        new = [
            alarms.new_alarm(row, AlarmKind.OVERDUE, max(row["due_at"], row["received_at"]), at) for row in rows
        ]
        canary.use_ladder(rows, new)
        await Alarm.insert(*new)
        ids = [row["id"] for row in rows]
        await LoneSession.update({LoneSession.alarmed: True}).where(LoneSession.id.is_in(ids))
    return len(rows)


async def _fire(at: datetime, due: Any, grace: watching.Grace) -> int:
    rows: list[Row] = await claim(Alarm.select().where(due).order_by(Alarm.next_fire_at).limit(BATCH))
    if not rows:
        return 0
    ids = list({row["session"] for row in rows})
    sessions = {row["id"]: row for row in await LoneSession.select().where(LoneSession.id.is_in(ids))}
    named = [row[who] for row in sessions.values() for who in ("person", "buddy") if row[who]]
    contacts = await people.contacts(named)
    steps: list[AlarmStep] = []
    told: list[tuple[Row, Telling]] = []
    after: dict[UUID, dict[Any, Any]] = {}
    for row in rows:
        session = sessions[row["session"]]
        taken, stage, tellings = _climbed(row, session, contacts, at, grace)
        steps += [_step(row["id"], one, at) for one in taken]
        told += [(session, one) for one in tellings]
        after[row["id"]] = _after(row, stage, tellings, at)
    if steps:
        await AlarmStep.insert(*steps)
    await telling.put_out_all(told, at)
    await many.set_each(Alarm, after)
    return len(rows)


def _climbed(
    row: Row, session: Row, contacts: Sequence[Contact], at: datetime, grace: watching.Grace
) -> tuple[list[Step], Stage, list[Telling]]:
    """The steps of one alarm that are due, where that leaves it, and whom they tell."""
    ladder, before = Ladder.loads(row["policy"]), Stage(row["cycle"], row["next_step"], row["next_fire_at"])
    steps, stage = ladder_rules.climb(ladder, row["origin_at"], before, at)
    if row["kind"] == AlarmKind.OVERDUE and grace.holds(at):
        steps, stage = ladder_rules.held_back(steps, stage, row["origin_at"], grace.resumed, grace.until)
    whose = canary.tellings if session["kind"] == SessionKind.CANARY else _tellings
    tellings = whose(row, session, contacts, steps)
    others = [one for one in steps if one.rung.who not in (None, Who.OFFICER)]
    heard = any(one.what is Told.STEP for one in tellings)
    if others and not heard and stage.cycle == row["cycle"]:
        # Nobody could be told: the next step is not waited for. Once a turn, so that it never spins.
        stage = Stage(stage.cycle, stage.next_step, min(stage.next_fire_at, at + timedelta(seconds=1)))
    return steps, stage, tellings


def _tellings(row: Row, session: Row, contacts: Sequence[Contact], steps: Sequence[Step]) -> list[Telling]:
    """Of several steps at once everybody hears only the last that tells them: never four texts in a second."""
    found: dict[tuple[UUID, str], Telling] = {}
    rank = telling.rank_of(AlarmKind(row["kind"]))
    for one in steps:
        who = one.rung.who
        template = telling.template_of(AlarmKind(row["kind"]), who, one.rung.guidance)
        what = Told.REMINDER if who is Who.OFFICER else Told.STEP
        for contact in telling.audience(who, session, contacts):
            for channel in [Channel.SMS] if who is Who.OFFICER else telling.ways(contact):
                step = telling.step_id(row["id"], one)
                one_of_it = Telling(row["id"], step, what, contact, channel, template, rank=rank)
                found[contact.id, channel] = one_of_it
    return list(found.values())


def _step(alarm: UUID, step: Step, at: datetime) -> AlarmStep:
    return AlarmStep(
        id=telling.step_id(alarm, step),
        alarm=alarm,
        cycle=step.cycle,
        n=step.n,
        due_at=step.due_at,
        fired_at=at,
        late=at - step.due_at > rules.LATE,
    )


def _after(row: Row, stage: Stage, tellings: Sequence[Telling], at: datetime) -> dict[Any, Any]:
    """Where it is now, and when to look whether somebody was reached. Whoever had taken it on had their time."""
    heard = any(one.what is Told.STEP for one in tellings)
    asked: dict[Any, Any] = {
        Alarm.asked_at: at if tellings else row["asked_at"],
        Alarm.check_at: at + reaching_rules.NEXT_WAY if tellings else row["check_at"],
        Alarm.climbs: heard and stage.cycle == row["cycle"] if tellings else row["climbs"],
    }
    return asked | {
        Alarm.state: AlarmState.OPEN.value,
        Alarm.cycle: stage.cycle,
        Alarm.next_step: stage.next_step,
        Alarm.next_fire_at: stage.next_fire_at,
        Alarm.owned_until: None,
    }
