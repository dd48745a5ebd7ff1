"""What the walk of a visit shows of inspections, each for the person asking."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import reference, view
from inspections.choices import Kind, What
from inspections.handing import Handed, handed, handed_to
from inspections.queries import Opened, opened_of, visible
from inspections.records import findings_of, photos_of
from inspections.review_queue import states_of
from inspections.review_rules import State
from inspections.rules import PASSING_ITEM, Item, ItemType, passing_of
from inspections.sheet import ItemView, whole_sheet
from inspections.tables import Completion, Finding, Inspection
from people.rules import SignedIn
from properties import cards

MOST_HAZARDS = 5


@dataclass(frozen=True)
class Work:
    """An inspection as far as it has come. Rooms that are not there do not count."""

    id: UUID
    kind: str
    officer: str
    address: str
    rooms: int
    rooms_done: int
    items: int
    seen: int
    findings: int
    photos: int
    photos_received: int
    needs_photo: int
    completed: bool
    handed: Handed | None = None
    back: bool = False
    """Completed, and sent back to its officer, who has not answered yet."""
    secret: bool = False
    """In a list of several homes: of a household that no phone keeps."""

    @property
    def href(self) -> str:
        return f"/inspections/{self.id}"

    @property
    def left(self) -> int:
        return self.items - self.seen


@dataclass(frozen=True)
class Passing:
    """What was seen in passing at a visit so far, by the names that the forms of any finding ask for."""

    id: UUID
    address: str
    item: ItemView
    completed: bool = False


@dataclass(frozen=True)
class Hazard:
    """A hazard somebody suspected, as it was last said. Of another team's no more than its name and day."""

    words: str
    note: str
    kind: str
    inspection: UUID | None
    captured_at: datetime
    received_at: datetime
    skew_seconds: int


async def of_visit(person: SignedIn, visit: UUID) -> list[Work]:
    """The inspections of a visit in the order they were begun, without what was seen in passing."""
    mine = (Inspection.visit == visit) & (Inspection.kind != Kind.IN_PASSING.value)
    return await _works(await opened_of(person, mine))


async def handed_here(person: SignedIn) -> list[Work]:
    """What colleagues handed to this person, and nobody has completed."""
    wanted = [one.inspection for one in await handed_to(person)]
    found = await opened_of(person, Inspection.id.is_in(wanted)) if wanted else []
    homes = await cards.homes(person, {one.property for one in found})
    secret = {one.id for one in found if one.property in homes and homes[one.property].confidential}
    return [replace(one, secret=one.id in secret) for one in await _works(found)]


async def _works(found: list[Opened]) -> list[Work]:
    """How far each of these is, which the caller has found may be seen."""
    completed = await _completed(one.id for one in found)
    last = await handed([one.id for one in found])
    states = await states_of(sorted(completed))
    works = [await _work(one) for one in found]
    return [
        replace(
            one,
            completed=one.id in completed,
            handed=last.get(one.id),
            back=states.get(one.id) is State.BACK,
        )
        for one in works
    ]


async def _completed(ids: Iterable[UUID]) -> set[UUID]:
    wanted = list(ids)
    if not wanted:
        return set()
    rows = await Completion.select(Completion.inspection).where(Completion.inspection.is_in(wanted))
    return {row["inspection"] for row in rows}


async def _work(inspection: Opened) -> Work:
    sheet = await whole_sheet(inspection)
    return Work(
        id=inspection.id,
        kind=view.kind_words(inspection.kind),
        officer=inspection.officer,
        address=inspection.address,
        rooms=len(sheet.here),
        rooms_done=sum(not room.left for room in sheet.here),
        items=sheet.items,
        seen=sheet.seen,
        findings=sheet.findings,
        photos=len(sheet.photos),
        photos_received=sheet.photos_received,
        needs_photo=sum("photo of" in missing.words for missing in sheet.missing),
        completed=False,
    )


async def in_passing(person: SignedIn, visit: UUID, address: str = "") -> Passing:
    """Also before anything was seen: the phone sends to its address."""
    id = passing_of(visit)
    item = ItemView(Item(PASSING_ITEM, "Seen in passing", ItemType.PLACE, "seen"))
    found = await opened_of(person, Inspection.id == id)
    if not found:
        return Passing(id, address, item)
    (opened,) = found
    item.findings = (await findings_of(opened, PASSING_ITEM))[PASSING_ITEM]
    item.photos = (await photos_of(opened, PASSING_ITEM))[PASSING_ITEM]
    return Passing(id, opened.address, item, bool(await _completed([id])))


async def hazards_at(person: SignedIn, home: UUID, but: UUID) -> list[Hazard]:
    """Hazards found the last time somebody inspected this home, and since: the newest first, each as last said.

    Not what is found at this visit (`but`) itself. Those of inspections before the last completed one are not
    said again: it looked. What may hurt whoever goes in is told of any team's, in its name and day alone: not
    the note, not by whom, nor in which inspection (docs/decisions/0051). The caller has found that they may see
    a visit to the home.
    """
    own = await _last_looked(visible(person) & (Inspection.property == home), but)
    any_teams = await _last_looked(Inspection.property == home, but)
    rows = await (
        Finding.select(
            Finding.finding,
            Finding.what,
            Finding.withdrawn,
            Finding.hazard,
            Finding.note,
            Finding.inspection,
            Finding.captured_at,
            Finding.received_at,
            Finding.skew_seconds,
            Finding.inspection.kind.as_alias("kind"),
        )
        .where(Finding.inspection.is_in([*own, *any_teams]))
        .order_by(Finding.received_at)
    )
    last = {row["finding"]: row for row in rows}
    found = [row for row in last.values() if row["what"] == What.HAZARD and not row["withdrawn"]]
    mine = [row for row in found if row["inspection"] in own]
    theirs = [row for row in found if row["inspection"] not in own and row["hazard"] in reference.at_the_door()]
    told = [*mine, *await _others(person, theirs)]
    newest = sorted(told, key=lambda row: row["received_at"], reverse=True)[:MOST_HAZARDS]
    return [_hazard(row) for row in newest]


async def _others(person: SignedIn, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of another team's one for each sort of hazard, the last. This person's own were looked at since."""
    which: Any = Inspection.id.is_in([row["inspection"] for row in rows] or [UUID(int=0)])
    seen = {row["id"] for row in await Inspection.select(Inspection.id).where(which, visible(person))}
    last = {row["hazard"]: row for row in rows if row["inspection"] not in seen}
    return [{**row, "note": "", "kind": "", "inspection": None} for row in last.values()]


async def _last_looked(which: Any, but: UUID) -> list[UUID]:
    """The last completed inspection of a home, and whatever was begun after it, at other visits than this one."""
    rows = await (
        Inspection.select(Inspection.id, Inspection.kind, Inspection.visit)
        .where(which)
        .order_by(Inspection.received_at, ascending=False)
        .limit(20)
    )
    completed = await _completed(row["id"] for row in rows)
    found = []
    for row in (row for row in rows if row["visit"] != but):
        found.append(row["id"])
        if row["id"] in completed and row["kind"] not in (Kind.IN_PASSING, Kind.OCCUPANCY_CHECK):
            break
    return found or [UUID(int=0)]


def _hazard(row: dict[str, Any]) -> Hazard:
    return Hazard(
        words=reference.hazard_words().get(row["hazard"], "A hazard"),
        note=row["note"],
        kind=view.kind_words(row["kind"]) if row["kind"] else "",
        inspection=row["inspection"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
    )
