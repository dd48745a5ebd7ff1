"""Looking at a PDF that somebody brings: is it sealed, by whom, and was it changed since?"""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from documents import queries, rules, sealing
from documents.children import Failed, child
from pwa.answers import Turned

SECONDS = 30.0
# Each look is a process of up to 640 MB; the others wait their turn.
_turn = asyncio.Semaphore(2)
PROBLEMS = {
    "damaged": rules.DAMAGED,
    "locked": rules.LOCKED,
    "active": rules.ACTIVE,
    "heavy": rules.TOO_HEAVY,
}


@dataclass(frozen=True)
class Looked:
    """What a file says of itself."""

    seals: list[rules.SealSeen]
    receipts: rules.ReceiptsSeen | None


async def look(data: bytes) -> Looked:
    """Every seal in the file. Turned (422) with a sentence for what is no PDF, damaged, locked or active."""
    if len(data) > rules.MAX_BYTES:
        raise Turned(413, rules.TOO_BIG)
    if not data.startswith(b"%PDF-"):
        raise Turned(422, rules.NOT_A_PDF)
    async with _turn, child("documents.look_child") as looker:
        try:
            said: dict[str, Any] = json.loads(await looker.answer(data, SECONDS))
        except (Failed, ValueError) as wrong:
            raise Turned(422, rules.TOO_HEAVY) from wrong
    if said["problem"]:
        raise Turned(422, PROBLEMS[said["problem"]])
    receipts = rules.ReceiptsSeen(**said["receipts"]) if said["receipts"] else None
    return Looked([_seen(one) for one in said["seals"]], receipts)


def _seen(said: dict[str, Any]) -> rules.SealSeen:
    at = datetime.fromisoformat(said["at"]) if said["at"] else None
    return rules.SealSeen(**said | {"at": at})


async def verdict_on(data: bytes) -> rules.Verdict:
    """What may be told to anybody who has the file. Raises what `look` raises."""
    looked = await look(data)
    every, self_made = await queries.certificates()
    mine = await asyncio.to_thread(sealing.seal)
    known = await queries.is_known(hashlib.sha256(data).hexdigest())
    made_here = self_made | ({mine.fingerprint} if mine.self_made else set())
    return rules.judge(looked.seals, known, every | {mine.fingerprint}, made_here, looked.receipts)
