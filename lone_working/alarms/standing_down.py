"""Whoever was told of an alarm is told once that it is over. What is refused for good goes by the next way, also
when the provider took it first and says so later."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import rules, ways
from lone_working.alarms import reaching_rules, telling
from lone_working.alarms.reply_rules import Heard
from lone_working.alarms.telling import Telling
from lone_working.rules import AlarmState, Told
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages import queries as messages
from messages.rules import Channel, State
from people import queries as people
from people.queries import Contact

Row = dict[str, Any]
Down = dict[UUID, dict[UUID, dict[Channel, State]]]
"""By alarm and person, by which ways they were told, and how far that is."""
TEMPLATE = "alarm-stand-down"


def of(alarm: UUID, contacts: Sequence[Contact], how: str) -> list[Telling]:
    """The first way to each."""
    return [
        Telling(alarm, None, Told.STAND_DOWN, one, able[0], TEMPLATE, how)
        for one in contacts
        if (able := ways.of(one))
    ]


async def refused(message: UUID, at: datetime) -> None:
    """It was taken and did not arrive: its alarm is looked at again, also where a look just ends that did
    not see it. For `follow_refused`."""
    mine = (AlarmTold.id == message) & (AlarmTold.what == Told.STAND_DOWN.value)
    told = AlarmTold.select(AlarmTold.alarm).where(mine)
    await Alarm.update({Alarm.check_at: at}).where(Alarm.id.is_in(told), Alarm.state == AlarmState.RESOLVED.value)


async def look(rows: Sequence[Row], at: datetime) -> tuple[dict[UUID, datetime | None], int]:
    """Inside a transaction, of alarms that are over and ours: when to look at each again; how many were told."""
    down = await _down([row["id"] for row in rows])
    found = await people.contacts({person for told in down.values() for person in told}) if down else []
    contacts = {one.id: one for one in found}
    able = {id: ways.every_way(one) for id, one in contacts.items()}
    failed = any(State.FAILED in by.values() for told in down.values() for by in told.values())
    know = await _know(rows) if failed else set()
    when: dict[UUID, datetime | None] = {}
    out: list[tuple[Row, Telling]] = []
    for row in rows:
        told = {who: by for who, by in down.get(row["id"], {}).items() if (row["id"], who) not in know}
        checked = reaching_rules.stood_down(at, row["resolved_at"], told, able)
        when[row["id"]] = checked.check_at
        for person in checked.another:
            way = next(one for one in able[person] if one not in told[person])
            one = Telling(row["id"], None, Told.STAND_DOWN, contacts[person], way, TEMPLATE, again=True)
            out.append((row, one))
    await _put_out(out, at)
    return when, len(out)


async def _know(rows: Sequence[Row]) -> set[tuple[UUID, UUID]]:
    """Who asked by text meanwhile and was answered that it is over: by alarm and person."""
    about = {rules.alarm_address(row["id"]): row["id"] for row in rows}
    return {(about[record], who) for record, who in await messages.texted(about, Heard.OVER.value)}


async def _down(alarms: list[UUID]) -> Down:
    if not alarms:
        return {}
    told = await AlarmTold.select().where(
        AlarmTold.alarm.is_in(alarms) & (AlarmTold.what == Told.STAND_DOWN.value)
    )
    stands = await messages.states([one["id"] for one in told])
    down: Down = defaultdict(lambda: defaultdict(dict))
    for one in told:
        if one["id"] in stands:
            down[one["alarm"]][one["person"]][Channel(one["channel"])] = stands[one["id"]]
    return down


async def _put_out(out: Sequence[tuple[Row, Telling]], at: datetime) -> None:
    if not out:
        return
    ids = list({alarm["session"] for alarm, _ in out})
    sessions = {row["id"]: row for row in await LoneSession.select().where(LoneSession.id.is_in(ids))}
    said = [(sessions[alarm["session"]], replace(one, how=_how(alarm, sessions))) for alarm, one in out]
    await telling.put_out_all(said, at)


def _how(alarm: Row, sessions: dict[UUID, Row]) -> str:
    """What they did themselves is no secret. In a responder's own words there may be whose home it is."""
    if alarm["resolved_by"] == sessions[alarm["session"]]["person"]:
        return str(alarm["outcome"])
    return f"{rules.short_name(alarm['resolved_by_name'])} says that it is over."
