"""Who of the demo council is out alone just now, and the PINs that end it."""

from datetime import datetime, timedelta

from lone_working.commands import begin_own
from lone_working.tables import SafePin
from messages import queries as messages
from people import passwords
from people.demo import DEMO_PINS
from server.demo.phone import Phone

PLACE = "The sorting office, 2 Quay Street, first floor"
MINUTES, SINCE = 60, timedelta(minutes=12)


async def choose_pins(phones: dict[str, Phone], now: datetime) -> None:
    """The same for everybody, so that one line can say them; two hashes cost as much as two pages."""
    safe, duress = [await passwords.hashed(pin) for pin in DEMO_PINS]
    rows = [
        SafePin(person=phone.person.id, safe_hash=safe, duress_hash=duress, made_at=now)
        for phone in phones.values()
    ]
    await SafePin.insert(*rows)


async def go_out(phones: dict[str, Phone], now: datetime) -> None:
    """Tom, and Grace looks out for him. Nobody could be told where there are no messages: then he has none."""
    if not messages.ready():
        return
    tom = phones["tom"]

    async def begin(sent: object, *args: object) -> None:
        await begin_own(sent, *args)  # type: ignore[arg-type]

    await tom.do(now - SINCE, "/lone-working", begin, PLACE, MINUTES, phones["grace"].person.id)
