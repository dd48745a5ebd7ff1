"""Handing over: never lost, seldom twice, always under the same reference, and nobody waits for the provider."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from messages import commands, due, lanes, rules, sending
from messages.breaker import Shut
from messages.lanes import Ended, Row
from messages.rules import Channel, State
from messages.tables import Message
from pwa import first
from pwa.outbox import once, writing
from server.piccolo_conf import DB
from tests.conftest import World
from tests.messages.conftest import LINK, NOW, put_out, row, turn
from tests.pwa.test_once import sent as sent_by
from tests.servers.notify import TEMPLATES, Notify

AFTER_THE_LEASE = rules.LEASE + timedelta(seconds=1)


async def test_a_text_and_an_email_are_handed_over_with_their_id_as_the_reference(
    world: World, notify: Notify
) -> None:
    text = await put_out(world)
    mail = await put_out(world, Channel.EMAIL, "anna@example.org")
    assert await turn() == 2
    by = {one["reference"]: one for one in notify.notifications}
    assert (by[str(text)]["type"], by[str(text)]["to"]) == ("sms", "+447700900123")
    assert (by[str(mail)]["type"], by[str(mail)]["to"]) == ("email", "anna@example.org")
    assert by[str(mail)]["template"]["id"] == TEMPLATES["inventory-email"]
    assert by[str(text)]["personalisation"] == {"council": "Harrowmere Borough Council", "link": LINK}
    for id in (text, mail):
        kept = await row(id)
        assert (kept["state"], kept["provider_id"]) == (State.SENT, by[str(id)]["id"])
        assert kept["sent_at"] == NOW
        assert kept["personalisation"] == "", "the secret in it is nowhere but in the message itself"
    assert await turn(timedelta(seconds=5)) == 0


async def test_nothing_is_handed_over_while_a_call_for_help_is_saved(
    notify: Notify, message: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "MOST_SECONDS", 60.0)
    stood_aside = asyncio.Event()

    async def seen() -> None:
        stood_aside.set()
        await first.aside()

    monkeypatch.setattr(lanes, "aside", seen)
    with first.first():
        turned = asyncio.create_task(turn())
        await stood_aside.wait()
        assert await Message.count().where(Message.tries > 0) == 0 and notify.notifications == []
    assert await turned == 1


async def test_a_message_is_there_only_with_what_causes_it(world: World, notify: Notify) -> None:
    async def command(sent: Any) -> None:
        wanted = commands.Wanted(sent.id, Channel.SMS, "inventory-sms", "+447700900123", {"link": LINK}, "/a")
        await commands.put_out(sent, wanted)
        raise RuntimeError("what causes it went wrong")

    with pytest.raises(RuntimeError):
        await once(sent_by(), command)
    assert await Message.count() == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [(403, rules.NO_KEY), (429, rules.TOO_MANY), (500, rules.NO_ANSWER), ("cut", rules.NO_ANSWER)],
)
async def test_what_may_go_better_later_is_tried_again(
    notify: Notify, message: UUID, answer: int | str, said: str
) -> None:
    notify.answers = [answer, answer]
    await turn()
    kept = await row(message)
    assert (kept["state"], kept["said"], kept["sent_at"]) == (State.WAITING, said, None)
    assert await turn(timedelta(seconds=4)) == 0, "not at once"
    assert await turn(timedelta(seconds=6)) == 1
    assert notify.notifications == []
    await turn(timedelta(minutes=10))
    assert (await row(message))["state"] == State.SENT
    assert [one["reference"] for one in notify.notifications] == [str(message)]


async def test_what_is_wrong_for_good_is_not_tried_again(notify: Notify, message: UUID) -> None:
    notify.answers = [400]
    await turn()
    kept = await row(message)
    assert (kept["state"], kept["said"], kept["personalisation"]) == (State.FAILED, rules.BAD_REQUEST, "")
    assert await turn(timedelta(days=1)) == 0


async def test_taken_though_the_answer_was_lost_it_is_found_by_its_reference_and_not_sent_again(
    notify: Notify, message: UUID
) -> None:
    notify.answers = ["taken"]
    await turn()
    assert (await row(message))["state"] == State.WAITING
    await turn(timedelta(minutes=1))
    assert (await row(message))["state"] == State.SENT
    assert len(notify.notifications) == 1


@pytest.mark.parametrize(("status", "said"), [(500, rules.NO_ANSWER), (403, rules.NO_KEY), (429, rules.TOO_MANY)])
async def test_while_nobody_says_whether_it_went_out_it_does_not_go_out_again(
    notify: Notify, message: UUID, status: int, said: str
) -> None:
    notify.answers, notify.looks = ["taken"], [status, status]
    await turn()
    await turn(timedelta(minutes=1))
    assert ((await row(message))["state"], (await row(message))["said"]) == (State.WAITING, said)
    await turn(timedelta(minutes=3))
    assert len(notify.notifications) == 1
    await turn(timedelta(minutes=10))
    assert ((await row(message))["state"], len(notify.notifications)) == (State.SENT, 1)


async def test_put_back_to_a_copy_from_before_it_went_out_it_is_looked_up_and_not_sent_again(
    notify: Notify, message: UUID
) -> None:
    before = await row(message)
    await turn()
    await Message.update({name: before[name] for name in before if name != "id"}).where(Message.id == message)
    await turn(timedelta(hours=2))
    assert (await row(message))["state"] == State.SENT
    assert len(notify.notifications) == 1


async def test_an_answer_that_is_none_is_doubted(notify: Notify, message: UUID) -> None:
    """A sign-in page of some network in between says 201 as well."""
    notify.garbage = True
    await turn()
    assert (await row(message))["state"] == State.WAITING
    notify.garbage = False
    await turn(timedelta(minutes=1))
    assert (await row(message))["state"] == State.SENT
    assert len(notify.notifications) == 1


async def test_nobody_waits_for_a_provider_that_hangs(
    notify: Notify, message: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction is held: others write meanwhile, on a database with one writer."""
    monkeypatch.setattr(sending, "SECONDS", (1.0, 1.0))
    notify.held = threading.Event()
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    notify.during = lambda: loop.call_soon_threadsafe(arrived.set)
    going = asyncio.create_task(turn())
    await arrived.wait()
    async with writing():
        await Message.update({Message.said: "written meanwhile"}).where(Message.id == message)
    await going
    assert (await row(message))["said"] == rules.NO_ANSWER
    notify.held.set()


