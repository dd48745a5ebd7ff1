from collections.abc import Iterator

import pytest
import time_machine

from tests.today.making import TODAY


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Traveller]:
    """It is eight o'clock on a Tuesday, so that a day has all its visits before it."""
    with time_machine.travel(TODAY, tick=True) as clock:
        yield clock
