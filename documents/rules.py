"""What a document is, how far it is, and what a seal that was looked at says. Pure: values in, values out."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from people.rules import Limit
from pwa.clock import LONDON
from pwa.rules import link

MAX_BYTES = 20 * 1024 * 1024
# A form's own lines around the file it carries.
FORM_BYTES = 64 * 1024
MAX_TRIES = 3

# Looking at a stranger's PDF costs a process of its own. A person checks a handful in five minutes; the
# address counts for more, because a whole council or court may be behind one.
CHECKS = Limit("documents checked", 600)
CHECKS_OF_ADDRESS = Limit("documents checked from an address", 60)
TOO_MANY_CHECKS = "Many PDFs were checked from here just now. Wait five minutes and try again."

TOO_BIG = "That file is over 20 MB."
NO_FILE = "Choose the PDF first."
NOT_A_PDF = "That is not a PDF. Choose the PDF you were given."
DAMAGED = "This PDF is damaged, so it cannot be checked. Ask for another copy from whoever gave it to you."
# Word for word from the security design.
ACTIVE = "This PDF contains active content."
LOCKED = "This PDF is locked with a password, so it cannot be checked."
TOO_HEAVY = "This PDF needs more time or memory to check than we allow."
BUSY = "This PDF could not be checked just now. Nothing is lost. Try again in a minute."

FAILED = "This could not be made. Nothing of the record is lost. Ask for it again, or tell your administrator."


class State(StrEnum):
    """Where a document stands: asked for (and perhaps being made), made and sealed, given up on, or erased with
    the record it was about."""

    waiting = "waiting"
    ready = "ready"
    failed = "failed"
    erased = "erased"


class Step(StrEnum):
    """What is being done to it, in the words of its page; the number is how far that is, of 100."""

    asked = "Waiting for its turn"
    reading = "Reading the record"
    pictures = "Fetching the photographs"
    pages = "Setting the pages"
    sealing = "Sealing it"
    done = "Ready"


PERCENT = {Step.asked: 2, Step.reading: 8, Step.pictures: 20, Step.pages: 45, Step.sealing: 85, Step.done: 100}


def key_of(document_id: object) -> str:
    """Where the sealed file is stored. The id was made by chance, so a listing tells nothing."""
    return f"documents/{document_id}.pdf"


def disposition(name: str) -> str:
    """An RFC 6266 header for a download whose name we made: plain letters for old browsers, UTF-8 for the rest."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name.encode("ascii", "ignore").decode()).strip("-") or "document"
    return f'attachment; filename="{plain[:100]}.pdf"'


def moment(at: datetime) -> str:
    """Tue 24 Nov 2026, 14:30 in London: on paper the year is always said."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


@dataclass(frozen=True)
class SealSeen:
    """One seal found in a PDF. `whole`: the sealed bytes are as they were. `to_the_end`: nothing came after it."""

    name: str
    fingerprint: str
    whole: bool
    to_the_end: bool
    at: datetime | None
    # The time from a time-stamping authority, whose word does not depend on our clock.
    stamped: bool = False


@dataclass(frozen=True)
class ReceiptsSeen:
    """Receipts that the PDF carries: how many, how many fit their own seals, and the last of the chain."""

    count: int
    fitting: int
    last: str = ""


class Truth(StrEnum):
    """The one sentence that matters."""

    unchanged = "unchanged"
    changed = "changed"
    unsealed = "unsealed"


@dataclass(frozen=True)
class Verdict:
    """What may be said to anybody who holds the file: nothing that is not in it, but for whether we know it."""

    truth: Truth
    known: bool
    ours: bool = False
    self_made: bool = False
    seal: SealSeen | None = None
    receipts: ReceiptsSeen | None = field(default=None)


def judge(
    seals: Sequence[SealSeen],
    known: bool,
    ours: Collection[str],
    self_made: Collection[str] = (),
    receipts: ReceiptsSeen | None = None,
) -> Verdict:
    """Only the last seal speaks for the whole file; what was added after it was not sealed by anybody.

    `ours` are the fingerprints of every certificate this council has sealed with: anybody can make a
    certificate with any name on it, so the name alone proves nothing.
    """
    if not seals:
        return Verdict(Truth.unsealed, known)
    last = seals[-1]
    truth = Truth.unchanged if all(seal.whole for seal in seals) and last.to_the_end else Truth.changed
    mine = last.fingerprint in ours
    return Verdict(truth, known, mine, last.fingerprint in self_made, last, receipts)


def fitting(receipt: Mapping[str, Any]) -> bool:
    """Whether a receipt, as a bundle of evidence carries it, hashes to its seal in the chain."""
    return bool(link(receipt["previous"], tuple(receipt["facts"])) == receipt["hash"])
