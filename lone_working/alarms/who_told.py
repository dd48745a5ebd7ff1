"""Who was told of one alarm, what came of each message, and what each of those people did about it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lone_working.alarms.queries import EVENT_WORDS
from lone_working.alarms.who_told_rules import Answer, OneTold, WhoTold, by_person
from lone_working.rules import Happening, Told
from lone_working.tables import AlarmTold
from messages import queries as messages
from messages.rules import Channel, State

Row = dict[str, Any]
MOST_TOLD = 500
"""The newest, one by one: ten messages every two minutes are that many after 100 minutes. All are counted."""
ANSWERS = (
    Happening.ACKNOWLEDGED,
    Happening.CALLING,
    Happening.NOT_THE_WORD,
    Happening.CARRIED_ON,
    Happening.CLOSED_BY_RESPONDER,
)


async def of(alarm: Row, happened: Sequence[Row]) -> WhoTold:
    """`happened`: the events of its session, the oldest first."""
    table: Any = AlarmTold
    columns = (table.id, table.person, table.person_name, table.channel, table.what, table.told_at)
    query = AlarmTold.select(*columns, table.step.n.as_alias("n")).where(AlarmTold.alarm == alarm["id"])
    rows: list[Row] = await query.order_by(AlarmTold.told_at, AlarmTold.id)
    states = await messages.states({row["id"] for row in rows})
    tellings = [_telling(row, states.get(row["id"])) for row in rows]
    return WhoTold(by_person(tellings, _answers(alarm, happened)), tuple(tellings[-MOST_TOLD:]), len(rows))


def _telling(row: Row, state: State | None) -> OneTold:
    step = None if row["n"] is None else row["n"] + 1
    what, channel = Told(row["what"]), Channel(row["channel"])
    return OneTold(row["person"], row["person_name"], channel, what, row["told_at"], step, state)


def _answers(alarm: Row, happened: Sequence[Row]) -> dict[UUID, Answer]:
    """The newest of each person while this alarm was open: its session may have had others."""
    until = alarm["resolved_at"]
    return {
        row["person"]: Answer(EVENT_WORDS[Happening(row["what"])], row["received_at"])
        for row in happened
        if row["what"] in ANSWERS
        and row["received_at"] >= alarm["opened_at"]
        and (until is None or row["received_at"] <= until)
    }
