"""What a visit is for, what can happen to it, and what may still be done with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from re import fullmatch
from uuid import UUID, uuid5

from pwa.answers import KEPT
from pwa.clock import LONDON, by_whom

SHORTEST, LONGEST = 5, 8 * 60


class Purpose(StrEnum):
    VOID = "void-inspection"
    MOVE_IN = "move-in-inspection"
    OCCUPIED = "occupied-inspection"
    MOVE_OUT = "move-out-inspection"
    READY_TO_LET = "ready-to-let-inspection"
    OCCUPANCY_CHECK = "occupancy-check"
    VIEWING = "viewing"
    SIGN_UP = "sign-up"
    WELFARE_CHECK = "welfare-check"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def inspection(self) -> str | None:
        """The kind of inspection this visit is for, by its name in the inspections package."""
        return _INSPECTIONS.get(self)


_WORDS = {
    Purpose.MOVE_IN: "Move-in inspection",
    Purpose.MOVE_OUT: "Move-out inspection",
    Purpose.READY_TO_LET: "Ready-to-let inspection",
    Purpose.SIGN_UP: "Sign-up",
    Purpose.OTHER: "Something else",
}
_INSPECTIONS = {
    Purpose.VOID: "void",
    Purpose.MOVE_IN: "move-in",
    Purpose.OCCUPIED: "occupied",
    Purpose.MOVE_OUT: "move-out",
    Purpose.READY_TO_LET: "ready-to-let",
    Purpose.OCCUPANCY_CHECK: "occupancy-check",
}


class Window(StrEnum):
    """When on its day a visit may be made. The hours of the windows are ours; a team's day is nine to five."""

    AT = "at"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"

    @property
    def words(self) -> str:
        return {"at": "At a time", "any": "Any time that day"}.get(self.value, self.value.capitalize())

    @property
    def short(self) -> str:
        """As it stands where a time would stand."""
        return "Any time" if self is Window.ANY else self.value.capitalize()

    @property
    def hours(self) -> tuple[str, str]:
        """From when to when on the wall it may begin. An appointment has a time of its own."""
        return {"morning": ("09:00", "12:00"), "afternoon": ("12:00", "16:30")}.get(self.value, ("09:00", "16:30"))


def choices(kind: type[Purpose] | type["NoAccessReason"] | type[Window]) -> list[tuple[str, str]]:
    """Every value with its words, for a list to choose from."""
    return [(one.value, one.words) for one in kind]


class State(StrEnum):
    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Happening(StrEnum):
    """What can happen to a visit. Each is a row; the state is read from them."""

    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    GIVEN = "given"  # to another officer
    HANDED_OVER = "handed-over"  # to another officer, by who had begun it: what is left begins anew
    NOTED = "noted"  # by the office, of what came too late; it changes nothing about how the visit stands


class Outcome(StrEnum):
    DONE = "done"
    NO_ACCESS = "no-access"
    NOT_NEEDED = "not-needed"
    COULD_NOT_FINISH = "could-not-finish"

    @property
    def words(self) -> str:
        return self.value.replace("-", " ").capitalize()


class NoAccessReason(StrEnum):
    NOBODY_IN = "nobody-in"
    REFUSED = "refused"
    UNSAFE = "unsafe"
    WRONG_ADDRESS = "wrong-address"
    NO_KEY = "no-key"
    KEY_DOES_NOT_WORK = "key-does-not-work"
    OTHER = "other"

    @property
    def words(self) -> str:
        return "Another reason" if self is NoAccessReason.OTHER else self.value.replace("-", " ").capitalize()


_AFTER = {
    (State.PLANNED, Happening.STARTED): State.STARTED,
    (State.PLANNED, Happening.FINISHED): State.FINISHED,  # nobody in, or not needed: never went inside
    (State.PLANNED, Happening.CANCELLED): State.CANCELLED,
    (State.PLANNED, Happening.GIVEN): State.PLANNED,
    (State.STARTED, Happening.FINISHED): State.FINISHED,
    (State.PLANNED, Happening.HANDED_OVER): State.PLANNED,
    (State.STARTED, Happening.HANDED_OVER): State.PLANNED,
}


def after(state: State, happening: Happening) -> State | None:
    """The state once this has happened, or None when it cannot happen now."""
    return _AFTER.get((state, happening))


def state_of(happenings: list[Happening]) -> State:
    """Where a visit stands, from all that happened to it, in order. What could not happen changes nothing."""
    state = State.PLANNED
    for happening in happenings:
        state = after(state, happening) or state
    return state


