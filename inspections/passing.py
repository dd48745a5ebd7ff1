"""What was seen at a visit beside its purpose: findings and photographs without a whole inspection.

They hang on an inspection of their own kind, one a visit, which the first of them begins and the end of the visit
completes. So they are everywhere that findings are: history, review, reports, evidence, retention (decision 0048).
"""

from typing import Any
from uuid import UUID

from inspections.choices import Kind
from inspections.commands import times
from inspections.finding_commands import record_finding
from inspections.photo_commands import attach_photo
from inspections.plan_queries import template_for
from inspections.queries import Opened, completion_of, inspection_held
from inspections.review_queries import review_of
from inspections.rules import passing_of, rooms_for
from inspections.tables import Completion, Inspection, Room
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.outbox import Sent, lock_row
from visits import queries as diary
from visits.commands import lock
from visits.seen import Seen


async def see(sent: Sent, officer: SignedIn, data: Any) -> None:
    """A finding. The first of a visit begins what it hangs on, in the same transaction."""
    visit = await diary.visit_from_field(officer, data.visit)
    await record_finding(sent, officer, await _begun(sent, officer, visit), data)
    await _end_with(sent, officer, visit)


async def photograph(sent: Sent, officer: SignedIn, data: Any) -> None:
    """A photograph, before its finding or after."""
    visit = await diary.visit_from_field(officer, data.visit)
    await attach_photo(sent, officer, await _begun(sent, officer, visit), data)
    await _end_with(sent, officer, visit)


async def _begun(sent: Sent, officer: SignedIn, visit: Seen) -> Opened:
    await lock(visit.id)  # two phones may each bring the first one
    found = await inspection_held(passing_of(visit.id))
    if found is None:
        await _begin(sent, officer, visit)
        found = await inspection_held(passing_of(visit.id))
    assert found is not None, "it was begun a moment ago"
    await lock_row(Inspection, found.id, "SHARE")  # nobody approves it meanwhile
    end = await completion_of(found)
    # A photo is made small after it is taken, and may follow the end of the visit it was taken at. Once a manager
    # has approved what there was, nothing is put under their word: the office decides about what comes then.
    found.adding = end is None or (
        sent.captured_at <= end["captured_at"] and (await review_of(found)).approved is None
    )
    return found


async def _end_with(sent: Sent, officer: SignedIn, visit: Seen) -> None:
    """What came after the end of its visit has no other end."""
    if visit.over:
        await end(sent, officer, visit)


async def _begin(sent: Sent, officer: SignedIn, visit: Seen) -> None:
    template, id = await template_for(Kind.IN_PASSING), passing_of(visit.id)
    row = Inspection(
        id=id,
        kind=Kind.IN_PASSING.value,
        template=template["id"],
        property=visit.home.id,
        visit=visit.id,
        team=officer.team_id,
        started_by=officer.id,
        bedrooms=0,
        furnished=False,
        **times(sent),
    )
    await Inspection.insert(row)
    plans = rooms_for(template["content"], 0, "", ta=False)
    rooms = (Room(inspection=id, key=plan.key, kind=plan.kind, label=plan.label, position=0) for plan in plans)
    await Room.insert(*rooms)


async def end(sent: Sent, officer: SignedIn, visit: Seen) -> None:
    """With its visit (visits/sessions.py): what was seen in passing is then complete, and goes to review.

    Not when it is handed over: whoever has it then sees more. Whoever cancels a visit has seen nothing at it.
    """
    id = passing_of(visit.id)
    begun = await Inspection.select(Inspection.started_by).where(Inspection.id == id).first()
    if begun is None or not await diary.has_ended(visit.id):
        return
    if not await Completion.exists().where(Completion.inspection == id):
        person = officer.id if visit.mine else begun["started_by"]
        await Completion.insert(Completion(inspection=id, person=person, **times(sent)))


def of_visit(inspection_id: UUID, visit: UUID) -> None:
    """NotFound unless this is the address of what is seen in passing at that visit."""
    if inspection_id != passing_of(visit):
        raise NotFound
