"""Reads of the review: how one inspection stands, and what was sent back to somebody. Each scoped to who asks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import records
from inspections.queries import Opened
from inspections.records import PhotoView
from inspections.review_rules import Spot, State, What, state_after
from inspections.review_tables import ReviewAnswer, ReviewEvent, ReviewNote
from inspections.tables import Completion
from people.rules import SignedIn
from properties import cards
from properties.cards import Home
from pwa.prepared import Prepared

MOST_BACK = 20


@dataclass
class Answer:
    """What somebody said to a note: an addendum, with its photographs."""

    addendum: UUID
    text: str
    officer: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    photos: list[PhotoView] = field(default_factory=list)


@dataclass
class Note:
    id: UUID
    number: int
    spot: Spot
    place: str
    text: str
    manager: str
    at: datetime
    asked: bool
    """Whether an answer is still wanted of it."""
    answers: list[Answer] = field(default_factory=list)


@dataclass
class Review:
    """How one completed inspection stands, with all that was said about it."""

    state: State
    events: list[dict[str, Any]]
    notes: list[Note] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any] | None:
        return self.events[-1] if self.events else None

    @property
    def approved(self) -> dict[str, Any] | None:
        """Its approval, while nothing was done with it since."""
        return self.last if self.state is State.APPROVED else None

    @property
    def open(self) -> list[Note]:
        """Notes that want an answer, answered or not, while the inspection is with the officer."""
        return [note for note in self.notes if note.asked]

    @property
    def answerable(self) -> bool:
        return self.state in (State.BACK, State.ANSWERED)

    def at(self, anchor: str) -> list[Note]:
        return [note for note in self.notes if note.spot.anchor == anchor]

    def note(self, id: UUID) -> Note | None:
        return next((note for note in self.notes if note.id == id), None)

    def answered_by(self, addendum: UUID) -> Note | None:
        return next((n for n in self.notes if any(a.addendum == addendum for a in n.answers)), None)


def follows(events: list[dict[str, Any]], inspection: UUID) -> list[dict[str, Any]]:
    """Events in the order they follow each other, whatever the clocks said."""
    after = {row["after"]: row for row in events}
    found, last = [], inspection
    while last in after:
        found.append(after[last])
        last = after[last]["id"]
    return found


async def events_of(inspection: UUID) -> list[dict[str, Any]]:
    table = ReviewEvent
    rows = await table.select(*table.all_columns(), table.person.name.as_alias("name")).where(
        table.inspection == inspection
    )
    return follows(rows, inspection)


async def review_of(inspection: Opened) -> Review:
    """Of a completed one. Only one that was sent back has notes, and only then they are asked for."""
    events = await events_of(inspection.id)
    state = state_after(events[-1]["what"] if events else None)
    backs = [row for row in events if row["what"] == What.BACK]
    return Review(state, events, await _notes(inspection, events) if backs else [])


async def _notes(inspection: Opened, events: list[dict[str, Any]]) -> list[Note]:
    asked = _asked(events)
    by_event = {row["id"]: row for row in events}
    rows = await ReviewNote.select().where(ReviewNote.inspection == inspection.id).order_by(ReviewNote.number)
    answers = await _answers(inspection)
    return [
        Note(
            id=row["id"],
            number=row["number"],
            spot=spot_of(row),
            place=row["place"],
            text=row["text"],
            manager=by_event[row["event"]]["name"] or "",
            at=by_event[row["event"]]["received_at"],
            asked=row["event"] in asked,
            answers=answers[row["id"]],
        )
        for row in rows
    ]


def spot_of(row: dict[str, Any]) -> Spot:
    return Spot(row["room"], row["item"], row["finding"])


def _asked(events: Iterable[dict[str, Any]]) -> set[UUID]:
    """The last sendings back: those whose notes want an answer, or had one since."""
    found: set[UUID] = set()
    before = ""
    for row in events:
        if row["what"] == What.APPROVED or (row["what"] == What.BACK and before != What.BACK):
            found.clear()
        if row["what"] == What.BACK:
            found.add(row["id"])
        before = row["what"]
    return found


async def _answers(inspection: Opened) -> dict[UUID, list[Answer]]:
    table = ReviewAnswer
    rows = await (
        table.select(
            table.note,
            table.addendum.id.as_alias("addendum"),
            table.addendum.text.as_alias("text"),
            table.addendum.captured_at.as_alias("captured_at"),
            table.addendum.received_at.as_alias("received_at"),
            table.addendum.skew_seconds.as_alias("skew_seconds"),
            table.addendum.person.name.as_alias("officer"),  # type: ignore[union-attr]
        )
        .where(table.inspection == inspection.id)
        .order_by(table.addendum.received_at)
    )
    photos = await records.photos_added(inspection) if rows else {}
    found: dict[UUID, list[Answer]] = defaultdict(list)
    for row in rows:
        found[row.pop("note")].append(Answer(**row, photos=photos.get(row["addendum"], [])))
    return found


def last_was(what: What) -> Any:
    """Inspections of which this was done last: nothing follows it."""
    rows = ReviewEvent.select(ReviewEvent.inspection).where(ReviewEvent.what == what.value)
    return rows.where(ReviewEvent.id.not_in(ReviewEvent.select(ReviewEvent.after)))


@dataclass(frozen=True)
class SentBack:
    """An inspection that waits for its officer's answers."""

    id: UUID
    kind: str
    home: Home
    manager: str
    at: datetime
    notes: list[dict[str, Any]]

    @property
    def href(self) -> str:
        return f"/inspections/{self.id}"


