"""A half-done inspection handed to a colleague: a row of it, and nothing that was read or photographed changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections.choices import Kind
from inspections.commands import still_open, times
from inspections.queries import Opened
from inspections.tables import Completion, HandOver
from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.outbox import Sent
from pwa.prepared import Prepared, PreparedFor
from visits import commands as visits
from visits import queries as diary
from visits.rules import State


@dataclass(frozen=True)
class Handed:
    """By whom it was handed to whom, when, and in what words."""

    inspection: UUID
    by: str
    to_id: UUID
    to: str
    note: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int


async def hand_over(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """To an officer of the team, with the visit it belongs to when that is wanted and still the giver's.

    What the giver's phone still holds is added when it comes, as from anybody of the team.
    """
    if inspection.kind == Kind.IN_PASSING:
        raise Refused({"officer": "This goes with its visit. Hand over the visit."})
    await still_open(inspection)
    known = dict(await diary.officers_for(officer))
    if data.officer not in known or data.officer == officer.id:
        raise Refused({"officer": "Choose somebody else of your team."})
    row = HandOver(
        inspection=inspection.id,
        given_to=data.officer,
        given_to_name=known[data.officer],
        note=data.note,
        person=officer.id,
        person_name=officer.name,
        **times(sent),
    )
    await HandOver.insert(row)
    if data.visit and inspection.visit:
        await _with_visit(sent, officer, inspection.visit, data)
    sent.note = "inspection handed over"


async def _with_visit(sent: Sent, officer: SignedIn, visit_id: UUID, data: Any) -> None:
    """Not when it has ended or is somebody else's by now: the inspection is handed over all the same."""
    try:
        visit = await diary.visit_for(officer, visit_id)
    except NotFound:
        return
    if visit.mine and visit.state in (State.PLANNED, State.STARTED):
        await visits.hand_over(sent, officer, visit_id, data.officer, data.note)


_OF = PreparedFor(
    lambda inspections: (
        HandOver.select()
        .where(HandOver.inspection.is_in(inspections))
        .order_by(HandOver.received_at)
        .order_by(HandOver.id)
    )
)
_GIVEN = Prepared(lambda person: HandOver.select(HandOver.inspection).where(HandOver.given_to == person))


async def handed(inspections: list[UUID]) -> dict[UUID, Handed]:
    """The last hand-over of each that was handed over."""
    return {row["inspection"]: _handed(row) for row in await _OF(inspections)}


async def handed_to(person: SignedIn) -> list[Handed]:
    """What waits for this person to carry on with: handed to them last, and not completed."""
    last = await handed([row["inspection"] for row in await _GIVEN(person.id)])
    theirs = [one for one in last.values() if one.to_id == person.id]
    if not theirs:
        return []
    which = Completion.inspection.is_in([one.inspection for one in theirs])
    ended = {row["inspection"] for row in await Completion.select(Completion.inspection).where(which)}
    return [one for one in theirs if one.inspection not in ended]


def _handed(row: dict[str, Any]) -> Handed:
    return Handed(
        inspection=row["inspection"],
        by=row["person_name"],
        to_id=row["given_to"],
        to=row["given_to_name"],
        note=row["note"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
    )
