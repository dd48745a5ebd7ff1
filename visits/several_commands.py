"""Several visits at once: given to somebody else, or cancelled. One command, one receipt."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.outbox import Sent
from visits import queries, sessions
from visits.commands import NOT_YOUR_TEAM, happen, lock
from visits.rules import Happening, State
from visits.seen import Seen
from visits.tables import Visit

MOST = 200
NONE_CHOSEN = "Choose at least one visit."
TOO_MANY = f"Choose {MOST} visits at most."
NOBODY_CHOSEN = "Choose who goes."
NO_REASON = "Say in a few words why the visits are cancelled."


class Act(StrEnum):
    GIVE = "give"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Several:
    visits: tuple[UUID, ...]
    act: Act
    officer: UUID | None = None
    note: str = ""


async def change_several(sent: Sent, person: SignedIn, wanted: Several) -> None:
    """Change those of them that can be changed. The others stay as they are, and `stayed` names them.

    Refused when the form is not whole; NotFound when one of them is not this person's to see: then none changes.
    """
    await _refuse(person, wanted)
    await chosen(person, wanted)
    for visit_id in sorted(wanted.visits):  # always in this order, so that two managers never wait for each other
        await lock(visit_id)
    changed = 0
    for visit in await chosen(person, wanted):
        if visit.state is State.PLANNED and not as_wanted(visit, wanted):
            await _change(sent, person, visit, wanted)
            changed += 1
    sent.note = f"{changed} visits {'given to somebody else' if wanted.act is Act.GIVE else 'cancelled'}"


async def _refuse(person: SignedIn, wanted: Several) -> None:
    wrong = {}
    if not 1 <= len(wanted.visits) <= MOST:
        wrong["visit"] = TOO_MANY if wanted.visits else NONE_CHOSEN
    if wanted.act is Act.CANCEL and not wanted.note:
        wrong["note"] = NO_REASON
    if wanted.act is Act.GIVE and wanted.officer is None:
        wrong["officer"] = NOBODY_CHOSEN
    elif wanted.act is Act.GIVE and wanted.officer not in {id for id, _ in await queries.officers_for(person)}:
        wrong["officer"] = NOT_YOUR_TEAM
    if wrong:
        raise Refused(wrong)


async def _change(sent: Sent, person: SignedIn, visit: Seen, wanted: Several) -> None:
    if wanted.act is Act.CANCEL:
        await happen(sent, person, visit, Happening.CANCELLED, note=wanted.note)
        await sessions.end(sent, person, visit)
        return
    await happen(
        sent,
        person,
        visit,
        Happening.GIVEN,
        given_from=visit.officer_id,
        given_to=wanted.officer,
        note=wanted.note,
    )
    await Visit.update({Visit.officer: wanted.officer}).where(Visit.id == visit.id)


async def chosen(person: SignedIn, wanted: Several) -> list[Seen]:
    """All of them, in the order of the diary. NotFound unless every one is this person's to see."""
    found = await queries.visits_named(person, wanted.visits)
    if len(found) != len(set(wanted.visits)):
        raise NotFound
    return found


def as_wanted(visit: Seen, wanted: Several) -> bool:
    """It already is what was asked for, whoever did it."""
    if wanted.act is Act.CANCEL:
        return visit.state is State.CANCELLED
    return visit.officer_id == wanted.officer and not visit.over
