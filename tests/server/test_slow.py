from collections.abc import AsyncIterator
from typing import Any

import pytest

from pwa.answers import Turned
from server.slow import Pace, paced

QUICK = Pace(seconds=0.05, least=1000)


def coming(*messages: dict[str, Any]) -> Any:
    """A body that arrives piece by piece and then hangs."""

    async def pieces() -> AsyncIterator[dict[str, Any]]:
        for message in messages:
            yield message

    source = pieces()

    async def receive() -> Any:
        import asyncio

        async for message in source:
            return message
        return await asyncio.Event().wait()

    return receive


async def test_a_body_that_stops_coming_is_given_up_with_408() -> None:
    receive = paced(coming({"type": "http.request", "body": b"a" * 10, "more_body": True}), QUICK)
    await receive()
    with pytest.raises(Turned) as refused:
        await receive()
    assert refused.value.status == 408
    assert "Nothing is lost" in refused.value.sentence


async def test_a_body_that_came_fast_enough_may_pause() -> None:
    receive = paced(coming({"type": "http.request", "body": b"a" * 2000, "more_body": True}), QUICK)
    assert len((await receive())["body"]) == 2000
    with pytest.raises(Turned):  # but not for a whole window without anything
        await receive()


async def test_after_the_whole_body_waiting_for_the_disconnect_takes_its_time() -> None:
    receive = paced(
        coming({"type": "http.request", "body": b"a", "more_body": False}, {"type": "http.disconnect"}), QUICK
    )
    await receive()
    assert (await receive())["type"] == "http.disconnect"
