"""A phone comes back with all it kept: in whatever order and however often it arrives, it comes to the same. And
however many engines look, they write the same rows."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from lone_working.alarms import responding
from lone_working.rules import SessionState
from lone_working.sessions import beginning, commands, pins
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, PinFailure, SessionEvent
from messages.tables import Message
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.tables import Receipt, Unsealed
from tests.lone_working import checks
from tests.lone_working.conftest import DURESS, NOW, SAFE, Alone
from tests.lone_working.day import TABLES
from tests.lone_working.rewinding import Rewind
from tests.lone_working.test_invariants import DAYS, judged

MANY = how(max_examples=DAYS, deadline=None, suppress_health_check=list(HealthCheck))
MOST_KEPT = 4  # of half an hour each: beyond two hours, which of them is refused is the one that came last
KINDS = ("check_in", "15", "30", "panic", "end")


@dataclass(frozen=True)
class Kept:
    """On the phone since so many minutes after they went in."""

    minute: int
    kind: str


async def anew(alone: Alone) -> None:
    for table in TABLES:
        await table.delete(force=True)
    await Unsealed.delete(force=True)
    await Receipt.delete(force=True)
    alone.now = NOW


async def pass_by(alone: Alone, minutes: int) -> None:
    """As long between two looks as may be, without anybody calling it an outage."""
    for _ in range(minutes):
        alone.now += timedelta(minutes=1)
        await alone.scan()


def call(alone: Alone, session: UUID, one: Kept) -> Callable[[], Any]:
    me, sent = alone.who("asha"), alone.sent("asha", captured=NOW + timedelta(minutes=one.minute))
    sent = replace(sent, id=uuid5(session, repr(one)))
    if one.kind == "panic":
        return lambda: commands.call_for_help(replace(sent), me, session)
    if one.kind == "end":
        return lambda: commands.end(replace(sent), me, session, SAFE)
    if one.kind == "check_in":
        return lambda: commands.check_in(replace(sent), me, session)
    return lambda: commands.extend(replace(sent), me, session, int(one.kind))


async def came(alone: Alone, back: int, kept: Sequence[Kept]) -> dict[str, Any]:
    """What is true and who was sent what in the end, when it came in that order."""
    await anew(alone)
    session = await alone.begin()
    await pass_by(alone, back)
    calls = [call(alone, session, one) for one in kept]
    for one in calls:
        with contextlib.suppress(Refused):
            await one()
        await alone.scan()
    await pass_by(alone, 12)
    await checks.whole(await checks.look())
    return await _shown(await alone.session(session), kept)


def called_after_an_end(kept: Sequence[Kept]) -> bool:
    """An end that comes after such a call ends nothing (decision 57); one that came before it has ended it."""
    ends = [one.minute for one in kept if one.kind == "end"]
    return any(one.kind == "panic" and one.minute > min(ends) for one in kept) if ends else False


async def _shown(row: dict[str, Any], kept: Sequence[Kept]) -> dict[str, Any]:
    """With a call for help, of what is open still: whether it came before an overdue alarm was over or after, it
    took that alarm's place or opened its own."""
    called, either = any(one.kind == "panic" for one in kept), called_after_an_end(kept)
    ended = either or row["state"] != SessionState.ACTIVE or row["pin_given_at"] is not None
    alarms = await Alarm.select().where(Alarm.state != "resolved") if called else await Alarm.select()
    told = await AlarmTold.select().where(AlarmTold.alarm.is_in([one["id"] for one in alarms] or [uuid7()]))
    return {
        "ended": None if either else ended,
        "due": None if ended else row["due_at"],
        "heard": None if ended else row["heard_at"],
        "alarms": sorted((one["kind"], one["state"]) for one in alarms),
        "told": sorted({one["person"] for one in told if one["what"] == "step"}),
        "sent": [] if called else sorted([(m["template"], m["recipient"]) for m in await Message.select()]),
    }


@st.composite
def phones(draw: Any) -> tuple[int, list[Kept], list[Kept]]:
    """When it comes back, what it kept in order, and that as it arrives: mixed up, and some of it again."""
    back = draw(st.integers(6, 70))
    # What they press just then is answered to their face: refused for want of a PIN, say, and asked again.
    minutes = sorted(draw(st.lists(st.integers(1, back - 1), min_size=1, max_size=MOST_KEPT, unique=True)))
    kept = [Kept(minute, draw(st.sampled_from(KINDS))) for minute in minutes]
    again = draw(st.lists(st.sampled_from(kept), max_size=3))
    return back, kept, draw(st.permutations([*kept, *again]))


