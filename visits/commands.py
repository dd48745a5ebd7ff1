"""What people do with visits. Each runs inside `once`: one transaction, one receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from media import rules as media
from media.forms import PhotoForm
from people import queries as people
from people.rules import SignedIn
from properties import position
from properties import queries as properties
from pwa.answers import Held, Refused
from pwa.direction import apart
from pwa.outbox import Proof, Sent, once
from tasks import commands as tasks
from visits import queries, rules, sessions
from visits.rules import Happening
from visits.seen import Seen
from visits.start_rules import Going, still_at_the_door, wrong_with_going
from visits.tables import Visit, VisitEvent, VisitPhoto

TAKEN = "Another visit already has this one's number, so this is kept for the office."
TAKEN_PHOTO = "Another photo already has this one's number, so this is kept for the office."
NOT_YOUR_TEAM = "Choose somebody of your team."
# Done on site, so that it is not thrown away for coming too late.
FROM_FIELD = (Happening.STARTED, Happening.FINISHED, Happening.HANDED_OVER)
ALONE = Going()


@dataclass(frozen=True)
class Plan:
    id: UUID
    property: UUID
    purpose: rules.Purpose
    officer: UUID
    day: date
    time: str
    minutes: int
    note: str = ""
    window: rules.Window = rules.Window.AT
    weeks: int = 1
    follows: UUID | None = None


async def plan_visit(sent: Sent, person: SignedIn, plan: Plan) -> None:
    """Put one in the diary, or one every week, for oneself or somebody of one's team."""
    home = await properties.property_from_field(person, plan.property, plan.id)
    at, weeks = sent.happened_at, plan.weeks
    wrong = rules.wrong_with_plan(plan.minutes, plan.day, plan.time, at, plan.window, weeks)
    if plan.officer not in {officer for officer, _ in await queries.officers_for(person)}:
        wrong["officer"] = NOT_YOUR_TEAM
    if wrong:
        raise Refused(wrong)
    visits = [_planned(sent, person, home.id, plan, week) for week in range(weeks)]
    if await _already_planned(plan, visits[0]):
        return
    await Visit.insert(*visits)
    sent.note = "visit planned" if weeks == 1 else f"{weeks} weekly visits planned"


def _planned(sent: Sent, person: SignedIn, home: UUID, plan: Plan, week: int) -> Visit:
    """The one so many weeks after the first, at the same time on the wall."""
    clock = plan.time if plan.window is rules.Window.AT else plan.window.hours[0]
    return Visit(
        id=rules.repeated(plan.id, week),
        property=home,
        purpose=plan.purpose.value,
        officer=plan.officer,
        team=person.team_id,
        planned_for=rules.planned_moment(plan.day + timedelta(weeks=week), clock),
        time_window=plan.window.value,
        series=plan.id if plan.weeks > 1 else None,
        expected_minutes=plan.minutes,
        note=plan.note,
        follows=plan.follows,
        created_by=person.id,
        **times(sent),
    )


SAME = (Visit.created_by, Visit.property, Visit.purpose, Visit.planned_for, Visit.time_window, Visit.series)


async def _already_planned(plan: Plan, visit: Visit) -> bool:
    """A second tap may send the same plan under another command id. Held if it is not the same plan."""
    known = await Visit.select(*SAME).where(Visit.id == visit.id).first()
    if known is None:
        return False
    # Not who goes: it may have been given to somebody else since.
    weeks = await Visit.count().where(Visit.series == visit.id)
    same = {column._meta.name: getattr(visit, column._meta.name) for column in SAME}
    if known != same or weeks not in (0, plan.weeks):
        raise Held(TAKEN)
    return True


async def arrive(sent: Sent, person: SignedIn, visit_id: UUID, going: Going = ALONE) -> Proof:
    """Start a visit. Awaited as it is: that a start was only kept for the office is told to those who follow."""
    proof = await once(sent, start_visit, person, visit_id, going)
    if proof.outcome == "held":
        await sessions.kept(sent, person)
    return proof


