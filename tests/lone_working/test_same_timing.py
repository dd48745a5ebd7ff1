"""Whoever stands beside an officer cannot tell by how long it takes which of the two PINs was entered.

Measured in the time that the processor works, so that a busy machine changes little; the bench measures what an
officer waits (`bench/lone_working.py`).
"""

import random
import statistics
import time
from contextlib import nullcontext

import pytest

from lone_working.sessions import commands
from pwa.answers import NotFound
from pwa.ids import uuid7
from tests.lone_working.conftest import DURESS, SAFE, Alone

RUNS = 30
APART = 0.005
"""Seconds, by the design."""


@pytest.mark.parametrize("known", [True, False], ids=["hers", "of no session of hers"])
async def test_ending_takes_as_long_by_either_pin(alone: Alone, known: bool) -> None:
    took: dict[str, list[float]] = {SAFE: [], DURESS: []}
    order = [SAFE, DURESS] * (RUNS + 2)
    random.Random(1).shuffle(order)
    sessions = [await alone.begin() if known else uuid7() for _ in order]
    for id, pin in zip(sessions, order, strict=True):
        sent, me = alone.sent("asha"), alone.who("asha")
        began = time.process_time()
        with nullcontext() if known else pytest.raises(NotFound):
            await commands.end(sent, me, id, pin)
        took[pin].append(time.process_time() - began)
    # Of the quicker ones: what else the processor had to do makes some slower, and none quicker.
    safe, duress = (statistics.quantiles(one[2:], n=4)[0] for one in took.values())
    assert abs(safe - duress) < APART, f"{safe * 1000:.1f} ms and {duress * 1000:.1f} ms"
