"""Reads of the diary, each for the person asking: their own visits and their team's. Anything else is NotFound."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from media import queries as media
from media.rules import Photograph
from people import queries as people
from people.rules import Role, SignedIn
from properties import queries as properties
from pwa.answers import KEPT, Held, NotFound
from pwa.outbox import begun_too_late
from pwa.prepared import Prepared, PreparedFor
from visits import rules
from visits.records import COLUMNS, seen
from visits.rules import Happening, Outcome
from visits.seen import Seen, Taken
from visits.tables import Visit, VisitEvent, VisitPhoto

OVER = (Happening.FINISHED.value, Happening.CANCELLED.value)
LEFT_OVER_DAYS = 14
MOST_NEXT = 10

MOST = 500  # more than any team can do in the days asked for


def _theirs(person: SignedIn) -> Any:
    """Own or team's, at homes they may know of. Nobody else's, whatever the role."""
    if person.role not in (Role.OFFICER, Role.MANAGER):
        raise NotFound
    own: Any = Visit.officer == person.id
    theirs = (own | (Visit.team == person.team_id)) if person.team_id else own
    return theirs & properties.open_to(person, Visit.property)


def sent_to(person: Any, since: Any) -> Any:
    """A query of the homes somebody is to go to, or was to since that moment, and the visit was not cancelled."""
    cancelled = VisitEvent.select(VisitEvent.visit).where(VisitEvent.what == Happening.CANCELLED.value)
    going: Any = (Visit.officer == person) & (Visit.planned_for >= since)
    return Visit.select(Visit.property).where(going, Visit.id.not_in(cancelled))


@lru_cache(64)
def _days(left: bool, team: bool, role: Role, teamless: bool) -> Prepared:
    """Visits planned between two moments: the person's own or their team's, `left` is those that did not end."""

    def build(person: Any, of: Any, since: Any, start: Any, end: Any) -> Any:
        own: Any = Visit.officer == person
        theirs = own | (Visit.team == of) if team else own
        known = properties.open_for(role, person, None if teamless else of, since, Visit.property)
        query = Visit.select(*COLUMNS).where(theirs, known)
        query = query.where(Visit.planned_for >= start, Visit.planned_for < end)
        if left:
            # Of these days alone: what ended in all the years before is not looked through.
            ends = VisitEvent.select(VisitEvent.visit).where(VisitEvent.what.is_in(list(OVER)))
            ends = ends.where(VisitEvent.visit.planned_for >= start, VisitEvent.visit.planned_for < end)
            query = query.where(Visit.id.not_in(ends))
        return query.order_by(Visit.planned_for, Visit.id).limit(MOST)

    return Prepared(build, places=5)


async def _rows(person: SignedIn, first: date, days: int, team: bool, left: bool = False) -> list[dict[str, Any]]:
    if person.role not in (Role.OFFICER, Role.MANAGER):
        raise NotFound
    # A team that is null equals none, so that only their own are left to somebody without one.
    ask = _days(left, team, person.role, person.team_id is None)
    since = properties.sent_since(datetime.now(UTC))
    return await ask(person.id, person.team_id, since, *rules.day_range(first, days))


async def visits_of(person: SignedIn, first: date, days: int, team: bool = False) -> list[Seen]:
    """The visits of `days` days from `first` on, in order: the person's own, or their whole team's."""
    return await seen(person, await _rows(person, first, days, team))


async def left_over(person: SignedIn, before: date, team: bool = False) -> list[Seen]:
    """Visits of the last two weeks that nobody finished or cancelled."""
    first = before - timedelta(days=LEFT_OVER_DAYS)
    return await seen(person, await _rows(person, first, LEFT_OVER_DAYS, team, left=True))


async def day_of(person: SignedIn, day: date, left: bool, team: bool = False) -> tuple[list[Seen], list[Seen]]:
    """The visits of one day, as `visits_of`, and with `left` those of `left_over` before it, seen together."""
    rows = await _rows(person, day, 1, team)
    first = day - timedelta(days=LEFT_OVER_DAYS)
    before = await _rows(person, first, LEFT_OVER_DAYS, team, left=True) if left else []
    both = await seen(person, [*rows, *before])
    return both[: len(rows)], both[len(rows) :]


async def visits_at(person: SignedIn, property_id: UUID, most: int = 20) -> list[Seen]:
    """The visits to one property that this person may see, the newest first."""
    query = Visit.select(*COLUMNS).where(_theirs(person), Visit.property == property_id)
    return await seen(person, await query.order_by(Visit.planned_for, ascending=False).limit(most))


async def visit_for(person: SignedIn, visit_id: UUID) -> Seen:
    """NotFound also for a visit of another team."""
    found = await seen(person, await Visit.select(*COLUMNS).where(_theirs(person), Visit.id == visit_id))
    if not found:
        raise NotFound
    return found[0]


async def visits_named(person: SignedIn, wanted: Iterable[UUID]) -> list[Seen]:
    """Those of these visits that this person may see, in order."""
    query = Visit.select(*COLUMNS).where(_theirs(person), Visit.id.is_in(list(wanted) or [UUID(int=0)]))
    return await seen(person, await query.order_by(Visit.planned_for, Visit.id))


async def visit_from_field(person: SignedIn, visit_id: UUID) -> Seen:
    """As `visit_for`, and also a visit that was this person's: what a phone sends late is not turned away.

    Inside a command: one whose plan was held is Held."""
    scope = _theirs(person)
    given = VisitEvent.select(VisitEvent.visit).where(VisitEvent.given_from == person.id)
    was: Any = (Visit.officer == person.id) | Visit.id.is_in(given)
    if await Visit.exists().where(Visit.id == visit_id, was):
        scope = Visit.id == visit_id
    found = await seen(person, await Visit.select(*COLUMNS).where(scope, Visit.id == visit_id))
    if not found:
        raise await _gone(person, visit_id)
    return found[0]


async def visit_to_change(person: SignedIn, visit_id: UUID) -> Seen:
    """As `visit_for`. Inside a command, also Held: what is done to one whose plan was held, and to one of the
    team's at a home that became confidential meanwhile."""
    try:
        return await visit_for(person, visit_id)
    except NotFound:
        # Only who could see it once has its id.
        if person.team_id and await Visit.exists().where(Visit.id == visit_id, Visit.team == person.team_id):
            raise Held(KEPT) from None
        raise await _gone(person, visit_id) from None


