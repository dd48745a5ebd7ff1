"""What the office decides about what came late, what is forgotten with its record, what a restore notes."""

from datetime import UTC, datetime
from typing import Any

from pwa import lost
from pwa.answers import Refused
from pwa.direction import apart
from pwa.held_queries import NOTE, HeldItem
from pwa.pages import recorded
from pwa.queries import Phone
from pwa.sent import Sent
from pwa.tables import Conflict, Device, Held, Receipt, Restoration

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


async def decide_held(sent: Sent, item: HeldItem, decision: str, reason: str) -> None:
    """Close one thing to decide about, with why. What was sent stays stored either way.

    Refused if somebody was first. As a note it is put on the record it was for, in the same transaction.
    """
    if decision not in item.decisions:
        raise Refused({"decision": "Choose what to do with it."})
    if not reason:
        raise Refused({"reason": "Say why, in a few words."})
    table = item.table
    closed = await (
        table.update(
            {
                table.decided_at: sent.received_at,
                table.decided_by: sent.person_id,
                table.decided_by_name: sent.person_name,
                table.decision: decision,
                table.decision_reason: reason,
            }
        )
        .where(table.id == item.row["id"])
        .where(table.decided_at.is_null())
        .returning(table.id)
    )
    if not closed:
        raise Refused({"decision": "Somebody has decided this already. Reload the page to see."})
    if decision == NOTE and item.owner and item.came:
        await item.owner.note(sent, item.came, _note(item, reason))
    sent.note = f"held item: {decision}"


def _note(item: HeldItem, reason: str) -> str:
    row = item.row
    at = recorded(row["captured_at"], row["received_at"], row["skew_seconds"], later=True)
    facts = [f"{apart(heading)}: {apart(value)}" for heading, value in item.facts]
    who, why = apart(row["person_name"]), apart(reason)
    return "\n".join([f"{item.what}. Recorded by {who}, {at}.", *facts, f"Kept as a note: {why}"])


async def note_restoration(sent: Sent, made_at: datetime | None) -> None:
    """This database was just put back to an earlier copy. It holds what came until its last receipt.

    `made_at`, when the copy was made, counts only when it is earlier: a clock that was once wrong may have
    dated receipts ahead, and the time given for a copy may be the one when it was finished.
    """
    newest_first = Receipt.select(Receipt.received_at).order_by(Receipt.received_at, ascending=False)
    last = await newest_first.where(Receipt.id != sent.id).first()
    until = min(last["received_at"], made_at or last["received_at"]) if last else BEFORE_ALL
    await Restoration.insert(Restoration(restored_at=sent.received_at, holds_until=until))
    sent.note = f"put back to an earlier copy, which holds what came until {until:%Y-%m-%d %H:%M} UTC"


async def forget_bodies(record: str) -> None:
    """Empty what was held or came again differently for the record at this address, like `/visits/<id>`.

    In the transaction that erases the record. Who sent it when, and what was decided, stays.
    """
    theirs = f"{record}/%"
    held = await Held.select(Held.id).where(Held.receipt.path.like(theirs))
    if held:
        await Held.update({Held.body: b""}).where(Held.id.is_in([row["id"] for row in held]))
    await Conflict.update({Conflict.body: b""}).where(Conflict.path.like(theirs))


async def call_lost(sent: Sent, phone: Phone, reason: str) -> None:
    """From its next contact on, nobody is signed in on this phone and it forgets what can be read on it."""
    if not reason:
        raise Refused({"reason": "Say what happened, in a few words."})
    said: dict[Any, Any] = {
        Device.lost_at: sent.received_at,
        Device.lost_by_name: sent.person_name,
        Device.lost_reason: reason[:200],
    }
    await Device.update(said).where(Device.id == phone.id, Device.lost_at.is_null())
    await lost.called_lost(sent, phone.id)
    sent.note = f"marked the phone {phone.id} lost: {reason}"


async def call_found(sent: Sent, phone: Phone, reason: str) -> None:
    """It may be used again, and sends what it still holds once somebody signs in."""
    if not reason:
        raise Refused({"reason": "Say how it was found, in a few words."})
    none: dict[Any, Any] = {Device.lost_at: None, Device.lost_by_name: "", Device.lost_reason: ""}
    await Device.update(none).where(Device.id == phone.id)
    sent.note = f"marked the phone {phone.id} found: {reason}"
