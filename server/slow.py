"""A body that trickles in holds a connection for ever; this lets go of it, and never of a slow phone."""

import asyncio
import time
from dataclasses import dataclass

from litestar.types import Receive, ReceiveMessage

from pwa.answers import Turned
from server import words


@dataclass(frozen=True)
class Pace:
    """At least `least` bytes in each `seconds`. 1 kB/s is a fiftieth of a bad 3G signal."""

    seconds: float = 60
    least: int = 60_000


def paced(receive: Receive, pace: Pace) -> Receive:
    """`receive`, which raises 408 when a window of time ends with too little in it."""
    opened, came, ended = time.monotonic(), 0, False

    async def receiving() -> ReceiveMessage:
        nonlocal opened, came, ended
        if ended:
            return await receive()  # only the disconnect is still to come, and that may take its time
        left = opened + pace.seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0.001)):
                message = await receive()
        except TimeoutError:
            if came < pace.least:
                ended = True
                raise Turned(408, words.TOO_SLOW, {"Connection": "close"}) from None
            opened, came = time.monotonic(), 0
            return await receiving()
        if message["type"] == "http.request":
            came += len(message.get("body", b""))
            ended = not message.get("more_body", False)
        return message

    return receiving
