"""Lone working in processes to be killed: the engine, what hands messages over, and people at their phones.

Each line of JSON on its input is a life of one process: from when, by which seed, and where it is killed. It says
`kept ID` for each command once that was answered, then `killed`, or `done` when it lived through all of it.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from lone_working.alarms import due, responding
from lone_working.sessions import beginning, commands, pins
from lone_working.sessions.pins import Judged
from lone_working.tables import Alarm, LoneSession
from messages import due as messages_due
from messages import sending
from people.rules import Role, SignedIn
from people.tables import Person
from pwa import due as receipts_due
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from server.piccolo_conf import DB
from server.settings import settings
from tests.servers.statements import watched

TURNS = 12
EVERY = timedelta(seconds=10)
MOST_OUT = 12


@dataclass
class Life:
    now: datetime
    chance: random.Random
    turns: int = TURNS
    people: dict[str, SignedIn] = field(default_factory=dict)
    over: bool = False

    async def meet(self) -> None:
        for row in await Person.select().where(Person.role.is_in(["officer", "manager"])):
            name = row["name"].split()[0].lower()
            who = SignedIn(row["id"], row["name"], Role(row["role"]), row["team"], None, row["id"], self.now)
            self.people[name] = who

    async def look(self) -> None:
        """The engine. Time passes by it alone."""
        for _ in range(self.turns):
            self.now += EVERY
            while await due.scan(self.now, due.HERE):
                pass
        self.over = True

    async def hand_over(self) -> None:
        while not self.over:
            if not await messages_due.run_urgent(self.now):
                await asyncio.sleep(0.005)
        while await messages_due.run_urgent(self.now):
            pass

    async def seal(self) -> None:
        while not self.over:
            if not await receipts_due.run_due(self.now):
                await asyncio.sleep(0.01)

    async def act(self) -> None:
        """People, one after another and as fast as they are answered."""
        while not self.over:
            what = self.chance.choice([self.goes_in, self.goes_in, self.checks_in, self.takes_longer, self.ends,
                                       self.calls, self.takes_on, self.takes_on, self.says_how])  # fmt: skip
            with contextlib.suppress(Refused, NotFound):
                await what()
            await asyncio.sleep(0)

    def sent(self, who: SignedIn) -> Sent:
        body = self.chance.randbytes(8)
        captured = self.now - timedelta(minutes=self.chance.choice([0, 0, 0, 1, 5, 40]))
        return Sent(
            id=uuid7(), person_id=who.id, person_name=who.name, team_id=who.team_id, device_id=None, sequence=1,
            method="POST", path="/lone-working", content_type="application/x-www-form-urlencoded", body=body,
            body_sha256=sha256(body).hexdigest(), captured_at=captured, received_at=self.now,
        )  # fmt: skip

    async def kept(self, sent: Sent, what: Awaitable[Any]) -> None:
        await what
        os.write(1, f"kept {sent.id}\n".encode())

    async def goes_in(self) -> None:
        if await LoneSession.count().where(LoneSession.state == "active") >= MOST_OUT:
            return
        me = self.people[self.chance.choice(["asha", "ben"])]
        buddy = self.people["ben"].id if me is self.people["asha"] else None
        sent = self.sent(me)
        await self.kept(sent, once(sent, _begin, me, "The depot", self.chance.choice([5, 15, 30]), buddy))

    async def _one(self) -> tuple[SignedIn, UUID, Sent] | None:
        rows = await LoneSession.select(LoneSession.id, LoneSession.person).order_by(
            LoneSession.received_at, ascending=False
        ).limit(MOST_OUT + 3)  # fmt: skip
        if not rows:
            return None
        row = self.chance.choice(rows)
        me = next(one for one in self.people.values() if one.id == row["person"])
        return me, row["id"], self.sent(me)

    async def checks_in(self) -> None:
        if found := await self._one():
            me, id, sent = found
            pin = self.chance.choice([None, None, "safe", "duress", "wrong"])
            await self.kept(sent, commands.check_in(sent, me, id, pin))

    async def takes_longer(self) -> None:
        if found := await self._one():
            me, id, sent = found
            await self.kept(sent, commands.extend(sent, me, id, 15, self.chance.choice([None, "safe"])))

    async def ends(self) -> None:
        if found := await self._one():
            me, id, sent = found
            await self.kept(sent, commands.end(sent, me, id, self.chance.choice(["safe", "safe", "duress"])))

    async def calls(self) -> None:
        if (found := await self._one()) and self.chance.random() < 0.4:
            me, id, sent = found
            await self.kept(sent, commands.call_for_help(sent, me, id))

    async def _alarm(self) -> tuple[SignedIn, UUID, Sent] | None:
        rows = await Alarm.select(Alarm.id).where(Alarm.state != "resolved").order_by(Alarm.opened_at)
        me = self.people[self.chance.choice(["dina", "nia", "ben"])]
        return (me, self.chance.choice(rows)["id"], self.sent(me)) if rows else None

    async def takes_on(self) -> None:
        if found := await self._alarm():
            me, id, sent = found
            await self.kept(sent, once(sent, responding.acknowledge, me, id))

    async def says_how(self) -> None:
        if found := await self._alarm():
            me, id, sent = found
            close = self.chance.random() < 0.6
            await self.kept(sent, once(sent, responding.outcome, me, id, "well", not close, close))


async def _begin(sent: Sent, *args: Any) -> None:
    await beginning.begin_own(sent, *args)


async def _judged(me: Any, pin: str) -> Judged:
    return Judged(pin)


def killed_at(number: int, after: float) -> Callable[[str], Awaitable[None]]:
    """`kill -9` of this process before its so-manieth statement, or so many seconds into what it does then."""
    count = 0

    async def before(sql: str) -> None:
        nonlocal count
        count += 1
        if count == number:
            if not after:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()

    return before


async def live(order: dict[str, Any]) -> None:
    sending.use(settings.sending)
    pins.judge = _judged  # two argon2 hashes a PIN would be most of the time
    due.HERE = uuid7()
    await DB.open()
    life = Life(datetime.fromisoformat(order["at"]), random.Random(order["seed"]), order.get("turns", TURNS))
    await life.meet()
    with watched(killed_at(order["statement"], order["after"])):
        await asyncio.gather(
            life.look(), life.hand_over(), life.seal(), *([life.act()] if order["people"] else [])
        )
    await DB.shut()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live(json.loads(line)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print({0: "done", signal.SIGKILL: "killed"}.get(status, f"wrong {status}"), flush=True)


if __name__ == "__main__":
    main()
