"""`doorstep verify FILE.pdf`: what the public page says, at a terminal, also with no server and no network."""

import asyncio
import hashlib
from pathlib import Path

from documents import queries, rules
from documents.looking import Looked, look
from pwa.answers import Turned

NO_DATABASE = "There is no database here, so nobody can say whether this council knows the file."


def said_of(looked: Looked, verdict: rules.Verdict) -> list[str]:
    """Lines for a terminal. The certificate's fingerprint is said, because a name proves nothing."""
    if verdict.seal is None:
        return ["This PDF has no seal."]
    seal = verdict.seal
    changed = verdict.truth is not rules.Truth.unchanged
    lines = [
        "CHANGED since it was sealed. Do not rely on it." if changed else "Unchanged since it was sealed.",
        f"Sealed by: {seal.name}",
        f"Certificate, SHA-256: {seal.fingerprint}",
    ]
    if seal.at:
        whose = "a time-stamping authority" if seal.stamped else "the clock of whoever sealed it"
        lines.append(f"When: {rules.moment(seal.at)}, by {whose}")
    if looked.receipts:
        lines.append(f"Receipts in it: {looked.receipts.fitting} of {looked.receipts.count} fit their seals.")
        lines.append(f"The last of them in the chain: {looked.receipts.last}")
    return lines


async def verify(file: Path, with_database: bool) -> int:
    """Prints what there is to say; 0 when it is unchanged and every receipt in it fits, else 1."""
    data = await asyncio.to_thread(file.read_bytes)
    try:
        looked = await look(data)
    except Turned as wrong:
        print(wrong.sentence)
        return 1
    every, self_made = await queries.certificates() if with_database else (set[str](), set[str]())
    known = with_database and await queries.is_known(hashlib.sha256(data).hexdigest())
    verdict = rules.judge(looked.seals, known, every, self_made, looked.receipts)
    lines = said_of(looked, verdict)
    if not with_database:
        lines.append(NO_DATABASE)
    else:
        lines.append(f"Sealed with a certificate of this council: {'yes' if verdict.ours else 'no'}")
        lines.append(f"Known to this council: {'yes' if verdict.known else 'no'}")
    print("\n".join(lines))
    fits = looked.receipts is None or looked.receipts.fitting == looked.receipts.count
    return 0 if verdict.truth is rules.Truth.unchanged and fits else 1
