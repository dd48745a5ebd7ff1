"""Whatever happens and in whatever order: the invariants of the design, checked after every step of a made-up day.

A fake clock, one to three engines, messages put out and not sent. On the database the run is on;
`DAYS=1000 pytest tests/lone_working/test_invariants.py` before a release.
"""

import asyncio
import contextlib
import os
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lone_working import commands, events, pins
from lone_working.ladder_rules import MOST_GRACE
from lone_working.pins import Judged
from lone_working.rules import ACK_LASTS, LATE, AlarmKind
from lone_working.tables import Alarm, AlarmStep, AlarmTold, EngineHeartbeat, LoneSession, SessionEvent
from messages.tables import Message
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from tests.lone_working.conftest import DURESS, NOW, SAFE, WRONG, Alone

DAYS = int(os.environ.get("DAYS", "25"))
PINS = {SAFE: Judged.SAFE, DURESS: Judged.DURESS, WRONG: Judged.WRONG}
TABLES = (AlarmTold, AlarmStep, Alarm, SessionEvent, LoneSession, EngineHeartbeat, Message)


async def _awaited(what: Any) -> Any:
    return await what


class Day(RuleBasedStateMachine):
    """A day of Asha's, of those who look out for her, and of one to three engines."""

    alone: Alone
    loop: asyncio.AbstractEventLoop

    @initialize(engines=st.integers(1, 3))
    def engines_start(self, engines: int) -> None:
        self.ids: list[UUID] = []
        self.panics: dict[UUID, int] = {}
        self.sent_before: list[tuple[Sent, UUID]] = []
        self.states: dict[UUID, str] = {}
        self.dues: dict[UUID, Any] = {}
        self.engines = [uuid7() for _ in range(engines)]
        self.person_acted = True
        self.run(self._empty())
        self.run(self._scan())

    def run(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(what), self.loop).result(120)

    async def _empty(self) -> None:
        for table in TABLES:
            await table.delete(force=True)
        self.alone.now = NOW

    async def _scan(self) -> None:
        for engine in self.engines:
            await self.alone.scan(engine)

    async def _pass(self, seconds: int) -> None:
        end = self.alone.now + timedelta(seconds=seconds)
        while self.alone.now < end:
            self.alone.now = min(end, self.alone.now + timedelta(seconds=10))
            await self._scan()

    @rule(seconds=st.sampled_from([10, 60, 130, 300, 700]))
    def time_passes(self, seconds: int) -> None:
        self.person_acted = False
        self.run(self._pass(seconds))

    @rule(minutes=st.sampled_from([2, 15, 40]))
    def nobody_looks(self, minutes: int) -> None:
        """Every engine is down, and one comes back; the grace passes."""
        self.person_acted = False
        self.alone.now += timedelta(minutes=minutes)
        self.run(self._pass(int((MOST_GRACE + LATE).total_seconds())))

    @precondition(lambda self: len(self.ids) < 3)
    @rule(minutes=st.sampled_from([5, 15, 30]), buddy=st.sampled_from([None, "ben"]), late=st.integers(0, 40))
    def somebody_goes_in(self, minutes: int, buddy: str | None, late: int) -> None:
        async def begin(sent: Sent, *args: Any) -> None:
            await commands.begin_own(sent, *args)

        chosen = self.alone.world.people[buddy].id if buddy else None
        sent = self.alone.sent("asha", captured=self.alone.now - timedelta(minutes=late))
        self.run(once(sent, begin, self.alone.who("asha"), "The depot", minutes, chosen))
        self.ids.append(sent.id)
        self.run(self._scan())

    def act(self, what: Any) -> None:
        self.person_acted = True
        with contextlib.suppress(Refused, NotFound):
            self.run(what)
        self.run(self._scan())

    some = st.integers(0, 2)

    def _id(self, which: int) -> UUID:
        return self.ids[which % len(self.ids)]

    @precondition(lambda self: self.ids)
    @rule(which=some, ago=st.integers(-30, 60), pin=st.sampled_from([None, None, SAFE, DURESS, WRONG]))
    def checks_in(self, which: int, ago: int, pin: str | None) -> None:
        """Late, or by a phone whose clock is ahead."""
        sent = self.alone.sent("asha", captured=self.alone.now - timedelta(minutes=ago))
        if pin is None:
            self.sent_before.append((sent, self._id(which)))
        self.act(commands.check_in(sent, self.alone.who("asha"), self._id(which), pin))

    @precondition(lambda self: self.sent_before)
    @rule(which=st.integers(0, 5))
    def the_same_check_in_comes_again(self, which: int) -> None:
        sent, id = self.sent_before[which % len(self.sent_before)]
        before = self.run(self._rows())
        self.act(commands.check_in(replace(sent), self.alone.who("asha"), id))
        assert self.run(self._rows()) == before, "I8"

    async def _rows(self) -> list[Any]:
        return [
            await LoneSession.select().order_by(LoneSession.id),
            await SessionEvent.count(),
            await Message.count(),
        ]

    @precondition(lambda self: self.ids)
    @rule(which=some, minutes=st.sampled_from([15, 30]), pin=st.sampled_from([None, SAFE, DURESS, WRONG]))
    def takes_longer(self, which: int, minutes: int, pin: str | None) -> None:
        sent = self.alone.sent("asha")
        self.act(commands.extend(sent, self.alone.who("asha"), self._id(which), minutes, pin))

    @precondition(lambda self: self.ids)
    @rule(which=some, pin=st.sampled_from([SAFE, SAFE, DURESS, WRONG]))
    def ends(self, which: int, pin: str) -> None:
        self.act(commands.end(self.alone.sent("asha"), self.alone.who("asha"), self._id(which), pin))

    @precondition(lambda self: self.ids)
    @rule(which=some, ago=st.integers(0, 600))
    def panics_now(self, which: int, ago: int) -> None:
        id = self._id(which)
        sent = self.alone.sent("asha", captured=self.alone.now - timedelta(minutes=ago))
        self.act(once(sent, commands.panic, self.alone.who("asha"), id))
        (alarm,) = self.run(Alarm.select().where((Alarm.session == id) & (Alarm.state != "resolved")))
        assert alarm["kind"] in (AlarmKind.PANIC, AlarmKind.DURESS), "I9"
        self.panics[id] = self.panics.get(id, 0) + 1

    async def _alarm(self, which: int) -> dict[str, Any] | None:
        rows = await Alarm.select().where(Alarm.state != "resolved").order_by(Alarm.id)
        return dict(rows[which % len(rows)]) if rows else None

    @rule(which=some, who=st.sampled_from(["asha", "ben", "dina", "nia", "carol"]))
    def somebody_takes_it_on(self, which: int, who: str) -> None:
        if alarm := self.run(self._alarm(which)):
            self.act(once(self.alone.sent(who), commands.acknowledge, self.alone.who(who), alarm["id"]))
            after = self.run(Alarm.select().where(Alarm.id == alarm["id"]))[0]
            assert after["state"] != "resolved", "I5"
            if after["state"] == "acknowledged":
                assert after["owner"] != self.alone.world.asha.id, "I5"
                assert after["next_fire_at"] - self.alone.now <= ACK_LASTS[AlarmKind(after["kind"])], "I5"

    @rule(which=some, who=st.sampled_from(["asha", "ben", "dina"]), spoken=st.booleans(), close=st.booleans())
    def somebody_says_how_it_ended(self, which: int, who: str, spoken: bool, close: bool) -> None:
        if alarm := self.run(self._alarm(which)):
            me = self.alone.who(who)
            self.act(once(self.alone.sent(who), commands.outcome, me, alarm["id"], "well", spoken, close))
            if alarm["kind"] == AlarmKind.DURESS and not close:
                (after,) = self.run(Alarm.select().where(Alarm.id == alarm["id"]))
                assert after["state"] != "resolved", "I6"

    @invariant()
    def all_that_must_always_hold(self) -> None:
        self.run(self._check())

    async def _check(self) -> None:
        sessions = {row["id"]: row for row in await LoneSession.select()}
        alarms = {row["id"]: row for row in await Alarm.select()}
        await self._steps(alarms)
        for alarm in alarms.values():
            resolved = alarm["state"] == "resolved"
            assert (alarm["next_fire_at"] is None) == resolved, "I2"
            assert resolved or alarm["next_fire_at"] > self.alone.now, "I1: nothing due is left"
            if alarm["kind"] == AlarmKind.DURESS and resolved:
                assert alarm["resolved_by"] != self.alone.world.asha.id, "I6"
            told = await AlarmTold.select().where(AlarmTold.alarm == alarm["id"])
            called = {row["person"] for row in told if row["what"] == "step"}
            down = [row["person"] for row in told if row["what"] == "stand_down"]
            assert sorted(down) == sorted(called if resolved else ()), "I11"
            assert self.alone.world.asha.id not in called
            ids = [row["id"] for row in told]
            assert await Message.count().where(Message.id.is_in(ids or [uuid7()])) == len(ids), "I10"
        for id, row in sessions.items():
            open_alarms = [one for one in alarms.values() if one["session"] == id and one["state"] != "resolved"]
            assert len(open_alarms) <= 1
            assert row["alarmed"] == bool(open_alarms)
            if row["state"] == "active" and row["due_at"] + LATE < self.alone.now:
                assert open_alarms, "I2"
            if not self.person_acted:
                assert row["state"] == self.states.get(id, row["state"]), "I4"
            assert row["due_at"] >= self.dues.get(id, row["due_at"]), "I7: never pulled earlier"
            assert await events.whole(id), "I10"
        self.states = {id: row["state"] for id, row in sessions.items()}
        self.dues = {id: row["due_at"] for id, row in sessions.items()}

    async def _steps(self, alarms: dict[UUID, Any]) -> None:
        steps = await AlarmStep.select()
        keys = [(row["alarm"], row["cycle"], row["n"]) for row in steps]
        assert len(keys) == len(set(keys)), "I1"
        for row in steps:
            assert row["fired_at"] >= row["due_at"], "I3"
            assert not row["late"] or row["fired_at"] - row["due_at"] > LATE


async def _judged(me: Any, pin: str) -> Judged:
    return PINS[pin]


async def test_a_made_up_day_breaks_no_invariant(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "judge", _judged)  # two argon2 hashes a PIN would be most of the time
    here = {"alone": alone, "loop": asyncio.get_running_loop()}
    chosen = how(
        max_examples=DAYS, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    await asyncio.to_thread(run_state_machine_as_test, type("DayHere", (Day,), here), settings=chosen)
