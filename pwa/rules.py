"""The hash chain over receipts: what one link is made of."""

import hashlib
from datetime import datetime
from uuid import UUID

FIRST = "0" * 64


def link(previous: str, facts: tuple[object, ...]) -> str:
    """SHA-256 over the previous hash and a receipt's facts, each with its length so that none can shift."""
    digest = hashlib.sha256(previous.encode())
    for fact in facts:
        text = plain(fact).encode()
        digest.update(len(text).to_bytes(8, "big"))
        digest.update(text)
    return digest.hexdigest()


def plain(fact: object) -> str:
    """A fact as the text that is hashed; a text is itself, so that facts kept as texts hash the same."""
    if isinstance(fact, bool):
        return str(int(fact))
    if isinstance(fact, datetime):
        return str(round(fact.timestamp() * 1_000_000))
    if isinstance(fact, UUID):
        return fact.hex
    return "" if fact is None else str(fact)
