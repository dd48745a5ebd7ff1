"""What comes late from Asha's phone: as old as it really is, whatever its clock was set to meanwhile."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lone_working import events, rules
from lone_working.rules import AlarmKind, AlarmState, SessionState
from lone_working.sessions import beginning, commands
from lone_working.sessions.pins import PinNotRecognised
from lone_working.tables import Alarm, AlarmTold, LoneSession, PinFailure, SessionEvent
from people.tables import Person
from pwa.ids import uuid7
from pwa.sent import Sent
from tests.lone_working.conftest import DURESS, NOW, SAFE, WRONG, Alone

PHONE = uuid7()
seconds = st.integers(0, 6 * 3600)


def from_phone(alone: Alone, ago: float, count: int, **more: object) -> Sent:
    """Captured so many seconds ago, by a clock that is right."""
    captured = alone.now - timedelta(seconds=ago)
    return replace(alone.sent("asha", captured=captured), device_id=PHONE, sequence=count, **more)


# --- two clocks


@given(age=seconds, put_back=seconds, skew=st.integers(-86_400, 86_400))
def test_a_clock_put_back_makes_nothing_recent_while_the_page_lives(age: int, put_back: int, skew: int) -> None:
    """The wall clock says less passed than did, or that time ran backwards; the other one was not to be set."""
    earliest = NOW - timedelta(days=1)
    wall = timedelta(seconds=age - put_back)
    at = rules.server_time_of(NOW, wall, timedelta(seconds=age), earliest)
    assert at == NOW - timedelta(seconds=age), skew


@given(age=seconds, put_back=seconds)
def test_nor_when_the_page_was_killed_and_the_clock_put_back_was_seen(age: int, put_back: int) -> None:
    sent = Sent(
        uuid7(),
        None,
        "",
        None,
        None,
        None,
        "POST",
        "/",
        "",
        b"",
        "",
        NOW,
        NOW,
        set_back=timedelta(seconds=put_back),
    )
    sent = replace(sent, captured_at=NOW - timedelta(seconds=age - put_back))
    assert events.acted_at(sent, NOW - timedelta(days=1)) == NOW - timedelta(seconds=age)


@given(age=seconds, put_back=st.integers(3, 6 * 3600))
def test_time_that_ran_backwards_unseen_is_as_long_ago_as_it_can_have_been(age: int, put_back: int) -> None:
    earliest, wall = NOW - timedelta(hours=7), timedelta(seconds=age - put_back)
    at = rules.server_time_of(NOW, wall, None, earliest)
    assert at == (earliest if wall < -rules.BACKWARDS else NOW - max(wall, timedelta()))


@given(
    wall=st.integers(-(10**6), 10**6),
    mono=st.none() | st.integers(0, 10**6),
    earliest=st.integers(-(10**6), 10**6),
)
def test_it_is_never_before_the_first_contact_nor_after_it_came(
    wall: int, mono: int | None, earliest: int
) -> None:
    first = NOW - timedelta(seconds=earliest)
    gap = None if mono is None else timedelta(seconds=mono)
    at = rules.server_time_of(NOW, timedelta(seconds=wall), gap, first)
    assert min(first, NOW) <= at <= NOW


async def test_a_check_in_from_before_the_clock_was_put_back_proves_nothing_about_now(alone: Alone) -> None:
    """Asha checks in at ten past ten with no signal; somebody puts the clock back; it comes at five to eleven."""
    id = await alone.begin(minutes=30)
    alone.now += timedelta(minutes=55)
    await alone.scan()
    lie = from_phone(alone, 0, 1, monotonic_gap=timedelta(minutes=45))
    await commands.check_in(lie, alone.who("asha"), id)
    assert (await alone.session(id))["due_at"] == NOW + timedelta(minutes=40)
    assert (await alone.alarm())["state"] == AlarmState.OPEN


# --- late acts (4.8)


@pytest.mark.parametrize("hours", [0.1, 3, 30, 24 * 40])
async def test_a_late_safe_end_closes_and_stands_down_whatever_its_age(alone: Alone, hours: float) -> None:
    id = await alone.begin(minutes=30)
    start = alone.now
    await alone.turn(3600)
    alone.now = start + timedelta(hours=max(hours, 1))
    await commands.end(from_phone(alone, hours * 3600, 5), alone.who("asha"), id, SAFE)
    assert (await alone.session(id))["state"] == SessionState.CLOSED_SAFE
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED
    assert await AlarmTold.exists().where(AlarmTold.what == "stand_down")


@pytest.mark.parametrize("pin", [SAFE, DURESS])
async def test_but_not_over_a_call_for_help_that_came_later_on_the_phone(alone: Alone, pin: str) -> None:
    """She entered her PIN, the signal was gone, then she called: the call comes first. Alike for either PIN."""
    id = await alone.begin(minutes=30)
    alone.now += timedelta(minutes=10)
    await commands.call_for_help(from_phone(alone, 5, 8), alone.who("asha"), id)
    await commands.end(from_phone(alone, 60, 7), alone.who("asha"), id, pin)
    session = await alone.session(id)
    assert (session["state"], session["pin_given_at"]) == ("active", None)
    assert (await alone.alarm())["kind"] == ("duress" if pin == DURESS else "panic")


@pytest.mark.parametrize("age", [0, 61, 3600, 3 * 86_400, 40 * 86_400])
async def test_a_call_for_help_alerts_at_once_however_old_and_says_how_old(alone: Alone, age: int) -> None:
    id = await alone.begin(minutes=30)
    await LoneSession.update({LoneSession.started_at: NOW - timedelta(days=60)}).where(LoneSession.id == id)
    await commands.call_for_help(from_phone(alone, age, 1), alone.who("asha"), id)
    await alone.turn(1)
    assert set(await alone.told()) >= {"ben", "dina"}
    (row,) = await SessionEvent.select().where(SessionEvent.what == "panic")
    assert row["happened_at"] == NOW - timedelta(seconds=age)
    words = {0: "", 61: "1 minute ", 3600: "60 minutes ", 3 * 86_400: "72 hours ", 40 * 86_400: "960 hours "}[age]
    assert row["said"].startswith(f"Pressed {words}before it came" if words else "")
    assert bool(row["said"]) == bool(words)


async def test_a_start_that_comes_after_its_end_reminds_the_officer_at_once(alone: Alone) -> None:
    await Person.update({Person.phone: "07700900101"}).where(Person.id == alone.world.asha.id)
    sent = from_phone(alone, 3 * 3600, 1)

    async def begin(sent: Sent, *args: object) -> None:
        await beginning.begin_own(sent, alone.who("asha"), "The depot", 30, alone.world.ben.id)

    await commands.once(sent, begin)
    await alone.scan()
    alarm = await alone.alarm()
    assert (alarm["kind"], alarm["origin_at"]) == (AlarmKind.OVERDUE, alone.now), "its ladder counts from now"
    assert await alone.steps() == [(0, 0)]
    await alone.turn(150)
    assert await alone.told("reminder") == ["asha"] and await alone.told() == []


async def test_a_sealed_slip_comes_twice_and_counts_once_and_a_typed_one_each_time(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    sealed = replace(alone.sent("asha"), body=b"sealed=x", body_sha256="1" * 64)
    for _ in range(3):
        with pytest.raises(PinNotRecognised):
            await commands.end(replace(sealed), alone.who("asha"), id, WRONG)
    assert await PinFailure.count() == 1


@pytest.mark.parametrize("order", list(permutations(["check", "help", "end"])))
async def test_in_whatever_order_her_queue_arrives_help_stays_open_and_she_sees_the_same(
    alone: Alone, order: tuple[str, ...]
) -> None:
    """Check-in, end, help were pressed in that order with no signal; each comes twice (I8, I9)."""
    id = await alone.begin(minutes=30)
    alone.now += timedelta(minutes=20)
    acts = {
        "check": from_phone(alone, 600, 1),
        "end": from_phone(alone, 300, 2),
        "help": from_phone(alone, 200, 3),
    }
    for name in [*order, *order]:
        sent, me = replace(acts[name]), alone.who("asha")
        if name == "check":
            await commands.check_in(sent, me, id)
        elif name == "help":
            await commands.call_for_help(sent, me, id)
        else:
            await commands.end(sent, me, id, SAFE)
    (alarm,) = await Alarm.select()
    assert (alarm["kind"], alarm["state"]) == (AlarmKind.PANIC, AlarmState.OPEN)
    assert await SessionEvent.count().where(SessionEvent.what == "panic") == 1
