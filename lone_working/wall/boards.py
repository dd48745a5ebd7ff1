"""What stands on the wall of each of several people, asked for all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import party
from lone_working.alarms import looked, silencing
from lone_working.alarms.alarms import UNRESOLVED
from lone_working.alarms.queries import (
    KEPT,
    URGENT,
    AlarmSeen,
    Out,
    Row,
    Wall,
    alarm_seen,
    kept_from,
    leads,
    without,
)
from lone_working.beside import with_beside
from lone_working.events import ACTIVE
from lone_working.places import last_points
from lone_working.rota import duty
from lone_working.rules import SessionState
from lone_working.sessions import ready_rules
from lone_working.tables import Alarm, EngineHeartbeat, LoneSession, PinFailure
from lone_working.wall import not_watched
from people import queries as contacts
from people.rules import SignedIn
from properties import queries as properties
from pwa.pages import time


async def wall(me: SignedIn, at: datetime) -> Wall:
    return (await walls([me], at))[me]


async def walls(people: Sequence[SignedIn], at: datetime) -> dict[SignedIn, Wall]:
    """As many statements for two hundred people as for one, but for homes that some of them may not know of."""
    led = await duty.led_by_each(people, at)
    of_any = _of_any(led, Alarm.session) & UNRESOLVED
    found: list[Row] = await Alarm.select().where(of_any).order_by(Alarm.opened_at)
    known, nobody = await _sessions(led, found), await not_watched.in_teams(led, at)
    silenced = await silencing.silenced(found)
    homes = {row["id"]: row["point"] for row in known if row["point"]}
    looks = await looked.at_alarms([me.id for me in people], found, homes)
    secret = await properties.secret_among({row["property"] for row in [*known, *nobody] if row["property"]})
    age, seen = await engine_age(at), {}
    for me in people:
        mine = [row for row in known if leads(me, row, led[me])]
        kept = await kept_from(me, [row for row in [*mine, *nobody] if row["property"] in secret])
        about = {row["id"]: without(row, kept, KEPT) for row in mine}
        alarms = [
            _alarm(me, about[row["session"]], row, row["session"] not in kept, looks, silenced)
            for row in found
            if row["session"] in about
        ]
        out = sorted((_out(row) for row in about.values() if _quiet(row)), key=lambda one: one.due_at)
        unmonitored = not_watched.seen(me, led[me], nobody, kept)
        seen[me] = Wall(tuple(sorted(alarms, key=_urgent)), tuple(out), unmonitored, age)
    return seen


def _alarm(me: SignedIn, session: Row, row: Row, known: bool, looks: looked.Looked, silenced: Any) -> AlarmSeen:
    return alarm_seen(me, session, row, **looks.of(me.id, row["id"], known), **silenced.get(row["id"], {}))


async def _sessions(led: duty.Led, alarms: Sequence[Row]) -> list[Row]:
    """All that any of them looks out for, each with where it is, whom to ring and what was typed wrongly.

    Whoever was made to enter their PIN is not rung, nor who is in there with them.
    """
    table: Any = LoneSession
    found: list[Row] = await LoneSession.select().where(_of_any(led, table) & ACTIVE)
    if ended := list({row["session"] for row in alarms} - {row["id"] for row in found}):
        found += await LoneSession.select().where(LoneSession.id.is_in(ended))
    found = await with_beside(found)
    points, failures = await last_points(found), await _failures([row["id"] for row in found])
    both = await party.names_with(found)
    phones = {one.id: one.phone for one in await contacts.contacts({row["person"] for row in found})}
    silent = await party.not_to_ring()
    return [
        {
            **row,
            "point": points.get(row["id"]),
            "phone": "" if row["person"] in silent else phones.get(row["person"], ""),
            "silent": row["person"] in silent,
            "together": both.get(row["id"], ()),
            "pin_failures": failures.count(row["id"]),
        }
        for row in found
    ]


async def _failures(ids: list[UUID]) -> list[UUID]:
    rows = await PinFailure.select(PinFailure.session).where(PinFailure.session.is_in(ids)) if ids else []
    return [row["session"] for row in rows]


@dataclass(frozen=True)
class OutNow:
    """One line of it, for the page that a manager opens first."""

    people: int
    alarms: int
    next_due: datetime | None

    @property
    def words(self) -> str:
        if self.alarms:
            return f"{self.alarms} {'alarm' if self.alarms == 1 else 'alarms'}, {self.people} out"
        return f"{self.people} out, next due {time(self.next_due)}" if self.next_due else ""


async def out_now(me: SignedIn, at: datetime) -> OutNow:
    table: Any = LoneSession
    # Help is also asked for after a session has ended.
    about = ACTIVE | LoneSession.id.is_in(Alarm.select(Alarm.session).where(UNRESOLVED))
    mine = _of_any(await duty.led_by_each([me], at), table) & about & (LoneSession.person != me.id)
    rows = [row for row in await with_beside(await LoneSession.select().where(mine)) if me.id not in row["beside"]]
    out = [row for row in rows if row["state"] == SessionState.ACTIVE]
    quiet = [row["due_at"] for row in out if not row["alarmed"]]
    return OutNow(len(out), len(rows) - len(quiet), min(quiet, default=None))


def _urgent(alarm: AlarmSeen) -> tuple[bool, int, datetime]:
    """What nobody has stands first."""
    return bool(alarm.owner_name), URGENT.index(alarm.kind), alarm.origin_at


def _quiet(session: Row) -> bool:
    return bool(session["state"] == SessionState.ACTIVE and not session["alarmed"])


def _of_any(led: duty.Led, session: Any) -> Any:
    """Of sessions: those that any of these people look out for. `leads` says which of them."""
    found = session.buddy.is_in([me.id for me in led])
    teams = {team for theirs in led.values() for team in theirs}
    return found | session.team.is_in(list(teams)) if teams else found


async def engine_age(at: datetime) -> float | None:
    newest = EngineHeartbeat.select(EngineHeartbeat.last_scan_at)
    row = await newest.order_by(EngineHeartbeat.last_scan_at, ascending=False).first()
    return max(0.0, (at - row["last_scan_at"]).total_seconds()) if row else None


def _out(row: Row) -> Out:
    return Out(
        id=row["id"],
        number=row["number"],
        person_name=row["person_name"],
        place=row["place"],
        due_at=row["due_at"],
        last_confirmed_at=row["heard_at"],
        started_at=row["started_at"],
        received_at=row["received_at"],
        minutes=row["interval_minutes"],
        high_risk=row["high_risk"],
        buddy_name=row["buddy_name"],
        pin_failures=row["pin_failures"],
        phone=row["phone"],
        point=row["point"],
        together=row["together"],
        missing=tuple(ready_rules.words(row["missing"])),
    )
