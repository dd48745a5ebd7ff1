"""A provider that is away is asked by one message at a time; calls for help are tried all the same."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from messages import breaker, due, rules
from messages.rules import Channel, Rank, State
from messages.tables import ChannelState, Message
from tests.conftest import World
from tests.messages.conftest import NOW, put_out, row, turn
from tests.servers.notify import Notify


@pytest.fixture
def away(notify: Notify) -> Iterator[Notify]:
    """It answers, and takes nothing."""
    notify.answers = [429] * 1000
    yield notify


async def several(
    world: World, many: int, channel: Channel = Channel.SMS, to: str = "+447700900123"
) -> list[UUID]:
    return [await put_out(world, channel, to) for _ in range(many)]


async def test_after_five_calls_in_vain_one_message_tries_and_the_rest_wait(world: World, away: Notify) -> None:
    await several(world, rules.BREAKS_AT)
    await turn()
    assert (await breaker.channels(NOW)).shut == {"sms"}
    await several(world, 10)
    later = timedelta(seconds=1)
    assert await turn(later) == 0, "shut"
    assert len(away.asked) == rules.BREAKS_AT
    assert await turn(timedelta(seconds=31)) == 1, "one that tries"
    assert await turn(timedelta(seconds=32)) == 0, "and shut again"


async def test_once_it_answers_all_that_waited_goes_each_once(world: World, away: Notify) -> None:
    ids = await several(world, 12)
    await turn()
    away.answers.clear()
    for seconds in (31, 32, 33, 60):
        await turn(timedelta(seconds=seconds))
    assert {(await row(id))["state"] for id in ids} == {State.SENT}
    assert sorted(one["reference"] for one in away.notifications) == sorted(map(str, ids))
    (state,) = await ChannelState.select()
    assert (state["failures"], state["shut_until"], state["failing_since"]) == (0, None, None)


async def test_one_channel_that_is_away_shuts_no_other(world: World, away: Notify) -> None:
    await several(world, 5)
    await turn()
    away.answers.clear()
    mail = await put_out(world, Channel.EMAIL, "anna@example.org")
    await turn(timedelta(seconds=1))
    assert (await row(mail))["state"] == State.SENT
    assert len(away.notifications) == 1


async def test_a_number_that_is_refused_is_an_answer(world: World, notify: Notify) -> None:
    notify.answers = [400] * 20
    await several(world, 20)
    await turn()
    assert (await breaker.channels(NOW)).failing == set()


async def test_a_call_for_help_is_tried_though_its_channel_is_shut(world: World, away: Notify) -> None:
    await several(world, 5)
    await turn()
    help, overdue = await several(world, 2)
    for id, rank in ((help, Rank.HELP), (overdue, Rank.OVERDUE)):
        await Message.update({Message.urgent: True, Message.rank: rank.value}).where(Message.id == id)
    away.answers.clear()
    at = NOW + timedelta(seconds=1)
    assert await due.run_urgent(at) == 2, "and what it learns is good for the others"
    assert [one["reference"] for one in away.notifications] == [str(help), str(overdue)]


async def test_two_that_try_at_once_are_one(world: World, away: Notify) -> None:
    await several(world, 8)
    await turn()
    async with Message._meta.db.transaction():
        await breaker.try_one("sms", NOW + timedelta(minutes=1))
    assert (await breaker.channels(NOW + timedelta(minutes=1, seconds=5))).shut == {"sms"}


def test_urgent_ones_are_tried_again_at_once_and_then_less_and_less_often() -> None:
    assert [rules.pause(tries, True).total_seconds() for tries in (1, 2, 3, 4, 40)] == [0, 5, 15, 30, 30]
    assert [rules.shut_for(vain) for vain in (0, 4)] == [None, None]
    assert [(rules.shut_for(vain) or timedelta()).total_seconds() for vain in (5, 6, 7, 99)] == [5, 15, 30, 30]
