"""Due work: whoever is out is reminded on their phone some minutes before their time is up, so that nobody is
looked for who only forgot. A notification alone: the text follows two minutes after the time."""

from datetime import datetime
from typing import Any
from uuid import uuid5

from piccolo.columns.combination import WhereRaw

from lone_working import rules
from lone_working.alarms import reminding
from lone_working.tables import LoneSession
from messages import commands as messages
from messages import rules as message_rules
from messages import subscriptions
from messages.commands import Cause, Wanted
from messages.rules import Channel
from pwa.outbox import claim, writing
from pwa.pages import time

BATCH = 100
# As the index says it: a database uses a partial one only for a question that says the same.
TO_REMIND = WhereRaw(
    "lone_session.state = 'active' AND lone_session.alarmed = false "
    "AND (lone_session.nudged_for IS NULL OR lone_session.nudged_for <> lone_session.due_at)"
)
NOT_YET = WhereRaw(
    "lone_session.state = 'active' "
    "AND (lone_session.nudged_for IS NULL OR lone_session.nudged_for <> lone_session.due_at)"
)
Row = dict[str, Any]


async def run_due(at: datetime) -> int:
    """Up to BATCH of each kind of visit; how many were reminded.

    Also who asked for help and looks as if they went on: that nothing came would tell whoever holds their phone.
    """
    asked = await reminding.sessions_of_help()
    kinds = [TO_REMIND, NOT_YET & LoneSession.id.is_in(list(asked))] if asked else [TO_REMIND]
    return sum([await _remind(at, which, risky) for which in kinds for risky in (False, True)])


async def _remind(at: datetime, which: Any, risky: bool) -> int:
    before = at + rules.nudge_before(risky, rules.MOST_INTERVAL)
    soon = which & (LoneSession.high_risk == risky) & (LoneSession.due_at > at) & (LoneSession.due_at <= before)
    if not await LoneSession.exists().where(soon):
        return 0
    async with writing():
        rows: list[Row] = await claim(LoneSession.select().where(soon).order_by(LoneSession.due_at).limit(BATCH))
        due = [row for row in rows if row["due_at"] - rules.nudge_before(risky, row["interval_minutes"]) <= at]
        if due:
            await _put_out(due, at)
            these = LoneSession.id.is_in([row["id"] for row in due])
            await LoneSession.update({LoneSession.nudged_for: LoneSession.due_at}).where(these)
    return len(due)


async def _put_out(rows: list[Row], at: datetime) -> None:
    """Not to whoever sees their session ended: whichever PIN it was, nothing more comes of it on their phone."""
    out = [row for row in rows if row["pin_given_at"] is None]
    with_phone = await subscriptions.people_with(row["person"] for row in out)
    await messages.put_out_all([(_cause(row, at), _wanted(row)) for row in out if row["person"] in with_phone])


def _cause(row: Row, at: datetime) -> Cause:
    return Cause(row["team"], row["person"], row["person_name"], at)


def _wanted(row: Row) -> Wanted:
    return Wanted(
        id=uuid5(row["id"], f"nudge {row['due_at'].isoformat()}"),
        channel=Channel.PUSH,
        template="alarm-nudge-push",
        recipient=message_rules.phones_of(row["person"]),
        personalisation={
            "number": str(row["number"]),
            "time": time(row["due_at"]),
            "tag": row["id"].hex,
            "session": str(row["id"]),
        },
        record="/today",
    )
