"""A made-up day: its clock, its engines, its provider, and what must hold after every step of it.

What people do in it is in day_people.py, what the council and the provider do to them in day_council.py.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lone_working.ladders.rules import MOST_GRACE, Ladder, Who
from lone_working.ladders.tables import TeamLadder
from lone_working.rota.tables import DutyShift
from lone_working.rules import LATE, AlarmKind
from lone_working.tables import (
    Alarm,
    AlarmStep,
    AlarmTold,
    EngineHeartbeat,
    LoneSession,
    PinFailure,
    SessionEvent,
)  # fmt: skip
from messages import due as messages_due
from messages.rules import LEASE, State
from messages.tables import ChannelState, Message
from people import queries as people
from people.rules import Role
from people.tables import Person
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent
from tests.lone_working import checks, waiting
from tests.lone_working.conftest import NOW, Alone
from tests.servers.notify import Notify
from tests.servers.statements import watched

TABLES = (
    AlarmTold,
    AlarmStep,
    Alarm,
    SessionEvent,
    PinFailure,
    LoneSession,
    EngineHeartbeat,
    Message,
    ChannelState,
    DutyShift,
    TeamLadder,
)
LEADS = (Role.MANAGER, Role.ADMINISTRATOR)
LONGEST_PAUSE = timedelta(minutes=5)


async def _awaited(what: Any) -> Any:
    return await what


class Killed(BaseException):
    """As `kill -9`, for all that this process can tell: no `except Exception` comes to know of it."""


async def killed_at(number: int, what: Any) -> Any:
    """At its so-manieth statement, if it has as many."""
    count = 0

    async def before(sql: str) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise Killed("here")

    with watched(before):
        return await what


class Day(RuleBasedStateMachine):
    """A day of Asha's, of those who look out for her, and of one to three engines."""

    alone: Alone
    loop: asyncio.AbstractEventLoop
    provider: Notify
    staff: list[dict[str, Any]]

    @initialize(engines=st.integers(1, 3), at_once=st.booleans())
    def engines_start(self, engines: int, at_once: bool) -> None:
        self.at_once = at_once
        self.ids: list[UUID] = []
        self.left: set[UUID] = set()
        self.moved: set[UUID] = set()
        self.sent_before: list[Callable[[], Any]] = []
        self.states: dict[UUID, str] = {}
        self.dues: dict[UUID, Any] = {}
        self.steps_seen: set[UUID] = set()
        self.engines = [uuid7() for _ in range(engines)]
        self.person_acted, self.looked_away = True, False
        self.kill_at, self.was_killed = 0, False
        self.run(self._empty())
        self.run(self.scan())

    def run(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(what), self.loop).result(120)

    def teardown(self) -> None:
        """The provider is well again, and nothing that waited is lost."""
        if hasattr(self, "engines"):
            self.provider.answers, self.provider.looks, self.provider.refused = [], [], set()
            self.run(self.pass_by(int((LONGEST_PAUSE + LEASE).total_seconds()), every=60))
            self.run(self._all_handed_over())

    async def _all_handed_over(self) -> None:
        for row in await Message.select(Message.state, Message.made_at):
            assert row["state"] != State.WAITING or row["made_at"] == self.alone.now, "I13: nothing is lost"

    async def _empty(self) -> None:
        for table in TABLES:
            await table.delete(force=True)
        for row in self.staff:
            await Person.update({name: row[name] for name in ("disabled_at", "phone", "role", "team")}).where(
                Person.id == row["id"]
            )
        self.provider.answers, self.provider.looks, self.provider.refused = [], [], set()
        self.provider.notifications.clear()
        self.alone.now = NOW

    async def scan(self) -> None:
        """All engines at once, and then what hands over."""
        await asyncio.gather(*(self.alone.scan(engine) for engine in self.engines))
        while await messages_due.run_urgent(self.alone.now):
            pass
        await messages_due.run_due(self.alone.now)  # whoever texts and is nobody of ours is answered by this one

    async def pass_by(self, seconds: int, every: int = 10) -> None:
        end = self.alone.now + timedelta(seconds=seconds)
        while self.alone.now < end:
            self.alone.now = min(end, self.alone.now + timedelta(seconds=every))
            await self.scan()

    @rule(seconds=st.sampled_from([10, 60, 130, 300, 700]))
    def time_passes(self, seconds: int) -> None:
        """Also in the middle of it nobody is kept waiting."""
        for begun in range(0, seconds, 60):
            self.run(self.pass_by(min(60, seconds - begun)))
            self.run(self.nobody_waits())

    @rule(minutes=st.sampled_from([2, 15, 40]))
    def nobody_looks(self, minutes: int) -> None:
        """Every engine is down, and then they come back; the grace passes."""
        self.looked_away = True
        self.alone.now += timedelta(minutes=minutes)
        self.run(self.pass_by(int((MOST_GRACE + LATE).total_seconds())))

    def act(self, what: Any) -> None:
        """While the engines look, on some days: on PostgreSQL their statements then come in any order."""
        self.person_acted = True
        number, self.kill_at = self.kill_at, 0
        self.was_killed = self.run(self._act(killed_at(number, what) if number else what))

    async def _act(self, what: Any) -> bool:
        """Whether it was killed on the way."""
        beside = [self.alone.scan(engine) for engine in self.engines] if self.at_once else []
        answered, *_ = await asyncio.gather(what, *beside, return_exceptions=True)
        if isinstance(answered, BaseException) and not isinstance(answered, Refused | NotFound | Killed):
            raise answered
        await checks.whole(await checks.look(), frozenset(self.left))
        await self.scan()
        return isinstance(answered, Killed)

    @invariant()
    def all_that_must_always_hold(self) -> None:
        self.run(self._check())
        self.person_acted = self.looked_away = False

    async def _check(self) -> None:
        seen = await checks.look()
        await checks.whole(seen, frozenset(self.left))
        checks.caught_up(seen, self.alone.now)
        await self._new_steps(seen)
        self._sessions(seen)
        self._messages(seen)
        await self.nobody_waits(seen)

    async def nobody_waits(self, seen: checks.Picture | None = None) -> None:
        waiting.nobody_waits(seen or await checks.look(), self.alone.now, await people.contacts([]), self.moved)

    def _sessions(self, seen: checks.Picture) -> None:
        for id, row in seen.sessions.items():
            assert self.person_acted or row["state"] == self.states.get(id, row["state"]), "I4"
            assert row["due_at"] >= self.dues.get(id, row["due_at"]), "I7: never pulled earlier"
        self.states = {id: row["state"] for id, row in seen.sessions.items()}
        self.dues = {id: row["due_at"] for id, row in seen.sessions.items()}

    def _messages(self, seen: checks.Picture) -> None:
        """Each is on its way, was handed over once, or was taken back."""
        calls = Counter(one["reference"] for one in self.provider.notifications)
        for id, row in seen.messages.items():
            assert calls[str(id)] <= 1, "I1: handed over once, whatever the provider answered"
            if row["state"] == State.WAITING:
                assert row["next_try_at"] <= self.alone.now + LONGEST_PAUSE + LEASE, "I13: it is tried again"
            assert row["state"] != State.SENT or calls[str(id)], "and not said to be, when it was not"

    async def _new_steps(self, seen: checks.Picture) -> None:
        contacts = await people.contacts([])
        for alarm in seen.alarms.values():
            new = [row for row in seen.steps[alarm["id"]] if row["id"] not in self.steps_seen]
            officer, ladder = seen.sessions[alarm["session"]]["person"], Ladder.loads(alarm["policy"])
            leads = [one for one in contacts if one.id != officer and one.role in LEADS]
            told = {row["step"] for row in seen.told[alarm["id"]] if row["what"] == "step"}
            for row in new:
                assert self.looked_away or not row["late"], "I1: within ten seconds while an engine is up"
                rung = ladder.rungs[row["n"]]
                if rung.who in (None, Who.OFFICER) or not leads:
                    continue
                together = {
                    one["id"] for one in new if one["fired_at"] == row["fired_at"] and one["n"] >= row["n"]
                }
                assert together & told, "I14: somebody hears of it, whoever left"
            self.steps_seen.update(row["id"] for row in new)

    async def alarm(self, which: int) -> dict[str, Any] | None:
        rows = await Alarm.select().where(Alarm.state != "resolved").order_by(Alarm.id)
        return dict(rows[which % len(rows)]) if rows else None

    async def help_of(self, session: UUID) -> dict[str, Any] | None:
        """The call for help that is open for it."""
        theirs = (Alarm.session == session) & (Alarm.state != "resolved") & (Alarm.kind != AlarmKind.OVERDUE.value)
        row = await Alarm.select().where(theirs).first()
        return dict(row) if row else None

    def sent(self, name: str, ago: int = 0) -> Sent:
        """Done so many minutes ago by their phone's clock, and come only now."""
        return self.alone.sent(name, captured=self.alone.now - timedelta(minutes=ago))
