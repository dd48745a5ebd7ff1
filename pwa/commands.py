"""What the office decides about what came too late, and what is forgotten with the record it was for."""

from pwa.answers import Refused
from pwa.queries import HeldItem
from pwa.sent import Sent
from pwa.tables import Conflict, Held

DECISIONS = {"note": "Keep it as a note", "not needed": "It is not needed"}


async def decide_held(sent: Sent, item: HeldItem, decision: str, reason: str) -> None:
    """Close one held item, with why. What was sent stays stored either way. Refused if somebody was first."""
    if decision not in DECISIONS:
        raise Refused({"decision": "Choose what to do with it."})
    if not reason:
        raise Refused({"reason": "Say why, in a few words."})
    closed = await (
        Held.update(
            {
                Held.decided_at: sent.received_at,
                Held.decided_by: sent.person_id,
                Held.decided_by_name: sent.person_name,
                Held.decision: decision,
                Held.decision_reason: reason,
            }
        )
        .where(Held.id == item.row["id"])
        .where(Held.decided_at.is_null())
        .returning(Held.id)
    )
    if not closed:
        raise Refused({"decision": "Somebody has decided this already. Reload the page to see."})
    sent.note = f"held item: {decision}"


async def forget_bodies(record: str) -> None:
    """Empty what was held or came again differently for the record at this address, like `/visits/<id>`.

    In the transaction that erases the record. Who sent it when, and what was decided, stays.
    """
    theirs = f"{record}/%"
    held = await Held.select(Held.id).where(Held.receipt.path.like(theirs))
    if held:
        await Held.update({Held.body: b""}).where(Held.id.is_in([row["id"] for row in held]))
    await Conflict.update({Conflict.body: b""}).where(Conflict.path.like(theirs))
