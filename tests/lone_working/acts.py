"""What people do alone or for somebody alone, and what an engine does: each from where it can be done.

What goes with a session, the rota, links and texts is in acts_beside.py.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from lone_working import erasing
from lone_working.alarms import responding
from lone_working.sessions import beginning, buddies, commands
from lone_working.tables import LoneSession
from pwa.ids import uuid7
from pwa.outbox import once
from tests.lone_working.conftest import DURESS, SAFE, Alone
from tests.visits.making import planned
from visits import commands as visits
from visits.rules import Ending, Outcome

Act = Callable[[], Awaitable[Any]]
Prepare = Callable[[Alone], Awaitable[Act]]
WHAT: dict[str, Prepare] = {}


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
        await beginning.begin_own(sent, *args)

    return to_do(alone, "asha", begin, "The depot", 30, alone.world.ben.id)


@what
async def she_begins_a_visit(alone: Alone) -> Act:
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
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
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
    return to_do(alone, "dina", responding.acknowledge, (await alone.alarm())["id"])


@what
async def dina_rings_999(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", responding.calling_999, (await alone.alarm())["id"])


@what
async def dina_spoke_to_her(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", responding.outcome, (await alone.alarm())["id"], "In the car", True)


@what
async def dina_closes_it(alone: Alone) -> Act:
    await alone.do("asha", commands.panic, await alone.begin())
    await alone.turn(180)
    return to_do(alone, "dina", responding.outcome, (await alone.alarm())["id"], "With her", True, True)


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
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
    await alone.turn(10 * 60 - 30, engine)
    alone.now += timedelta(seconds=31)
    return lambda: alone.scan(engine)
