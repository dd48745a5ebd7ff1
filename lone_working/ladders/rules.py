"""Who is told when: the steps of a ladder, and how an alarm climbs it. Pure: times in, times out.

The ladders are ours; we claim nothing of BS 8484. They count from the deadline, or from when help was asked for.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from lone_working.rules import AlarmKind


class Who(StrEnum):
    """Where the rota has nobody, it is the managers of the team; then any manager; then administrators."""

    OFFICER = "officer"
    BUDDY = "buddy"
    """Who is on duty, where there is no buddy or they cannot be reached."""
    DUTY_MANAGER = "duty_manager"
    DEPUTY = "deputy"
    """The duty manager, where there is no deputy."""
    DUTY = "duty"
    """Duty manager and deputy."""
    MANAGERS = "managers"
    """Every manager on duty, of whichever team."""
    EVERYBODY = "everybody"
    """The buddy, who is on duty for the team, and all its managers."""


LEADS = (Who.DUTY_MANAGER, Who.DEPUTY, Who.DUTY, Who.MANAGERS, Who.EVERYBODY)


@dataclass(frozen=True)
class Rung:
    """`after` in seconds. `guidance`: what to say to the police goes with it."""

    after: int
    who: Who | None
    guidance: bool = False


@dataclass(frozen=True)
class Ladder:
    """The last rung is repeated every `repeat` seconds until somebody resolves it: there is no last word."""

    rungs: tuple[Rung, ...]
    repeat: int

    def dumps(self) -> str:
        return _dumped(self)

    @staticmethod
    @lru_cache(64)
    def loads(text: str) -> "Ladder":
        given = json.loads(text)
        rungs = (Rung(r["after"], Who(r["who"]) if r["who"] else None, r["guidance"]) for r in given["rungs"])
        return Ladder(tuple(rungs), given["repeat"])


@cache
def _dumped(ladder: Ladder) -> str:
    return json.dumps(asdict(ladder), separators=(",", ":"))


def overdue_ladder(reminder: int, buddy: int, managers: int, police: int, last: int, repeat: int) -> Ladder:
    rungs = (
        Rung(0, None),  # the wall, and the officer's own screen
        Rung(reminder * 60, Who.OFFICER),
        Rung(buddy * 60, Who.BUDDY),
        Rung(managers * 60, Who.DUTY),
        Rung(police * 60, Who.MANAGERS, True),
        Rung(last * 60, Who.EVERYBODY, True),
    )
    return Ladder(rungs, repeat * 60)


def help_ladder(managers: int, police: int, last: int, repeat: int) -> Ladder:
    rungs = (
        Rung(0, Who.EVERYBODY),
        Rung(managers * 60, Who.MANAGERS),
        Rung(police * 60, Who.EVERYBODY, True),
        Rung(last * 60, Who.EVERYBODY, True),
    )
    return Ladder(rungs, repeat * 60)


class Which(StrEnum):
    """The three ladders that a team can set."""

    NORMAL = "normal"
    HIGH_RISK = "high_risk"
    HELP = "help"


NORMAL = overdue_ladder(2, 5, 10, 15, 20, 5)
HIGH_RISK = overdue_ladder(1, 2, 5, 8, 10, 3)
HELP = help_ladder(1, 2, 5, 2)
DEFAULT = {Which.NORMAL: NORMAL, Which.HIGH_RISK: HIGH_RISK, Which.HELP: HELP}


def which(kind: AlarmKind, high_risk: bool) -> Which:
    if kind is not AlarmKind.OVERDUE:
        return Which.HELP
    return Which.HIGH_RISK if high_risk else Which.NORMAL


OUTAGE = timedelta(seconds=60)
MOST_GRACE = timedelta(seconds=120)


def grace_until(resumed: datetime | None, down_from: datetime | None) -> datetime | None:
    """Until when others are not told of what fell due while nobody looked, for what waits on phones."""
    if resumed is None or down_from is None:
        return None
    return resumed + min(resumed - down_from, MOST_GRACE)


@dataclass(frozen=True)
class Step:
    cycle: int
    n: int
    due_at: datetime
    rung: Rung


@dataclass(frozen=True)
class Stage:
    """How far an alarm is up its ladder. `next_fire_at`: also when an acknowledgement runs out."""

    cycle: int
    next_step: int
    next_fire_at: datetime


def climb(ladder: Ladder, origin: datetime, stage: Stage, at: datetime) -> tuple[list[Step], Stage]:
    """The steps to be taken at `at`, in order, and where that leaves it.

    Every step that was passed is taken, but the last one's repeats only once: nobody is told ten times after an
    outage. No step is due before its offset, nor before an acknowledgement has run out.
    """
    steps: list[Step] = []
    cycle, n, fire = stage.cycle, stage.next_step, stage.next_fire_at
    last = len(ladder.rungs) - 1
    while fire <= at:
        rung = ladder.rungs[n]
        repeating = bool(steps) and steps[-1].n == last
        if repeating:
            fire = at + timedelta(seconds=ladder.repeat)
            break
        steps.append(Step(cycle, n, fire, rung))
        if n < last:
            n += 1
            fire = max(fire, origin + timedelta(seconds=ladder.rungs[n].after))
        else:
            cycle, fire = cycle + 1, fire + timedelta(seconds=ladder.repeat)
    return steps, Stage(cycle, n, fire)


def held_back(
    steps: Sequence[Step], stage: Stage, origin: datetime, resumed: datetime, until: datetime
) -> tuple[list[Step], Stage]:
    """After an outage: what tells others and fell due before it ended waits until the grace is over.

    Once only. One that is due later than the ladder says has waited already (or somebody had it): a server that
    falls over each minute must not hold it back for ever.
    """
    for place, one in enumerate(steps):
        waited = one.due_at > origin + timedelta(seconds=one.rung.after)
        if one.rung.who not in (None, Who.OFFICER) and one.due_at < resumed and not waited:
            return list(steps[:place]), Stage(one.cycle, one.n, until)
    return list(steps), stage
