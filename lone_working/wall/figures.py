"""Figures of a manager's own team over twelve months, and what alarms it had. Never of a person: no name is read
here but to leave out what is about whoever asks, who may not learn from a number that they called for help."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working.alarms.queries import KEPT, KIND_WORDS, Row
from lone_working.events import ACTIVE
from lone_working.rules import AlarmKind, Happening, SessionKind, Told
from lone_working.tables import Alarm, AlarmTold, LoneSession, SessionEvent
from lone_working.wall import figures_rules
from lone_working.wall.figures_rules import SHARES, YEAR, Called, Figures, Late
from people.rules import SignedIn
from properties import queries as properties
from properties.guarding import written
from pwa.clock import LONDON
from visits import started_queries as visits

ANSWERS = (Happening.ACKNOWLEDGED, Happening.CARRIED_ON, Happening.CLOSED_BY_RESPONDER)
PAGE = 50


@dataclass(frozen=True)
class Happened:
    """One alarm, for the list of what happened."""

    id: UUID
    number: int
    words: str
    person_name: str
    place: str
    at: datetime
    resolved_at: datetime | None
    resolved_by_name: str
    outcome: str


async def happened(me: SignedIn, at: datetime, page: int = 1) -> tuple[list[Happened], bool]:
    """Alarms of my team in twelve months, the newest first, and whether there are more. Mine I do not see."""
    rows = await _alarms(me, at).limit(PAGE + 1).offset((page - 1) * PAGE)
    closed = await properties.closed_among(me, {row["home"] for row in rows if row["home"]})
    return [_happened(row, row["home"] in closed) for row in rows[:PAGE]], len(rows) > PAGE


def _alarms(me: SignedIn, at: datetime) -> Any:
    session: Any = Alarm.session
    query = Alarm.select(
        *Alarm.all_columns(),
        session.number.as_alias("number"),
        session.person.as_alias("person"),
        session.person_name.as_alias("person_name"),
        session.place.as_alias("place"),
        session.property.as_alias("home"),
    )
    theirs = (session.team == me.team_id) & (session.person != me.id) & (Alarm.opened_at >= at - YEAR)
    # Nor of who is in there with me: see beside.py.
    inside = (LoneSession.person == me.id) & ACTIVE & LoneSession.pin_given_at.is_null()
    parties = LoneSession.select(LoneSession.party).where(inside & LoneSession.party.is_not_null())
    theirs &= session.party.is_null() | session.party.not_in(parties)
    return query.where(theirs).order_by(Alarm.opened_at, ascending=False).order_by(Alarm.id)


def _happened(row: Row, kept: bool) -> Happened:
    return Happened(
        id=row["id"],
        number=row["number"],
        words=KIND_WORDS[AlarmKind(row["kind"])],
        person_name=row["person_name"],
        place=KEPT if kept else row["place"],
        at=row["origin_at"],
        resolved_at=row["resolved_at"],
        resolved_by_name=row["resolved_by_name"],
        outcome=row["outcome"],
    )


async def figures(me: SignedIn, at: datetime) -> Figures:
    alarms: list[Row] = await _alarms(me, at)
    answers, told = await _answers(me, at), await _told(me, at)
    calls = [_called(row, answers[row["session"]]) for row in alarms if row["kind"] != AlarmKind.OVERDUE]
    late = [_late(row, answers[row["session"]], told) for row in alarms if row["kind"] == AlarmKind.OVERDUE]
    ours = (LoneSession.team == me.team_id) & (LoneSession.received_at >= at - YEAR)
    of_visits = ours & (LoneSession.kind == SessionKind.VISIT.value)
    return figures_rules.figures(
        calls,
        late,
        sessions=await LoneSession.count().where(ours),
        visits=await visits.started_since(me.team_id, at - YEAR),
        timed=await LoneSession.count(distinct=[LoneSession.visit]).where(of_visits),
        at=at,
    )


async def _answers(me: SignedIn, at: datetime) -> defaultdict[UUID, list[Row]]:
    """By session, what those did who were called."""
    session: Any = SessionEvent.session
    columns = (SessionEvent.session, SessionEvent.what, SessionEvent.received_at)
    query = SessionEvent.select(*columns).where(SessionEvent.what.is_in([what.value for what in ANSWERS]))
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in await query.where(session.team == me.team_id, SessionEvent.received_at >= at - YEAR):
        found[row["session"]].append(row)
    return found


async def _told(me: SignedIn, at: datetime) -> set[UUID]:
    """Alarms that somebody other than the officer was told of."""
    query = AlarmTold.select(AlarmTold.alarm).where(AlarmTold.what == Told.STEP.value)
    ours: Any = AlarmTold.alarm.team == me.team_id
    return {row["alarm"] for row in await query.where(ours, AlarmTold.told_at >= at - YEAR).distinct()}


def _called(alarm: Row, answers: list[Row]) -> Called:
    since = [one["received_at"] for one in answers if one["received_at"] >= alarm["origin_at"]]
    return Called(alarm["origin_at"], min(since, default=None))


def _late(alarm: Row, answers: list[Row], told: set[UUID]) -> Late:
    """Well all along: they said so themselves in the end, or go on after somebody spoke to them."""
    goes_on = any(
        one["what"] == Happening.CARRIED_ON and one["received_at"] >= alarm["opened_at"] for one in answers
    )
    return Late(alarm["id"] in told, alarm["resolved_by"] == alarm["person"] or goes_on)


def _when(at: datetime | None) -> str:
    """As people here read it, with its offset: on the night the clocks go back an hour comes twice."""
    return at.astimezone(LONDON).isoformat(timespec="seconds") if at else ""


def figures_file(found: Figures, at: datetime) -> bytes:
    rows: list[tuple[object, ...]] = [
        ("counted at", _when(at), ""),
        ("calls for help", found.calls, ""),
        ("of them not dealt with yet", found.unanswered, ""),
    ]
    for share, took in zip(SHARES, found.answered, strict=True):
        said = figures_rules.TOO_FEW if took is None else round(took, 1)
        rows.append((f"{share * 100:g} % of them taken on within, seconds", said, ""))
    for name, counted in (("false alarms", found.false_alarms), ("visits with a timer", found.with_timer)):
        few = counted.share is None
        rows.append((name, figures_rules.TOO_FEW if few else counted.part, "" if few else counted.whole))
    return written(("figure", "value", "of"), rows)


HEADINGS = ("visit", "kind", "asked_or_due", "opened", "first_dealt_with", "over")


async def history_file(me: SignedIn, at: datetime) -> bytes:
    """Each alarm by the number of its visit. No name, no place and no free words: design, section 6."""
    answers = await _answers(me, at)
    rows: Iterable[Row] = await _alarms(me, at)
    return written(HEADINGS, [_line(row, _called(row, answers[row["session"]]).answered_at) for row in rows])


def _line(row: Row, answered: datetime | None) -> list[object]:
    times = (row["origin_at"], row["opened_at"], answered, row["resolved_at"])
    return [row["number"], KIND_WORDS[AlarmKind(row["kind"])], *(_when(one) for one in times)]
