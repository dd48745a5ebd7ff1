"""Every order in which two engines, a responder and an officer can do their statements (exploring.py).

`MODEL=5 pytest tests/lone_working/test_model.py` has all five at once; it takes some minutes.
"""

import os
from itertools import combinations

import pytest

from tests.conftest import ON_POSTGRES
from tests.lone_working.exploring import DO, Rules, explore

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="it needs no database: the run on SQLite has done it")

ENGINES = ("engine 1", "engine 2")
PEOPLE = tuple(name for name in DO if name not in ENGINES)
TOGETHER = int(os.environ.get("MODEL", "4"))


@pytest.mark.parametrize("people", list(combinations(PEOPLE, TOGETHER - len(ENGINES))), ids=" and ".join)
def test_in_no_order_and_killed_anywhere_an_invariant_breaks(people: tuple[str, ...]) -> None:
    states, wrong = explore((*ENGINES, *people))
    assert wrong == ""
    assert states > 10_000, "it was walked through"


@pytest.mark.parametrize(
    "fault", [Rules(engine_locks=False), Rules(reads_again=False), Rules(together=False)], ids=repr
)
def test_a_protocol_with_a_fault_is_found_out(fault: Rules) -> None:
    """Without this, the other would prove nothing."""
    found = [explore((*ENGINES, *people), fault)[1] for people in combinations(PEOPLE, 1)]
    assert any(found)
