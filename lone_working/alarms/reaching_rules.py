"""Whom a step has reached, and what follows when a provider fails. Pure: what is known in, what to do out.

Only the provider's own "accepted" counts here, and it stops nothing: a ladder runs on what people do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from messages.rules import Channel, Reach, State

NEXT_WAY = timedelta(seconds=30)
"""Not accepted by then, somebody is told by the next way there is to them."""
NEXT_STEP = timedelta(seconds=60)
"""Nobody's accepted by then, the next step is taken at once."""
AGAIN = timedelta(seconds=30)
TOLD_WITHIN = timedelta(hours=1)
"""So long after an alarm is over it is looked whether those it was told to know. After that they have asked."""


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


def stood_down(
    at: datetime,
    over_at: datetime,
    told: Mapping[UUID, Mapping[Channel, State]],
    ways: Mapping[UUID, Sequence[Channel]],
) -> Checked:
    """`told`: by which ways each was told that it is over, and how far that is. `ways`: all there are to each.

    Only what was refused for good goes by another: what waits still arrives, and would tell them twice.
    """
    if at >= over_at + TOLD_WITHIN:
        return Checked((), False, None)
    refused = [person for person, by in told.items() if all(state is State.FAILED for state in by.values())]
    another = tuple(person for person in refused if any(way not in told[person] for way in ways.get(person, ())))
    waits = any(state is State.WAITING for by in told.values() for state in by.values())
    return Checked(another, False, at + AGAIN if another or waits else None)
