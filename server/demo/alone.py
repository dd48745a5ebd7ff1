"""Tom is out alone in the demo, and everybody who goes out has the two PINs of people.demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from lone_working import commands, points
from lone_working.point_rules import Position, Why
from lone_working.tables import SafePin
from people import passwords
from people.demo import DEMO_PINS
from pwa.outbox import Sent, once
from server.demo.council import Council
from server.demo.phone import Phone
from visits.sessions import leave_visits


@contextmanager
def nobody_looks_out() -> Iterator[None]:
    """While the demo's past is told: its visits are long over, and no session is to begin with them."""
    leave_visits("lone_working")
    try:
        yield
    finally:
        commands.follow()


async def out_alone(council: Council, phones: dict[str, Phone], now: datetime) -> None:
    """At the depot, due in twenty minutes: then Asha and Dina are shown what would have been sent to them."""
    safe, duress = [await passwords.hashed(pin) for pin in DEMO_PINS]
    people = [one.person.id for one in phones.values()]
    rows = (SafePin(person=id, safe_hash=safe, duress_hash=duress, made_at=now) for id in people)
    await SafePin.insert(*rows)
    asha, tom = council.people["asha"].id, phones["tom"]
    sent = tom.sent(now - timedelta(minutes=25), "/lone-working", b"")
    await once(sent, _begin, tom, "Keys store behind the depot, Mill Lane", 45, asha)
    # Seen by Asha and Dina once he is overdue, and only then.
    here = tom.sent(now - timedelta(minutes=24), f"/lone-working/{sent.id}/point", b"")
    await once(here, points.note, tom.person, sent.id, Why.START, Position(52.9436, 0.2051, 14))


async def _begin(sent: Sent, tom: Phone, place: str, minutes: int, buddy: UUID) -> None:
    await commands.begin_own(sent, tom.person, place, minutes, buddy)
