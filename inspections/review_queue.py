"""The queue of a team's leader: what waits for them, the oldest first, a page at a time. Scoped to who asks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import recharge_queries
from inspections.queries import visible
from inspections.review_queries import follows, last_was
from inspections.review_rules import State, What, state_after
from inspections.review_tables import ReviewEvent
from inspections.tables import Completion
from people.rules import SignedIn
from pwa import held_queries

PAGE = 20


async def states_of(ids: list[UUID]) -> dict[UUID, State]:
    """How each stands that anything was done with."""
    if not ids:
        return {}
    table = ReviewEvent
    rows = await table.select(table.id, table.inspection, table.after, table.what).where(
        table.inspection.is_in(ids)
    )
    by: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by[row["inspection"]].append(row)
    return {id: state_after(follows(events, id)[-1]["what"]) for id, events in by.items()}


def _mine(person: SignedIn) -> Any:
    return visible(person, Completion.inspection)


def _waiting(person: SignedIn) -> Any:
    begun = ReviewEvent.select(ReviewEvent.inspection)
    wait: Any = Completion.inspection.not_in(begun) | Completion.inspection.is_in(last_was(What.ANSWERED))
    return _mine(person) & wait


def _back(person: SignedIn) -> Any:
    return _mine(person) & Completion.inspection.is_in(last_was(What.BACK))


async def completions(where: Any, most: int) -> list[dict[str, Any]]:
    """The ends of inspections, the oldest first."""
    return await Completion.select().where(where).order_by(Completion.received_at).limit(most)


@dataclass(frozen=True)
class Place:
    """One thing in the queue before it is looked at: when it came, which kind, and its row."""

    at: datetime
    kind: str
    row: Any


@dataclass(frozen=True)
class Slice:
    """One page of the queue, and how many there are of each kind."""

    places: list[Place]
    counts: dict[str, int]
    kind: str
    page: int

    @property
    def total(self) -> int:
        """Of what waits for the manager."""
        return sum(n for kind, n in self.counts.items() if kind != "back")

    @property
    def pages(self) -> int:
        return max(1, -(-(self.counts[self.kind] if self.kind else self.total) // PAGE))


async def slice_of(person: SignedIn, kind: str, page: int) -> Slice:
    """What waits, the oldest first; with a kind only that. What is with an officer only when asked for."""
    most = page * PAGE
    proposals, held = await waiting_recharges(person), await held_queries.waiting(person, most)
    counts = {
        "inspections": await Completion.count().where(_waiting(person)),
        "recharges": len(proposals),
        "held": await held_queries.undecided(person),
        "back": await Completion.count().where(_back(person)),
    }
    wanted = (kind,) if kind else ("inspections", "recharges", "held")
    places = []
    if "inspections" in wanted or "back" in wanted:
        ends = await completions(_back(person) if kind == "back" else _waiting(person), most)
        places += [Place(row["received_at"], "inspections", row) for row in ends]
    if "recharges" in wanted:
        places += [Place(row["received_at"], "recharges", row) for row in proposals]
    if "held" in wanted:
        places += [Place(one.row["received_at"], "held", one) for one in held]
    ordered = sorted(places, key=lambda one: one.at)
    return Slice(ordered[most - PAGE : most], counts, kind, page)


async def waiting_recharges(person: SignedIn) -> list[dict[str, Any]]:
    """The last proposals that nobody has decided about, the oldest first."""
    return sorted(
        (row for row in await recharge_queries.recharges_of(person) if not row["outcome"]),
        key=lambda row: row["received_at"],
    )


async def ends_of(person: SignedIn, ids: list[UUID]) -> list[dict[str, Any]]:
    """The completions of those among these inspections that the person may see."""
    if not ids:
        return []
    return await completions(_mine(person) & Completion.inspection.is_in(ids), len(ids))
