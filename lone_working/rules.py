"""Who is told when, and what a check-in, a PIN and an acknowledgement are worth. Pure: times in, times out.

The ladders are ours; we claim nothing of BS 8484. They count from the deadline, or from when help was asked for.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pwa.rules import link

ENGINE = "lone working"
"""What the loop that looks for it is called, for pwa.waking."""


class SessionKind(StrEnum):
    VISIT = "visit"
    OWN = "own"


class SessionState(StrEnum):
    ACTIVE = "active"
    CLOSED_SAFE = "closed_safe"
    CLOSED_BY_RESPONDER = "closed_by_responder"


class AlarmKind(StrEnum):
    OVERDUE = "overdue"
    PANIC = "panic"
    DURESS = "duress"


class AlarmState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Happening(StrEnum):
    STARTED = "started"
    CHECKED_IN = "checked_in"
    EXTENDED = "extended"
    BUDDY = "buddy"
    VISIT_LEFT = "visit_left"
    PIN = "pin"
    """The safe PIN, while help was asked for: it alone ends nothing."""
    DURESS = "duress"
    DURESS_ALONE = "duress_alone"
    """With something that came before or was refused: it moves no deadline."""
    PANIC = "panic"
    ACKNOWLEDGED = "acknowledged"
    CALLING = "calling_999"
    CARRIED_ON = "carried_on"
    """A responder spoke to them, and they go on."""
    CLOSED = "closed"
    CLOSED_BY_RESPONDER = "by_responder"


class Told(StrEnum):
    STEP = "step"
    STAND_DOWN = "stand_down"
    REMINDER = "reminder"
    """To the officer themselves. They are stood down from nothing."""


class Who(StrEnum):
    OFFICER = "officer"
    BUDDY = "buddy"
    """The managers, where there is no buddy or they cannot be reached."""
    MANAGERS = "managers"
    EVERYBODY = "everybody"


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
        return json.dumps(asdict(self), separators=(",", ":"))

    @staticmethod
    def loads(text: str) -> "Ladder":
        given = json.loads(text)
        rungs = (Rung(r["after"], Who(r["who"]) if r["who"] else None, r["guidance"]) for r in given["rungs"])
        return Ladder(tuple(rungs), given["repeat"])


def _overdue(reminder: int, buddy: int, managers: int, police: int, last: int, repeat: int) -> Ladder:
    rungs = (
        Rung(0, None),  # the wall, and the officer's own screen
        Rung(reminder * 60, Who.OFFICER),
        Rung(buddy * 60, Who.BUDDY),
        Rung(managers * 60, Who.MANAGERS),
        Rung(police * 60, Who.MANAGERS, True),
        Rung(last * 60, Who.EVERYBODY, True),
    )
    return Ladder(rungs, repeat * 60)


NORMAL = _overdue(2, 5, 10, 15, 20, 5)
HIGH_RISK = _overdue(1, 2, 5, 8, 10, 3)
HELP = Ladder(
    (
        Rung(0, Who.EVERYBODY),
        Rung(60, Who.MANAGERS),
        Rung(120, Who.EVERYBODY, True),
        Rung(300, Who.EVERYBODY, True),
    ),
    120,
)


def ladder_of(kind: AlarmKind, high_risk: bool) -> Ladder:
    if kind is not AlarmKind.OVERDUE:
        return HELP
    return HIGH_RISK if high_risk else NORMAL


# No council sets less than this (floors of the design): seconds within which each is told, and repeated.
BUDDY_WITHIN, MANAGERS_WITHIN, REPEATED_WITHIN = 15 * 60, 30 * 60, 5 * 60


def wrong_with_ladder(ladder: Ladder) -> str:
    """Why nobody may use this ladder; empty when they may."""

    def first(*who: Who) -> int:
        return min((rung.after for rung in ladder.rungs if rung.who in who), default=10**9)

    if [rung.after for rung in ladder.rungs] != sorted({rung.after for rung in ladder.rungs}):
        return "Each step must be later than the one before."
    if first(Who.BUDDY, Who.EVERYBODY) > BUDDY_WITHIN:
        return "The buddy must be told within 15 minutes."
    if first(Who.MANAGERS, Who.EVERYBODY) > MANAGERS_WITHIN:
        return "The managers must be told within 30 minutes."
    if ladder.rungs[-1].who is not Who.EVERYBODY or not 0 < ladder.repeat <= REPEATED_WITHIN:
        return "The last step must tell everybody, again and again."
    return ""


LATE = timedelta(seconds=10)
OUTAGE = timedelta(seconds=60)
MOST_GRACE = timedelta(seconds=120)
NOT_BEFORE = timedelta(minutes=2)
"""Nobody takes back a call for help sooner: whoever threatens them would."""
MOST_EXTENDED = 120
EXTENSIONS = (15, 30)
MOST_INTERVAL, RISKY_INTERVAL = 60, 30


def grace_until(resumed: datetime | None, down_from: datetime | None) -> datetime | None:
    """Until when others are not told of what fell due while nobody looked, for what waits on phones."""
    if resumed is None or down_from is None:
        return None
    return resumed + min(resumed - down_from, MOST_GRACE)


def interval(minutes: int, high_risk: bool) -> int:
    """Minutes a check-in is good for, of a visit meant to last so long."""
    return max(5, min(minutes, RISKY_INTERVAL if high_risk else MOST_INTERVAL))


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


ACK_LASTS = {
    AlarmKind.OVERDUE: timedelta(minutes=10),
    AlarmKind.PANIC: timedelta(minutes=4),
    AlarmKind.DURESS: timedelta(minutes=4),
}


@dataclass(frozen=True)
class Act:
    """What an officer did that says they were well: a check-in, or so many minutes more. `sure`: with a PIN."""

    at: datetime
    minutes: int = 0
    sure: bool = False


def due_after_check_in(due: datetime, at: datetime, minutes: int) -> datetime:
    """Well at `at`: never pushes it beyond that and the interval, never pulls it earlier."""
    return max(due, at + timedelta(minutes=minutes))


def due_after(first_due: datetime, minutes: int, acts: Iterable[Act]) -> datetime:
    """By when they must be heard of, from all they did, in whatever order it came.

    What was done before the deadline of then counts, however late it comes. What was done after it counts only
    with a PIN: whoever holds their phone could press a button.
    """
    due = first_due
    for act in sorted(acts, key=lambda one: (one.at, not one.sure, one.minutes)):
        if act.at > due and not act.sure:
            continue
        if act.minutes:
            due = max(due, act.at) + timedelta(minutes=act.minutes)
        else:
            due = due_after_check_in(due, act.at, minutes)
    return due


def server_time_of(
    received: datetime, wall_gap: timedelta, monotonic_gap: timedelta | None, earliest: datetime
) -> datetime:
    """When it was by our clock: as long ago as the phone's clocks say passed, the older answer being the safe one.

    A phone's absolute clock is compared with nothing.
    """
    gap = max(wall_gap, monotonic_gap or wall_gap, timedelta())
    return min(received, max(received - gap, min(earliest, received)))


_PIN = re.compile(r"[0-9]{4}")
FOUR_DIGITS = "Enter four digits."
TOO_PLAIN = "Choose another one: 0000 and 9999 are the first that anybody tries."
TOO_LIKE = "The second PIN must differ from the first in two digits or more, and not be the first backwards."


def wrong_with_pins(safe: str, duress: str) -> dict[str, str]:
    """Field to sentence."""
    wrong = {}
    for name, pin in (("safe", safe), ("duress", duress)):
        if not _PIN.fullmatch(pin):
            wrong[name] = FOUR_DIGITS
        elif pin in ("0000", "9999"):
            wrong[name] = TOO_PLAIN
    if not wrong and (duress == safe[::-1] or sum(a != b for a, b in zip(safe, duress, strict=True)) < 2):
        wrong["duress"] = TOO_LIKE
    return wrong


PIN_NOT_RECOGNISED = (
    "That PIN was not recognised. Try again. You are not locked out, and we still look out for you."
)
SLIPS_TOLD = 3
"""So many wrong PINs in one session, and their buddy is quietly told. Nobody is locked out."""
NO_PIN_YET = "You have no PIN yet. Set your two PINs first."


def wrong_with_extension(minutes: int, extended: int, overdue: bool, with_pin: bool) -> dict[str, str]:
    if minutes not in EXTENSIONS:
        return {"minutes": "Choose 15 or 30 minutes."}
    if extended + minutes > MOST_EXTENDED:
        return {"minutes": "That is more than two hours longer. Ring your manager, then end this and begin again."}
    if overdue and not with_pin:
        return {"pin": "You are overdue. Enter your PIN to take longer."}
    return {}


def wrong_with_outcome(kind: AlarmKind, words: str, spoken: bool, close: bool, pin: bool, age: timedelta) -> str:
    """Why an alarm is not over with this; empty when it is."""
    if not words.strip():
        return "Say in a few words how you know that they are safe."
    if kind is not AlarmKind.OVERDUE and age < NOT_BEFORE:
        return "A call for help is not taken back in its first two minutes. Find out how they are."
    if kind is AlarmKind.DURESS and not close:
        return "They were made to enter their PIN. Only close this when you know that they are out and safe."
    if close:
        return ""
    if not spoken:
        return "Speak to them first, or close it because you know in another way that they are safe."
    if kind is AlarmKind.PANIC and not pin:
        return "Ask them to enter their PIN too, or close it because you know in another way that they are safe."
    return ""


def number_of(id_number: int, taken: Sequence[int]) -> int:
    """Four digits that no active session has."""
    first = id_number % 9000
    for more in range(9000):
        if (number := 1000 + (first + more) % 9000) not in taken:
            return number
    return 1000 + first


def short_name(name: str) -> str:
    """J. Smith: on a lock screen."""
    first, _, rest = name.strip().partition(" ")
    return f"{first[:1]}. {rest.split()[-1]}" if rest.strip() else first


def event_hash(previous: str, facts: tuple[object, ...]) -> str:
    return link(previous, facts)


WALL = "/lone-working"


def alarm_address(id: object) -> str:
    """Where a message about an alarm leads: handlers.py answers there."""
    return f"/lone-working/alarms/{id}"


def session_address(id: object) -> str:
    return f"/lone-working/{id}/end"


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
