"""One alarm: what whoever rings 999 reads out, who was told, and what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import looked, party, word_commands
from lone_working.places import Point, last_points
from lone_working.responding import alarm_row
from lone_working.rules import AlarmKind, AlarmState, Happening, Told
from lone_working.tables import AlarmTold, SessionEvent
from lone_working.wall import (
    EVENT_WORDS,
    KEPT,
    TOLD_WORDS,
    AlarmSeen,
    EventRow,
    ToldRow,
    alarm_seen,
    kept_from,
    without,
)
from messages import rules as messages
from people import queries as people
from people.rules import SignedIn
from pwa.direction import apart
from pwa.pages import time

Row = dict[str, Any]
WHERE_KEPT = (
    "A confidential home. Press “I am calling 999”: then its address is here, and it is written down who read it"
)
MOST_TOLD = 100
"""The newest: one that nobody resolves for days tells everybody every two minutes."""


async def alarm_for(me: SignedIn, alarm_id: UUID, at: datetime) -> AlarmSeen:
    """One alarm with all that whoever rings 999 reads out, who was told, and what happened."""
    session, row = await alarm_row(me, alarm_id, at)
    silent = row["state"] != AlarmState.RESOLVED and session["person"] in await party.not_to_ring()
    homes = await last_points([session])
    session = {**session, "silent": silent, "point": homes.get(session["id"])}
    may_know = me.id not in session["beside"] and row["state"] != AlarmState.RESOLVED
    of_it = AlarmTold.select().where(AlarmTold.alarm == alarm_id)
    told = await of_it.order_by(AlarmTold.told_at, AlarmTold.id, ascending=False).limit(MOST_TOLD)
    mine = SessionEvent.session == session["id"]
    happened = await SessionEvent.select().where(mine).order_by(SessionEvent.seq)
    if not _calls(me, row, happened):
        kept = await kept_from(me, [session])
        happened = [
            {**one, "said": one["said"] and KEPT} if _says_where(one) and kept else one for one in happened
        ]
        session, may_know = without(session, kept, WHERE_KEPT), may_know and not kept
    looks = await looked.at_alarms([me.id], [row], homes)
    return alarm_seen(
        me,
        session,
        row,
        **looks.of(me.id, alarm_id, may_know),
        guidance=tuple(await _guidance(session, row)),
        script=await word_commands.script_for(me, session, row),
        told=tuple(_told(one) for one in reversed(told)),
        events=tuple(event_row(one) for one in happened),
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


def event_row(row: Row) -> EventRow:
    words = EVENT_WORDS[Happening(row["what"])]
    if row["minutes"]:
        words = f"{words}: {row['minutes']} minutes"
    return EventRow(words, row["said"], row["person_name"], row["happened_at"], row["received_at"])


def _grid(point: Point | None) -> list[str]:
    return [f"Grid reference: {apart(point.grid)}, which is {point.words}."] if point and point.grid else []


async def _guidance(session: Row, alarm: Row) -> list[str]:
    """What to say to 999, to be read aloud in half a minute."""
    officer = [one for one in await people.contacts([session["person"]]) if one.id == session["person"]]
    kind = AlarmKind(alarm["kind"])
    well = f"last known to be well at {time(session['heard_at'])}"
    if kind is AlarmKind.DURESS:  # the last that was heard was no sign that all is well
        well = f"and gave a secret sign for help at {time(alarm['origin_at'])}"
    asked = "has asked for help" if kind is not AlarmKind.OVERDUE else "has not been heard of in time"
    lines = [
        f"An officer of the council is alone and {asked}: {apart(session['person_name'])}.",
        f"Where: {apart(session['place'])}.",
        *_grid(session["point"]),
        f"Went in at {time(session['started_at'])}, {well}.",
    ]
    if officer and officer[0].phone and not session["silent"]:
        lines.append(f"Their mobile: {apart(officer[0].phone)}.")
    if kind is AlarmKind.DURESS or session["silent"]:
        lines.append("Somebody may be with them and may be forcing them. Do not ring them.")
    if session["high_risk"]:
        lines.append("Nobody is to go in there alone.")
    lines += await party.said_of(session)
    if session["battery"] is not None:
        lines.append(f"Their phone had {session['battery']} % of its battery at {time(session['battery_at'])}.")
    return lines
