"""What is known of many completed inspections at once, in as many queries for thirty of them as for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import choices, compare_rules, queries, rules
from inspections.plan_queries import plan_of
from inspections.queries import LOOKED_AT
from inspections.recharge_tables import Recharge
from inspections.records import FindingView, PhotoView, findings_from, photos_from, readings_from
from inspections.review_rules import Facts, State
from inspections.rules import Read
from inspections.tables import (
    Addendum,
    Completion,
    Finding,
    Inspection,
    InspectionPhoto,
    PhotoChange,
    Reading,
    Room,
    RoomChange,
)
from inspections.view import counted, not_attached
from media import queries as media
from media.rules import Photograph
from media.rules import State as Bytes
from people.rules import SignedIn
from pwa import clock
from pwa.queries import undecided_records

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Ended:
    """A completed inspection as a list of them needs it."""

    id: UUID
    kind: str
    template: UUID
    furnished: bool
    property: UUID
    address: str
    officer: str
    started_by: UUID
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    completion: dict[str, Any]

    def by(self, person: UUID) -> bool:
        """Whether this person did it: started it or completed it."""
        return person in (self.started_by, self.completion["person"])


_ENDED = Inspection.all_columns(exclude=["visit", "team", "bedrooms"])


async def ended_of(completions: Rows) -> list[Ended]:
    """The inspections of these completions, in their order."""
    ids = [row["inspection"] for row in completions]
    if not ids:
        return []
    rows = await (
        Inspection.select(
            *_ENDED,
            Inspection.property.address.as_alias("address"),
            Inspection.started_by.name.as_alias("officer"),
        ).where(Inspection.id.is_in(ids))
    )  # fmt: skip
    found = {row["id"]: row for row in rows}
    return [Ended(**found[row["inspection"]], completion=row) for row in completions if row["inspection"] in found]


async def facts_of(person: SignedIn, ended: list[Ended], states: dict[UUID, State]) -> dict[UUID, Facts]:
    """What there is to see of each, for the person who asks. `states` are those other than waiting."""
    if not ended:
        return {}
    found = await _Found.of(person, ended)
    return {one.id: found.facts(one, person, states.get(one.id, State.WAITING)) for one in ended}


@dataclass
class _Found:
    """All rows of these inspections and of those they are compared with, by inspection."""

    bases: dict[UUID, UUID]
    readings: dict[UUID, dict[str, list[Read]]]
    findings: dict[UUID, dict[str, list[FindingView]]]
    photos: dict[UUID, list[PhotoView]]
    states: dict[str, Photograph]
    rooms: dict[UUID, Rows]
    gone: dict[UUID, set[str]]
    addenda: dict[UUID, Rows]
    recharged: set[UUID]
    undecided: set[UUID]
    plans: dict[UUID, dict[str, Any]]

    @classmethod
    async def of(cls, person: SignedIn, ended: list[Ended]) -> "_Found":
        ids = [one.id for one in ended]
        bases = await _bases(person, ended)
        both = list({*ids, *bases.values()})
        photos, states = await _photos(ended)
        readings = _by(await _named(Reading, both))
        findings = _by(await _named(Finding, both))
        recharged = await Recharge.select(Recharge.inspection).where(Recharge.inspection.is_in(ids))
        rooms = Room.select(Room.inspection, Room.key, Room.kind).where(Room.inspection.is_in(ids))
        added = Addendum.select(Addendum.inspection, Addendum.about).where(Addendum.inspection.is_in(ids))
        return cls(
            bases,
            {id: readings_from(rows) for id, rows in readings.items()},
            {id: findings_from(rows) for id, rows in findings.items()},
            photos,
            states,
            _by(await rooms),
            await _gone(ids),
            _by(await added),
            {row["inspection"] for row in recharged},
            set(await undecided_records("/inspections/")),
            {one.template: await plan_of(one) for one in ended},  # kept in memory after the first time
        )

    def facts(self, one: Ended, person: SignedIn, state: State) -> Facts:
        findings = [finding for of_item in self.findings.get(one.id, {}).values() for finding in of_item]
        photos, added = self.photos.get(one.id, []), self.addenda.get(one.id, [])
        arrived = self._arrived(one, photos)
        settled = {row["about"] for row in added}
        hazards = choices.What.HAZARD
        kinds = [finding.what for finding in findings]
        return Facts(
            photos=arrived.promised,
            received=arrived.received,
            unopened=sum(p.state == Bytes.unreadable and p.id not in settled for p in photos),
            found={kind: kinds.count(kind) for kind in choices.What if kind in kinds},
            serious=sum(f.what is not hazards and f.severity != choices.Severity.MINOR for f in findings),
            missing=len([line for line in one.completion["missing"].split("\n") if line]),
            not_there=len(self.gone.get(one.id, ())),
            differ=self._differ(one.id),
            worse=self._worse(one),
            recharge=one.id in self.recharged,
            late=one.completion["received_at"] - clock.happened(*_times(one.completion)),
            clock_wrong=self._clock_wrong(one, findings, photos),
            undecided=one.id in self.undecided,
            addenda=len(added),
            answered=state is State.ANSWERED,
            own=one.by(person.id),
        )

    def _arrived(self, one: Ended, photos: list[PhotoView]) -> Any:
        here = [photo for photo in photos if photo.addendum is None]
        only_promised = not_attached(here, one.completion["promised"])
        came = {sha for sha in only_promised if _sent_by(self.states.get(sha), {one.completion["person"]})}
        return counted(here, only_promised, came)

    def _differ(self, id: UUID) -> int:
        return sum(rules.differ(rules.latest_by_person(said)) for said in self.readings.get(id, {}).values())

    def _worse(self, one: Ended) -> int:
        """As `comparison.comparison_of` counts them."""
        base = self.bases.get(one.id)
        if base is None:
            return 0
        before, now = self.readings.get(base, {}), self.readings.get(one.id, {})
        found_before, found_now = self.findings.get(base, {}), self.findings.get(one.id, {})
        return sum(
            bool(
                compare_rules.changes(
                    item.type,
                    _last(before.get(item.key)),
                    _last(now.get(item.key)),
                    [finding.what for finding in found_before.get(item.key, ())],
                    [finding.what for finding in found_now.get(item.key, ())],
                )
            )
            for room in self.rooms.get(one.id, ())
            if room["key"] not in self.gone.get(one.id, ())
            for item in rules.items_of(self.plans[one.template], room["key"], room["kind"], one.furnished)
            if item.type in compare_rules.THINGS
        )

    def _clock_wrong(self, one: Ended, findings: list[FindingView], photos: list[PhotoView]) -> bool:
        reads = [read for said in self.readings.get(one.id, {}).values() for read in said]
        recorded: list[Ended | Read | FindingView] = [one, *reads, *findings]
        moments = [(r.captured_at, r.received_at, r.skew_seconds) for r in recorded]
        moments += [(p.captured_at, p.attached_at, p.skew_seconds) for p in photos]
        return any(clock.wrong(*times) for times in [*moments, _times(one.completion)])


def _times(row: dict[str, Any]) -> tuple[datetime, datetime, int]:
    return row["captured_at"], row["received_at"], row["skew_seconds"]


def _last(said: list[Read] | None) -> Read | None:
    return rules.latest_by_person(said)[0] if said else None


def _by(rows: Rows) -> dict[UUID, Rows]:
    found: dict[UUID, Rows] = defaultdict(list)
    for row in rows:
        found[row["inspection"]].append(row)
    return found


async def _named(table: Any, ids: list[UUID]) -> Rows:
    rows = table.select(*table.all_columns(exclude=[table.id]), table.person.name.as_alias("officer"))
    found: Rows = await rows.where(table.inspection.is_in(ids)).order_by(table.received_at)
    return found


async def _gone(ids: list[UUID]) -> dict[UUID, set[str]]:
    """Rooms that were said not to be there, by the last word about each."""
    rows = await (
        RoomChange.select(RoomChange.inspection, RoomChange.room, RoomChange.there)
        .where(RoomChange.inspection.is_in(ids))
        .order_by(RoomChange.received_at)
    )
    there = {(row["inspection"], row["room"]): row["there"] for row in rows}
    found: dict[UUID, set[str]] = defaultdict(set)
    for (inspection, room), is_there in there.items():
        if not is_there:
            found[inspection].add(room)
    return found


async def _photos(ended: list[Ended]) -> tuple[dict[UUID, list[PhotoView]], dict[str, Photograph]]:
    ids = [one.id for one in ended]
    table = InspectionPhoto
    rows = _by(
        await table.select(*table.all_columns(), table.person.name.as_alias("officer"))
        .where(table.inspection.is_in(ids))
        .order_by(table.received_at)
    )
    changes: dict[UUID, Rows] = defaultdict(list)
    made = PhotoChange.select().where(PhotoChange.inspection.is_in(ids)).order_by(PhotoChange.received_at)
    for change in await made:
        changes[change["photo"]].append(change)
    hashes = {row["sha256"] for of_one in rows.values() for row in of_one}
    hashes |= {sha for one in ended for sha in one.completion["promised"].split()}
    states = await media.photos(hashes)
    found = {}
    for id, of_one in rows.items():
        people = {row["person"] for row in of_one}
        # Knowing a hash is not enough: only bytes that somebody sent who attached photographs here.
        theirs = {sha: photo for sha, photo in states.items() if _sent_by(photo, people)}
        found[id] = photos_from(id, of_one, changes, theirs)
    return found, states


def _sent_by(photo: Photograph | None, people: Iterable[UUID]) -> bool:
    return photo is not None and photo.person in people


async def _bases(person: SignedIn, ended: list[Ended]) -> dict[UUID, UUID]:
    """The earlier inspection each is compared with, of those this person may see; of those that are compared."""
    compared = [one for one in ended if one.kind in compare_rules.COMPARED]
    if not compared:
        return {}
    homes = {one.property for one in compared}
    rows = await (
        Inspection.select(Inspection.id, Inspection.kind, Inspection.property, Inspection.received_at)
        .where(Inspection.property.is_in(list(homes)) & queries.visible(person))
        .where(Inspection.id.is_in(Completion.select(Completion.inspection)))
        .where(Inspection.kind != choices.Kind.IN_PASSING.value)
        .order_by(Inspection.received_at, ascending=False)
    )
    found = {}
    for one in compared:
        earlier = [r for r in rows if r["property"] == one.property and r["received_at"] < one.received_at]
        place = compare_rules.base_of([row["kind"] for row in earlier[:LOOKED_AT]])
        if place is not None:
            found[one.id] = earlier[place]["id"]
    return found
