"""The chain: a thousand tamperings of every kind, each found. Then a few on the real tables."""

import random
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from pwa.audit import Check, checked, head
from pwa.due import FACTS, facts_of, run_due
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.rules import FIRST, link
from pwa.tables import Receipt, Seal
from tests.conftest import World
from tests.pwa.test_once import NOW, sent

Row = dict[str, Any]
Chain = list[tuple[int, str, Row | None]]
CHANGES = ("edit", "delete receipt", "delete both", "swap", "cut", "repeat", "hash", "remade", "added")


def receipt(chance: random.Random) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**7))
    return {
        "id": uuid7(),
        "person": uuid7(),
        "person_name": chance.choice(["Asha Test", "Ben Test"]),
        "device": None,
        "sequence": chance.randrange(1000),
        "method": "POST",
        "path": f"/inspections/{uuid7()}/readings",
        "body_sha256": f"{chance.getrandbits(256):064x}",
        "captured_at": at,
        "received_at": at + timedelta(seconds=1),
        "skew_seconds": chance.randrange(-9, 9),
        "clock_wrong": False,
        "late": False,
        "outcome": "done",
        "note": "",
        "brought_by": None,
    }


def chain_of(receipts: list[Row]) -> Chain:
    made: Chain = []
    last = FIRST
    for number, row in enumerate(receipts, 1):
        last = link(last, facts_of(row))
        made.append((number, last, row))
    return made


def faults(chain: Chain, receipts: int, expected: str) -> list[str]:
    check = Check(expected)
    check.follow(chain)
    check.end(receipts, 0, 0)
    return check.faults


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return uuid7() if value is None else f"{value}x"


def tampered(chain: Chain, change: str, chance: random.Random) -> tuple[Chain, int]:
    """The chain after one tampering, and how many receipts there are then."""
    at = chance.randrange(len(chain))
    number, given, row = chain[at]
    assert row is not None
    if change == "edit":
        name = chance.choice(FACTS)
        chain[at] = (number, given, {**row, name: other(row[name])})
    elif change == "delete receipt":
        chain[at] = (number, given, None)
        return chain, len(chain) - 1
    elif change == "delete both":
        del chain[at]
    elif change == "swap":
        to = (at + 1 + chance.randrange(len(chain) - 1)) % len(chain)
        chain[at], chain[to] = (number, given, chain[to][2]), (chain[to][0], chain[to][1], row)
    elif change == "cut":
        del chain[max(at, 1) :]
    elif change == "repeat":
        chain.append((len(chain) + 1, given, row))
    elif change == "hash":
        chain[at] = (number, f"{chance.getrandbits(256):064x}", row)
    elif change == "remade":
        rows = [dict(r) for _, _, r in chain if r]
        rows[at]["note"] = "never happened"
        return chain_of(rows), len(rows)
    elif change == "added":
        return chain, len(chain) + 1
    return chain, len(chain)


def test_a_whole_chain_has_no_faults() -> None:
    chain = chain_of([receipt(random.Random(1)) for _ in range(40)])
    assert faults(chain, 40, f"40:{chain[-1][1]}") == []


def test_a_thousand_tamperings_are_a_thousand_found() -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    whole = chain_of([receipt(chance) for _ in range(40)])
    kept_elsewhere = f"40:{whole[-1][1]}"
    for turn in range(1000):
        change = CHANGES[turn % len(CHANGES)]
        chain, receipts = tampered(deepcopy(whole), change, chance)
        assert faults(chain, receipts, kept_elsewhere), f"seed {seed}, turn {turn}: {change} was not found"


def test_facts_cannot_shift_from_one_field_into_the_next() -> None:
    assert link(FIRST, ("ab", "c")) != link(FIRST, ("a", "bc"))


async def test_the_stored_chain_is_whole_and_what_is_changed_in_it_is_named(world: World) -> None:
    async def command(this: Sent) -> None: ...

    first = sent(person=world.asha.id)
    await once(first, command)
    for _ in range(4):
        await once(sent(), command)
    await run_due(NOW)
    await once(sent(), command)
    before = await checked()
    assert (before.faults, before.sealed, before.unsealed) == ([], 5, 1)
    assert await head() == before.head
    await Receipt.update({Receipt.note: "nothing to see"}).where(Receipt.id == first.id)
    (fault,) = (await checked(before.head)).faults
    assert str(first.id) in fault


async def test_a_chain_whose_end_was_cut_is_found_by_the_head_kept_elsewhere(world: World) -> None:
    async def command(this: Sent) -> None: ...

    for _ in range(3):
        await once(sent(), command)
    await run_due(NOW)
    kept = await head()
    last: Any = await Seal.select().where(Seal.number == 3).first()
    await Seal.delete().where(Seal.number == 3)
    await Receipt.delete().where(Receipt.id == last["receipt"])
    assert (await checked()).faults == []  # from inside alone it looks whole
    assert "is not in the chain" in (await checked(kept)).faults[0]
