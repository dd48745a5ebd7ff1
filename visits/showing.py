"""All that the page of a visit, and what its writes are answered with, show."""

from datetime import UTC, datetime
from typing import Any

from people.rules import SignedIn
from pwa.clock import LONDON
from tasks import queries as tasks
from visits import attempts, card, occupancy, occupancy_rules, queries, rules
from visits.card import Card
from visits.council import council
from visits.seen import Seen
from visits.walk import walk_of


async def door(visit: Seen) -> dict[str, Any]:
    """What a photograph of the door is answered with."""
    taken = await queries.photos_of(visit)
    return {"visit": visit, "taken": taken, "arrived": await queries.arrived(taken), "rules": rules}


async def context(person: SignedIn, visit: Seen) -> dict[str, Any]:
    found = await occupancy.occupancy_of(person, visit)
    return {
        **await door(visit),
        "officers": await queries.officers_for(person),
        "attempt": (await queries.attempts_at([visit]))[visit.id],
        "tries": await attempts.row_of(person, visit),
        "card": card.rows(await card_of(person, visit)),
        "next_try": await queries.next_at(person, visit, datetime.now(UTC)),
        "occupancy": found,
        "walk": await walk_of(person, visit, checked=bool(found and found.now)),
        "checking": occupancy_rules,
        "raised": await tasks.raised_from(person, visit=visit.id),
        "raising": await tasks.raising_for(person),
        "today": datetime.now(LONDON).date(),
    }


async def card_of(person: SignedIn, visit: Seen) -> Card:
    """The card for this visit's door. The time is known once it has ended; before that it is written by hand."""
    again = await queries.next_at(person, visit, datetime.now(UTC))
    known: dict[str, Any] = {"again": again.planned_for, "window": again.window} if again else {}
    if end := visit.finished:
        known["at"] = end.at
    return Card(council().name, end.by if end else visit.officer, phone=council().phone, **known)