async def test_in_whatever_order_it_comes_it_comes_to_the_same(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "judge", judged)
    loop = asyncio.get_running_loop()

    @MANY
    @given(phones())
    def the_same(phone: tuple[int, list[Kept], list[Kept]]) -> None:
        back, kept, mixed = phone
        wanted = asyncio.run_coroutine_threadsafe(came(alone, back, kept), loop).result(120)
        assert asyncio.run_coroutine_threadsafe(came(alone, back, mixed), loop).result(120) == wanted

    await asyncio.to_thread(the_same)


async def test_more_time_that_overtook_the_check_in_before_it_is_not_refused(alone: Alone) -> None:
    session = await alone.begin(minutes=30)
    alone.now += timedelta(minutes=60)
    made = [NOW + timedelta(minutes=minute) for minute in (25, 50)]
    await commands.extend(alone.sent("asha", captured=made[1]), alone.who("asha"), session, 15)
    assert (await alone.session(session))["due_at"] == NOW + timedelta(minutes=30), (
        "by itself it counts for nothing"
    )
    await commands.check_in(alone.sent("asha", captured=made[0]), alone.who("asha"), session)
    assert (await alone.session(session))["due_at"] == NOW + timedelta(minutes=70)


async def _does(alone: Alone, step: int, what: str, name: str) -> None:
    """One act of a history, under the same ids whenever it is told again."""
    me, session = alone.who(name), UUID(int=1)
    sent = replace(alone.sent(name), id=UUID(int=1000 + step))
    alarm = await Alarm.select(Alarm.id).where(Alarm.state != "resolved").first()
    if what == "goes in":
        await once(replace(sent, id=session), _begin, me, "The depot", 15, alone.world.ben.id)
    elif what == "check_in":
        await commands.check_in(sent, me, session, SAFE)
    elif what == "duress":
        await commands.check_in(sent, me, session, DURESS)
    elif what == "panic":
        await commands.call_for_help(sent, me, session)
    elif what == "end":
        await commands.end(sent, me, session, SAFE)
    elif alarm and what == "takes it on":
        await once(sent, responding.acknowledge, me, alarm["id"])
    elif alarm and what == "says how":
        await once(sent, responding.outcome, me, alarm["id"], "well", True, step % 2 == 0)


async def _begin(sent: Sent, *args: Any) -> None:
    await beginning.begin_own(sent, *args)


ACTS = st.tuples(
    st.sampled_from([5, 20, 60, 200, 600, 2400]),
    st.sampled_from(["goes in", "check_in", "duress", "panic", "end", "takes it on", "says how"]),
)


async def told_again(alone: Alone, engines: list[UUID], history: list[tuple[int, str]]) -> dict[str, list[str]]:
    """Every row that comes of it. After more than ten minutes nobody had looked for as long."""
    await anew(alone)
    rewind = Rewind(tables=[Alarm, LoneSession, AlarmStep, AlarmTold, SessionEvent, PinFailure, Message])
    rewind.known = {row.id for row in alone.world.people.values()} | {UUID(int=n) for n in range(2000)}
    rewind.known |= {row.id for row in alone.world.teams.values()}
    await asyncio.gather(*(alone.scan(one) for one in engines))
    for step, (seconds, what) in enumerate([(0, "goes in"), *history]):
        end = alone.now + timedelta(seconds=seconds)
        while alone.now < end:
            alone.now = min(end, alone.now + timedelta(seconds=60 if seconds <= 600 else 800))
            await asyncio.gather(*(alone.scan(one) for one in engines))
        with contextlib.suppress(Refused, NotFound):
            await _does(alone, step, what, "dina" if what in ("takes it on", "says how") else "asha")
        await asyncio.gather(*(alone.scan(one) for one in engines))
    return await rewind.shown()


async def test_three_engines_write_the_same_rows_as_one(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "judge", judged)
    loop = asyncio.get_running_loop()

    @how(max_examples=max(DAYS // 2, 1), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, min_size=2, max_size=8))
    def the_same(history: list[tuple[int, str]]) -> None:
        def run(engines: int) -> dict[str, list[str]]:
            again = told_again(alone, [uuid7() for _ in range(engines)], history)
            return asyncio.run_coroutine_threadsafe(again, loop).result(120)

        assert run(1) == run(2) == run(3), "I12"

    await asyncio.to_thread(the_same)
