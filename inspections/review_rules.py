"""What a leader sees of a completed inspection at a glance, and when it is clean. Pure: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from inspections.choices import WHAT_WORDS
from inspections.choices import What as Found

LATEST = timedelta(days=1)  # ours: a day's work that comes with the next day's is nothing to ask about


class What(StrEnum):
    APPROVED = "approved"
    BACK = "sent back"
    ANSWERED = "answered"
    BEFORE = "before"


class State(StrEnum):
    """How a completed inspection stands: by the last that was done with it."""

    WAITING = "waiting"
    BACK = "sent back"
    ANSWERED = "answered"
    APPROVED = "approved"
    BEFORE = "before"

    @property
    def waits(self) -> bool:
        """Whether the next word is the manager's."""
        return self in (State.WAITING, State.ANSWERED)


def state_after(last: str | None) -> State:
    return State(last) if last else State.WAITING


DONE_WORDS = {
    What.APPROVED: "approved this already",
    What.BACK: "sent this back already",
    What.ANSWERED: "has answered since you opened this page",
    What.BEFORE: "completed this before there was a review",
}
OWN = "You did this inspection, so another manager of your team approves it."


@dataclass(frozen=True)
class Facts:
    """What is known of a completed inspection without reading it. Of an ordinary one all is as it is here."""

    photos: int = 0
    """How many were attached or promised at the end."""
    received: int = 0
    unopened: int = 0
    """Cannot be opened, and nothing answers for them."""
    found: Mapping[Found, int] = field(default_factory=dict)
    serious: int = 0
    """Findings that are an emergency or significant, hazards left out."""
    missing: int = 0
    """Things that were missing when it was completed, for a reason that is to be read."""
    not_there: int = 0
    """Rooms that were said not to be there."""
    differ: int = 0
    worse: int = 0
    recharge: bool = False
    late: timedelta = timedelta()
    clock_wrong: bool = False
    undecided: bool = False
    addenda: int = 0
    answered: bool = False
    own: bool = False


@dataclass(frozen=True)
class Remark:
    """One thing about an inspection: for the row, and as the reason why it is not clean, if it is one."""

    words: str
    why: str = ""


def remarks(facts: Facts) -> list[Remark]:
    """All there is to see of it, the gravest first."""
    return [one for one in (*_first(facts), *_doubts(facts), *_plain(facts)) if one]


def why_not_clean(facts: Facts) -> list[str]:
    """A sentence for each reason why somebody must read it before it is approved. None: it is clean."""
    return [one.why for one in remarks(facts) if one.why]


def in_a_few_words(facts: Facts) -> list[str]:
    return [one.words for one in remarks(facts) if one.words]


def _first(facts: Facts) -> list[Remark | None]:
    hazards, worse = facts.found.get(Found.HAZARD, 0), ("thing worse than before", "things worse than before")
    differ = "Two officers say different things about"
    return [
        Remark("yours", OWN) if facts.own else None,
        Remark("answered", "It was sent back and answered: read the answers.") if facts.answered else None,
        _counted(hazards, ("hazard", "hazards"), "A hazard was found.", "{} hazards were found."),
        _counted(
            facts.serious,
            ("serious finding", "serious findings"),
            "A finding is serious.",
            "{} findings are serious.",
        ),
        Remark("recharge proposed", "A recharge is proposed.") if facts.recharge else None,
        _counted(facts.worse, worse, "One thing is worse than it was.", "{} things are worse than they were."),
        _counted(facts.differ, ("difference", "differences"), f"{differ} one thing.", f"{differ} {{}} things."),
    ]


def _doubts(facts: Facts) -> list[Remark | None]:
    photos = f"{facts.received} of {facts.photos} photos received"
    late = f"{_of(facts.late // timedelta(days=1), 'day')} late"
    things = "One thing was" if facts.missing == 1 else f"{facts.missing} things were"
    gone, shut = ("room not there", "rooms not there"), ("photo cannot be opened", "photos cannot be opened")
    held = "Something that came too late for it, or twice, waits for a decision."
    return [
        Remark("completed with a reason", f"{things} missing, with a reason to read.") if facts.missing else None,
        _counted(facts.not_there, gone, "A room was said not to be there.", "{} rooms were said not to be there."),
        Remark(photos, f"Only {photos}.") if facts.received < facts.photos else None,
        _counted(facts.unopened, shut, "A photo cannot be opened.", "{} photos cannot be opened."),
        Remark("something is held", held) if facts.undecided else None,
        Remark("phone’s clock was wrong", "A phone’s clock was wrong.") if facts.clock_wrong else None,
        Remark(late, f"It reached the office {late}.") if facts.late > LATEST else None,
        _counted(
            facts.addenda,
            ("addendum", "addenda"),
            "Something was added after it was completed.",
            "{} things were added after it was completed.",
        ),
    ]


def _plain(facts: Facts) -> list[Remark | None]:
    """What belongs to an ordinary inspection too."""
    kinds = [(kind, n) for kind, n in facts.found.items() if n and kind is not Found.HAZARD]
    by_kind = ", ".join(f"{n} {WHAT_WORDS[kind].lower()}" for kind, n in kinds)
    whole = facts.photos and facts.photos == facts.received
    return [
        Remark(f"findings: {by_kind}") if kinds else None,
        Remark(_of(facts.photos, "photo")) if whole else None,
    ]


def _counted(n: int, words: tuple[str, str], one: str, many: str) -> Remark | None:
    return Remark(f"{n} {words[n != 1]}", one if n == 1 else many.format(n)) if n else None


def _of(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"


@dataclass(frozen=True)
class Spot:
    """Where in an inspection a note belongs. All empty: to the whole."""

    room: str = ""
    item: str = ""
    finding: UUID | None = None

    @property
    def anchor(self) -> str:
        """Where on the inspection's page it opens."""
        if self.item:
            return f"item-{self.item}"
        return f"room-{self.room}" if self.room else "summary"


def spot_named(name: str) -> Spot | None:
    """`whole`, `room-kitchen`, `item-kitchen_hob` or `finding-<id>` as the form calls its boxes."""
    kind, _, key = name.partition("-")
    if name == "whole":
        return Spot()
    if kind == "room" and key:
        return Spot(room=key)
    if kind == "item" and key:
        return Spot(room=key.partition("_")[0], item=key)
    try:
        return Spot(finding=UUID(key)) if kind == "finding" else None
    except ValueError:
        return None
