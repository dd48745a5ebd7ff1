"""Tries at a home that did not get in: each with its reason, time, photo of the door and who."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from media.rules import Photograph
from people.rules import SignedIn
from tasks import queries as tasks
from visits import follow_up, queries, rules
from visits.council import council
from visits.follow_up import Suggestion
from visits.rules import Happening, Outcome, Purpose
from visits.seen import Event, Seen, Taken
from visits.tables import VisitEvent, VisitPhoto


@dataclass(frozen=True)
class Try:
    """One of a row. `visit` is None when another team made it: that is all one is told of it."""

    number: int
    visit: Seen | None
    photos: list[Taken] = field(default_factory=list)

    @property
    def end(self) -> Event | None:
        return self.visit.finished if self.visit else None


@dataclass(frozen=True)
class Row:
    """The tries without access in a row for one purpose, and what the council does after so many."""

    purpose: Purpose
    tries: list[Try]
    arrived: dict[UUID, Photograph]
    most: int
    task_raised: bool = False

    @property
    def number(self) -> int:
        """Which try comes next."""
        return len(self.tries) + 1

    @property
    def reached(self) -> bool:
        return len(self.tries) >= self.most

    @property
    def last(self) -> bool:
        """The next one is the last that the council makes."""
        return self.number == self.most

    @property
    def suggestion(self) -> Suggestion:
        return follow_up.after_tries(self.purpose, max(len(self.tries), self.most), self.reached)


async def row_of(person: SignedIn, visit: Seen) -> Row:
    """The row before this visit, with it when it did not get in either."""
    ended = [
        row
        for row in await _ended({visit.home.id})
        if row["purpose"] == visit.purpose.value
        and (row["planned_for"] < visit.planned_for or row["visit"] == visit.id)
    ]
    return (await _rows(person, {visit.purpose: _trailing(ended)}))[0]


async def rows_at(person: SignedIn, home: UUID) -> list[Row]:
    """For each purpose with one, the row that still stands: nobody has got in for it since."""
    by_purpose: dict[Purpose, list[dict[str, Any]]] = defaultdict(list)
    for row in await _ended({home}):
        by_purpose[Purpose(row["purpose"])].append(row)
    standing = {purpose: _trailing(rows) for purpose, rows in by_purpose.items()}
    found = await _rows(person, {purpose: rows for purpose, rows in standing.items() if rows})
    return [row for row in found if any(one.visit for one in row.tries)]


def _trailing(ended: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tries = rules.in_a_row([Outcome(row["outcome"]) for row in ended])
    return ended[len(ended) - tries :]


async def _ended(homes: set[UUID]) -> list[dict[str, Any]]:
    """Every visit to these homes that was finished, whichever team's, in the order they were planned for."""
    rows: list[dict[str, Any]] = await (
        VisitEvent.select(
            VisitEvent.visit,
            VisitEvent.outcome,
            VisitEvent.visit.purpose.as_alias("purpose"),
            VisitEvent.visit.planned_for.as_alias("planned_for"),
        )
        .where(VisitEvent.visit.property.is_in(list(homes)), VisitEvent.what == Happening.FINISHED.value)
        .order_by(VisitEvent.visit.planned_for)
        .order_by(VisitEvent.visit)
    )
    return rows


async def _rows(person: SignedIn, standing: dict[Purpose, list[dict[str, Any]]]) -> list[Row]:
    ids = [row["visit"] for rows in standing.values() for row in rows]
    seen = {visit.id: visit for visit in await queries.visits_named(person, ids)}
    photos = await _photos(seen)
    arrived = await queries.arrived([one for taken in photos.values() for one in taken])
    raised = await tasks.visits_with_tasks(person, seen)
    return [
        Row(
            purpose,
            [Try(number, seen.get(row["visit"]), photos[row["visit"]]) for number, row in enumerate(rows, 1)],
            arrived,
            council().tries,
            any(row["visit"] in raised for row in rows),
        )
        for purpose, rows in standing.items()
    ]


async def _photos(visits: Iterable[UUID]) -> dict[UUID, list[Taken]]:
    found: dict[UUID, list[Taken]] = defaultdict(list)
    if wanted := list(visits):
        rows = VisitPhoto.select().where(VisitPhoto.visit.is_in(wanted)).order_by(VisitPhoto.received_at)
        for row in await rows:
            found[row["visit"]].append(Taken(**{name: row[name] for name in Taken.__annotations__}))
    return found
