"""Whom a step has reached, and what follows when a provider fails. Pure: what is known in, what to do out.

Only the provider's own "accepted" counts here, and it stops nothing: a ladder runs on what people do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from messages.rules import Reach

NEXT_WAY = timedelta(seconds=30)
"""Not accepted by then, somebody is told by the next way there is to them."""
NEXT_STEP = timedelta(seconds=60)
"""Nobody's accepted by then, the next step is taken at once."""
AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Checked:
    """`another`: whom to tell by another way. `check_at`: when to look again; None when there is nothing to."""

    another: tuple[UUID, ...]
    step_now: bool
    check_at: datetime | None


def check(at: datetime, asked_at: datetime, climbs: bool, told: Mapping[UUID, Sequence[Reach]]) -> Checked:
    """`told`: of each person how far every message of this step to them came.

    What waits in our own queue was refused by nobody: it brings no second message, nor the next step, or a queue
    that is long would make itself longer.
    """
    taken = [person for person, how in told.items() if Reach.TAKEN in how]
    vain = tuple(person for person, how in told.items() if all(one is Reach.IN_VAIN for one in how))
    if len(taken) == len(told):
        return Checked((), False, None)
    step_now = climbs and at >= asked_at + NEXT_STEP and len(vain) == len(told)
    return Checked(vain, step_now, None if step_now else max(asked_at + NEXT_STEP, at + AGAIN))