async def start_visit(sent: Sent, person: SignedIn, visit_id: UUID, going: Going = ALONE) -> None:
    """They are there. Refused where nobody goes in alone, while they can still be asked; who has gone in is not
    turned back by a form that came late: it is kept that they went, and that nobody was named.
    """
    visit = await from_field(person, visit_id)
    if visit.state is rules.State.STARTED and not (visit.started and visit.started.alone and going != ALONE):
        sent.note = "visit was already started"  # pressed on two phones: it is started, which is all they meant
        return
    colleagues, managers = dict(await queries.colleagues_of(person)), dict(await queries.managers_for(person))
    wrong = wrong_with_going(visit.home.two_people, going, colleagues, managers)
    if wrong and still_at_the_door(sent.happened_at, sent.received_at):
        raise Refused(wrong)
    if wrong:
        how = {"alone": visit.home.two_people, "note": await _as_named(going)}
    else:
        how = _gone(going, colleagues, managers)
    if visit.started and visit.state is rules.State.STARTED:
        # Who was with them is said later: one more row, and the first one stays.
        await _insert(sent, person, visit, Happening.STARTED, **how)
        await sessions.begin(sent, person, visit)
        return
    await happen(sent, person, visit, Happening.STARTED, **how)
    await sessions.begin(sent, person, visit)


async def _as_named(going: Going) -> str:
    """What a start that came late said and nobody can be asked about any more: never dropped."""
    named = going.company or going.agreed_by
    if named is None:
        return going.why
    known = (await people.people_named([named])).get(named)
    who = apart(known) if known else "somebody Doorstep does not know"
    said = "as being there" if going.company else "as having agreed"
    return f"They named {who} {said}, who is not in their list for that. {going.why}".strip()


def _gone(going: Going, colleagues: dict[UUID, str], managers: dict[UUID, str]) -> dict[str, Any]:
    if going.company:
        return {"company": going.company, "company_name": colleagues[going.company]}
    if going.agreed_by:
        named = {"agreed_by": going.agreed_by, "agreed_name": managers[going.agreed_by]}
        return {**named, "note": going.why}
    return {}


async def finish_visit(sent: Sent, person: SignedIn, visit_id: UUID, ending: rules.Ending) -> None:
    if wrong := rules.wrong_with_ending(ending):
        raise Refused(wrong)
    visit = await from_field(person, visit_id)
    await happen(
        sent,
        person,
        visit,
        Happening.FINISHED,
        outcome=ending.outcome.value,
        reason=ending.reason.value if ending.reason else "",
        door=ending.door.value if ending.door else "",
        note=ending.note,
    )
    await sessions.end(sent, person, visit)


async def hand_over(sent: Sent, person: SignedIn, visit_id: UUID, officer: UUID, note: str) -> None:
    """From the field, also of one that is begun: what is left is somebody else's of the team, to begin anew."""
    known = dict(await queries.officers_for(person))
    if officer not in known:
        raise Refused({"officer": NOT_YOUR_TEAM})
    visit = await from_field(person, visit_id)
    if visit.officer_id == officer:
        return
    given = {"given_from": visit.officer_id, "given_to": officer, "given_to_name": known[officer]}
    await happen(sent, person, visit, Happening.HANDED_OVER, note=note, **given)
    await Visit.update({Visit.officer: officer}).where(Visit.id == visit.id)
    if visit.state is rules.State.STARTED:
        await sessions.end(sent, person, visit)


async def cancel_visit(sent: Sent, person: SignedIn, visit_id: UUID, note: str) -> None:
    """From the office, of a visit nobody has begun."""
    if not note:
        raise Refused({"note": "Say in a few words why the visit is cancelled."})
    visit = await _locked(person, visit_id)
    await happen(sent, person, visit, Happening.CANCELLED, note=note)
    await sessions.end(sent, person, visit)


async def give_visit(sent: Sent, person: SignedIn, visit_id: UUID, officer: UUID) -> None:
    """To somebody of the team, or to oneself."""
    if officer not in {known for known, _ in await queries.officers_for(person)}:
        raise Refused({"officer": NOT_YOUR_TEAM})
    visit = await _locked(person, visit_id)
    if visit.officer_id == officer:
        return
    await happen(sent, person, visit, Happening.GIVEN, given_from=visit.officer_id, given_to=officer)
    await Visit.update({Visit.officer: officer}).where(Visit.id == visit.id)


