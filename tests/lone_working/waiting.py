"""I13, read off the database: a provider that fails keeps the next person waiting for a minute at most, and a step
that can tell nobody keeps nobody waiting. Between any two commits once the engine has looked."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from lone_working import ways
from lone_working.ladders.rules import Ladder, Who
from lone_working.rules import LATE, AlarmState, Told
from messages.rules import Channel, State
from people.queries import Contact
from tests.lone_working.checks import Picture, Row

ANOTHER_WAY, NEXT = timedelta(seconds=30), timedelta(seconds=60)
TAKEN = (State.SENT, State.DELIVERED, State.SHOWN)


def nobody_waits(seen: Picture, at: datetime, contacts: Collection[Contact], moved: Collection[UUID]) -> None:
    """`moved`: whose number, role or team changed: by which ways they could be told then, nobody knows."""
    by_id = {one.id: one for one in contacts}
    for alarm in seen.alarms.values():
        taken = [row for row in seen.steps[alarm["id"]] if row["cycle"] == alarm["cycle"]]
        if alarm["state"] != AlarmState.OPEN or not taken:
            continue
        last = max(row["fired_at"] for row in taken)
        if alarm["owned_at"] is None or alarm["owned_at"] < last:
            _told_nobody(seen, alarm, [row for row in taken if row["fired_at"] == last])
            _reached_nobody(seen, alarm, taken, at)
            _another_way(seen, alarm, taken, at, {id: one for id, one in by_id.items() if id not in moved})


def _told_nobody(seen: Picture, alarm: Row, steps: list[Row]) -> None:
    """The next at once: a turn of the engine later, which is a second."""
    rungs = Ladder.loads(alarm["policy"]).rungs
    for_others = [row for row in steps if rungs[row["n"]].who not in (None, Who.OFFICER)]
    told = {row["step"] for row in seen.told[alarm["id"]] if row["what"] == Told.STEP}
    if for_others and not told & {row["id"] for row in steps}:
        at_once = steps[0]["fired_at"] + timedelta(seconds=1)
        assert alarm["next_fire_at"] <= at_once, (
            "I13: nobody could be told, and the next step is not taken at once"
        )


def _last_that_told(seen: Picture, alarm: Row, taken: list[Row]) -> tuple[datetime, list[Row]]:
    """When, and what went out because of it by the ways that a provider answers for."""
    by_time: dict[datetime, list[Row]] = defaultdict(list)
    when = {row["id"]: row["fired_at"] for row in taken}
    for row in seen.told[alarm["id"]]:
        if row["what"] == Told.STEP and row["step"] in when and row["channel"] != Channel.PUSH:
            by_time[when[row["step"]]].append(row)
    last = max(by_time, default=datetime.max)
    return last, by_time[last]


def _reached_nobody(seen: Picture, alarm: Row, taken: list[Row], at: datetime) -> None:
    fired, told = _last_that_told(seen, alarm, taken)
    states = {seen.messages[row["id"]]["state"] for row in told}
    if told and not states & set(TAKEN):
        assert at <= fired + NEXT + LATE, f"I13: nobody was reached since {fired}, and no next step: {at}"


def _another_way(seen: Picture, alarm: Row, taken: list[Row], at: datetime, contacts: dict[UUID, Contact]) -> None:
    fired, told = _last_that_told(seen, alarm, taken)
    tried, reached = defaultdict(set), set()
    for row in told:
        tried[row["person"]].add(Channel(row["channel"]))
        if seen.messages[row["id"]]["state"] in TAKEN:
            reached.add(row["person"])
    for person in set(tried) - reached:
        if person in contacts and at > fired + ANOTHER_WAY + LATE:
            left = set(ways.every_way(contacts[person])) - tried[person]
            assert not left, f"I13: {contacts[person].name} was not tried by {left} though nothing was taken"
