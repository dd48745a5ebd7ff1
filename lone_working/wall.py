"""Who is out, whose deadline is next, and what is open: for managers their team, for a buddy the people they look
out for. Nobody sees here what is about themselves: there may be somebody beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import duty, party, ready_rules, word_commands
from lone_working.alarms import UNRESOLVED, gave_pin
from lone_working.beginning import ACTIVE
from lone_working.responding import alarm_row
from lone_working.rules import AlarmKind, AlarmState, Happening, Told
from lone_working.tables import Alarm, AlarmTold, EngineHeartbeat, LoneSession, PinFailure, SessionEvent
from messages import rules as messages
from people import queries as people
from people.rules import SignedIn
from properties import queries as properties
from pwa.direction import apart
from pwa.pages import time

Row = dict[str, Any]
KIND_WORDS = {
    AlarmKind.OVERDUE: "Overdue",
    AlarmKind.PANIC: "Asked for help",
    AlarmKind.DURESS: "Made to enter their PIN",
}
EVENT_WORDS = {
    Happening.STARTED: "Went in",
    Happening.CHECKED_IN: "Checked in",
    Happening.EXTENDED: "Asked for more time",
    Happening.BUDDY: "Chose a buddy",
    Happening.VISIT_LEFT: "The visit ended",
    Happening.PIN: "Entered their PIN",
    Happening.DURESS: "Entered the PIN that asks for help",
    Happening.DURESS_ALONE: "Entered the PIN that asks for help",
    Happening.PANIC: "Asked for help",
    Happening.ACKNOWLEDGED: "Took it on",
    Happening.CALLING: "Rings 999",
    Happening.CONTACT_READ: "Read whom to ring out of hours",
    Happening.NOT_THE_WORD: "Rang them; they did not say their code word",
    Happening.CARRIED_ON: "Spoke to them; they go on",
    Happening.CLOSED: "Entered their PIN: out and safe",
    Happening.CLOSED_BY_RESPONDER: "Closed it",
}
KEPT = "A confidential home"
WHERE_KEPT = (
    "A confidential home. Press “I am calling 999”: then its address is here, and it is written down who read it"
)
MOST_TOLD = 100
"""The newest: one that nobody resolves for days tells everybody every two minutes."""
TOLD_WORDS = {Told.STEP: "Told", Told.STAND_DOWN: "Stood down", Told.REMINDER: "Reminded"}


@dataclass(frozen=True)
class Out:
    """Somebody alone, with no alarm open."""

    id: UUID
    number: int
    person_name: str
    place: str
    due_at: datetime
    last_confirmed_at: datetime
    started_at: datetime
    minutes: int
    high_risk: bool
    buddy_name: str
    pin_failures: int
    together: tuple[str, ...] = ()
    """Who went in with them."""
    missing: tuple[str, ...] = ()
    """What was not in place when they went, in words."""


@dataclass(frozen=True)
class ToldRow:
    person_name: str
    channel_words: str
    what_words: str
    told_at: datetime


@dataclass(frozen=True)
class EventRow:
    words: str
    said: str
    person_name: str
    happened_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class AlarmSeen:
    id: UUID
    number: int
    kind: AlarmKind
    person_name: str
    place: str
    opened_at: datetime
    origin_at: datetime
    last_confirmed_at: datetime
    owner: UUID | None
    owner_name: str
    owned_at: datetime | None
    owned_until: datetime | None
    open: bool
    next_at: datetime | None
    resolved_at: datetime | None
    resolved_by_name: str
    outcome: str
    gave_pin: bool
    mine: bool
    """Whoever asks has it."""
    guidance: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    """How to find out by telephone whether they are free to speak; for duress that nobody rings."""
    told: tuple[ToldRow, ...] = ()
    events: tuple[EventRow, ...] = ()

    @property
    def words(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def do_not_phone(self) -> bool:
        return self.kind is AlarmKind.DURESS


@dataclass(frozen=True)
class Wall:
    alarms: tuple[AlarmSeen, ...]
    sessions: tuple[Out, ...]
    engine_age_seconds: float | None
    """Since anything last looked for what is overdue; None when nothing ever has."""


async def wall(me: SignedIn, at: datetime) -> Wall:
    table: Any = LoneSession
    teams = await duty.led_by(me, at)
    sessions = await LoneSession.select().where(_mine(me, table, teams) & ACTIVE).order_by(LoneSession.due_at)
    mine = _mine(me, Alarm.session, teams) & UNRESOLVED
    found = await Alarm.select().where(mine).order_by(Alarm.opened_at)
    ids = [row["session"] for row in found]
    named = await LoneSession.select().where(LoneSession.id.is_in(ids)) if ids else []
    kept = await _kept_from(me, [*sessions, *named])
    about = {row["id"]: _without(row, kept, KEPT) for row in named}
    alarms = [_alarm(me, about[row["session"]], row) for row in found]
    quiet = [_without(row, kept, KEPT) for row in sessions if not row["alarmed"]]
    failures, both = await _failures([row["id"] for row in quiet]), await party.names_with(quiet)
    urgent = {AlarmKind.DURESS: 0, AlarmKind.PANIC: 1, AlarmKind.OVERDUE: 2}
    return Wall(
        tuple(sorted(alarms, key=lambda one: (urgent[one.kind], one.origin_at))),
        tuple(_out(row, failures.get(row["id"], 0), both.get(row["id"], ())) for row in quiet),
        await engine_age(at),
    )


def _mine(me: SignedIn, session: Any, teams: list[UUID]) -> Any:
    mine = session.buddy == me.id
    if teams:
        mine = mine | session.team.is_in(teams)
    return mine & (session.person != me.id)


async def _kept_from(me: SignedIn, sessions: Sequence[Row]) -> set[UUID]:
    """Those at a confidential home that this person is not cleared for."""
    homes = {row["property"]: row["id"] for row in sessions if row["property"]}
    if not homes:
        return set()
    mine: Any = LoneSession.property
    query = LoneSession.select(LoneSession.id, LoneSession.property).where(mine.is_in(list(homes)))
    known = {row["property"] for row in await query.where(properties.open_to(me, mine))}
    return {row["id"] for row in sessions if row["property"] and row["property"] not in known}


def _without(session: Row, kept: set[UUID], words: str) -> Row:
    return {**session, "place": words} if session["id"] in kept else session


async def engine_age(at: datetime) -> float | None:
    newest = EngineHeartbeat.select(EngineHeartbeat.last_scan_at)
    row = await newest.order_by(EngineHeartbeat.last_scan_at, ascending=False).first()
    return max(0.0, (at - row["last_scan_at"]).total_seconds()) if row else None


async def _failures(ids: list[UUID]) -> dict[UUID, int]:
    rows = await PinFailure.select(PinFailure.session).where(PinFailure.session.is_in(ids)) if ids else []
    found = [row["session"] for row in rows]
    return {id: found.count(id) for id in found}


def _out(row: Row, failures: int, both: tuple[str, ...]) -> Out:
    return Out(
        id=row["id"],
        number=row["number"],
        person_name=row["person_name"],
        place=row["place"],
        due_at=row["due_at"],
        last_confirmed_at=row["heard_at"],
        started_at=row["started_at"],
        minutes=row["interval_minutes"],
        high_risk=row["high_risk"],
        buddy_name=row["buddy_name"],
        pin_failures=failures,
        together=both,
        missing=tuple(ready_rules.words(row["missing"])),
    )


def _alarm(me: SignedIn, session: Row, row: Row, **more: Any) -> AlarmSeen:
    return AlarmSeen(
        id=row["id"],
        number=session["number"],
        kind=AlarmKind(row["kind"]),
        person_name=session["person_name"],
        place=session["place"],
        opened_at=row["opened_at"],
        origin_at=row["origin_at"],
        last_confirmed_at=session["heard_at"],
        owner=row["owner"] if row["state"] == AlarmState.ACKNOWLEDGED else None,
        owner_name=row["owner_name"] if row["state"] == AlarmState.ACKNOWLEDGED else "",
        owned_at=row["owned_at"] if row["state"] == AlarmState.ACKNOWLEDGED else None,
        owned_until=row["owned_until"],
        open=row["state"] != AlarmState.RESOLVED,
        next_at=row["next_fire_at"],
        resolved_at=row["resolved_at"],
        resolved_by_name=row["resolved_by_name"],
        outcome=row["outcome"],
        gave_pin=row["kind"] == AlarmKind.PANIC and gave_pin(session, row),
        mine=row["owner"] == me.id and row["state"] == AlarmState.ACKNOWLEDGED,
        **more,
    )


async def alarm_for(me: SignedIn, alarm_id: UUID, at: datetime) -> AlarmSeen:
    """One alarm with all that whoever rings 999 reads out, who was told, and what happened."""
    session, row = await alarm_row(me, alarm_id, at)
    of_it = AlarmTold.select().where(AlarmTold.alarm == alarm_id)
    told = await of_it.order_by(AlarmTold.told_at, AlarmTold.id, ascending=False).limit(MOST_TOLD)
    mine = SessionEvent.session == session["id"]
    happened = await SessionEvent.select().where(mine).order_by(SessionEvent.seq)
    if not _calls(me, row, happened):
        kept = await _kept_from(me, [session])
        happened = [
            {**one, "said": one["said"] and KEPT} if _says_where(one) and kept else one for one in happened
        ]
        session = _without(session, kept, WHERE_KEPT)
    return _alarm(
        me,
        session,
        row,
        guidance=tuple(await _guidance(session, row)),
        script=await word_commands.script_for(me, session, row),
        told=tuple(_told(one) for one in reversed(told)),
        events=tuple(_event(one) for one in happened),
    )


def _calls(me: SignedIn, alarm: Row, happened: Sequence[Row]) -> bool:
    """They ring the police about it, who need to know where: a life goes before an address."""
    calls = any(one["what"] == Happening.CALLING and one["person"] == me.id for one in happened)
    return calls and alarm["state"] != AlarmState.RESOLVED


def _says_where(event: Row) -> bool:
    return bool(event["what"] == Happening.STARTED)


def _told(row: Row) -> ToldRow:
    channel = messages.CHANNEL_WORDS[messages.Channel(row["channel"])]
    return ToldRow(row["person_name"], channel, TOLD_WORDS[Told(row["what"])], row["told_at"])


def _event(row: Row) -> EventRow:
    words = EVENT_WORDS[Happening(row["what"])]
    if row["minutes"]:
        words = f"{words}: {row['minutes']} minutes"
    return EventRow(words, row["said"], row["person_name"], row["happened_at"], row["received_at"])


async def _guidance(session: Row, alarm: Row) -> list[str]:
    """What to say to 999, to be read aloud in half a minute."""
    officer = [one for one in await people.contacts([session["person"]]) if one.id == session["person"]]
    kind = AlarmKind(alarm["kind"])
    asked = "has asked for help" if kind is not AlarmKind.OVERDUE else "has not been heard of in time"
    lines = [
        f"An officer of the council is alone and {asked}: {apart(session['person_name'])}.",
        f"Where: {apart(session['place'])}.",
        f"Went in at {time(session['started_at'])}, last known to be well at {time(session['heard_at'])}.",
    ]
    if officer and officer[0].phone:
        lines.append(f"Their mobile: {apart(officer[0].phone)}.")
    if kind is AlarmKind.DURESS:
        lines.append("Somebody may be with them and may be forcing them. Do not ring them.")
    if session["high_risk"]:
        lines.append("Nobody is to go in there alone.")
    lines += await party.said_of(session)
    if session["battery"] is not None:
        lines.append(f"Their phone had {session['battery']} % of its battery at {time(session['battery_at'])}.")
    return lines
