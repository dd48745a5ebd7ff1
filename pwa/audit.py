"""Is the chain over the receipts whole? Every receipt is sealed or waits to be, and every link fits."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pwa.due import FACTS, facts_of
from pwa.rules import FIRST, link
from pwa.tables import Receipt, Seal, Unsealed

BATCH = 1000
MOST_FAULTS = 100


@dataclass
class Check:
    """Follows the chain link by link."""

    expected: str | None = None
    sealed: int = 0
    unsealed: int = 0
    last: str = FIRST
    found_expected: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def head(self) -> str:
        return f"{self.sealed}:{self.last}"

    def follow(self, links: Iterable[tuple[int, str, dict[str, Any] | None]]) -> None:
        """The next seals: number, hash, and the receipt as it is stored now, if it is."""
        for number, given, receipt in links:
            self.sealed += 1
            if number != self.sealed:
                self.fault(f"Seal {self.sealed} is missing.")
                self.sealed = number
            if receipt is None:
                self.fault(f"The receipt of seal {number} is missing.")
            elif link(self.last, facts_of(receipt)) != given:
                self.fault(f"Receipt {receipt['id']} does not fit seal {number}: it or a seal was changed.")
            self.last = given
            self.found_expected = self.found_expected or f"{number}:{given}" == self.expected

    def end(self, receipts: int, unsealed: int, both: int) -> None:
        """Compare how many there are: a receipt without a seal must be waiting for one."""
        self.unsealed = unsealed
        if self.expected and not self.found_expected:
            self.fault(f"The head {self.expected} is not in the chain: its end was cut off or it was made anew.")
        if receipts != self.sealed + unsealed:
            self.fault(f"There are {receipts} receipts, but {self.sealed} seals and {unsealed} still to seal.")
        if both:
            self.fault(f"{both} receipts are sealed and wait to be sealed again.")

    def fault(self, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)


async def checked(expected: str | None = None) -> Check:
    """The whole chain, in batches. `expected` is a head that was kept elsewhere."""
    check = Check(expected)
    async for batch in _links():
        check.follow(batch)
    both: Any = await Unsealed.raw(
        "SELECT count(*) AS n FROM unsealed JOIN seal ON seal.receipt = unsealed.receipt"
    )
    check.end(await Receipt.count(), await Unsealed.count(), both[0]["n"])
    return check


async def _links() -> AsyncIterator[list[tuple[int, str, dict[str, Any] | None]]]:
    after = 0
    while True:
        rows: Any = await Seal.raw(
            "SELECT seal.number, seal.hash, receipt.* FROM seal LEFT JOIN receipt ON receipt.id = seal.receipt "
            "WHERE seal.number > {} ORDER BY seal.number LIMIT {}",
            after,
            BATCH,
        )
        if not rows:
            return
        yield [(row["number"], row["hash"], row if isinstance(row["id"], UUID) else None) for row in rows]
        after = rows[-1]["number"]


async def head() -> str:
    """`number:hash` of the last seal, to be kept where nobody who runs the server can change it."""
    last = await Seal.select(Seal.number, Seal.hash).order_by(Seal.number, ascending=False).first()
    return f"{last['number']}:{last['hash']}" if last else ""


@dataclass(frozen=True)
class Sealed:
    """A receipt with its place in the chain: enough to compute its seal again."""

    number: int
    hash: str
    previous: str
    receipt: dict[str, Any]


async def sealed_receipts(record: str, others: list[str], begun: tuple[str, datetime, UUID]) -> list[Sealed]:
    """Receipts of what was sent for a record, in the order of the chain; those not sealed yet are left out.

    `record` is how their addresses begin, and `others` are whole addresses, as of its photographs. What began
    the record was sent to an address without its id: `begun` is that address, when it came and from whom.
    Not scoped: the caller has found that the person asking may see the record.
    """
    facts: Any = Seal.receipt
    path, at, person = begun
    first = (facts.path == path) & (facts.received_at == at) & (facts.person == person)
    rows = await (
        Seal.select(Seal.number, Seal.hash, *(getattr(facts, name).as_alias(name) for name in FACTS))
        .where(facts.path.like(f"{record}/%") | first | facts.path.is_in(others or [""]))
        .order_by(Seal.number)
    )
    wanted = [row["number"] - 1 for row in rows]
    earlier = await Seal.select(Seal.number, Seal.hash).where(Seal.number.is_in(wanted)) if rows else []
    before = {row["number"]: row["hash"] for row in earlier}
    return [
        Sealed(row["number"], row["hash"], before.get(row["number"] - 1, FIRST), {n: row[n] for n in FACTS})
        for row in rows
    ]
