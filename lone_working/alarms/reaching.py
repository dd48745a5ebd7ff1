"""Due work: whether those whom the last step of an alarm told were reached. Where a provider fails, the next way
to them, and when nobody was reached the next step at once."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.alarms import many, reaching_rules, standing_down, telling
from lone_working.alarms.one_by_one import Each, together
from lone_working.alarms.reaching_rules import Checked
from lone_working.alarms.telling import Telling
from lone_working.rules import AlarmKind, AlarmState, Told
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages import queries as messages
from messages.rules import Channel, Reach
from people import queries as people
from pwa.outbox import claim

Row = dict[str, Any]
BATCH = 100


def due(at: datetime) -> Any:
    return Alarm.check_at <= at


async def run(at: datetime, wrong: list[Exception], of: Any = None) -> int:
    """`of`: only those alarms."""
    which = due(at) if of is None else due(at) & of
    waiting = Alarm.select(Alarm.id).where(which).order_by(Alarm.check_at)
    each: list[Each] = [(waiting, lambda id: _look(at, which & (Alarm.id == id)))]
    return await together(lambda: _look(at, which), each, wrong)


async def _look(at: datetime, which: Any) -> int:
    """Inside a transaction: up to BATCH alarms. Whoever has acknowledged one was reached by something."""
    rows: list[Row] = await claim(Alarm.select().where(which).order_by(Alarm.check_at).limit(BATCH))
    if not rows:
        return 0
    over, again = await standing_down.look([row for row in rows if row["state"] == AlarmState.RESOLVED], at)
    values: dict[UUID, Row] = {id: {"check_at": when, "next_fire_at": None} for id, when in over.items()}
    rows = [row for row in rows if row["id"] not in over]
    told, reach = await _told(rows, at) if rows else ({}, {})
    vain: list[tuple[Row, Row]] = []
    for row in rows:
        checked = Checked((), False, None)
        if row["state"] == AlarmState.OPEN:
            by_person: dict[UUID, list[Reach]] = defaultdict(list)
            for one in told[row["id"]]:
                by_person[one["person"]].append(reach[one["id"]][0])
            checked = reaching_rules.check(at, row["asked_at"], row["climbs"], by_person)
            vain += [(row, one) for one in told[row["id"]] if one["person"] in checked.another]
        fire = at if checked.step_now else row["next_fire_at"]
        values[row["id"]] = {"check_at": checked.check_at, "next_fire_at": fire}
    await _by_another_way(vain, reach, at)
    await many.set_each(Alarm, values)
    return len(rows) + again


async def _told(rows: list[Row], at: datetime) -> tuple[dict[UUID, list[Row]], dict[UUID, tuple[Reach, str]]]:
    """Whom the last step of each told, and how far that came. The officer themselves only while overdue."""
    since = {row["id"]: row["asked_at"] for row in rows}
    overdue = {row["id"] for row in rows if row["kind"] == AlarmKind.OVERDUE}
    mine = AlarmTold.alarm.is_in(list(since)) & (AlarmTold.told_at >= min(since.values()))
    mine &= AlarmTold.channel != Channel.PUSH.value
    found = await AlarmTold.select().where(mine & (AlarmTold.what != Told.STAND_DOWN.value))
    told: dict[UUID, list[Row]] = defaultdict(list)
    for one in found:
        if one["told_at"] >= since[one["alarm"]] and (one["what"] == Told.STEP or one["alarm"] in overdue):
            told[one["alarm"]].append(one)
    return told, await messages.reached([one["id"] for some in told.values() for one in some], at)


async def _by_another_way(vain: list[tuple[Row, Row]], reach: dict[UUID, tuple[Reach, str]], at: datetime) -> None:
    """The next that was not tried for this step. Nothing when all were: each of them is tried again and again."""
    if not vain:
        return
    ids = list({row["session"] for row, _ in vain})
    sessions = {row["id"]: row for row in await LoneSession.select().where(LoneSession.id.is_in(ids))}
    contacts = {one.id: one for one in await people.contacts({one["person"] for _, one in vain})}
    tried = {(one["step"], one["person"], one["channel"]) for _, one in vain}
    out: dict[tuple[UUID, UUID], tuple[Row, Telling]] = {}
    for row, one in vain:
        contact = contacts.get(one["person"])
        able = ways.every_way(contact) if contact else []
        left = [way for way in able if (one["step"], one["person"], way.value) not in tried]
        if contact and left:
            rank = telling.rank_of(AlarmKind(row["kind"]))
            again = Telling(
                row["id"],
                one["step"],
                Told(one["what"]),
                contact,
                left[0],
                reach[one["id"]][1],
                owner=telling.owner_words(row),
                rank=rank,
            )
            out[row["id"], contact.id] = sessions[row["session"]], again
    await telling.put_out_all(list(out.values()), at)
