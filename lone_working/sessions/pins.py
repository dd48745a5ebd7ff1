"""Two PINs of one's own: one says that all is well, the other that somebody is making one say so."""

from datetime import datetime
from enum import StrEnum

from lone_working import rules
from lone_working.tables import SafePin
from people import passwords
from people.rules import SignedIn
from pwa.answers import Refused


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
