"""Two PINs of one's own: one says that all is well, the other that somebody is making one say so."""

from datetime import datetime
from enum import StrEnum

from lone_working import events, rules
from lone_working.tables import SafePin
from people import passwords
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent, once


class Judged(StrEnum):
    SAFE = "safe"
    DURESS = "duress"
    WRONG = "wrong"


class PinNotRecognised(Refused):
    """Said plainly: a slip of the finger must not look like safe."""

    def __init__(self) -> None:
        super().__init__({"pin": rules.PIN_NOT_RECOGNISED})


async def made_at(me: SignedIn) -> datetime | None:
    """When they last chose; None where they have none."""
    rows = SafePin.select(SafePin.made_at).where(SafePin.person == me.id)
    row = await rows.order_by(SafePin.made_at, ascending=False).first()
    return row["made_at"] if row else None


async def judge(me: SignedIn, pin: str) -> Judged:
    """Both hashes are computed whatever comes, so that no answer takes longer. Never inside a transaction."""
    newest = SafePin.select(SafePin.safe_hash, SafePin.duress_hash).where(SafePin.person == me.id)
    row = await newest.order_by(SafePin.made_at, SafePin.id, ascending=False).first()
    if row is None:
        raise Refused({"pin": rules.NO_PIN_YET})
    safe = await passwords.match(row["safe_hash"], pin)
    duress = await passwords.match(row["duress_hash"], pin)
    if duress:
        return Judged.DURESS
    return Judged.SAFE if safe else Judged.WRONG


async def set_pins(sent: Sent, me: SignedIn, safe: str, duress: str) -> None:
    """Awaited as it is. Refused for two that could be mistaken for each other."""
    if wrong := rules.wrong_with_pins(safe, duress):
        raise Refused(wrong)
    hashes = await passwords.hashed(safe), await passwords.hashed(duress)
    await once(sent, _pins_set, me, hashes)


async def _pins_set(sent: Sent, me: SignedIn, hashes: tuple[str, str]) -> None:
    at = events.newer(sent, sent.received_at, await made_at(me))
    row = SafePin(person=me.id, safe_hash=hashes[0], duress_hash=hashes[1], made_at=at)
    await SafePin.insert(row)
    sent.note = "PINs set"
