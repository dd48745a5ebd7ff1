"""One alarm: what whoever rings 999 reads out, who was told, and what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import party, rules
from lone_working.alarms import guidance, looked, who_told
from lone_working.alarms.queries import (
    EVENT_WORDS,
    KEPT,
    AlarmSeen,
    EventRow,
    HeldStart,
    alarm_seen,
    kept_from,
    without,
)
from lone_working.alarms.responding import alarm_row
from lone_working.code_word import commands as word_commands
from lone_working.places import NOWHERE, last_points
from lone_working.rules import AlarmKind, AlarmState, Happening
from lone_working.tables import SessionEvent
from people.rules import SignedIn
from pwa import held_queries as held

Row = dict[str, Any]
WHERE_KEPT = (
    "A confidential home. Press “I am calling 999”: then its address is here, and it is written down who read it"
)


async def alarm_for(me: SignedIn, alarm_id: UUID, at: datetime) -> AlarmSeen:
    """One alarm with all that whoever rings 999 reads out, who was told, and what happened."""
    session, row = await alarm_row(me, alarm_id, at)
    is_open = row["state"] != AlarmState.RESOLVED
    silent = is_open and session["person"] in await party.not_to_ring()
    starts = await _starts(me, session, row) if is_open else ()
    homes = await last_points([session])
    session = {**session, "silent": silent, "point": homes.get(session["id"])}
    may_know = me.id not in session["beside"] and is_open
    mine = SessionEvent.session == session["id"]
    happened = await SessionEvent.select().where(mine).order_by(SessionEvent.seq)
    told = await who_told.of(row, happened)
    where = True
    calls = _calls(me, row, happened)
    if not calls:
        kept = await kept_from(me, [session])
        happened = [
            {**one, "said": one["said"] and KEPT} if _says_where(one) and kept else one for one in happened
        ]
        where = not kept
        session, may_know = without(session, kept, WHERE_KEPT), may_know and not kept
    asked = await guidance.if_asked(me, session, happened, where) if is_open else []
    number = await guidance.number_of(session) if is_open else ""
    looks = await looked.at_alarms([me.id], [row], homes)
    return alarm_seen(
        me,
        session,
        row,
        **looks.of(me.id, alarm_id, may_know),
        guidance=tuple(await guidance.read_out(session, row, number)),
        asked=tuple(asked),
        calls=calls,
        number_to_ring="" if session["silent"] or row["kind"] == AlarmKind.DURESS else number,
        starts=starts,
        script=await word_commands.script_for(me, session, row),
        told=told,
        events=tuple(event_row(one) for one in happened),
    )


async def _starts(me: SignedIn, session: Row, alarm: Row) -> tuple[HeldStart, ...]:
    """They went in and called, and the office could only keep where: for who may read it there. Not what is older
    than a session that says where they went since."""
    since = alarm["opened_at"] - rules.UNWATCHED_FOR
    if session["place"] != NOWHERE:
        since = max(since, session["started_at"])
    found = await held.starts_of(me, session["person"], since)
    return tuple(HeldStart(one.row["id"], one.row["received_at"], tuple(one.facts)) for one in found)


def _calls(me: SignedIn, alarm: Row, happened: Sequence[Row]) -> bool:
    """They ring the police about it, who need to know where: a life goes before an address."""
    calls = any(one["what"] == Happening.CALLING and one["person"] == me.id for one in happened)
    return calls and alarm["state"] != AlarmState.RESOLVED


def _says_where(event: Row) -> bool:
    return bool(event["what"] == Happening.STARTED)


def event_row(row: Row) -> EventRow:
    words = EVENT_WORDS[Happening(row["what"])]
    if row["minutes"]:
        words = f"{words}: {row['minutes']} minutes"
    return EventRow(words, row["said"], row["person_name"], row["happened_at"], row["received_at"])