async def _gone(person: SignedIn, visit_id: UUID) -> Exception:
    """What is done at a visit that could not be planned any more is held as its plan was."""
    home = await begun_too_late(person.id, visit_id)
    return Held(KEPT, home) if home else NotFound()


async def is_visit_of(person: SignedIn, visit_id: UUID, property_id: UUID) -> bool:
    """Whether this is a visit to that property which the person may see, or which was theirs."""
    try:
        visit = await visit_from_field(person, visit_id)
    except (NotFound, Held):
        return False
    return visit.home.id == property_id


async def photos_of(visit: Seen) -> list[Taken]:
    rows = await VisitPhoto.select().where(VisitPhoto.visit == visit.id).order_by(VisitPhoto.received_at)
    return [Taken(**{name: row[name] for name in Taken.__annotations__}) for row in rows]


async def arrived(taken: Iterable[Taken]) -> dict[UUID, Photograph]:
    """Those of the photos whose bytes came from whoever attached them, by the photo's id.

    Knowing a hash is not enough: whoever attaches a picture must have had it.
    """
    theirs: dict[UUID, list[Taken]] = defaultdict(list)
    for photo in taken:
        theirs[photo.by].append(photo)
    found: dict[UUID, Photograph] = {}
    for person, attached in theirs.items():
        here = await media.photos([photo.sha256 for photo in attached], {person})
        found |= {photo.id: here[photo.sha256] for photo in attached if photo.sha256 in here}
    return found