async def raise_task(sent: Sent, person: SignedIn, visit_id: UUID, said: dict[str, Any]) -> None:
    """Something to do that was seen there. `said` is the form."""
    visit = await queries.visit_from_field(person, visit_id)
    await tasks.raise_task(sent, person, tasks.Raise(**said, property=visit.home.id, visit=visit.id))


async def plan_again(sent: Sent, person: SignedIn, visit_id: UUID, plan: Callable[[Seen], Plan]) -> None:
    """Another visit to the same home, planned on the way out of this one."""
    await plan_visit(sent, person, plan(await queries.visit_from_field(person, visit_id)))


async def attach_door_photo(sent: Sent, person: SignedIn, visit_id: UUID, photo: PhotoForm) -> None:
    """Name a photograph as this visit's. Taken as evidence whatever became of the visit meanwhile."""
    media.refuse_unnamed(photo.sha256, photo.drawn_from)
    doubt = position.doubt_about(photo.latitude, photo.longitude, photo.accuracy)
    visit = await queries.visit_from_field(person, visit_id)
    # Somebody else's naming of the same hash does not count: it shows nothing unless they sent the bytes.
    same = (VisitPhoto.visit == visit.id) & (VisitPhoto.sha256 == photo.sha256) & (VisitPhoto.by == person.id)
    known = await VisitPhoto.select(VisitPhoto.visit).where((VisitPhoto.id == photo.id) | same).first()
    if known is not None:
        if known["visit"] != visit.id:
            raise Held(TAKEN_PHOTO)
        return
    await VisitPhoto.insert(photo_of(visit.id, photo, by=person.id, doubt=doubt, **times(sent)))
    sent.note = "photo of the door added"


def photo_of(visit: UUID | None, photo: Any, **more: Any) -> VisitPhoto:
    """The row of a photograph of a door; `more` is who took it, when, and what else is known."""
    return VisitPhoto(
        **{"id": photo.id, **more},
        visit=visit,
        sha256=photo.sha256,
        drawn_from=photo.drawn_from,
        caption=photo.caption,
        taken_at=photo.taken_at.astimezone(UTC) if photo.taken_at else None,
        latitude=photo.latitude,
        longitude=photo.longitude,
        accuracy=photo.accuracy,
    )


async def from_field(person: SignedIn, visit_id: UUID) -> Seen:
    """The visit, if it is still this person's. Held if somebody else has it now."""
    await queries.visit_from_field(person, visit_id)
    await lock(visit_id)
    visit = await queries.visit_from_field(person, visit_id)
    if visit.officer_id != person.id:
        raise Held(rules.somebody_elses(visit.officer))
    return visit


async def _locked(person: SignedIn, visit_id: UUID) -> Seen:
    await queries.visit_to_change(person, visit_id)
    await lock(visit_id)
    return await queries.visit_to_change(person, visit_id)


async def lock(visit_id: UUID) -> None:
    """Let one writer at a time decide about a visit: on PostgreSQL this row is theirs until they are done."""
    await Visit.update({Visit.received_at: Visit.received_at}).where(Visit.id == visit_id)


async def happen(sent: Sent, person: SignedIn, visit: Seen, what: Happening, **more: Any) -> None:
    if rules.after(visit.state, what) is None:
        last = rules.Last(visit.latest.what, visit.latest.by, visit.latest.at)
        if what in FROM_FIELD:
            raise Held(rules.too_late(last))
        raise Refused({"form": rules.already(last)})
    await _insert(sent, person, visit, what, **more)


async def _insert(sent: Sent, person: SignedIn, visit: Seen, what: Happening, **more: Any) -> None:
    event = VisitEvent(visit=visit.id, what=what.value, by=person.id, by_name=person.name, **times(sent), **more)
    await VisitEvent.insert(event)
    sent.note = f"visit {what.value}"


def times(sent: Sent) -> dict[str, Any]:
    return {
        "captured_at": sent.captured_at,
        "received_at": sent.received_at,
        "skew_seconds": sent.skew_seconds,
    }
