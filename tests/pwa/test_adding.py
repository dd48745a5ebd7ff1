"""Many rows in one statement are what one row after the other would be."""

from datetime import UTC, datetime, timedelta

import pytest

from messages.rules import Channel
from messages.tables import ChannelState, Message
from pwa.adding import AddingMany
from pwa.ids import uuid7
from tests.conftest import World

ADD = AddingMany(Message, Message.id)
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


async def test_what_is_not_said_is_as_the_table_says_it(world: World) -> None:
    ids = [uuid7() for _ in range(3)]
    wanted = {"channel": Channel.SMS, "template": "t", "recipient": "r", "made_at": NOW, "team": None}
    await ADD([{"id": id, "next_try_at": NOW + timedelta(seconds=n), **wanted} for n, id in enumerate(ids)])
    rows = await Message.select().order_by(Message.next_try_at)
    assert [row["id"] for row in rows] == ids
    first = Message(**wanted | {"id": ids[0], "next_try_at": NOW, "channel": "sms"}).to_dict()
    assert rows[0] == first


async def test_one_that_is_there_already_is_left_as_it_is(world: World) -> None:
    id, other = uuid7(), uuid7()
    await ADD([{"id": id, "made_at": NOW, "recipient": "first"}])
    await ADD([{"id": id, "made_at": NOW, "recipient": "second"}, {"id": other, "made_at": NOW}])
    rows = {row["id"]: row["recipient"] for row in await Message.select()}
    assert rows == {id: "first", other: ""}


async def test_none_asks_for_nothing_and_an_unknown_column_is_no_row(world: World) -> None:
    await ADD([])
    with pytest.raises(TypeError, match="has no colour"):
        await AddingMany(ChannelState)([{"channel": "sms", "colour": "red"}])
    assert await ChannelState.count() == 0
