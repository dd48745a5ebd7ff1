"""What alarms do that are due: which steps they take, whom those tell, and where that leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import rules
from lone_working.alarms import canary, reaching_rules, telling
from lone_working.alarms.telling import Telling
from lone_working.beside import with_beside
from lone_working.ladders import audience
from lone_working.ladders import rules as ladder_rules
from lone_working.ladders.rules import Ladder, Stage, Step, Who
from lone_working.rota import duty
from lone_working.rules import AlarmKind, AlarmState, SessionKind, Told
from lone_working.tables import AlarmStep
from lone_working.watch import watching
from messages.rules import Channel
from pwa.adding import AddingMany

Row = dict[str, Any]
_ADD_STEPS = AddingMany(AlarmStep)


@dataclass
class Climbed:
    """`after`: the new values of each alarm."""

    steps: list[Row] = field(default_factory=list)
    told: list[tuple[Row, Telling]] = field(default_factory=list)
    after: dict[UUID, Row] = field(default_factory=dict)


async def climb(pairs: Sequence[tuple[Row, Row]], at: datetime, grace: watching.Grace) -> Climbed:
    """Each alarm with its session."""
    climbed = Climbed()
    named = {session[who] for _, session in pairs for who in ("person", "buddy") if session[who]}
    reach = await duty.reach(named, at)
    sessions = await with_beside([session for _, session in pairs])
    for row, session in zip([row for row, _ in pairs], sessions, strict=True):
        taken, stage, tellings = _climbed(row, session, reach, at, grace)
        climbed.steps += [_step(row["id"], one, at) for one in taken]
        climbed.told += [(session, one) for one in tellings]
        climbed.after[row["id"]] = _after(row, stage, tellings, at)
    return climbed


async def put(climbed: Climbed, at: datetime, again: bool = False) -> None:
    """The steps, and what they tell. `again`: some of the alarms may have told somebody before."""
    await _ADD_STEPS(climbed.steps)
    await telling.put_out_all(climbed.told, at, again)


def _climbed(
    row: Row, session: Row, reach: duty.Reach, at: datetime, grace: watching.Grace
) -> tuple[list[Step], Stage, list[Telling]]:
    """The steps of one alarm that are due, where that leaves it, and whom they tell."""
    ladder, before = Ladder.loads(row["policy"]), Stage(row["cycle"], row["next_step"], row["next_fire_at"])
    steps, stage = ladder_rules.climb(ladder, row["origin_at"], before, at)
    if row["kind"] == AlarmKind.OVERDUE and grace.holds(at):
        steps, stage = ladder_rules.held_back(steps, stage, row["origin_at"], grace.resumed, grace.until)
    whose = canary.tellings if session["kind"] == SessionKind.CANARY else _tellings
    tellings = whose(row, session, reach, steps)
    others = [one for one in steps if one.rung.who not in (None, Who.OFFICER)]
    heard = any(one.what is Told.STEP for one in tellings)
    if others and not heard and stage.cycle == row["cycle"]:
        # Nobody could be told: the next step is not waited for. Once a turn, so that it never spins.
        stage = Stage(stage.cycle, stage.next_step, min(stage.next_fire_at, at + timedelta(seconds=1)))
    return steps, stage, tellings


def _tellings(row: Row, session: Row, reach: duty.Reach, steps: Sequence[Step]) -> list[Telling]:
    """Of several steps at once everybody hears only the last that tells them: never four texts in a second."""
    found: dict[tuple[UUID, str], Telling] = {}
    owner = telling.owner_words(row)
    rank = telling.rank_of(AlarmKind(row["kind"]))
    for one in steps:
        who = one.rung.who
        template = telling.template_of(AlarmKind(row["kind"]), who, one.rung.guidance)
        what = Told.REMINDER if who in (None, Who.OFFICER) else Told.STEP
        step = telling.step_id(row["id"], one)
        for contact, channel in audience.told_by(who, session, *reach):
            one_of_it = Telling(row["id"], step, what, contact, channel, template, owner=owner, rank=rank)
            found[contact.id, channel] = one_of_it
    return list(found.values())


def _step(alarm: UUID, step: Step, at: datetime) -> Row:
    return {
        "id": telling.step_id(alarm, step),
        "alarm": alarm,
        "cycle": step.cycle,
        "n": step.n,
        "due_at": step.due_at,
        "fired_at": at,
        "late": at - step.due_at > rules.LATE,
    }


def _after(row: Row, stage: Stage, tellings: Sequence[Telling], at: datetime) -> Row:
    """Where it is now, and when to look whether somebody was reached. Whoever had taken it on had their time."""
    heard = any(one.what is Told.STEP for one in tellings)
    # A notification comes beside a text, and says nothing of whether that arrived.
    asked = any(one.channel is not Channel.PUSH for one in tellings)
    return {
        "asked_at": at if asked else row["asked_at"],
        "check_at": at + reaching_rules.NEXT_WAY if asked else row["check_at"],
        "climbs": heard and stage.cycle == row["cycle"] if asked else row["climbs"],
        "state": AlarmState.OPEN.value,
        "cycle": stage.cycle,
        "next_step": stage.next_step,
        "next_fire_at": stage.next_fire_at,
        "owned_until": None,
    }
