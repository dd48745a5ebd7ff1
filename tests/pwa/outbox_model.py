"""What must be true of the office after anything a phone can do, told apart from how the office does it."""

from dataclasses import dataclass, field
from typing import Any

from inspections.tables import Reading
from pwa.due import facts_of
from pwa.rules import FIRST, link
from pwa.tables import Conflict, Held, Receipt, Seal, Unsealed
from tests.servers.phone import Op


@dataclass
class Known:
    """One command of which the phone was told, or the office has been, and what should have come of it."""

    op: Op
    person: Any
    outcome: str
    proof: str = ""  # the first proof a phone was given


@dataclass
class Model:
    known: dict[str, Known] = field(default_factory=dict)
    conflicts: set[tuple[str, bytes]] = field(default_factory=set)  # a command's id, and the other body
    completed: set[str] = field(default_factory=set)
    imports: int = 0  # each leaves a receipt of its own

    def took_in(self, op: Op, person: Any) -> str:
        """What becomes of a readable command that nobody has seen before: done, or held."""
        inspection = "".join(op.url.split("/")[2:3])  # none yet for the command that starts one
        outcome = "held" if inspection in self.completed else "done"
        self.known.setdefault(op.id, Known(op, person, outcome))
        if op.url.endswith("/complete"):
            self.completed.add(inspection)
        return self.known[op.id].outcome

    def was_told(self, op: Op, proof: str) -> None:
        """A proof the phone read: its own id, its own hash, and the same moment and outcome as the first."""
        known = self.known[op.id]
        assert f"id={op.id}; sha256={op.sha256}; at=" in proof
        assert proof.endswith(f"outcome={known.outcome}"), proof
        first = known.proof or proof
        assert moment(proof) == moment(first)
        known.proof = first

    def done(self) -> set[str]:
        readings = (one for one in self.known.values() if one.op.url.endswith("/readings"))
        return {one.op.mark for one in readings if one.outcome == "done"}

    def held(self) -> dict[str, bytes]:
        return {id: one.op.body for id, one in self.known.items() if one.outcome == "held"}


def moment(proof: str) -> str:
    return proof.split("at=")[1].split(";")[0]


async def compare(model: Model) -> None:
    """Receipts, effects, held items, conflicts and the chain: all as the model has them, and nothing more."""
    receipts = {str(row["id"]): row for row in await Receipt.select()}
    brought = {id for id, row in receipts.items() if row["path"] == "/outbox/import"}
    conflicting = {id for id, row in receipts.items() if row["outcome"] == "conflict"}
    own = {id: row for id, row in receipts.items() if id not in brought | conflicting}
    assert len(brought) == model.imports
    assert {id: (row["body_sha256"], row["person"], row["outcome"]) for id, row in own.items()} == {
        id: (one.op.sha256, one.person, one.outcome) for id, one in model.known.items()
    }
    for id, known in model.known.items():
        if known.proof:
            assert moment(known.proof) == own[id]["received_at"].isoformat()
    notes = [row["note"] for row in await Reading.select(Reading.note)]
    assert sorted(notes) == sorted(model.done())
    held = await Held.select(Held.receipt, Held.body)
    assert {str(row["receipt"]): bytes(row["body"]) for row in held} == model.held()
    assert len(held) == len(model.held())
    conflicts = await Conflict.select(Conflict.receipt, Conflict.body)
    assert {(str(row["receipt"]), bytes(row["body"])) for row in conflicts} == model.conflicts
    assert len(conflicts) == len(model.conflicts) == len(conflicting)
    await verify(receipts)


async def verify(receipts: dict[str, Any]) -> None:
    """The chain from its beginning, over the receipts as they are now; every receipt in it or due to be."""
    previous, sealed = FIRST, []
    for number, seal in enumerate(await Seal.select().order_by(Seal.number), 1):
        previous = link(previous, facts_of(receipts[str(seal["receipt"])]))
        assert (seal["number"], seal["hash"]) == (number, previous)
        sealed.append(str(seal["receipt"]))
    waiting = [str(row["receipt"]) for row in await Unsealed.select(Unsealed.receipt)]
    assert sorted(sealed + waiting) == sorted(receipts)
