"""Asha alone at 22 Saltmarsh Road, Ben her buddy, Dina and Nia their managers; nothing leaves this machine."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lone_working.alarms import due, put_back
from lone_working.sessions import beginning
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, SafePin
from lone_working.watch import clock, watching
from lone_working.watch.clock_rules import Watch
from messages import sending
from messages.tables import Message
from people.passwords import hasher
from people.rules import Role, SignedIn
from people.tables import Person
from properties.tables import Property
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from server.settings import settings
from tests.conftest import World
from tests.lone_working.going import sending_works
from tests.properties import homes
from tests.pwa.test_once import sent as sent_by
from tests.visits.making import planned
from visits import commands as visits

SAFE, DURESS, WRONG = "2741", "8053", "1111"
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
PHONES = {"asha": "07700900101", "ben": "07700900102", "dina": "07700900103", "nia": "07700900104",
          "marek": "07700900105"}  # fmt: skip
HASHES = {"safe_hash": hasher.hash(SAFE), "duress_hash": hasher.hash(DURESS)}


@dataclass
class Alone:
    """What people do, at a clock of the test's own."""

    world: World
    home: Property
    now: datetime = NOW

    def who(self, name: str) -> SignedIn:
        row = self.world.people[name]
        return SignedIn(row.id, row.name, Role(row.role), row.team, row.firm, row.id, self.now)

    def sent(self, name: str, captured: datetime | None = None, **more: Any) -> Sent:
        made = sent_by(person=self.world.people[name].id)
        who = self.who(name)
        return replace(
            made, person_name=who.name, team_id=who.team_id, captured_at=captured or self.now,
            received_at=self.now, **more,
        )  # fmt: skip

    async def turn(self, seconds: float = 0, engine: UUID = due.HERE) -> int:
        """Time passes, in seconds as an engine sees it pass; then all that is due is done."""
        done, end = 0, self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(end, self.now + timedelta(seconds=30))
            done += await self.scan(engine)
        return done + await self.scan(engine)

    async def scan(self, engine: UUID = due.HERE) -> int:
        done = 0
        for _ in range(20):
            if not (turned := await due.scan(self.now, engine)):
                break
            done += turned
        return done

    async def start(self, name: str = "asha", **more: Any) -> UUID:
        visit = await planned(self.world, self.home, name, **more)
        await once(self.sent(name), visits.start_visit, self.who(name), visit)
        return visit

    async def begin(self, name: str = "asha", minutes: int = 30, buddy: str | None = "ben") -> UUID:
        sent = self.sent(name)
        chosen = self.world.people[buddy].id if buddy else None

        async def command(sent: Sent, *args: Any) -> None:
            await beginning.begin_own(sent, *args)

        await once(sent, command, self.who(name), "The depot", minutes, chosen)
        return sent.id

    async def do(self, name: str, command: Any, *args: Any, **more: Any) -> Sent:
        """What runs inside `once`."""
        sent = self.sent(name, **more)
        await once(sent, command, self.who(name), *args)
        return sent

    async def session(self, id: UUID) -> dict[str, Any]:
        return dict((await LoneSession.select().where(LoneSession.id == id))[0])

    async def alarm(self) -> dict[str, Any]:
        (row,) = await Alarm.select()
        return dict(row)

    async def steps(self) -> list[tuple[int, int]]:
        rows = await AlarmStep.select().order_by(AlarmStep.fired_at, AlarmStep.cycle, AlarmStep.n)
        return [(row["cycle"], row["n"]) for row in rows]

    async def told(self, what: str = "step") -> list[str]:
        """First names, once for each message, by when they were told."""
        rows = await AlarmTold.select().where(AlarmTold.what == what).order_by(AlarmTold.told_at, AlarmTold.id)
        return sorted(row["person_name"].split()[0].lower() for row in rows)


@pytest.fixture
async def alone(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    sending.use(replace(settings.sending, demo=True))
    north = world.teams["north"].id
    world.people["nia"] = await Person.objects().create(
        name="Nia Test", email="nia@harrowmere.example", role="manager", team=north, created_at=NOW
    )
    for name, phone in PHONES.items():
        await Person.update({Person.phone: phone}).where(Person.id == world.people[name].id)
    for name in ("asha", "dina"):
        await SafePin.insert(SafePin(id=uuid7(), person=world.people[name].id, made_at=NOW, **HASHES))

    async def same(at: datetime) -> datetime:
        return at

    monkeypatch.setattr(clock, "not_ahead", same)
    yield Alone(world, await homes.home("22 Saltmarsh Road", team=north))
    sending.use(settings.sending)


@pytest.fixture
def hands(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The database's clock is the test's; the first number is the seconds that really passed."""
    passed = [0.0]

    async def read() -> datetime:
        return alone.now

    monkeypatch.setattr(clock, "read", read)
    monkeypatch.setattr(clock.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(clock._Here, "watch", Watch())
    monkeypatch.setattr(clock._Here, "holding", False)
    monkeypatch.setattr(put_back, "_SEEN", {})
    monkeypatch.setattr(watching, "BEGAN", {})
    return passed


async def messages() -> list[tuple[str, str]]:
    """Template and number or address of all that went out, as it was put out."""
    rows = await Message.select().order_by(Message.made_at, Message.id)
    return [(row["template"], row["recipient"]) for row in rows]


@pytest.fixture
def messages_go_out() -> Iterator[None]:
    with sending_works():
        yield


@pytest.fixture
async def home(world: World) -> Property:
    return await homes.home("22 Saltmarsh Road", team=world.teams["north"].id)
