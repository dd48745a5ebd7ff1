"""Tom is out alone in the demo, and everybody who goes out has the two PINs of people.demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from lone_working import commands
from lone_working.tables import Alarm, SafePin
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
    await _tried_out(phones, now)
    sent = tom.sent(now - timedelta(minutes=25), "/lone-working", b"")
    await once(sent, _begin, tom, "Keys store behind the depot, Mill Lane", 45, asha)


async def _begin(sent: Sent, tom: Phone, place: str, minutes: int, buddy: UUID) -> None:
    await commands.begin_own(sent, tom.person, place, minutes, buddy)


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
        await dina.do(asked + timedelta(seconds=took), f"{alarm}/acknowledge", commands.acknowledge, row["id"])
        over = asked + timedelta(minutes=4)
        await dina.do(over, f"{alarm}/outcome", commands.outcome, row["id"], WORDS, True, True)
