"""A council for a day and a night: who goes out when, what becomes of it, and who answers the alarms.

Everything by one seed. A planned thing is a moment and what is done then; what people answer to an alarm they
decide as each minute passes.
"""

import contextlib
import heapq
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from lone_working.alarms import responding
from lone_working.rules import AlarmKind, AlarmState
from lone_working.sessions import beginning, commands
from lone_working.tables import Alarm, AlarmTold
from people.tables import Person
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from tests.lone_working.conftest import DURESS, SAFE, Alone
from tests.servers.notify import Notify

OFFICERS = 12
ENDINGS = ("in time",) * 12 + ("late",) * 4 + ("forgotten", "forgotten", "panic", "duress", "no signal", "longer")
Do = Callable[[], Awaitable[Any]]


async def _begin(sent: Sent, *args: Any) -> None:
    await beginning.begin_own(sent, *args)


@dataclass
class Council:
    alone: Alone
    provider: Notify
    chance: random.Random
    plan: list[tuple[datetime, int, Do]] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    _order: Any = field(default_factory=count)

    def at(self, moment: datetime, do: Do) -> None:
        heapq.heappush(self.plan, (moment, next(self._order), do))

    async def staff(self) -> None:
        north = self.alone.world.teams["north"].id
        for n in range(OFFICERS):
            self.alone.world.people[f"officer{n}"] = await Person.objects().create(
                name=f"Officer{n} Test", email=f"officer{n}@harrowmere.example", role="officer", team=north,
                phone=f"077009002{n:02}", created_at=self.alone.now,
            )  # fmt: skip

    def sessions(self, many: int, begins: datetime, hours: int) -> None:
        """Most by day; one in six at night, some of them while the clocks change."""
        for n in range(many):
            moment = begins + timedelta(minutes=self.chance.randrange(hours * 60))
            if n % 6 == 0:
                moment = begins + timedelta(hours=12, minutes=self.chance.randrange(150))
            ending = ENDINGS[n % len(ENDINGS)]
            self.endings.append(ending)
            self.at(moment, self._goes_out(f"officer{n % OFFICERS}", moment, ending))

    def outages_of_the_provider(self, begins: datetime, many: int = 3) -> None:
        async def down() -> None:
            self.provider.answers, self.provider.looks = [500, "cut", 429, "taken"] * 5_000, [500] * 5_000

        async def up() -> None:
            self.provider.answers, self.provider.looks = [], []

        for _ in range(many):
            moment = begins + timedelta(minutes=self.chance.randrange(24 * 60))
            self.at(moment, down)
            self.at(moment + timedelta(minutes=self.chance.randrange(5, 40)), up)

    def _goes_out(self, name: str, moment: datetime, ending: str) -> Do:
        async def go() -> None:
            me, minutes = self.alone.who(name), self.chance.choice([15, 30, 45])
            sent = self.alone.sent(name)
            await once(sent, _begin, me, "The depot", minutes, self.alone.world.ben.id)
            self._plan_of(name, sent.id, moment, moment + timedelta(minutes=minutes), ending)

        return go

    def _plan_of(self, name: str, id: UUID, came: datetime, due: datetime, ending: str) -> None:
        me = self.alone.who(name)

        def does(moment: datetime, command: Any, *args: Any, late: int = 0) -> None:
            async def act() -> None:
                sent = self.alone.sent(name, captured=self.alone.now - timedelta(minutes=late))
                with contextlib.suppress(Refused, NotFound):
                    await command(sent, me, id, *args)

            self.at(moment, act)

        soon, middle = due - timedelta(minutes=2), came + (due - came) / 2
        if ending == "in time":
            does(soon, commands.end, SAFE)
        elif ending == "late":
            does(due + timedelta(minutes=self.chance.randrange(1, 14)), commands.end, SAFE)
        elif ending == "panic":
            does(middle, commands.call_for_help)
        elif ending == "duress":
            does(soon, commands.end, DURESS)
        elif ending == "no signal":
            does(due + timedelta(minutes=7), commands.check_in, late=9)
            does(due + timedelta(minutes=20), commands.end, SAFE)
        elif ending == "longer":
            does(soon, commands.extend, 30)
            does(due + timedelta(minutes=25), commands.end, SAFE)

    async def answer(self) -> None:
        """Each minute: somebody who was told takes it on, and some minutes later says how it ended."""
        for alarm in await Alarm.select().where(Alarm.state != AlarmState.RESOLVED.value):
            told = {row["person"] for row in await AlarmTold.select().where(AlarmTold.alarm == alarm["id"])}
            name = self.chance.choice(["dina", "nia", "ben"])
            if self.alone.world.people[name].id not in told or self.chance.random() > 0.3:
                continue
            me, sent = self.alone.who(name), self.alone.sent(name)
            with contextlib.suppress(Refused, NotFound):
                if alarm["state"] == AlarmState.OPEN:
                    await once(sent, responding.acknowledge, me, alarm["id"])
                else:
                    close = alarm["kind"] != AlarmKind.OVERDUE or self.chance.random() < 0.7
                    await once(sent, responding.outcome, me, alarm["id"], "Rang them", not close, close)

    async def do_what_is_planned(self) -> None:
        while self.plan and self.plan[0][0] <= self.alone.now:
            await heapq.heappop(self.plan)[2]()


def engines(many: int) -> list[UUID]:
    return [uuid7() for _ in range(many)]
