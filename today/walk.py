"""The walk of a visit: what is done there and was seen before, put together from the packages that hold it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from inspections import phrase_queries, view, walk_queries
from inspections.walk_queries import Hazard, Passing, Work
from lone_working.sessions import buddies, ready, ready_rules, unwatched
from lone_working.sessions import queries as alone
from people.rules import SignedIn
from properties import queries as properties
from pwa.pages import time
from today import walk_rules as rules
from today.walk_rules import Progress, Step
from visits import queries as visits
from visits.rules import Purpose
from visits.seen import Seen

PAST = 2
"""How many earlier visits to the home are told of."""
CHECKS = (Purpose.OCCUPANCY_CHECK, Purpose.WELFARE_CHECK)
"""These have a form of their own (visits/occupancy.py); an inspection may be made as well."""
# What somebody does there, when it is no inspection: in full, short, and what there is for it.
OTHERS = {
    Purpose.VIEWING: (
        "Viewing",
        "Viewing",
        "Show the home. What is said about it goes in the note when you leave.",
    ),
    Purpose.SIGN_UP: (
        "Sign-up",
        "Sign-up",
        "The papers of a sign-up are not in Doorstep yet. Photograph what you need below.",
    ),
    Purpose.OTHER: ("What you came for", "Inside", "What you did goes in the note when you leave."),
}


@dataclass(frozen=True)
class Next:
    """The one thing to do now."""

    words: str
    href: str
    icon: str
    main: bool


@dataclass(frozen=True)
class Safety:
    current: alone.Current | None
    unmonitored: str
    """Why nobody looks out for whoever is there, in a sentence; empty when somebody does."""
    lines: tuple[ready_rules.Line, ...] = ()
    """What is not in place, before they go in."""
    reading: ready.Reading | None = None


@dataclass(frozen=True)
class Walk:
    template: str
    """Whose macros draw what follows, on the page that visits renders."""
    steps: tuple[Step, ...]
    hazards: list[Hazard]
    access: list[str]
    past: list[Seen]
    works: list[Work]
    passing: Passing
    again: list[Seen]
    """What was planned on the way out."""
    colleagues: list[tuple[UUID, str]]
    managers: list[tuple[UUID, str]]
    title: str
    words: str
    checks: bool
    """It is for an occupancy or welfare check, which has a form of its own."""
    next: Next
    open: list[str]
    phrases: dict[str, list[str]]
    view: object
    hazard_list: tuple[object, ...]
    hazard_words: dict[int, str]
    safety: Safety


async def walk_of(person: SignedIn, visit: Seen, checked: bool) -> Walk:
    works = await walk_queries.of_visit(person, visit.id)
    progress = [_progress(work) for work in works]
    title, short, words = _work(visit)
    done = checked or (bool(works) and all(work.completed for work in works))
    says = progress[-1].short if progress else ""
    since = time(visit.started.at) if visit.started else ""
    choices = view.hazard_choices()
    return Walk(
        template="today/walk.html",
        steps=rules.steps(visit.state, since, (title, short), done, says),
        hazards=await walk_queries.hazards_at(person, visit.home.id, visit.id),
        access=await _access(person, visit.home.id),
        past=await _past(person, visit),
        works=works,
        passing=await walk_queries.in_passing(person, visit.id, visit.home.label),
        again=await visits.planned_after(person, visit.id),
        colleagues=await visits.colleagues_of(person),
        managers=await visits.managers_for(person),
        title=title,
        words=words,
        checks=visit.purpose in CHECKS,
        next=_next(visit, works, checked),
        open=_open(visit, progress, checked) if visit.started else [],
        phrases=await phrase_queries.phrases_for(person),
        view=view.VIEW,
        hazard_list=choices["hazards"],
        hazard_words=choices["hazard_words"],
        safety=await _safety(person, visit),
    )


async def _safety(person: SignedIn, visit: Seen) -> Safety:
    at = datetime.now(UTC)
    reading = await ready.reading_of(person.id, visit) if visit.mine and not visit.over else None
    if not (visit.mine and visit.started):
        goes = visit.mine and not visit.over
        lines = await ready.lines_for(person, await buddies.buddy_of(person), at, visit) if goes else ()
        return Safety(None, "", lines, reading)
    return Safety(
        await alone.current(person, at),
        "" if visit.over else await alone.unmonitored(person, visit.id, at),
        reading=reading,
    )


@dataclass(frozen=True)
class AfterStart:
    bar: alone.Current | unwatched.NotWatched | None
    unmonitored: str


async def safety_after_start(person: SignedIn, visit_id: UUID) -> AfterStart:
    """For whoever pressed Start on a card of the day: the bar at once, or why there is none."""
    at = datetime.now(UTC)
    bar = await alone.bar_for(person, at)
    return AfterStart(bar, "" if bar else await alone.unmonitored(person, visit_id, at))


def _progress(work: Work) -> Progress:
    return Progress(
        rooms=work.rooms,
        rooms_done=work.rooms_done,
        left=work.left,
        completed=work.completed,
        needs_photo=work.needs_photo,
        not_received=work.photos - work.photos_received,
    )


def _work(visit: Seen) -> tuple[str, str, str]:
    """What the work of this purpose is called, and a sentence about it where there is no form for it."""
    if visit.purpose in CHECKS:
        return visit.purpose.words, "Check", ""
    return ("Inspection", "Inspect", "") if visit.purpose.inspection else OTHERS[visit.purpose]


def _next(visit: Seen, works: list[Work], checked: bool) -> Next:
    """Once somebody is there: what they came for until it is done, then out."""
    under_way = [work for work in works if not work.completed]
    if under_way:
        return Next("Carry on inspecting", under_way[-1].href, "inspect", main=True)
    if visit.purpose in CHECKS and not checked:
        return Next("Record the check", "#occupancy", "list", main=True)
    if visit.inspect and not works and not checked:
        return Next("Start the inspection", visit.inspect, "inspect", main=True)
    return Next("Finish the visit", "#leave", "tick", main=bool(works or checked))


def _open(visit: Seen, progress: list[Progress], checked: bool) -> list[str]:
    """What somebody who leaves now leaves undone."""
    unsaid = ["The check is not recorded."] if visit.purpose in CHECKS and not checked else []
    wanted = visit.purpose.inspection is not None and visit.purpose not in CHECKS
    return unsaid + rules.still_open(wanted, progress)


async def _access(person: SignedIn, home: UUID) -> list[str]:
    found = await properties.property_for(person, home)
    return [line for line in found.access_notes.split("\n") if line.strip()]


async def _past(person: SignedIn, visit: Seen) -> list[Seen]:
    """The last visits that ended there before this one."""
    earlier = await visits.visits_at(person, visit.home.id)
    ended = [one for one in earlier if one.finished and one.id != visit.id]
    return [one for one in ended if one.planned_for <= visit.planned_for][:PAST]
