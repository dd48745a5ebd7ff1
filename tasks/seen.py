"""One task as a row or a page shows it, and a list of them as somebody's page of tasks."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from properties.queries import Home
from pwa import clock
from tasks import rules
from tasks.rules import ENDS, Happening, Kind, State


@dataclass(frozen=True)
class Event:
    what: Happening
    note: str
    by: str
    given_to: str
    due_before: date | None
    due_after: date | None
    captured_at: datetime
    received_at: datetime
    skew_seconds: int

    @property
    def at(self) -> datetime:
        """When it happened, put right when the phone's clock was wrong."""
        return clock.happened(self.captured_at, self.received_at, self.skew_seconds)


@dataclass(frozen=True)
class Task:
    id: UUID
    home: Home
    kind: Kind
    what: str
    owner_id: UUID
    owner: str
    mine: bool
    nobodys: bool
    due: date
    visit: UUID | None
    inspection: UUID | None
    raised_by: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    events: tuple[Event, ...] = ()

    @property
    def href(self) -> str:
        return f"/tasks/{self.id}"

    @property
    def end(self) -> Event | None:
        """What ended it, unless it was taken up again since."""
        turns = [event for event in self.events if event.what in ENDS or event.what is Happening.REOPENED]
        return turns[-1] if turns and turns[-1].what in ENDS else None

    @property
    def state(self) -> State:
        return ENDS[self.end.what] if self.end else State.OPEN

    def lateness(self, today: date) -> str:
        return "" if self.end else rules.lateness(self.due, today)


@dataclass(frozen=True)
class Board:
    """Open tasks as their page shows them: what needs somebody, what is overdue, and the rest by its day."""

    today: date
    tasks: list[Task]

    @property
    def nobodys(self) -> list[Task]:
        return [task for task in self.tasks if task.nobodys]

    @property
    def overdue(self) -> list[Task]:
        return [task for task in self._owned if task.due < self.today]

    @property
    def due_today(self) -> list[Task]:
        return [task for task in self._owned if task.due == self.today]

    @property
    def later(self) -> list[Task]:
        return [task for task in self._owned if task.due > self.today]

    @property
    def _owned(self) -> list[Task]:
        return [task for task in self.tasks if not task.nobodys]

    @property
    def packable(self) -> "Board":
        """As a phone may take it along: without households that are never packed."""
        return replace(self, tasks=[task for task in self.tasks if not task.home.confidential])


@dataclass(frozen=True)
class Counts:
    """How many open tasks somebody looks after."""

    open: int
    overdue: int
    today: int
    nobodys: int = 0


@dataclass(frozen=True)
class Raising:
    """What the form to raise a task offers: (value, words) each."""

    owners: list[tuple[UUID, str]]
    kinds: list[tuple[str, str]]
    dues: list[tuple[str, str]]
