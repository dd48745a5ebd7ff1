"""The made-up day with people who come on and off duty, change role, lose a telephone or get another ladder."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from lone_working.ladders import audience, floor_rules
from lone_working.ladders import commands as ladder_commands
from lone_working.ladders.rules import Ladder, Which, Who
from lone_working.ladders.tables import TeamLadder
from lone_working.rota import duty
from lone_working.rota.tables import DutyShift
from lone_working.sessions import pins
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages import sending
from people.tables import Person
from pwa.ids import uuid7
from pwa.outbox import once
from server.settings import settings
from tests.lone_working.conftest import PHONES, Alone
from tests.lone_working.day_people import Officer, Responders
from tests.lone_working.test_invariants import DAYS, judged
from tests.servers.notify import KEY, TEMPLATES, Notify

WHO = st.sampled_from(["ben", "dina", "nia", "marek", "carol"])
ROLES = {"ben": "officer", "dina": "manager", "nia": "manager", "marek": "manager", "carol": "officer"}


class DayOnDuty(Officer, Responders):
    async def _empty(self) -> None:
        await super()._empty()
        self.policies: dict[Any, str] = {}
        await DutyShift.delete(force=True)
        await TeamLadder.delete(force=True)
        for name, role in ROLES.items():
            known: dict[Any, Any] = {Person.role: role, Person.phone: PHONES.get(name, "")}
            await Person.update(known).where(Person.id == self.alone.world.people[name].id)
            self.alone.world.people[name].role = role

    @rule(who=WHO, team=st.sampled_from(["north", "south", None]), hours=st.integers(1, 3), what=st.booleans())
    def comes_on_duty(self, who: str, team: str | None, hours: int, what: bool) -> None:
        self.run(
            DutyShift.insert(
                DutyShift(
                    id=uuid7(),
                    team=self.alone.world.teams[team].id if team else None,
                    duty="manager" if what else "deputy",
                    person=self.alone.world.people[who].id,
                    acting=ROLES[who] == "officer",
                    starts_at=self.alone.now,
                    ends_at=self.alone.now + timedelta(hours=hours / 3),
                    made_at=self.alone.now,
                )
            )
        )

    @rule(who=WHO)
    def goes_off_duty(self, who: str) -> None:
        mine = DutyShift.person == self.alone.world.people[who].id
        self.run(DutyShift.update({DutyShift.removed_at: self.alone.now}).where(mine))

    @rule(who=WHO, role=st.sampled_from(["officer", "manager"]))
    def becomes_something_else(self, who: str, role: str) -> None:
        self.run(Person.update({Person.role: role}).where(Person.id == self.alone.world.people[who].id))
        self.alone.world.people[who].role = role

    @rule(who=WHO)
    def loses_their_telephone(self, who: str) -> None:
        self.run(Person.update({Person.phone: ""}).where(Person.id == self.alone.world.people[who].id))

    @rule(buddy=st.integers(1, 14), step=st.integers(1, 10), repeat=st.integers(1, 5))
    def the_ladder_is_changed(self, buddy: int, step: int, repeat: int) -> None:
        given = [buddy, buddy + step, buddy + 2 * step, buddy + 3 * step, buddy + 4 * step, repeat]
        minutes = dict(zip(floor_rules.OFFSETS[Which.NORMAL], given, strict=True))
        north, ade = self.alone.world.teams["north"].id, self.alone.who("ade")
        self.act(once(self.alone.sent("ade"), ladder_commands.set_ladder, ade, north, Which.NORMAL, minutes))

    @invariant()
    def somebody_can_be_told_whatever_was_edited(self) -> None:
        self.run(self._reached())

    async def _reached(self) -> None:
        sessions = {row["id"]: row for row in await LoneSession.select()}
        reach = await duty.reach([self.alone.world.ben.id], self.alone.now)
        for alarm in await Alarm.select():
            kept = self.policies.setdefault((alarm["id"], alarm["kind"], alarm["origin_at"]), alarm["policy"])
            assert alarm["policy"] == kept, "an alarm keeps the ladder it was opened with"
            if alarm["state"] == "resolved":
                continue
            assert not floor_rules.wrong_with_ladder(Ladder.loads(alarm["policy"])), "and it is inside the floors"
            for who in set(Who) - {Who.OFFICER}:
                told = audience.of(who, sessions[alarm["session"]], *reach)
                assert told, "I14"
                assert self.alone.world.asha.id not in [one.id for one in told]
            fired = await AlarmTold.exists().where((AlarmTold.alarm == alarm["id"]) & (AlarmTold.what == "step"))
            others = [rung for rung in Ladder.loads(alarm["policy"]).rungs if rung.who not in (None, Who.OFFICER)]
            passed = alarm["origin_at"] + timedelta(seconds=others[0].after + 150) < self.alone.now
            assert fired or not passed or alarm["owner"] is not None, "I1: and was"


async def test_whatever_is_edited_in_the_middle_somebody_is_told(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "judge", judged)
    provider = Notify()
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    staff = await Person.select()
    here = {"alone": alone, "loop": asyncio.get_running_loop(), "provider": provider, "staff": staff}
    chosen = how(
        max_examples=DAYS, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    await asyncio.to_thread(run_state_machine_as_test, type("DayOnDutyHere", (DayOnDuty,), here), settings=chosen)
    provider.stop()
