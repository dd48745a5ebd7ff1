"""What a check-in, a PIN and an acknowledgement are worth. Pure: times in, times out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pwa.rules import link

ENGINE = "lone working"
"""What the loop that looks for it is called, for pwa.waking."""


class SessionKind(StrEnum):
    VISIT = "visit"
    OWN = "own"
    HOME = "home"
    """On the way home, after the last visit of a day."""
    CANARY = "canary"
    """Nobody's: see canary.py. On no page, in no figure, and gone as soon as it has been answered."""


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
    CONTACT_READ = "contact_read"
    NOT_THE_WORD = "not_the_word"
    """On the telephone they did not say their code word: somebody listens."""
    SILENCED = "silenced"
    """The sound of it, on every wall and for a while. It tells nobody less."""
    CARRIED_ON = "carried_on"
    """A responder spoke to them, and they go on."""
    CLOCK = "clock"
    """The server's clock was put back: from what it had come to, to what it then said."""
    CLOSED = "closed"
    CLOSED_BY_RESPONDER = "by_responder"


class Told(StrEnum):
    STEP = "step"
    STAND_DOWN = "stand_down"
    REMINDER = "reminder"
    """To the officer themselves. They are stood down from nothing."""


UNWATCHED_FOR = timedelta(hours=12)
"""After a day's work nobody stands there any more, and a manager has seen the visit that was not ended."""
LATE = timedelta(seconds=10)
NOT_BEFORE = timedelta(minutes=2)
"""Nobody takes back a call for help sooner: whoever threatens them would."""
AFTER_DURESS = timedelta(days=1)
"""So long after an alarm that came of duress its officer reads nothing of it: somebody may look on."""
MOST_EXTENDED = 120
EXTENSIONS = (15, 30)
MOST_INTERVAL, RISKY_INTERVAL = 60, 30
HOME_CHOICES, HOME_USUAL = (30, 60, 90, 120), 60
"""Minutes until somebody is home. Nobody checks in at the wheel: it is good for all of it."""
OFFERED_FOR = timedelta(minutes=30)
"""So long after the last visit ended."""


def interval(minutes: int, high_risk: bool) -> int:
    """Minutes a check-in is good for, of a visit meant to last so long."""
    return max(5, min(minutes, RISKY_INTERVAL if high_risk else MOST_INTERVAL))


def nudge_before(high_risk: bool, minutes: int) -> timedelta:
    """How long before their time is up they are reminded; of a short interval the last third."""
    return min(timedelta(minutes=3 if high_risk else 5), timedelta(minutes=minutes) / 3)


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


SAID_LATE = timedelta(minutes=1)


def age_words(at: datetime, received: datetime) -> str:
    """How old what came is, for whoever must decide what it still means. Empty for what is fresh."""
    minutes = round((received - at).total_seconds() / 60)
    if received - at < SAID_LATE:
        return ""
    ago = f"{minutes} minute{'s' * (minutes != 1)}" if minutes < 120 else f"{minutes // 60} hours"
    return f"Pressed {ago} before it came: there was no signal."


BACKWARDS = timedelta(seconds=2)
"""Whole seconds are told apart, and rounded."""


def server_time_of(
    received: datetime, wall_gap: timedelta, monotonic_gap: timedelta | None, earliest: datetime
) -> datetime:
    """When it was by our clock: as long ago as the phone's clocks say passed, the older answer being the safe one.

    A phone's absolute clock is compared with nothing. One that ran backwards in between, with no other to ask, may
    have been put back by any amount: then it was as long ago as it can have been.
    """
    if monotonic_gap is None and wall_gap < -BACKWARDS:
        return min(earliest, received)
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


def wrong_with_outcome(
    kind: AlarmKind, words: str, spoken: bool, close: bool, pin: bool, age: timedelta, word: bool = True
) -> str:
    """Why an alarm is not over with this; empty when it is. `word`: they said their code word, or have none."""
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
    if kind is AlarmKind.PANIC and not word:
        return "Ring them as it says above. It is over when they have said their code word."
    return ""


def number_of(id_number: int, taken: Sequence[int]) -> int:
    """Four digits that none of these has."""
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


def out_address(id: object) -> str:
    """Where a message about somebody who is out leads: for those who look out for them."""
    return f"/lone-working/out/{id}"


def session_address(id: object) -> str:
    return f"/lone-working/{id}/end"
