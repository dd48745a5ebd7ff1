"""The sound of an alarm on the wall, which a manager switches off knowingly: for that alarm, for a while, by name.

It changes nothing of the alarm. The sound comes back when its time is up or when help is asked for anew, and
ends for good with whoever takes the alarm on.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lone_working import events, rules
from lone_working.alarms import alarms
from lone_working.alarms.responding import alarm_row
from lone_working.rules import AlarmKind, AlarmState, Happening
from lone_working.tables import SessionEvent
from people.rules import SignedIn
from pwa.outbox import Sent

Row = dict[str, Any]
HEARD = (Happening.SILENCED, Happening.PANIC, Happening.DURESS, Happening.DURESS_ALONE, Happening.NOT_THE_WORD,
         Happening.CLOCK)  # fmt: skip
"""The newest of these says whether it sounds."""


async def silence(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """Only while nobody has it: one that somebody has makes no sound."""
    session, _ = await alarm_row(me, alarm_id)
    await events.locked(session["id"])
    alarm = await alarms.open_alarm(session["id"])
    if alarm is None or alarm["id"] != alarm_id or alarm["state"] != AlarmState.OPEN:
        sent.note = "it made no sound any more"
        return
    await events.add(sent, me, session["id"], Happening.SILENCED, sent.received_at)
    sent.note = "silenced an alarm on the wall"


async def silenced(found: Sequence[Row]) -> dict[UUID, dict[str, Any]]:
    """Of these alarms those that somebody has silenced since they began: by whom, and until when.

    Not where help was asked for since, also of an alarm that was a call for help before. Nor where the clock was
    put back: its time would be up so much later."""
    sessions = [row["session"] for row in found if row["state"] == AlarmState.OPEN]
    if not sessions:
        return {}
    theirs = SessionEvent.session.is_in(sessions) & SessionEvent.what.is_in([one.value for one in HEARD])
    columns = (SessionEvent.session, SessionEvent.what, SessionEvent.received_at, SessionEvent.person_name)
    newest = {
        row["session"]: row for row in await SessionEvent.select(*columns).where(theirs).order_by(SessionEvent.seq)
    }
    return {
        row["id"]: {
            "silenced_by": last["person_name"],
            "silent_until": last["received_at"] + rules.ACK_LASTS[AlarmKind(row["kind"])],
        }
        for row in found
        if (last := newest.get(row["session"]))
        and last["what"] == Happening.SILENCED
        and last["received_at"] >= row["origin_at"]
    }