async def test_two_engines_hand_a_message_over_once(world: World, notify: Notify) -> None:
    ids = [str(await put_out(world)) for _ in range(8)]
    await asyncio.gather(*(turn() for _ in range(4)))
    assert sorted(one["reference"] for one in notify.notifications) == sorted(ids)


async def claimed() -> Row:
    """As an engine does that then does nothing more."""
    async with writing():
        (mine,) = await lanes.take(NOW, lanes.ORDINARY, Shut(), 10)
    return mine


async def test_whoever_comes_back_after_their_lease_changes_nothing(notify: Notify, message: UUID) -> None:
    """A first engine slept through its lease; a second has sent it since."""
    mine = await claimed()
    await turn(AFTER_THE_LEASE)
    await lanes.mark([Ended(mine, {Message.state: State.FAILED.value})], NOW)
    assert (await row(message))["state"] == State.SENT


async def test_taken_back_between_the_claim_and_the_call_it_does_not_go_out(notify: Notify, message: UUID) -> None:
    mine = await claimed()
    await commands.stop([message])
    await due._deal({**mine, "doubt": False}, NOW)
    assert notify.asked == []
    assert (await row(message))["state"] == State.STOPPED


# Handed on to the tasks that a turn makes, and to no others.
_killed: ContextVar[bool] = ContextVar("killed", default=False)


class Killed(BaseException):
    """The process is gone."""


