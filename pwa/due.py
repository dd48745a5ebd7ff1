"""Sealing: receipts into the hash chain, in the order they came, a second or so behind the writers."""

from datetime import datetime
from typing import Any

from pwa.outbox import writing
from pwa.rules import FIRST, link
from pwa.tables import Receipt, Seal, Unsealed

BATCH = 500
FACTS = (
    "id",
    "person",
    "person_name",
    "device",
    "sequence",
    "method",
    "path",
    "body_sha256",
    "captured_at",
    "received_at",
    "skew_seconds",
    "clock_wrong",
    "late",
    "outcome",
    "note",
    "brought_by",
)


def facts_of(receipt: dict[str, Any]) -> tuple[object, ...]:
    return tuple(receipt[name] for name in FACTS)


async def run_due(at: datetime) -> int:
    """Seal up to BATCH receipts, and say how many when more may be waiting.

    Fewer than a batch is no reason to come back at once: every time is a transaction that writers wait for.
    Safe to run twice at once: a receipt and a number are each unique.
    """
    if not await Unsealed.exists():
        return 0
    async with writing() as transaction:
        if transaction.engine.engine_type == "postgres":
            # Two engines must not number from the same last seal. SQLite has one writer anyway.
            await Seal.raw("LOCK TABLE seal IN EXCLUSIVE MODE")
        last = await Seal.select(Seal.number, Seal.hash).order_by(Seal.number, ascending=False).first()
        number, previous = (last["number"], last["hash"]) if last else (0, FIRST)
        waiting = await Receipt.raw(
            "SELECT receipt.* FROM unsealed JOIN receipt ON receipt.id = unsealed.receipt "
            "ORDER BY receipt.received_at, receipt.id LIMIT {}",
            BATCH,
        )
        seals = []
        for receipt in waiting:
            number += 1
            previous = link(previous, facts_of(receipt))
            seals.append(Seal(number=number, receipt=receipt["id"], hash=previous))
        if seals:
            await Seal.insert(*seals)
            await Unsealed.delete().where(Unsealed.receipt.is_in([seal.receipt for seal in seals]))
    return BATCH if len(waiting) == BATCH else 0
