"""A call for help in the middle of a storm: its calls are made next. By order, not by time."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lone_working.alarms import due
from lone_working.sessions import commands
from lone_working.tables import LoneSession
from messages import due as messages_due
from messages import lanes, rules, sending
from messages.tables import Message
from pwa.ids import uuid7
from server.piccolo_conf import DB
from server.settings import settings
from tests.lone_working.conftest import SAFE, Alone
from tests.servers.notify import KEY, TEMPLATES, Notify

STORM = 1_000
HELP = {"alarm-panic-sms", "alarm-panic-email"}
OVERDUE = {"alarm-reminder-sms", "alarm-overdue-sms"}


@pytest.fixture
def slow(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notify]:
    """A provider that has taken in what it was asked, and says nothing until the test lets it."""
    monkeypatch.setattr(sending, "SECONDS", (60.0, 60.0))
    monkeypatch.setattr(sending, "HARD_SECONDS", 121.0)
    provider = Notify(held=threading.Event())
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    yield provider
    sending.use(settings.sending)
    provider.stop()


async def storm(alone: Alone, many: int = STORM) -> None:
    """So many are overdue at once, and each has somebody to be told."""
    one = await alone.session(await alone.begin(minutes=30))
    rows = [LoneSession(**{**one, "id": uuid7()}) for _ in range(many - 1)]
    for first in range(0, len(rows), 200):
        await LoneSession.insert(*rows[first : first + 200])
    alone.now += timedelta(minutes=36)


async def asked_for(provider: Notify, many: int) -> list[dict[str, Any]]:
    """The messages of the first so many calls, in the order in which they were made."""
    arrived, loop = asyncio.Event(), asyncio.get_running_loop()
    provider.during = lambda: loop.call_soon_threadsafe(arrived.set)
    while len(provider.asked) < many:
        await asyncio.wait_for(arrived.wait(), 30)
        arrived.clear()
    ids = [reference for _, reference in provider.asked[:many]]
    rows = {str(row["id"]): row for row in await Message.select().where(Message.id.is_in(ids))}
    return [rows[id] for id in ids]


async def test_a_call_for_help_is_made_next_however_many_are_overdue(alone: Alone, slow: Notify) -> None:
    await storm(alone)
    while await due.scan(alone.now, due.HERE):
        pass
    assert await Message.count().where(Message.rank == rules.Rank.OVERDUE) >= STORM
    handing_over = asyncio.create_task(messages_due.run_urgent(alone.now))
    first = lanes.SAFETY.most
    assert {row["template"] for row in await asked_for(slow, first)} <= OVERDUE
    help = await alone.begin("ben", minutes=30, buddy=None)
    await alone.do("ben", commands.panic, help)
    assert await due.scan(alone.now, due.HERE)
    calls = await Message.count().where(Message.rank == rules.Rank.HELP)
    assert calls == 4, "Dina and Nia, by text and by e-mail"
    for_help = asyncio.create_task(messages_due.run_help(alone.now))
    made = await asked_for(slow, first + calls)
    assert {row["template"] for row in made[first:]} == HELP
    assert slow.held
    slow.held.set()
    assert await for_help == calls
    assert await handing_over
    while await messages_due.run_urgent(alone.now):  # a turn claims for twenty seconds
        pass
    assert await Message.count().where(Message.state == "waiting") == 0


async def test_where_every_place_is_taken_help_has_the_first_that_is_free(
    alone: Alone, slow: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with no lane of its own: help, then who is overdue, then who is stood down."""
    monkeypatch.setitem(sending.AT_ONCE, rules.URGENT, 1)
    await storm(alone, 10)
    ended = (await LoneSession.select(LoneSession.id).order_by(LoneSession.id).first() or {})["id"]
    while await due.scan(alone.now, due.HERE):
        pass
    await commands.end(alone.sent("asha"), alone.who("asha"), ended, SAFE)
    help = await alone.begin("ben", minutes=30, buddy=None)
    await alone.do("ben", commands.panic, help)
    await due.scan(alone.now, due.HERE)
    assert slow.held
    slow.held.set()
    many = await messages_due.run_urgent(alone.now)
    made = [row["template"] for row in await asked_for(slow, many)]
    assert set(made[:4]) == HELP
    assert set(made[4:-1]) == OVERDUE
    assert made[-1] == "alarm-stand-down-sms"


async def test_a_thousand_overdue_are_few_statements(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    await storm(alone)
    kind, asked = type(DB), list[str]()

    def counted(real: Any, sql: Any) -> Any:
        async def statement(self: Any, query: Any, *args: Any, **more: Any) -> Any:
            asked.append(sql(query).split()[0])
            return await real(self, query, *args, **more)

        return statement

    monkeypatch.setattr(kind, "run_querystring", counted(kind.run_querystring, str))
    monkeypatch.setattr(kind, "run_prepared", counted(kind.run_prepared, str))
    while await due.scan(alone.now, due.HERE):
        pass
    monkeypatch.undo()
    assert await Message.count().where(Message.template == "alarm-overdue-sms") == STORM
    writes = [word for word in asked if word in ("INSERT", "UPDATE", "DELETE")]
    assert len(writes) <= 3 * STORM / 100
    assert len(asked) <= 8 * STORM / 100


async def test_calls_for_help_climb_before_who_is_overdue(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of the engine takes so many; help is not the one after them."""
    monkeypatch.setattr(due, "ROUNDS", 1)
    await storm(alone, due.BATCH * 2 + 50)
    help = await alone.begin("ben", minutes=30, buddy=None)
    await due.scan(alone.now, due.HERE)
    await alone.do("ben", commands.panic, help)
    await due.scan(alone.now, due.HERE)
    assert await Message.count().where(Message.rank == rules.Rank.HELP) == 4
    assert await Message.count().where(Message.rank == rules.Rank.OVERDUE) < (due.BATCH * 2 + 50) * 2