@asynccontextmanager
async def killed_before(number: int, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """At that step, a statement or a call of the provider, and at every one after. Gives the steps that were."""
    steps: list[str] = []

    def counted(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        async def step(*args: Any, **kwargs: Any) -> Any:
            if not _killed.get():  # another loop of this process at its own work
                return await real(*args, **kwargs)
            if len(steps) == number:
                raise Killed
            steps.append(name)
            return await real(*args, **kwargs)

        return step

    with monkeypatch.context() as patched:
        token = _killed.set(True)
        kind = type(DB)
        patched.setattr(kind, "run_querystring", counted(kind.run_querystring, "statement"))
        patched.setattr(sending.Notify, "_call", counted(sending.Notify._call, "call"))
        yield steps
        _killed.reset(token)


STEPS = 7


@pytest.mark.parametrize("number", range(STEPS))
async def test_killed_between_any_two_statements_it_goes_out_and_under_one_reference(
    notify: Notify, message: UUID, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    async with killed_before(number, monkeypatch) as steps:
        try:
            await turn()
        except Killed:
            assert len(steps) == number
        else:
            assert number >= len(steps) > 3, "each step there is was killed at"
    await turn(AFTER_THE_LEASE)
    kept = await row(message)
    assert kept["state"] == State.SENT
    assert {one["reference"] for one in notify.notifications} == {str(message)}
    assert len(notify.notifications) == 1, "looked up by its reference before it is sent again"
    assert await turn(AFTER_THE_LEASE + timedelta(minutes=1)) == 0


async def test_there_are_no_more_steps_than_are_killed_at(
    notify: Notify, message: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with killed_before(10_000, monkeypatch) as steps:
        await turn()
    assert len(steps) < STEPS and "call" in steps


async def test_what_nobody_called_back_about_is_looked_up(notify: Notify, message: UUID) -> None:
    await turn()
    assert await turn(timedelta(minutes=9)) == 0
    await turn(timedelta(minutes=11))
    assert (await row(message))["state"] == State.SENT, "on its way still"
    notify.became(message, "permanent-failure")
    await turn(timedelta(hours=2))
    kept = await row(message)
    assert (kept["state"], kept["said"]) == (State.FAILED, "There is no such number or address.")
    assert kept["sent_at"] == NOW
    assert await turn(timedelta(days=2)) == 0


async def test_after_three_days_nobody_asks_any_more(notify: Notify, message: UUID) -> None:
    await turn()
    await turn(timedelta(hours=74))
    assert await turn(timedelta(days=10)) == 0
    assert (await row(message))["state"] == State.SENT


async def test_with_nothing_set_up_a_message_waits(message: UUID) -> None:
    assert await turn() == 0
    assert (await row(message))["state"] == State.WAITING


async def test_a_provider_that_drips_is_given_up_and_its_message_doubted(
    notify: Notify, message: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pieces of an answer it may take five seconds; all together it may not."""
    monkeypatch.setattr(sending, "SECONDS", (60.0, 60.0))
    monkeypatch.setattr(sending, "HARD_SECONDS", 0.05)
    notify.held = threading.Event()
    await turn()
    kept = await row(message)
    assert (kept["state"], kept["said"], kept["doubt"]) == (State.WAITING, rules.NO_ANSWER, True)
    notify.held.set()


async def test_one_that_cannot_be_marked_takes_no_other_with_it(
    world: World, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await put_out(world) for _ in range(4)]
    real = lanes.mark

    async def mark(ended: Any, at: Any) -> None:
        if len(ended) > 1:
            raise OSError("somebody else is at one of these")
        await real(ended, at)

    monkeypatch.setattr(lanes, "mark", mark)
    notify.held, arrived, loop = threading.Event(), asyncio.Semaphore(0), asyncio.get_running_loop()
    notify.during = lambda: loop.call_soon_threadsafe(arrived.release)
    going = asyncio.create_task(turn())
    for _ in ids:
        await arrived.acquire()
    notify.held.set()
    await going
    assert {(await row(id))["state"] for id in ids} == {State.SENT}
