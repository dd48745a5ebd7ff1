"""One visit as a card or a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from properties.queries import Home
from pwa import clock
from pwa.pages import day, time
from visits import rules
from visits.rules import Door, Happening, NoAccessReason, Outcome, Purpose, State, Window


@dataclass(frozen=True)
class Event:
    what: Happening
    by: str
    outcome: Outcome | None
    reason: NoAccessReason | None
    door: Door | None
    note: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    to: str = ""
    """Whose it became, when it was handed over."""
    company: str = ""
    company_id: UUID | None = None
    agreed_by: str = ""
    alone: bool = False
    """Started alone where two must go, and no manager was named."""

    @property
    def at(self) -> datetime:
        """When it happened, put right when the phone's clock was wrong."""
        return clock.happened(self.captured_at, self.received_at, self.skew_seconds)


@dataclass(frozen=True)
class Taken:
    """A photo of the door, whether or not its bytes are here."""

    id: UUID
    sha256: str
    by: UUID
    caption: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    erased_at: datetime | None


@dataclass(frozen=True)
class Seen:
    id: UUID
    home: Home
    purpose: Purpose
    officer_id: UUID
    officer: str
    mine: bool
    planned_for: datetime
    minutes: int
    note: str
    events: tuple[Event, ...] = ()
    window: Window = Window.AT
    series: UUID | None = None

    @property
    def state(self) -> State:
        return rules.state_of([event.what for event in self.events])

    @property
    def over(self) -> bool:
        return self.state in (State.FINISHED, State.CANCELLED)

    @property
    def href(self) -> str:
        return f"/visits/{self.id}"

    @property
    def day(self) -> date:
        return rules.day_of(self.planned_for)

    @property
    def begins_by(self) -> datetime:
        return rules.begins_by(self.planned_for, self.window)

    @property
    def clock(self) -> str:
        """10:00, Morning, Any time."""
        return time(self.planned_for) if self.window is Window.AT else self.window.short

    @property
    def when(self) -> str:
        """Tue 24 Nov, 10:00; Tue 24 Nov, morning."""
        return f"{day(self.planned_for)}, {self.clock.lower()}"

    @property
    def duration(self) -> str:
        return rules.duration(self.minutes)

    @property
    def inspect(self) -> str:
        """Where the inspection of this visit begins; empty when the visit is for something else."""
        kind = self.purpose.inspection
        return f"/properties/{self.home.id}/inspections/new?visit={self.id}&kind={kind}" if kind else ""

    @property
    def latest(self) -> Event:
        """What brought it to where it stands. Only of a visit that something happened to."""
        return next(event for event in reversed(self.events) if event.what is not Happening.NOTED)

    def last(self, what: Happening) -> Event | None:
        return next((event for event in reversed(self.events) if event.what is what), None)

    @property
    def last_words(self) -> str:
        """Why it cannot be changed any more, in a sentence."""
        last = self.events[-1]
        return rules.already(rules.Last(last.what, last.by, last.captured_at))

    @property
    def started(self) -> Event | None:
        """How it was begun by who has it now: what was handed over since begins anew."""
        for event in reversed(self.events):
            if event.what is Happening.HANDED_OVER:
                return None
            if event.what is Happening.STARTED:
                return event
        return None

    @property
    def handed_over(self) -> Event | None:
        """By whom, and in what words, if nobody has begun it again since."""
        return self.last(Happening.HANDED_OVER) if self.started is None else None

    @property
    def finished(self) -> Event | None:
        return self.last(Happening.FINISHED)

    @property
    def cancelled(self) -> Event | None:
        return self.last(Happening.CANCELLED)