@dataclass(frozen=True)
class Last:
    """What most lately happened to a visit, for the sentence to somebody whose news came after it."""

    happening: Happening
    by: str
    at: datetime

    @property
    def words(self) -> str:
        return by_whom(self.by, self.at)


NO_LONGER = "It is received. You do not see this visit any more. If you need to know more, ask your team leader."


def too_late(last: Last) -> str:
    """Why field data for this visit is held: somebody else was quicker. Nothing is lost."""
    return f"{already(last)} {KEPT}"


def already(last: Last) -> str:
    did = {
        Happening.STARTED: "started",
        Happening.FINISHED: "finished",
        Happening.CANCELLED: "cancelled",
        Happening.GIVEN: "given to somebody else",
        Happening.HANDED_OVER: "handed over",
    }
    return f"This visit was already {did[last.happening]} {last.words}."


def somebody_elses(officer: str) -> str:
    return f"This visit is {officer}’s now. {KEPT}"


MOST_WEEKS = 26


def wrong_with_plan(
    minutes: int, day: date, clock: str, at: datetime, window: Window = Window.AT, weeks: int = 1
) -> dict[str, str]:
    """Field to sentence. `at` is the moment the plan was made, so that a late one is not refused."""
    wrong = {}
    if not 1 <= weeks <= MOST_WEEKS:
        wrong["weeks"] = f"Choose from 1 to {MOST_WEEKS} weeks."
    if not SHORTEST <= minutes <= LONGEST:
        wrong["minutes"] = f"Choose from {SHORTEST} minutes to {LONGEST // 60} hours."
    if window is Window.AT and not fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", clock):
        wrong["time"] = "Enter a time, like 14:30."
    if day < at.astimezone(LONDON).date():
        wrong["day"] = "Choose today or a later day."
    elif day > at.astimezone(LONDON).date() + timedelta(days=366):
        wrong["day"] = "Choose a day in the next 12 months."
    return wrong


def repeated(first: UUID, week: int) -> UUID:
    """The id of the visit so many weeks after the first: the same whoever works it out, so it is made once."""
    return uuid5(first, f"week {week}") if week else first


def planned_moment(day: date, clock: str) -> datetime:
    """A day and a time on the wall, as the moment it names. Only after `wrong_with_plan` found nothing."""
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LONDON).astimezone(UTC)


class Door(StrEnum):
    """Was a photo of the door taken? Said by the officer: the photo itself may still be on its way."""

    TAKEN = "taken"
    NONE = "none"


@dataclass(frozen=True)
class Ending:
    """How a visit ended, as the officer says it."""

    outcome: Outcome
    reason: NoAccessReason | None = None
    door: Door | None = None
    note: str = ""


def wrong_with_ending(ending: Ending) -> dict[str, str]:
    """Field to sentence. No access needs a reason, and a photo of the door or words why there is none."""
    if ending.outcome is Outcome.COULD_NOT_FINISH and not ending.note:
        return {"note": "Say in a few words why you could not finish."}
    if ending.outcome is not Outcome.NO_ACCESS:
        return {}
    wrong = {}
    if ending.reason is None:
        wrong["reason"] = "Say why you could not get in."
    if ending.door is None:
        wrong["door"] = "Say whether you took a photo of the door."
    if not ending.note and ending.reason is NoAccessReason.OTHER:
        wrong["note"] = "Say in a few words why you could not get in."
    elif not ending.note and ending.door is Door.NONE:
        wrong["note"] = "Say in a few words why there is no photo of the door."
    return wrong


def begins_by(planned: datetime, window: Window) -> datetime:
    """The last moment at which it would still be in time."""
    return planned if window is Window.AT else planned_moment(day_of(planned), window.hours[1])


def day_of(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def day_range(first: date, days: int) -> tuple[datetime, datetime]:
    """From midnight to midnight in London, so that a day with 23 or 25 hours is a day."""
    last = first + timedelta(days=days)
    start = datetime(first.year, first.month, first.day, tzinfo=LONDON)
    end = datetime(last.year, last.month, last.day, tzinfo=LONDON)
    return start.astimezone(UTC), end.astimezone(UTC)


def duration(minutes: int) -> str:
    """45 min, 1 hour, 1 hour 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)


def in_a_row(earlier: Sequence[Outcome | None]) -> int:
    """How many visits without access there were in a row, up to the last of them."""
    tries = 0
    for outcome in reversed(earlier):
        if outcome is not Outcome.NO_ACCESS:
            break
        tries += 1
    return tries


def attempt(earlier: Sequence[Outcome | None]) -> int:
    """Which try this is: one more than the visits without access in a row just before it."""
    return in_a_row(earlier) + 1
