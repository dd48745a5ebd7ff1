"""The invariants that can be read off the database, between any two commits (docs/lone-working/proof.md)."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import events
from lone_working.alarms import link_rules
from lone_working.alarms.tables import AlarmLink
from lone_working.ladders.rules import Ladder
from lone_working.rules import LATE, AlarmKind, AlarmState, Happening, SessionState, Told
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, SessionEvent
from messages.tables import Message

Row = dict[str, Any]
LINK = re.compile(link_rules.address(r"([\w-]+)"))
CLOSES = {
    SessionState.CLOSED_SAFE: {Happening.CLOSED},
    SessionState.CLOSED_BY_RESPONDER: {Happening.CLOSED_BY_RESPONDER},
}


@dataclass
class Picture:
    """All of lone working at one moment, by id; steps, told and events by what they belong to."""

    sessions: dict[UUID, Row]
    alarms: dict[UUID, Row]
    messages: dict[UUID, Row]
    steps: dict[UUID, list[Row]]
    told: dict[UUID, list[Row]]
    events: dict[UUID, list[Row]]
    links: dict[UUID, Row]

    def open_of(self, session: UUID) -> list[Row]:
        mine = [one for one in self.alarms.values() if one["session"] == session]
        return [one for one in mine if one["state"] != AlarmState.RESOLVED]


async def look() -> Picture:
    return Picture(
        {row["id"]: row for row in await LoneSession.select()},
        {row["id"]: row for row in await Alarm.select()},
        {row["id"]: row for row in await Message.select()},
        _by("alarm", await AlarmStep.select().order_by(AlarmStep.cycle, AlarmStep.n)),
        _by("alarm", await AlarmTold.select()),
        _by("session", await SessionEvent.select().order_by(SessionEvent.seq)),
        {row["id"]: row for row in await AlarmLink.select()},
    )


def _by(column: str, rows: list[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


async def whole(seen: Picture, unreachable: frozenset[UUID] = frozenset()) -> None:
    """What holds whatever was killed. `unreachable`: left, or lost every number, while an alarm was open."""
    for session in seen.sessions.values():
        _session(seen, session)
        assert await events.whole(session["id"]), "I10: the chain verifies"
    for alarm in seen.alarms.values():
        _alarm(seen, alarm)
        _steps(seen, alarm)
        _told(seen, alarm, unreachable)
        _links(seen, alarm)


def _session(seen: Picture, session: Row) -> None:
    unresolved = seen.open_of(session["id"])
    assert len(unresolved) <= 1, "at most one alarm at a time"
    assert session["alarmed"] == bool(unresolved), "I10: the session knows of its alarm"
    if session["state"] != SessionState.ACTIVE:
        closing = {row["what"] for row in seen.events[session["id"]]} & CLOSES[SessionState(session["state"])]
        assert session["closed_by"] and session["closed_at"] and closing, "I4: a person closed it"


def _alarm(seen: Picture, alarm: Row) -> None:
    officer = seen.sessions[alarm["session"]]["person"]
    resolved = alarm["state"] == AlarmState.RESOLVED
    assert (alarm["next_fire_at"] is None) == resolved, "I2: an open alarm has a next step"
    if resolved:
        assert alarm["resolved_by"] and alarm["resolved_at"], "I4: a person ended it"
        if alarm["kind"] != AlarmKind.OVERDUE:
            assert alarm["resolved_by"] != officer, "I6: a call for help is ended by who came"
    if alarm["state"] == AlarmState.ACKNOWLEDGED:
        assert alarm["owner"] not in (None, officer), "I5: somebody else has it"
        assert alarm["owned_until"] == alarm["next_fire_at"], "I5: and not for ever"


def _steps(seen: Picture, alarm: Row) -> None:
    """What the alarm says of how far it is, is what was taken."""
    steps, last = seen.steps[alarm["id"]], len(Ladder.loads(alarm["policy"]).rungs) - 1
    taken: dict[int, list[int]] = defaultdict(list)
    for row in steps:
        taken[row["cycle"]].append(row["n"])
        assert row["id"] == uuid5(alarm["id"], f"{row['cycle']} {row['n']}"), "I12: any engine makes the same one"
        assert row["fired_at"] >= row["due_at"], "I3: none before its time"
        assert row["late"] == (row["fired_at"] - row["due_at"] > LATE)
    for cycle, ns in taken.items():
        assert len(ns) == len(set(ns)), "I1: each step once"
        assert ns == list(range(len(ns))) or len(ns) == 1, f"I1: no step left out of {cycle}: {ns}"
        assert cycle <= alarm["cycle"]
    now = taken.get(alarm["cycle"], [])
    assert now == list(range(alarm["next_step"])) or (now == [] and alarm["next_step"] == last), (
        "I10: step and stage"
    )


def _told(seen: Picture, alarm: Row, unreachable: frozenset[UUID]) -> None:
    told, steps = seen.told[alarm["id"]], {row["id"] for row in seen.steps[alarm["id"]]}
    officer = seen.sessions[alarm["session"]]["person"]
    keys = [(row["step"], row["person"], row["channel"], row["what"]) for row in told if not _beside(row)]
    assert len(keys) == len(set(keys)), "I1: one a recipient and channel"
    for row in told:
        assert row["id"] in seen.messages, "I10: whoever was told has a message"
        assert _beside(row) or row["step"] in steps or row["what"] == Told.STAND_DOWN, "I10: by a step taken"
        assert row["what"] != Told.STAND_DOWN or row["step"] is None
        assert (row["person"] == officer) == (row["what"] == Told.REMINDER), "who it is about is only reminded"
    assert alarm["kind"] != AlarmKind.OVERDUE or not any(map(_beside, told)), "its ladder reminds them itself"
    late = seen.sessions[alarm["session"]]["due_at"]
    again = Counter(row["channel"] for row in told if row["what"] == Told.REMINDER and row["told_at"] >= late)
    assert alarm["kind"] == AlarmKind.OVERDUE or max(again.values(), default=0) <= 1, (
        "I1: reminded once by each way"
    )
    called = {row["person"] for row in told if row["what"] == Told.STEP}
    # One that was refused for good was told by another way.
    down = [row["person"] for row in told if row["what"] == Told.STAND_DOWN and not _refused(seen, row, told)]
    assert len(down) == len(set(down)), "I11: stood down once"
    if alarm["state"] == AlarmState.RESOLVED:
        assert called - set(down) <= unreachable and set(down) <= called, "I11: who was told is stood down"
    else:
        assert not down, "I11: nobody before it is over"


def _refused(seen: Picture, row: Row, told: list[Row]) -> bool:
    others = [one for one in told if one["what"] == Told.STAND_DOWN and one["person"] == row["person"]]
    return len(others) > 1 and seen.messages[row["id"]]["state"] == "failed"


def _links(seen: Picture, alarm: Row) -> None:
    """The one that stands in a message is the one that is known, whoever put it out and however often."""
    known = {id: row for id, row in seen.links.items() if row["alarm"] == alarm["id"]}
    if not known:
        return  # they are erased after a day
    for told in seen.told[alarm["id"]]:
        if found := LINK.search(seen.messages[told["id"]]["personalisation"]):
            row = known[told["id"]]
            assert (row["token_sha256"], row["person"]) == (link_rules.hash_of(found[1]), told["person"]), "I10"


def _beside(row: Row) -> bool:
    """A reminder after a call for help: by no step of that ladder (lone_working/alarms/reminding.py)."""
    return row["what"] == Told.REMINDER and row["step"] is None


def caught_up(seen: Picture, at: datetime) -> None:
    """What holds once an engine has looked: nothing that was due by `at` is left."""
    for session in seen.sessions.values():
        if session["state"] == SessionState.ACTIVE and session["due_at"] <= at:
            assert seen.open_of(session["id"]), "I2: whoever is overdue has an alarm"
    for alarm in seen.alarms.values():
        assert alarm["next_fire_at"] is None or alarm["next_fire_at"] > at, "I1: every step that was due is taken"
