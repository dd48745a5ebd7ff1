"""The rows of one inspection as values: readings, findings and photographs, all of them or one item's."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from inspections.choices import Answer, Cleanliness, Condition, What
from inspections.queries import Opened
from inspections.rules import Read
from inspections.tables import Finding, InspectionPhoto, PhotoChange, Reading
from media import queries as media
from media.rules import Photograph, State
from pwa.prepared import Prepared


class _Rows:
    """A table's rows of one inspection, or of one of its items, each with the name of its officer.

    Without the `spare` columns: every id costs time, because it is made a UUID row by row. `which` says in SQL
    which rows of one item are wanted, when not all of them.
    """

    def __init__(self, table: Any, order: Any, *spare: Any, which: str = "") -> None:
        columns = (*table.all_columns(exclude=spare), table.person.name.as_alias("officer"))

        def rows(inspection: Any) -> Any:
            return table.select(*columns).where(table.inspection == inspection).order_by(order)

        def rows_of_one(inspection: Any, item: Any) -> Any:
            return rows(inspection).where(WhereRaw(which, inspection, item) if which else table.item == item)

        self._all = Prepared(rows)
        self._one = Prepared(rows_of_one)

    async def of(self, inspection: Opened, item: str) -> list[dict[str, Any]]:
        return await (self._one(inspection.id, item) if item else self._all(inspection.id))


# Each officer's last word: an item read over and over must not make each further reading of it dearer.
_LAST_WORDS = """reading.id IN (SELECT id FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY person ORDER BY received_at DESC, id DESC) AS nth
    FROM reading WHERE inspection = {} AND item = {}) AS spoken WHERE nth = 1)"""
_READINGS = _Rows(Reading, Reading.received_at, Reading.id, Reading.inspection, which=_LAST_WORDS)
_FINDINGS = _Rows(Finding, Finding.received_at, Finding.id, Finding.inspection)
_PHOTOS = _Rows(InspectionPhoto, InspectionPhoto.received_at)
_CHANGES = Prepared(
    lambda inspection: (
        PhotoChange.select().where(PhotoChange.inspection == inspection).order_by(PhotoChange.received_at)
    )
)


@dataclass(frozen=True)
class PhotoView:
    id: UUID
    sha256: str
    item: str
    finding: UUID | None
    caption: str
    officer: str
    person: UUID
    captured_at: datetime
    attached_at: datetime
    """When the office was told that it belongs here; `received_at` is when its bytes came."""
    skew_seconds: int
    state: str
    received_at: datetime | None
    problem: str
    inspection: UUID
    addendum: UUID | None
    """What it came with, after the end. It is no part of the inspection as it was completed."""
    also: frozenset[str]
    """Other bytes of the same photograph: as the camera made it, or made small."""
    taken_over: UUID | None = None
    """The earlier photograph of the same thing that it was taken over."""

    @property
    def shown(self) -> bool:
        """It is here and can be opened, also when nobody has looked at it yet."""
        return self.received_at is not None and self.state != State.unreadable


@dataclass(frozen=True)
class FindingView:
    id: UUID
    item: str
    what: What
    severity: str
    liability: str
    cost: int | None
    note: str
    hazard: int | None
    officer: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    versions: int


async def readings_of(inspection: Opened, item: str = "") -> dict[str, list[Read]]:
    """By item. Of one item only what counts: the last of each officer."""
    return readings_from(await _READINGS.of(inspection, item))


def readings_from(rows: list[dict[str, Any]]) -> dict[str, list[Read]]:
    """By item, from rows of one inspection."""
    found: dict[str, list[Read]] = defaultdict(list)
    for row in rows:
        found[row["item"]].append(
            Read(
                item=row["item"],
                person_id=row["person"],
                person_name=row["officer"],
                captured_at=row["captured_at"],
                received_at=row["received_at"],
                condition=Condition(row["condition"]) if row["condition"] else None,
                cleanliness=Cleanliness(row["cleanliness"]) if row["cleanliness"] else None,
                answer=Answer(row["answer"]) if row["answer"] else None,
                value=row["value"],
                note=row["note"],
                skew_seconds=row["skew_seconds"],
            )
        )
    return found


async def findings_of(inspection: Opened, item: str = "") -> dict[str, list[FindingView]]:
    """The last version of each finding that was not taken back, in the order they were first recorded."""
    return findings_from(await _FINDINGS.of(inspection, item))


def findings_from(rows: list[dict[str, Any]]) -> dict[str, list[FindingView]]:
    """By item, from the rows of one inspection in the order they were received."""
    versions: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        versions[row["finding"]].append(row)
    found: dict[str, list[FindingView]] = defaultdict(list)
    for finding, history in versions.items():
        last = history[-1]
        if not last["withdrawn"]:
            found[last["item"]].append(_finding(finding, last, len(history)))
    return found


def _finding(finding: UUID, row: dict[str, Any], versions: int) -> FindingView:
    return FindingView(
        id=finding,
        item=row["item"],
        what=What(row["what"]),
        severity=row["severity"],
        liability=row["liability"],
        cost=row["cost"],
        note=row["note"],
        hazard=row["hazard"],
        officer=row["officer"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
        versions=versions,
    )


async def photos_of(inspection: Opened, item: str = "") -> dict[str, list[PhotoView]]:
    """By item: those in sight, which were there before it was completed."""
    found: dict[str, list[PhotoView]] = defaultdict(list)
    for photo in await _photos(inspection, item):
        if photo.addendum is None:
            found[photo.item].append(photo)
    return found


async def photos_added(inspection: Opened) -> dict[UUID, list[PhotoView]]:
    """By addendum: those that came with one."""
    found: dict[UUID, list[PhotoView]] = defaultdict(list)
    for photo in await _photos(inspection):
        if photo.addendum is not None:
            found[photo.addendum].append(photo)
    return found


async def _photos(inspection: Opened, item: str = "") -> list[PhotoView]:
    rows = await _PHOTOS.of(inspection, item)
    if not rows:
        return []
    changes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for change in await _CHANGES(inspection.id):
        changes[change["photo"]].append(change)
    states = await media.photos([row["sha256"] for row in rows], {row["person"] for row in rows})
    return photos_from(inspection.id, rows, changes, states)


def photos_from(
    inspection: UUID,
    rows: list[dict[str, Any]],
    changes: Mapping[UUID, list[dict[str, Any]]],
    states: Mapping[str, Photograph],
) -> list[PhotoView]:
    """Those in sight, from the rows of one inspection, the changes of each, and what is known of the bytes."""
    came_again: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        if row["same_as"]:
            came_again[row["same_as"]].append(row["sha256"])
    found = []
    for row in (row for row in rows if row["same_as"] is None):
        history = changes.get(row["id"], [])
        if history and history[-1]["withdrawn"]:
            continue
        hashes = [row["sha256"], *came_again[row["id"]]]
        sha256 = max(hashes, key=lambda sha: _worth(states.get(sha)))
        state = states.get(sha256)
        found.append(
            PhotoView(
                id=row["id"],
                sha256=sha256,
                item=row["item"],
                finding=row["finding"],
                caption=history[-1]["caption"] if history else row["caption"],
                officer=row["officer"],
                person=row["person"],
                captured_at=row["captured_at"],
                attached_at=row["received_at"],
                skew_seconds=row["skew_seconds"],
                state=state.state.value if state else "promised",
                received_at=state.received_at if state else None,
                problem=state.problem if state else "",
                inspection=inspection,
                addendum=row["addendum"],
                also=frozenset(hashes) - {sha256},
                taken_over=row["taken_over"],
            )
        )
    return found


def _worth(photo: Photograph | None) -> int:
    """Of one photograph's bytes those are shown that can be; of equals the first."""
    return -1 if photo is None else (State.unreadable, State.received, State.ready).index(photo.state)


def pair_of(then: list[PhotoView], now: list[PhotoView]) -> tuple[PhotoView | None, PhotoView | None]:
    """Of those that can be shown the last taken over an earlier one, with that one; else the last of each."""
    befores, afters = ([photo for photo in photos if photo.shown] for photos in (then, now))
    by_id = {photo.id: photo for photo in befores}
    for photo in reversed(afters):
        if photo.taken_over in by_id:
            return by_id[photo.taken_over], photo
    return befores[-1] if befores else None, afters[-1] if afters else None
