"""How far a visit has come: the steps of its walk, and what is still open on the way out. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from visits.rules import State


class Key(StrEnum):
    """The steps, by the part of the page each is."""

    BEFORE = "before"
    HERE = "here"
    WORK = "work"
    LEAVE = "leave"


class At(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    key: Key
    title: str
    """In full, for a reader and the heading."""
    short: str
    """As it stands at the top of the page, where four of them share 320 pixels."""
    at: At
    says: str = ""


@dataclass(frozen=True)
class Progress:
    """Of one inspection: rooms and things seen, and what is missing of it."""

    rooms: int
    rooms_done: int
    left: int
    completed: bool
    needs_photo: int = 0
    not_received: int = 0

    @property
    def words(self) -> str:
        """4 of 8 rooms, 3 to see; the last room alone is counted in things."""
        if self.completed:
            return "Completed"
        rooms = f"{self.rooms_done} of {self.rooms} rooms"
        return f"{rooms}, {self.left} to see" if self.left else f"{rooms}, all seen"

    @property
    def short(self) -> str:
        return "Completed" if self.completed else f"{self.rooms_done} of {self.rooms}"


def steps(state: State, since: str, work: tuple[str, str], done: bool, says: str) -> tuple[Step, ...]:
    """`since`: when they came, `work`: what this purpose's work is called, in full and short, `done`: is it all.

    A visit that ended has no step any more that is now. Before it began all of it is still to come but the first.
    """
    over = state in (State.FINISHED, State.CANCELLED)
    begun = bool(since)
    at = {
        Key.BEFORE: At.DONE if begun or over else At.NOW,
        Key.HERE: At.DONE if begun else At.LATER,
        Key.WORK: At.DONE if done else (At.LATER if over or not begun else At.NOW),
        Key.LEAVE: At.DONE if over else (At.NOW if begun and done else At.LATER),
    }
    return (
        Step(Key.BEFORE, "Before you knock", "Before", at[Key.BEFORE]),
        Step(Key.HERE, "I’m here", "Here", at[Key.HERE], since),
        Step(Key.WORK, *work, at[Key.WORK], says),
        Step(Key.LEAVE, "Leave", "Leave", at[Key.LEAVE]),
    )


def still_open(wanted: bool, works: list[Progress]) -> list[str]:
    """What somebody who leaves now leaves undone, in sentences. It holds nobody back.

    `wanted`: the visit is for an inspection.
    """
    if not works:
        return ["The inspection is not started."] if wanted else []
    found = []
    for work in works:
        if not work.completed:
            left = f": {_counted(work.left, 'thing')} not seen" if work.left else ""
            found.append(f"The inspection is not completed{left}.")
            if work.needs_photo:
                found.append(f"{_counted(work.needs_photo, 'photo')} not taken yet.")
        if work.not_received:
            found.append(f"{_counted(work.not_received, 'photo')} not at the office yet.")
    return found


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
