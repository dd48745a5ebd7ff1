"""`kill -9` under four writers, again and again: nothing acknowledged is lost, nothing is there twice.

50 kills by default, fewer on a machine so busy that they would take over 100 seconds;
`KILLS=500 pytest tests/kill/test_kill.py` before a release does all of them.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.under_load import WRITERS, Nursery, all_there_once, write
from tests.servers.phone import Phone
from tests.servers.running import Running

KILLS = int(os.environ.get("KILLS", "50"))
ENOUGH_SECONDS = 100 if KILLS <= 50 else 86400


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(Running(tmp_path / "data"))
    yield made
    made.close()


async def kill(nursery: Nursery, phones: list[Phone], chance: random.Random) -> int:
    """Kill after a few more acknowledgements, at a moment of no meaning, and start again."""
    began = time.monotonic()
    for done in range(KILLS):
        if time.monotonic() - began > ENOUGH_SECONDS:
            return done
        enough = sum(len(phone.acked) for phone in phones) + chance.randrange(1, 12)
        until = time.monotonic() + 60
        while sum(len(phone.acked) for phone in phones) < enough:
            assert time.monotonic() < until, "the server takes nothing any more"
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.random() * 0.02)
        nursery.end(signal.SIGKILL)
        nursery.start()
    return KILLS


def test_kills_lose_nothing_and_double_nothing(nursery: Nursery, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    people = nursery.server.people(*WRITERS)
    phones = [Phone(nursery.server.url, one["id"], one["token"]) for one in people.values()]

    async def all_of_it() -> int:
        stop = asyncio.Event()
        nursery.start()
        writers = [
            asyncio.create_task(write(phone, one["home"], stop, random.Random(chance.random())))
            for phone, one in zip(phones, people.values(), strict=True)
        ]
        killer = asyncio.create_task(kill(nursery, phones, chance))
        done, _ = await asyncio.wait([*writers, killer], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.gather(*done)
        await asyncio.gather(*writers)
        return killer.result()

    started = time.monotonic()
    kills = asyncio.run(all_of_it())
    took = time.monotonic() - started
    nursery.end(signal.SIGTERM)
    acked = sum(len(phone.acked) for phone in phones)
    again = sum(phone.again for phone in phones)
    with capsys.disabled():
        print(f"\n{kills} kills in {took:.0f} s (seed {seed}): {acked} acknowledged, {again} sent again")

    assert kills >= 10
    all_there_once(nursery.server, phones)
