"""Reminders to an officer after the PIN that asks for help, or after a call for help, while their session goes on.

They are those that they would have had after "I'm safe": that none comes would tell whoever holds their phone.
After the end none comes by either PIN.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from piccolo.columns.combination import WhereRaw

from lone_working.alarms import telling
from lone_working.alarms.reminding_rules import reminders_due
from lone_working.ladders import audience
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Ladder, Who
from lone_working.rota import duty
from lone_working.rules import AlarmKind, SessionState, Told
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages import commands as messages
from messages.rules import Channel
from pwa.outbox import claim, writing

Row = dict[str, Any]
HELP = (AlarmKind.PANIC.value, AlarmKind.DURESS.value)
# As the index says it (see due.py).
OPEN = WhereRaw("alarm.state <> 'resolved'")


async def sessions_of_help() -> dict[UUID, UUID]:
    """Session to alarm, of those that asked for help."""
    return {row["session"]: row["id"] for row in await Alarm.select().where(OPEN & Alarm.kind.is_in(list(HELP)))}


async def remind(at: datetime) -> int:
    """How many reminders were put out. Each once, however often and by how many engines this is asked."""
    open = await sessions_of_help()
    # They look as if they went on, and are late.
    goes_on = (LoneSession.state == SessionState.ACTIVE.value) & LoneSession.pin_given_at.is_null()
    late = goes_on & (LoneSession.due_at <= at) & LoneSession.id.is_in(list(open)) if open else None
    rows = await LoneSession.select(LoneSession.id).where(late) if late else []
    done = 0
    for row in rows:
        async with writing():
            # As it is now, and ours: somebody may just have been heard of.
            for session in await claim(LoneSession.select().where(late & (LoneSession.id == row["id"]))):
                ladder = await ladder_queries.ladder_for(session, AlarmKind.OVERDUE)
                for who in (None, Who.OFFICER):
                    done += await _of(dict(session), open[session["id"]], ladder, who, at)
    return done


async def _of(session: Row, alarm: UUID, ladder: Ladder, who: Who | None, at: datetime) -> int:
    """By the way of these steps: a notification as their time is up, then texts."""
    channel = Channel.SMS if who else Channel.PUSH
    theirs = (AlarmTold.alarm == alarm) & (AlarmTold.what == Told.REMINDER.value)
    told = await AlarmTold.count().where(
        theirs & (AlarmTold.channel == channel.value) & (AlarmTold.told_at >= session["due_at"])
    )
    after = [timedelta(seconds=rung.after) for rung in ladder.rungs if rung.who is who]
    wanted = reminders_due(session["due_at"], after, told, at)
    contacts, _ = await duty.reach([session["person"]], at) if wanted else ([], [])
    officer = [one for one, _ in audience.told_by(who, session, contacts)]
    if not officer:
        return 0
    for n in wanted:
        id = uuid5(alarm, f"reminder {session['due_at'].isoformat()} {channel.value} {n}")
        row = AlarmTold(
            id=id, alarm=alarm, step=None, person=officer[0].id, person_name=officer[0].name,
            channel=channel.value, what=Told.REMINDER.value, told_at=at,
        )  # fmt: skip
        await AlarmTold.insert(row).on_conflict(target=AlarmTold.id, action="DO NOTHING")
        await messages.put_out_all([telling.reminder(session, id, officer[0], channel, at)])
    return len(wanted)
