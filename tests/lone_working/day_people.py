"""What Asha does while she is out on a made-up day, and what those do who look out for her."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from lone_working import events
from lone_working.alarms import responding
from lone_working.rules import ACK_LASTS, AlarmKind, AlarmState
from lone_working.sessions import beginning, commands
from lone_working.tables import Alarm, LoneSession, SessionEvent
from messages.tables import Message
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from tests.lone_working.conftest import DURESS, SAFE, WRONG
from tests.lone_working.day import Day

SOME = st.integers(0, 2)
BUDDY = st.sampled_from([None, "ben"])
AGO = st.integers(-30, 90)
"""Minutes by their phone's clock: it came late, or that clock is ahead."""
RESPONDERS = st.sampled_from(["asha", "ben", "dina", "nia", "carol"])


async def _begin(sent: Sent, *args: Any) -> None:
    await beginning.begin_own(sent, *args)


class Out(Day):
    """What Asha does that a rule of any day may want."""

    def _id(self, which: int) -> UUID:
        return self.ids[which % len(self.ids)]

    def does(self, sent: Sent, call: Callable[[Sent], Any], again: bool = True) -> None:
        if again:
            self.sent_before.append(lambda: call(replace(sent)))
        self.act(call(sent))
        if self.was_killed:
            self.act(call(replace(sent)))

    def goes_in(self, minutes: int, buddy: str | None, late: int = 0) -> None:
        chosen = self.alone.world.people[buddy].id if buddy else None
        sent, me = self.sent("asha", late), self.alone.who("asha")
        self.does(sent, lambda one: once(one, _begin, me, "The depot", minutes, chosen))
        if self.run(LoneSession.exists().where(LoneSession.id == sent.id)):
            self.ids.append(sent.id)


class Calls(Out):
    @precondition(lambda self: self.ids)
    @rule(which=SOME, ago=st.integers(0, 3000))
    def calls_for_help(self, which: int, ago: int) -> None:
        """In whatever state it is, and however long ago."""
        me, id = self.alone.who("asha"), self._id(which)
        self.does(self.sent("asha", ago), lambda one: commands.call_for_help(one, me, id))
        alarm = self.run(self.help_of(id))
        assert alarm and self.run(self._was_told(alarm["id"])), "I9: none is lost"

    async def _was_told(self, alarm: UUID) -> bool:
        row = (await Alarm.select().where(Alarm.id == alarm))[0]
        return bool(row["next_step"] > 0 or row["cycle"] > 0)


class Officer(Calls):
    @precondition(lambda self: len(self.ids) < 3)
    @rule(minutes=st.sampled_from([5, 15, 30]), buddy=BUDDY, late=st.integers(0, 40))
    def somebody_goes_in(self, minutes: int, buddy: str | None, late: int) -> None:
        self.goes_in(minutes, buddy, late)

    @precondition(lambda self: self.ids)
    @rule(which=SOME, ago=AGO, pin=st.sampled_from([None, None, SAFE, DURESS, WRONG]))
    def checks_in(self, which: int, ago: int, pin: str | None) -> None:
        me, id = self.alone.who("asha"), self._id(which)
        self.does(self.sent("asha", ago), lambda one: commands.check_in(one, me, id, pin), pin in (None, SAFE))

    @precondition(lambda self: self.ids)
    @rule(which=SOME, ago=AGO, minutes=st.sampled_from([15, 30]), pin=st.sampled_from([None, SAFE, DURESS, WRONG]))
    def takes_longer(self, which: int, ago: int, minutes: int, pin: str | None) -> None:
        me, id = self.alone.who("asha"), self._id(which)
        call = lambda one: commands.extend(one, me, id, minutes, pin)  # noqa: E731
        self.does(self.sent("asha", ago), call, again=False)  # one that was refused may be taken later

    @precondition(lambda self: self.ids)
    @rule(which=SOME, ago=AGO, pin=st.sampled_from([SAFE, SAFE, DURESS, WRONG]))
    def ends(self, which: int, ago: int, pin: str) -> None:
        me, id = self.alone.who("asha"), self._id(which)
        asked = self.run(self.help_of(id))
        self.does(self.sent("asha", ago), lambda one: commands.end(one, me, id, pin), pin == SAFE)
        assert not asked or self.run(self.help_of(id)), "I9: a PIN alone takes back no call for help"

    @rule(ago=st.integers(0, 3000))
    def calls_where_nothing_is_known(self, ago: int) -> None:
        me, unknown, before = self.alone.who("asha"), uuid7(), self.run(Alarm.count())
        self.does(self.sent("asha", ago), lambda one: commands.call_for_help(one, me, unknown))
        assert self.run(Alarm.count()) == before + 1, "I9: none is lost"

    @precondition(lambda self: self.sent_before)
    @rule(which=st.integers(0, 50))
    def the_same_comes_again(self, which: int) -> None:
        call = self.sent_before[which % len(self.sent_before)]
        before = self.run(self._rows())
        self.act(call())
        assert self.run(self._rows()) == before, "I8"

    async def _rows(self) -> list[Any]:
        return [
            await LoneSession.select().order_by(LoneSession.id),
            await Alarm.select().order_by(Alarm.id),
            await SessionEvent.count(),
            await Message.select(Message.id, Message.state).order_by(Message.id),
        ]


class Responders(Day):
    @rule(which=SOME, who=RESPONDERS)
    def somebody_takes_it_on(self, which: int, who: str) -> None:
        if alarm := self.run(self.alarm(which)):
            self.act(once(self.sent(who), responding.acknowledge, self.alone.who(who), alarm["id"]))
            after = self.run(Alarm.select().where(Alarm.id == alarm["id"]))[0]
            assert after["state"] != AlarmState.RESOLVED, "I5: it ends nothing"
            if after["state"] == AlarmState.ACKNOWLEDGED:
                assert after["next_fire_at"] - self.alone.now <= ACK_LASTS[AlarmKind(after["kind"])], "I5"

    @rule(which=SOME, who=RESPONDERS, spoken=st.booleans(), close=st.booleans())
    def somebody_says_how_it_ended(self, which: int, who: str, spoken: bool, close: bool) -> None:
        if alarm := self.run(self.alarm(which)):
            me = self.alone.who(who)
            self.act(once(self.sent(who), responding.outcome, me, alarm["id"], "well", spoken, close))
            (after,) = self.run(Alarm.select().where(Alarm.id == alarm["id"]))
            ended = after["state"] == AlarmState.RESOLVED
            assert not ended or close or alarm["kind"] != AlarmKind.DURESS, "I6"
            young = self.alone.now - alarm["origin_at"] < timedelta(minutes=2)
            assert not (ended and young) or alarm["kind"] == AlarmKind.OVERDUE, "not in its first two minutes"

    @rule(which=SOME, who=RESPONDERS)
    def somebody_rings_999(self, which: int, who: str) -> None:
        if alarm := self.run(self.alarm(which)):
            self.act(once(self.sent(who), responding.calling_999, self.alone.who(who), alarm["id"]))
            assert self.run(events.whole(alarm["session"]))
