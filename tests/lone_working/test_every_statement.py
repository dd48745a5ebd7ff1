"""Killed at any statement, everything of a command or of the engine's turn is there or nothing is; and whoever
does it once more gets what doing it once would have given."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from piccolo.table import Table

from lone_working import buddies, commands, erasing, pins
from lone_working.link_tables import AlarmLink
from lone_working.tables import LoneSession, SessionEvent
from messages import due as messages_due
from messages import rules, sending
from messages.tables import Message
from pwa.answers import Refused
from pwa.ids import uuid7
from pwa.outbox import once
from pwa.tables import Receipt, Unsealed
from server.settings import settings
from tests.lone_working import checks
from tests.lone_working.conftest import DURESS, SAFE, Alone
from tests.lone_working.rewinding import Rewind
from tests.lone_working.test_invariants import judged
from tests.servers.notify import KEY, TEMPLATES, Notify
from tests.servers.statements import watched
from visits import commands as visits
from visits.rules import Ending, Outcome

Act = Callable[[], Awaitable[Any]]
Prepare = Callable[[Alone], Awaitable[Act]]
WHAT: dict[str, Prepare] = {}


class Killed(BaseException):
    """As `kill -9`, for all that this process can tell: no `except Exception` comes to know of it."""


def what(prepare: Prepare) -> Prepare:
    WHAT[prepare.__name__] = prepare
    return prepare


def to_do(alone: Alone, name: str, command: Any, *args: Any, **more: Any) -> Act:
    """A command that runs inside `once`, under the same id however often."""
    sent = alone.sent(name, **more)
    return lambda: once(replace(sent), command, alone.who(name), *args)


def with_pin(alone: Alone, command: Any, *args: Any) -> Act:
    """One that calls `once` itself."""
    sent = alone.sent("asha")
    return lambda: command(replace(sent), alone.who("asha"), *args)


async def told(alone: Alone, minutes: int = 46) -> UUID:
    """Asha is overdue: Ben, Dina and Nia were told."""
    id = await alone.begin()
    await alone.turn(minutes * 60)
    return id


@what
async def she_goes_in(alone: Alone) -> Act:
    async def begin(sent: Any, *args: Any) -> None:
        await commands.begin_own(sent, *args)

    return to_do(alone, "asha", begin, "The depot", 30, alone.world.ben.id)


@what
async def she_begins_a_visit(alone: Alone) -> Act:
    from tests.visits.making import planned

    return to_do(alone, "asha", visits.start_visit, await planned(alone.world, alone.home))


@what
async def she_leaves_a_visit(alone: Alone) -> Act:
    return to_do(alone, "asha", visits.finish_visit, await alone.start(), Ending(Outcome.DONE))


@what
async def she_checks_in(alone: Alone) -> Act:
    return with_pin(alone, commands.check_in, await alone.begin())


@what
async def she_checks_in_overdue_with_her_pin(alone: Alone) -> Act:
    return with_pin(alone, commands.check_in, await told(alone), SAFE)


@what
async def she_is_made_to_check_in(alone: Alone) -> Act:
    return with_pin(alone, commands.check_in, await told(alone), DURESS)


@what
async def she_takes_longer(alone: Alone) -> Act:
    return with_pin(alone, commands.extend, await alone.begin(), 15)


@what
async def she_takes_longer_overdue(alone: Alone) -> Act:
    return with_pin(alone, commands.extend, await told(alone), 30, SAFE)


@what
async def she_is_out_and_safe(alone: Alone) -> Act:
    return with_pin(alone, commands.end, await told(alone), SAFE)


@what
async def she_is_made_to_say_so(alone: Alone) -> Act:
    return with_pin(alone, commands.end, await alone.begin(), DURESS)


@what
async def she_is_refused(alone: Alone) -> Act:
    return with_pin(alone, commands.extend, await told(alone), 15)


@what
async def she_calls_for_help(alone: Alone) -> Act:
    id = await alone.begin()
    sent = alone.sent("asha")
    return lambda: commands.call_for_help(replace(sent), alone.who("asha"), id)


@what
async def she_calls_while_somebody_has_it(alone: Alone) -> Act:
    id = await told(alone)
    await alone.do("dina", commands.acknowledge, (await alone.alarm())["id"])
    return to_do(alone, "asha", commands.panic, id)


@what
async def she_calls_after_it_was_closed(alone: Alone) -> Act:
    id = await alone.begin()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    return to_do(alone, "asha", commands.panic, id)


@what
async def she_calls_where_nothing_was_begun(alone: Alone) -> Act:
    return to_do(alone, "asha", commands.panic, uuid7())


@what
async def she_chooses_a_buddy(alone: Alone) -> Act:
    """For the sessions to come and for the one that runs."""
    await alone.begin(buddy=None)
    return to_do(alone, "asha", buddies.choose, alone.world.ben.id)


@what
async def dina_takes_it_on(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", commands.acknowledge, (await alone.alarm())["id"])


@what
async def dina_rings_999(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", commands.calling_999, (await alone.alarm())["id"])


@what
async def dina_spoke_to_her(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", commands.outcome, (await alone.alarm())["id"], "In the car", True)


@what
async def dina_closes_it(alone: Alone) -> Act:
    await alone.do("asha", commands.panic, await alone.begin())
    await alone.turn(180)
    return to_do(alone, "dina", commands.outcome, (await alone.alarm())["id"], "With her", True, True)


@what
async def what_is_old_is_erased(alone: Alone) -> Act:
    id = await told(alone)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await erasing.erase_older(alone.now + timedelta(days=2))  # its links went long before, by themselves
    at = alone.now + timedelta(days=4 * 366)
    return lambda: erasing.erase_older(at)


@what
async def links_that_open_nothing_are_erased(alone: Alone) -> Act:
    await told(alone)
    at = alone.now + timedelta(days=2)
    return lambda: erasing.erase_older(at)


@what
async def the_engine_opens_and_climbs(alone: Alone) -> Act:
    engine = uuid7()
    for name in ("asha", "ben"):
        await alone.begin(name, buddy=None)
    await alone.scan(engine)
    alone.now += timedelta(minutes=30)
    for _ in range(8):
        alone.now += timedelta(seconds=59)
        await alone.scan(engine)
    await alone.do("asha", commands.panic, (await LoneSession.select().order_by(LoneSession.id))[0]["id"])
    alone.now += timedelta(seconds=59)
    return lambda: alone.scan(engine)


@what
async def the_engine_finds_that_nobody_looked(alone: Alone) -> Act:
    await told(alone, 31)
    alone.now += timedelta(minutes=40)
    engine = uuid7()
    return lambda: alone.scan(engine)


@what
async def an_acknowledgement_runs_out(alone: Alone) -> Act:
    engine = uuid7()
    await told(alone)
    await alone.do("dina", commands.acknowledge, (await alone.alarm())["id"])
    await alone.turn(10 * 60 - 30, engine)
    alone.now += timedelta(seconds=31)
    return lambda: alone.scan(engine)


async def until(number: int, act: Act, wrong: type[BaseException]) -> bool:
    """Whether it got as far as its so-manieth statement, and ended there."""
    count = 0

    async def before(sql: str) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise wrong("here")

    with watched(before), contextlib.suppress(wrong, Refused, ExceptionGroup):
        await act()
    return count >= number


async def done_once(act: Act, rewind: Rewind) -> None:
    """To know which tables it changes."""
    await rewind.keep()
    with contextlib.suppress(Refused):
        await act()
    await rewind.only_what_changed(AlarmLink)  # a turn that fails may tell somebody whom one that works does not
    await checks.whole(await checks.look())


AGAIN = (SessionEvent, Receipt, Unsealed)
# The same PIN for help, come again, is heard again: one more of these, and nobody is told anew.
HEARD_AGAIN: dict[str, tuple[type[Table], ...]] = {
    "she_is_made_to_check_in": AGAIN,
    "she_is_made_to_say_so": AGAIN,
}
ENGINE = [name for name in WHAT if name.startswith(("the_engine", "an_acknowledgement"))]


@pytest.mark.parametrize("name", WHAT)
async def test_killed_at_any_statement_all_of_it_is_there_or_nothing(
    alone: Alone, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(pins, "judge", judged)
    act, rewind, without = await WHAT[name](alone), Rewind(), HEARD_AGAIN.get(name, ())
    await done_once(act, rewind)
    wanted, commits = await rewind.shown(*without), set[str]()
    whole = await rewind.shown()
    await rewind.rewind()
    nothing, number = await rewind.shown(), 1
    while await until(number, act, Killed):
        await checks.whole(await checks.look())
        commits.add(repr(await rewind.shown()))
        with contextlib.suppress(Refused):
            await act()
        await checks.whole(await checks.look())
        assert await rewind.shown(*without) == wanted, f"killed at statement {number}"
        await rewind.rewind()
        assert await rewind.shown() == nothing
        number += 1
    assert number > 3
    if name not in ENGINE:
        assert commits <= {repr(nothing), repr(whole)}, "all or none"


@pytest.mark.parametrize("name", ENGINE)
async def test_what_fails_at_any_statement_of_a_turn_is_made_good_by_the_next(alone: Alone, name: str) -> None:
    act, rewind = await WHAT[name](alone), Rewind()
    await done_once(act, rewind)
    wanted = await rewind.shown()
    await rewind.rewind()
    number = 1
    while await until(number, act, OSError):
        await checks.whole(await checks.look())
        await act()
        seen = await checks.look()
        await checks.whole(seen)
        checks.caught_up(seen, alone.now)
        if name != "the_engine_finds_that_nobody_looked":  # without the heartbeat nothing is held back
            assert await rewind.shown() == wanted, f"failed at statement {number}"
        await rewind.rewind()
        number += 1


async def test_killed_at_any_statement_a_message_goes_out_and_goes_out_once(alone: Alone) -> None:
    provider, rewind = Notify(), Rewind()
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    await alone.begin()
    await alone.turn(32 * 60)
    act, number, began = lambda: messages_due.run_urgent(alone.now), 1, alone.now
    await done_once(act, rewind)
    await rewind.rewind()
    provider.notifications.clear()
    while await until(number, act, Killed):
        alone.now += rules.LEASE
        await act()
        assert {row["state"] for row in await Message.select(Message.state)} == {"sent"}, f"killed at {number}"
        assert len(provider.notifications) == 1, "the reference is looked up before it goes out again"
        await rewind.rewind()
        provider.notifications.clear()
        number, alone.now = number + 1, began
    provider.stop()
    assert number > 5
