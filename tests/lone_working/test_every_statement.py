"""Killed at any statement, everything of a command or of the engine's turn is there or nothing is; and whoever
does it once more gets what doing it once would have given."""

import contextlib
from dataclasses import replace

import pytest
from piccolo.table import Table

from lone_working.alarms.tables import AlarmLink
from lone_working.sessions import pins
from lone_working.tables import SessionEvent
from messages import due as messages_due
from messages import rules, sending
from messages.tables import Message
from pwa.answers import Refused
from pwa.tables import Receipt, Unsealed
from server.settings import settings
from tests.lone_working import checks
from tests.lone_working.acts import Act
from tests.lone_working.acts_beside import IN_PARTS, WHAT
from tests.lone_working.conftest import Alone
from tests.lone_working.rewinding import Rewind
from tests.lone_working.test_invariants import judged
from tests.servers.notify import KEY, TEMPLATES, Notify
from tests.servers.statements import watched


class Killed(BaseException):
    """As `kill -9`, for all that this process can tell: no `except Exception` comes to know of it."""


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
    if name not in (*ENGINE, *IN_PARTS):
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
