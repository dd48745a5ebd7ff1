"""Beside a made-up day rota and ladders are edited, texts come in, phones say where they are, and anything is
killed at any statement."""

import json
from contextlib import suppress
from datetime import time, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from lone_working.ladders import commands as ladder_commands
from lone_working.ladders.floor_rules import offsets_of
from lone_working.ladders.rules import DEFAULT, Which
from lone_working.phone import points
from lone_working.phone_tables import LonePoint
from lone_working.point_rules import Position, Why
from lone_working.rota import commands as rota_commands
from lone_working.rota.rules import Duty, Each, Wish
from lone_working.rota.tables import DutyShift
from lone_working.rules import AlarmState
from messages import received
from pwa.ids import uuid7
from pwa.outbox import once
from tests.lone_working import checks
from tests.lone_working.conftest import NOW, PHONES
from tests.lone_working.day import Killed, killed_at
from tests.lone_working.day_people import AGO, SOME, Out
from tests.servers.notify import Notify

HERE = Position(52.945, 0.205, 12)
TODAY = Wish(NOW.date(), time(9), NOW.date() + timedelta(days=1), time(9), Each.ONCE, 1)


class Rota(Out):
    @rule(who=st.sampled_from(["dina", "nia", "marek", "ben"]), duty=st.sampled_from([Duty.MANAGER, Duty.DEPUTY]),
          team=st.sampled_from(["north", "south"]))  # fmt: skip
    def somebody_is_put_on_duty(self, who: str, duty: Duty, team: str) -> None:
        """Also to act up or to cover, while an alarm is open or none is."""
        of, person = self.alone.world.teams[team].id, self.alone.world.people[who].id
        self.act(once(self.sent("ade"), rota_commands.put_on, self.alone.who("ade"), of, person, duty, TODAY))

    @rule(team=st.sampled_from(["north", "south"]))
    def everybody_is_taken_off(self, team: str) -> None:
        of = self.alone.world.teams[team].id
        ids = [row["id"] for row in self.run(DutyShift.select(DutyShift.id).where(DutyShift.team == of))]
        self.act(once(self.sent("ade"), rota_commands.take_off, self.alone.who("ade"), of, ids))

    @rule(which=st.sampled_from(Which), later=st.integers(0, 3))
    def the_ladder_is_edited(self, which: Which, later: int) -> None:
        """An alarm that is open keeps its own."""
        minutes = offsets_of(DEFAULT[which], which)
        minutes["last"] += later
        north = self.alone.world.teams["north"].id
        self.act(once(self.sent("ade"), ladder_commands.set_ladder, self.alone.who("ade"), north, which, minutes))


class Texts(Out):
    @precondition(lambda self: self.ids)
    @rule(
        which=SOME,
        who=st.sampled_from([*PHONES]),
        words=st.sampled_from(["SAFE {}", "OK {}", "HELP", "ok", "what?"]),
    )
    def a_text_comes_in(self, which: int, who: str, words: str) -> None:
        """Whose number it is may have changed, and what it is about may be over."""
        number = self.run(self.alone.session(self._id(which)))["number"]
        text = Notify.received(f"44{PHONES[who][1:]}", words.format(number), self.alone.now.isoformat(), uuid7())
        self.act(received.take(json.dumps(text).encode(), self.alone.now))


class Places(Out):
    @precondition(lambda self: self.ids)
    @rule(which=SOME, ago=AGO, why=st.sampled_from(Why))
    def says_where_she_is(self, which: int, ago: int, why: Why) -> None:
        sent, me, id = self.sent("asha", ago), self.alone.who("asha"), self._id(which)
        self.does(sent, lambda one: once(one, points.note, me, id, why, HERE), again=False)
        self.run(self._only_from_inside(id))

    async def _only_from_inside(self, id: UUID) -> None:
        session = await self.alone.session(id)
        seen = await checks.look()
        about = [one for one in seen.alarms.values() if one["session"] == id]
        ends = [session["pin_given_at"] or session["closed_at"] or self.alone.now]
        ends += [one["resolved_at"] or self.alone.now for one in about]
        for row in await LonePoint.select().where(LonePoint.session == id):
            assert session["started_at"] <= row["at"] <= max(ends), "I15: only from start to end, or its alarm's"
            was_open = [one for one in about if one["opened_at"] <= row["received_at"]]
            over = [one for one in was_open if one["state"] == AlarmState.RESOLVED]
            lasted = len(over) < len(was_open) or any(one["resolved_at"] >= row["received_at"] for one in over)
            assert row["why"] != Why.TRAIL or lasted, "I15: a trail only while an alarm is open"


class Kills(Out):
    @rule(number=st.integers(1, 60))
    def whoever_acts_next_is_killed(self, number: int) -> None:
        """At that statement, if it has as many; then their phone sends the same again."""
        self.kill_at = number

    @rule(number=st.integers(1, 60), which=st.integers(0, 2))
    def an_engine_is_killed(self, number: int, which: int) -> None:
        self.run(self._engine_killed(number, self.engines[which % len(self.engines)]))
        self.run(self.scan())

    async def _engine_killed(self, number: int, engine: UUID) -> None:
        self.alone.now += timedelta(seconds=10)
        with suppress(Killed):
            await killed_at(number, self.alone.scan(engine))
        await checks.whole(await checks.look(), frozenset(self.left))


class Beside(Rota, Texts, Places, Kills): ...
