"""Tom is out alone in the demo, and everybody who goes out has the two PINs of people.demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from lone_working.alarms import responding
from lone_working.phone import points
from lone_working.point_rules import Position, Why
from lone_working.sessions import beginning, buddies, commands, contractors, helping
from lone_working.sessions.helping import Card
from lone_working.tables import Alarm, SafePin
from people import passwords
from people.demo import DEMO_PINS
from pwa.outbox import Sent, once
from server.demo.council import Council
from server.demo.phone import Phone
from visits.sessions import leave_visits

FIRM = ("callum", "sadie")
"""Who works alone, and who of the firm is told first."""
CARDS = {
    "asha": Card(
        "Blue Skoda Fabia, HW22 ABC", "Tall, dark hair, red coat", "Priya Verma", "Sister", "07700 900301"
    ),
    "tom": Card(
        "Silver Ford Focus, HW19 XYZ", "Short grey beard, green fleece", "Ann Ridley", "Wife", "07700 900302"
    ),
}


@contextmanager
def nobody_looks_out() -> Iterator[None]:
    """While the demo's past is told: its visits are long over, and no session is to begin with them."""
    leave_visits("lone_working")
    try:
        yield
    finally:
        beginning.follow()


async def out_alone(council: Council, phones: dict[str, Phone], now: datetime) -> None:
    """At the depot, due in twenty minutes: then Asha and Dina are shown what would have been sent to them."""
    safe, duress = [await passwords.hashed(pin) for pin in DEMO_PINS]
    people = [one.person.id for one in phones.values()]
    rows = (SafePin(person=id, safe_hash=safe, duress_hash=duress, made_at=now) for id in people)
    await SafePin.insert(*rows)
    firm = [
        SafePin(person=council.people[key].id, safe_hash=safe, duress_hash=duress, made_at=now) for key in FIRM
    ]
    await SafePin.insert(*firm)
    asha, tom = council.people["asha"].id, phones["tom"]
    await _ready(council, phones, now - timedelta(hours=2))
    await _tried_out(phones, now)
    sent = tom.sent(now - timedelta(minutes=25), "/lone-working", b"")
    await once(sent, _begin, tom, "Keys store behind the depot, Mill Lane", 45, asha)
    # Seen by Asha and Dina once he is overdue, and only then.
    here = tom.sent(now - timedelta(minutes=24), f"/lone-working/{sent.id}/point", b"")
    await once(here, points.note, tom.person, sent.id, Why.START, Position(52.9436, 0.2051, 14))


async def _ready(council: Council, phones: dict[str, Phone], at: datetime) -> None:
    """Who looks out for whom, what helps whoever comes, and a firm whose people are looked out for."""
    buddies_of = {"asha": "tom", "tom": "asha"}
    for key, card in CARDS.items():
        one = phones[key]
        await once(one.sent(at, "/you/helpers", b""), helping.save, one.person, card)
        buddy = council.people[buddies_of[key]].id
        await once(one.sent(at, "/lone-working/buddy", b""), buddies.choose, one.person, buddy)
    ade, (callum, sadie) = Phone(council.people["ade"]), (council.people[key] for key in FIRM)
    assert callum.firm_id is not None
    path = f"/firms/{callum.firm_id}/alone"
    await once(ade.sent(at, path, b""), contractors.look_out, ade.person, callum.firm_id, sadie.id)


async def _begin(sent: Sent, tom: Phone, place: str, minutes: int, buddy: UUID) -> None:
    await beginning.begin_own(sent, tom.person, place, minutes, buddy)


# Seconds until Dina had it, at each try of the last weeks.
TRIES = (38, 24, 71, 19, 45, 33)
WORDS = "We tried out the help button. They were at their desk."


async def _tried_out(phones: dict[str, Phone], now: datetime) -> None:
    """So that what happened and the figures have something to show: help at a press, taken on and closed."""
    dina = phones["dina"]
    for number, took in enumerate(TRIES):
        officer, at = phones[("asha", "tom", "grace")[number % 3]], now - timedelta(days=6 * number + 4)
        begun = officer.sent(at, "/lone-working", b"")
        await once(begun, _begin, officer, "The office, at their desk", 30, dina.person.id)
        asked = at + timedelta(minutes=1)
        await officer.do(asked, f"/lone-working/{begun.id}/panic", commands.panic, begun.id)
        row = await Alarm.select(Alarm.id).where(Alarm.session == begun.id).first()
        assert row is not None
        alarm = f"/lone-working/alarms/{row['id']}"
        await dina.do(asked + timedelta(seconds=took), f"{alarm}/acknowledge", responding.acknowledge, row["id"])
        over = asked + timedelta(minutes=4)
        await dina.do(over, f"{alarm}/outcome", responding.outcome, row["id"], WORDS, True, True)
