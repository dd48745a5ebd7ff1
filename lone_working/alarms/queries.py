"""Who is out, whose deadline is next, and what is open: for managers their team, for a buddy the people they look
out for. Nobody sees here what is about themselves: there may be somebody beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working.alarms.alarms import gave_pin
from lone_working.alarms.looked import Phone
from lone_working.alarms.who_told_rules import WhoTold
from lone_working.places import NOWHERE, Point
from lone_working.rules import AlarmKind, AlarmState, Happening
from people.rules import SignedIn
from properties import queries as properties

Row = dict[str, Any]
KIND_WORDS = {
    AlarmKind.OVERDUE: "Overdue",
    AlarmKind.PANIC: "Asked for help",
    AlarmKind.DURESS: "Made to enter their PIN",
}
EVENT_WORDS = {
    Happening.STARTED: "Went in",
    Happening.CHECKED_IN: "Checked in",
    Happening.EXTENDED: "Asked for more time",
    Happening.BUDDY: "Chose a buddy",
    Happening.VISIT_LEFT: "The visit ended",
    Happening.PIN: "Entered their PIN",
    Happening.DURESS: "Entered the PIN that asks for help",
    Happening.DURESS_ALONE: "Entered the PIN that asks for help",
    Happening.PANIC: "Asked for help",
    Happening.ACKNOWLEDGED: "Took it on",
    Happening.CALLING: "Rings 999",
    Happening.CONTACT_READ: "Read whom to ring out of hours",
    Happening.NOT_THE_WORD: "Rang them; they did not say their code word",
    Happening.SILENCED: "Silenced it on the wall",
    Happening.CARRIED_ON: "Spoke to them; they go on",
    Happening.CLOCK: "The server’s clock was put back",
    Happening.CLOSED: "Entered their PIN: out and safe",
    Happening.CLOSED_BY_RESPONDER: "Closed it",
}
URGENT = (AlarmKind.DURESS, AlarmKind.PANIC, AlarmKind.OVERDUE)
KEPT = "A confidential home"
NOBODY = WhoTold()


@dataclass(frozen=True)
class Out:
    """Somebody alone, with no alarm open."""

    id: UUID
    number: int
    person_name: str
    place: str
    due_at: datetime
    last_confirmed_at: datetime
    started_at: datetime
    received_at: datetime
    """When we came to know that they went in."""
    minutes: int
    high_risk: bool
    buddy_name: str
    pin_failures: int
    phone: str
    point: Point | None
    together: tuple[str, ...]
    """Who went in with them."""
    missing: tuple[str, ...]
    """What was not in place when they went, in words."""


@dataclass(frozen=True)
class EventRow:
    words: str
    said: str
    person_name: str
    happened_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class HeldStart:
    """A start that is only kept for the office, with what it says."""

    id: UUID
    received_at: datetime
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AlarmSeen:
    id: UUID
    number: int
    kind: AlarmKind
    person_name: str
    place: str
    opened_at: datetime
    origin_at: datetime
    last_confirmed_at: datetime | None
    """None where all that was heard of them is that they called for help."""
    owner: UUID | None
    owner_name: str
    owned_at: datetime | None
    owned_until: datetime | None
    open: bool
    next_at: datetime | None
    resolved_at: datetime | None
    resolved_by_name: str
    outcome: str
    gave_pin: bool
    mine: bool
    """Whoever asks has it."""
    point: Point | None = None
    may_look: bool = False
    """Whoever asks may see where the phone was, by pressing that they look."""
    looked: bool = False
    """They have pressed it."""
    phone: Phone | None = None
    """Where it was; None too when it has never said so."""
    silent: bool = False
    """Nobody is to ring them, whatever this alarm is about: party.not_to_ring."""
    silenced_by: str = ""
    silent_until: datetime | None = None
    guidance: tuple[str, ...] = ()
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What 999 asks for next, and the answers."""
    script: tuple[str, ...] = ()
    """How to find out by telephone whether they are free to speak; for duress that nobody rings."""
    calls: bool = False
    """Whoever asks has said that they call 999."""
    number_to_ring: str = ""
    """Their own mobile; empty where nobody is to ring them."""
    told: WhoTold = NOBODY
    starts: tuple[HeldStart, ...] = ()
    """Starts of theirs that whoever asks reviews: where they may be, though no session says so."""
    events: tuple[EventRow, ...] = ()

    @property
    def words(self) -> str:
        return KIND_WORDS[self.kind]

    def sounds(self, at: datetime) -> bool:
        """On the walls of managers: nobody has it, and nobody has silenced it for now."""
        silent = self.silent_until is not None and at < self.silent_until
        return self.open and not self.owner_name and not silent

    @property
    def do_not_phone(self) -> bool:
        return self.kind is AlarmKind.DURESS or self.silent


@dataclass(frozen=True)
class Unmonitored:
    """Somebody who went in and whom nobody looks out for: not_watched.py."""

    id: UUID
    person_name: str
    phone: str
    place: str
    """Empty for a start that was kept: its visit is somebody else's by now."""
    started_at: datetime
    received_at: datetime
    held: bool


@dataclass(frozen=True)
class Wall:
    alarms: tuple[AlarmSeen, ...]
    sessions: tuple[Out, ...]
    unmonitored: tuple[Unmonitored, ...]
    engine_age_seconds: float | None
    """Since anything last looked for what is overdue; None when nothing ever has."""


def leads(me: SignedIn, session: Row, teams: Sequence[UUID]) -> bool:
    """Whoever leads its team now (duty.led_by), or its buddy. Never whoever it is about, nor who is in there with
    them: there may be somebody beside them."""
    inside = me.id == session["person"] or me.id in session["beside"]
    return not inside and (session["team"] in teams or session["buddy"] == me.id)


async def kept_from(me: SignedIn, sessions: Sequence[Row]) -> set[UUID]:
    """Those at a confidential home that this person is not cleared for."""
    homes = {row["property"] for row in sessions if row["property"]}
    closed = await properties.closed_among(me, homes)
    return {row["id"] for row in sessions if row["property"] in closed}


def without(session: Row, kept: set[UUID], words: str) -> Row:
    """Not where, if it is one of those."""
    return {**session, "place": words, "point": None} if session["id"] in kept else session


def only_called(session: Row) -> bool:
    return bool(session["place"] == NOWHERE and session["heard_at"] <= session["started_at"])


def alarm_seen(me: SignedIn, session: Row, row: Row, **more: Any) -> AlarmSeen:
    return AlarmSeen(
        id=row["id"],
        number=session["number"],
        kind=AlarmKind(row["kind"]),
        person_name=session["person_name"],
        place=session["place"],
        point=session.get("point"),
        silent=session.get("silent", False),
        opened_at=row["opened_at"],
        origin_at=row["origin_at"],
        last_confirmed_at=None if only_called(session) else session["heard_at"],
        owner=row["owner"] if row["state"] == AlarmState.ACKNOWLEDGED else None,
        owner_name=row["owner_name"] if row["state"] == AlarmState.ACKNOWLEDGED else "",
        owned_at=row["owned_at"] if row["state"] == AlarmState.ACKNOWLEDGED else None,
        owned_until=row["owned_until"],
        open=row["state"] != AlarmState.RESOLVED,
        next_at=row["next_fire_at"],
        resolved_at=row["resolved_at"],
        resolved_by_name=row["resolved_by_name"],
        outcome=row["outcome"],
        gave_pin=row["kind"] == AlarmKind.PANIC and gave_pin(session, row),
        mine=row["owner"] == me.id and row["state"] == AlarmState.ACKNOWLEDGED,
        **more,
    )
