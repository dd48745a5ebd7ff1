"""Due work: whose deadline has passed, and whom to tell next. What is asked is a state, never a time window.

A deadline, the alarm it opens, the steps it takes and the messages they cause are one transaction: killed between
any two statements nothing of it is there, and the next turn does all of it. Several engines take different rows.
"""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from piccolo.columns.combination import WhereRaw

from lone_working import alarms, ladder_rules, rules, telling, watching
from lone_working.ladder_rules import Ladder, Stage, Step, Who
from lone_working.rules import AlarmKind, AlarmState, Told
from lone_working.tables import Alarm, AlarmStep, LoneSession
from lone_working.telling import Telling
from messages.rules import URGENT
from people.queries import Contact
from pwa.ids import uuid7
from pwa.outbox import claim, writing
from pwa.waking import wake

log = logging.getLogger("doorstep.lone_working")
BATCH = 100
HERE = uuid7()
"""This process, among those that look."""
# As the index says it: a database uses a partial one only for a question that says the same.
QUIET = WhereRaw("lone_session.state = 'active' AND lone_session.alarmed = false")
Row = dict[str, Any]


async def run_due(at: datetime) -> int:
    """Open what is overdue and take the steps that are due, up to BATCH of each; how many there were."""
    return await scan(at, HERE)


async def scan(at: datetime, engine: UUID) -> int:
    """What goes wrong is raised once everything else is done: the health page says so, and nobody waits for it."""
    wrong: list[Exception] = []
    grace = await _beat(engine, at, wrong)
    overdue, due = QUIET & (LoneSession.due_at <= at), Alarm.next_fire_at <= at
    if not await LoneSession.exists().where(overdue) and not await Alarm.exists().where(due):
        done = 0
    else:
        done = await _together(at, overdue, due, grace, wrong)
    if done:
        wake(URGENT)
    if wrong:
        raise ExceptionGroup("what lone working could not do", wrong)
    return done


async def _beat(engine: UUID, at: datetime, wrong: list[Exception]) -> watching.Grace:
    try:
        return await watching.beat(engine, at)
    except Exception as error:
        log.error("no heartbeat could be written", exc_info=error)
        wrong.append(error)
        return watching.Grace(at, at)


async def _together(at: datetime, overdue: Any, due: Any, grace: watching.Grace, wrong: list[Exception]) -> int:
    """All in one transaction; if anything in it fails, each by itself, so that one holds up no other."""
    try:
        async with writing():
            opened = await _open(at, overdue)
            fired = await _fire(at, due, grace)
        return max(opened, fired)
    except Exception as error:
        log.error("lone working goes one by one", exc_info=error)
    sessions = LoneSession.select(LoneSession.id).where(overdue).order_by(LoneSession.due_at)
    alarms_due = Alarm.select(Alarm.id).where(due).order_by(Alarm.next_fire_at)
    done = await _each(await sessions, lambda id: _open(at, overdue & (LoneSession.id == id)), wrong)
    return done + await _each(await alarms_due, lambda id: _fire(at, due & (Alarm.id == id), grace), wrong)


async def _each(rows: list[Row], work: Callable[[UUID], Awaitable[int]], wrong: list[Exception]) -> int:
    done = 0
    for row in rows:
        try:
            async with writing():
                done += await work(row["id"])
        except Exception as error:
            log.error("one of lone working went wrong", exc_info=error)
            wrong.append(error)
    return done


async def _open(at: datetime, overdue: Any) -> int:
    """An alarm for each session that nobody has heard of in time. None counts from before we knew of it."""
    rows = await claim(LoneSession.select().where(overdue).order_by(LoneSession.due_at).limit(BATCH))
    if rows:
        new = [
            alarms.new_alarm(row, AlarmKind.OVERDUE, max(row["due_at"], row["received_at"]), at) for row in rows
        ]
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
    contacts = await telling.reachable(named)
    steps: list[AlarmStep] = []
    told: list[tuple[Row, Telling]] = []
    after: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for row in rows:
        session = sessions[row["session"]]
        taken, stage, tellings = _climbed(row, session, contacts, at, grace)
        steps += [_step(row["id"], one, at) for one in taken]
        told += [(session, one) for one in tellings]
        after[(stage.cycle, stage.next_step, stage.next_fire_at)].append(row["id"])
    if steps:
        await AlarmStep.insert(*steps)
    await telling.put_out_all(told, at)
    await _store(after)
    return len(rows)


def _climbed(
    row: Row, session: Row, contacts: Sequence[Contact], at: datetime, grace: watching.Grace
) -> tuple[list[Step], Stage, list[Telling]]:
    """The steps of one alarm that are due, where that leaves it, and whom they tell."""
    ladder, before = Ladder.loads(row["policy"]), Stage(row["cycle"], row["next_step"], row["next_fire_at"])
    steps, stage = ladder_rules.climb(ladder, row["origin_at"], before, at)
    if row["kind"] == AlarmKind.OVERDUE and grace.holds(at):
        steps, stage = ladder_rules.held_back(steps, stage, row["origin_at"], grace.resumed, grace.until)
    tellings = _tellings(row, session, contacts, steps)
    others = [one for one in steps if one.rung.who not in (None, Who.OFFICER)]
    heard = any(one.what is Told.STEP for one in tellings)
    if others and not heard and stage.cycle == row["cycle"]:
        # Nobody could be told: the next step is not waited for. Once a turn, so that it never spins.
        stage = Stage(stage.cycle, stage.next_step, min(stage.next_fire_at, at + timedelta(seconds=1)))
    return steps, stage, tellings


def _tellings(row: Row, session: Row, contacts: Sequence[Contact], steps: Sequence[Step]) -> list[Telling]:
    """Of several steps at once everybody hears only the last that tells them: never four texts in a second."""
    found: dict[tuple[UUID, str], Telling] = {}
    for one in steps:
        who = one.rung.who
        template = telling.template_of(AlarmKind(row["kind"]), who, one.rung.guidance)
        what = Told.REMINDER if who in (None, Who.OFFICER) else Told.STEP
        for contact, channel in telling.told_by(who, session, contacts):
            step = step_id(row["id"], one)
            found[contact.id, channel] = Telling(row["id"], step, what, contact, channel, template)
    return list(found.values())


def step_id(alarm: UUID, step: Step) -> UUID:
    return uuid5(alarm, f"{step.cycle} {step.n}")


def _step(alarm: UUID, step: Step, at: datetime) -> AlarmStep:
    return AlarmStep(
        id=step_id(alarm, step),
        alarm=alarm,
        cycle=step.cycle,
        n=step.n,
        due_at=step.due_at,
        fired_at=at,
        late=at - step.due_at > rules.LATE,
    )


async def _store(after: dict[tuple[Any, ...], list[UUID]]) -> None:
    """Where each alarm is now. Whoever had taken one on had their time."""
    for (cycle, n, fire), ids in after.items():
        now: dict[Any, Any] = {
            Alarm.state: AlarmState.OPEN.value,
            Alarm.cycle: cycle,
            Alarm.next_step: n,
            Alarm.next_fire_at: fire,
            Alarm.owned_until: None,
        }
        await Alarm.update(now).where(Alarm.id.is_in(ids))