# Asked at every look at a day, and nearly always there is none.
_BACK_TO = Prepared(
    lambda starter, ender, person, team: (
        Completion.select(
            Completion.inspection,
            Completion.inspection.kind.as_alias("kind"),
            Completion.inspection.property.as_alias("property"),
        )
        .where((Completion.inspection.started_by == starter) | (Completion.person == ender))
        # As `queries.inspection_for`: one that went to another team is not theirs to open any more.
        .where((Completion.inspection.started_by == person) | (Completion.inspection.team == team))
        .where(Completion.inspection.is_in(last_was(What.BACK)))
        .order_by(Completion.received_at)
        .limit(MOST_BACK)
    )
)


async def sent_back_to(person: SignedIn) -> list[SentBack]:
    """The person's own inspections that were sent back and are not answered, the oldest first."""
    rows = await _BACK_TO(person.id, person.id, person.id, person.team_id)
    if not rows:
        return []
    homes = await cards.homes(person, {row["property"] for row in rows})
    events, notes = await _asked_of([row["inspection"] for row in rows])
    return [
        SentBack(
            id=row["inspection"],
            kind=row["kind"],
            home=homes[row["property"]],
            manager=events[row["inspection"]][-1]["name"],
            at=events[row["inspection"]][-1]["received_at"],
            notes=notes[row["inspection"]],
        )
        for row in rows
        if row["property"] in homes
    ]


async def _asked_of(ids: list[UUID]) -> tuple[dict[UUID, list[dict[str, Any]]], dict[UUID, list[dict[str, Any]]]]:
    """Of these inspections what was done, in order, and the notes that nobody has answered."""
    table = ReviewEvent
    rows = await table.select(*table.all_columns(), table.person.name.as_alias("name")).where(
        table.inspection.is_in(ids)
    )
    events = {id: follows([row for row in rows if row["inspection"] == id], id) for id in ids}
    asked = {event for of_one in events.values() for event in _asked(of_one)}
    answered = ReviewAnswer.select(ReviewAnswer.note).where(ReviewAnswer.inspection.is_in(ids))
    notes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    wanted = ReviewNote.select().where(ReviewNote.event.is_in(list(asked) or [None]))
    for note in await wanted.where(ReviewNote.id.not_in(answered)).order_by(ReviewNote.number):
        notes[note["inspection"]].append(note | {"anchor": spot_of(note).anchor})
    return events, notes