async def photo_shown(visit: Seen, sha256: str) -> None:
    """NotFound unless somebody attached this photograph to this visit and sent its bytes themselves."""
    taken = [photo for photo in await photos_of(visit) if photo.sha256 == sha256]
    if not await arrived(taken):
        raise NotFound


async def photos_not_opened(person: SignedIn, since: date) -> list[tuple[UUID, str]]:
    """Visits planned since then of whose door this person sent a photo that cannot be opened: id and address.

    Not where they sent another photo of that door, before or after, that is not broken: nothing is asked for then.
    """
    broken = {photo.sha256 for photo in await media.not_opened(person.id)}
    if not broken:
        return []
    start, _ = rules.day_range(since, 1)
    rows = await VisitPhoto.select(
        VisitPhoto.visit,
        VisitPhoto.sha256,
        VisitPhoto.visit.property.address.as_alias("address"),  # type: ignore[union-attr]
    ).where(
        VisitPhoto.by == person.id,
        VisitPhoto.erased_at.is_null(),
        VisitPhoto.visit.planned_for >= start,
        properties.open_to(person, VisitPhoto.visit.property),
    )
    whole = {row["visit"] for row in rows if row["sha256"] not in broken}
    return list({row["visit"]: row["address"] for row in rows if row["visit"] not in whole}.items())


_FINISHED_AT = PreparedFor(
    lambda homes: (
        VisitEvent.select(
            VisitEvent.outcome,
            VisitEvent.visit.property.as_alias("home"),
            VisitEvent.visit.purpose.as_alias("purpose"),
            VisitEvent.visit.planned_for.as_alias("planned_for"),
        )
        .where(VisitEvent.visit.property.is_in(homes), VisitEvent.what == Happening.FINISHED.value)
        .order_by(VisitEvent.visit.planned_for)
    )
)


async def attempts_at(visits: Iterable[Seen]) -> dict[UUID, int]:
    """Which try each visit is, counted over earlier visits to the home for the same purpose."""
    wanted = list(visits)
    rows = await _FINISHED_AT({visit.home.id for visit in wanted})
    return {
        visit.id: rules.attempt(
            [
                Outcome(row["outcome"])
                for row in rows
                if (row["home"], row["purpose"]) == (visit.home.id, visit.purpose.value)
                and row["planned_for"] < visit.planned_for
            ]
        )
        for visit in wanted
    }


async def next_at(person: SignedIn, visit: Seen, at: datetime) -> Seen | None:
    """The next visit to the same home for the same purpose that is still planned after `at`."""
    query = Visit.select(*COLUMNS).where(
        _theirs(person),
        Visit.property == visit.home.id,
        Visit.purpose == visit.purpose.value,
        Visit.id != visit.id,
        Visit.planned_for > at,
    )
    found = await seen(person, await query.order_by(Visit.planned_for).limit(MOST_NEXT))
    return next((one for one in found if one.state is rules.State.PLANNED), None)


async def officers_for(person: SignedIn) -> list[tuple[UUID, str]]:
    """Whom this person may send: themselves first, then the officers and managers of their team."""
    return await people.officers_of(person) or [(person.id, person.name)]


async def colleagues_of(person: SignedIn) -> list[tuple[UUID, str]]:
    """Who can go in with them."""
    return [one for one in await officers_for(person) if one[0] != person.id]


async def managers_for(person: SignedIn) -> list[tuple[UUID, str]]:
    """Who can agree that they go in alone."""
    return await people.managers_of(person)


async def has_ended(visit_id: UUID) -> bool:
    """Inside a command about a visit that its caller has found they may change: it is finished or cancelled."""
    ends = (VisitEvent.visit == visit_id) & VisitEvent.what.is_in(list(OVER))
    return await VisitEvent.exists().where(ends)


async def planned_after(person: SignedIn, visit_id: UUID) -> list[Seen]:
    """The visits that were planned on the way out of this one."""
    query = Visit.select(*COLUMNS).where(_theirs(person), Visit.follows == visit_id)
    return await seen(person, await query.order_by(Visit.planned_for, Visit.id))
