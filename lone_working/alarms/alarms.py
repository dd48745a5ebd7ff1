"""An alarm begins, begins anew and is over: each in the transaction of what causes it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import rules
from lone_working.alarms import reaching_rules, standing_down, telling
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Ladder
from lone_working.rules import AlarmKind, AlarmState, Told
from lone_working.tables import Alarm, AlarmTold, LoneSession
from lone_working.watch import clock
from messages import commands as messages
from people import queries as people
from pwa.ids import uuid7
from pwa.outbox import lock_row

UNRESOLVED = Alarm.state != AlarmState.RESOLVED.value


async def open_alarm(session_id: UUID) -> dict[str, Any] | None:
    """The one that is not over, ours until the transaction ends. The caller holds its session."""
    mine = (Alarm.session == session_id) & UNRESOLVED
    row = await Alarm.select(Alarm.id).where(mine).first()
    if row is None:
        return None
    await lock_row(Alarm, row["id"])
    return dict((await Alarm.select().where(Alarm.id == row["id"]))[0])


def new_alarm(session: dict[str, Any], kind: AlarmKind, origin: datetime, at: datetime, ladder: Ladder) -> Alarm:
    """`origin`: what the ladder counts from; its first step is due then. The ladder is kept as it is now."""
    return Alarm(**alarm_row(session, kind, origin, at, ladder))


def alarm_row(
    session: dict[str, Any], kind: AlarmKind, origin: datetime, at: datetime, ladder: Ladder
) -> dict[str, Any]:
    """The same, of which a thousand may be wanted at once."""
    return {
        "id": uuid7(),
        "session": session["id"],
        "team": session["team"],
        "kind": kind.value,
        "opened_at": at,
        "origin_at": origin,
        "policy": ladder.dumps(),
        "cycle": 0,
        "next_step": 0,
        "next_fire_at": origin,
        "owner": None,
        "owner_name": "",
        "owned_at": None,
        "asked_at": None,
        "check_at": None,
        "climbs": False,
    }


async def ask_for_help(session: dict[str, Any], kind: AlarmKind, at: datetime) -> None:
    """Panic or duress. An open alarm becomes it and its ladder starts anew; one that is it already goes on."""
    at = await clock.not_ahead(at)
    known = await open_alarm(session["id"])
    ladder = await ladder_queries.ladder_for(session, kind)
    if known is None:
        await Alarm.insert(new_alarm(session, kind, at, at, ladder))
        await LoneSession.update({LoneSession.alarmed: True}).where(LoneSession.id == session["id"])
        return
    await _no_more_reminders(known["id"])
    if AlarmKind.DURESS in (known["kind"], kind):
        kind = AlarmKind.DURESS
    if known["kind"] == kind and known["state"] == AlarmState.OPEN:
        return
    anew: dict[Any, Any] = {
        Alarm.kind: kind.value,
        Alarm.state: AlarmState.OPEN.value,
        Alarm.origin_at: at,
        Alarm.policy: ladder.dumps(),
        Alarm.cycle: known["cycle"] + 1,
        Alarm.next_step: 0,
        Alarm.next_fire_at: at,
        Alarm.check_at: None,
        Alarm.owner: None,
        Alarm.owner_name: "",
        Alarm.owned_at: None,
        Alarm.owned_until: None,
    }
    await Alarm.update(anew).where(Alarm.id == known["id"])


async def _no_more_reminders(alarm: UUID) -> None:
    """One that comes after the PIN would say that nothing has ended."""
    theirs = (AlarmTold.alarm == alarm) & (AlarmTold.what == Told.REMINDER.value)
    await messages.stop_waiting([row["id"] for row in await AlarmTold.select(AlarmTold.id).where(theirs)])


async def resolve(
    session: dict[str, Any], alarm: dict[str, Any], by: tuple[UUID, str], outcome: str, how: str, at: datetime
) -> None:
    """It is over, `by` somebody: whoever was told of it is stood down once, and what still waits is not sent."""
    over: dict[Any, Any] = {
        Alarm.state: AlarmState.RESOLVED.value,
        Alarm.next_fire_at: None,
        Alarm.check_at: at + reaching_rules.NEXT_WAY,
        Alarm.resolved_at: at,
        Alarm.resolved_by: by[0],
        Alarm.resolved_by_name: by[1],
        Alarm.outcome: outcome,
        Alarm.owned_until: None,
    }
    await Alarm.update(over).where(Alarm.id == alarm["id"])
    await LoneSession.update({LoneSession.alarmed: False}).where(LoneSession.id == session["id"])
    told = await AlarmTold.select().where(AlarmTold.alarm == alarm["id"])
    await messages.stop_waiting([row["id"] for row in told])
    wanted = {row["person"] for row in told if row["what"] == Told.STEP}
    contacts = [one for one in await people.contacts(wanted) if one.id in wanted]
    await telling.put_out(session, standing_down.of(alarm["id"], contacts, how), at)


async def acknowledge(alarm: dict[str, Any], by: tuple[UUID, str], at: datetime) -> None:
    """Somebody has it for some minutes; then it demands an outcome, or climbs."""
    until = at + rules.ACK_LASTS[AlarmKind(alarm["kind"])]
    taken: dict[Any, Any] = {
        Alarm.state: AlarmState.ACKNOWLEDGED.value,
        Alarm.owner: by[0],
        Alarm.owner_name: by[1],
        Alarm.owned_at: at,
        Alarm.owned_until: until,
        Alarm.next_fire_at: until,
        Alarm.check_at: None,
    }
    await Alarm.update(taken).where(Alarm.id == alarm["id"])


def age(alarm: dict[str, Any], at: datetime) -> timedelta:
    since: datetime = alarm["origin_at"]
    return at - since


def gave_pin(session: dict[str, Any], alarm: dict[str, Any]) -> bool:
    """Since they asked for help. One from before says nothing about now."""
    given: datetime | None = session["pin_given_at"]
    return given is not None and given >= alarm["origin_at"]
