"""What somebody does to the order of their day. Each runs inside `once`."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from people.rules import SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent
from today.tables import DayOrder
from visits import queries as visits

MOST = 200


async def put_in_order(sent: Sent, person: SignedIn, day: date, order: Sequence[UUID]) -> None:
    """Keep a day's order as somebody made it. What is not theirs that day, or not any more, is left out of it."""
    if len(order) > MOST:
        raise Refused({"order": "That is more than a day holds. Reload the page and try again."})
    own = {visit.id for visit in await visits.visits_of(person, day, 1)}
    kept = [visit for visit in dict.fromkeys(order) if visit in own]
    if not kept:
        return
    await DayOrder.insert(
        DayOrder(
            person=person.id,
            day=day,
            visits=" ".join(str(visit) for visit in kept),
            captured_at=sent.captured_at,
            received_at=sent.received_at,
        )
    )
    sent.note = "put their day in order"
