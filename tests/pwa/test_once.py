import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from people.tables import Team
from pwa.answers import Held, Mismatch, Refused
from pwa.due import run_due
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.tables import Conflict, Receipt, Seal, Unsealed
from pwa.tables import Held as HeldRow
from tests.conftest import World

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def sent(body: bytes = b"a=1", id: UUID | None = None, person: UUID | None = None) -> Sent:
    return Sent(
        id=id or uuid7(),
        person_id=person,
        person_name="Asha",
        team_id=None,
        device_id=None,
        sequence=1,
        method="POST",
        path="/somewhere",
        content_type="application/x-www-form-urlencoded",
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        captured_at=NOW,
        received_at=NOW + timedelta(seconds=2),
    )


async def test_the_same_command_twice_takes_effect_once_and_gets_the_first_receipt(world: World) -> None:
    ran = []

    async def command(this: Sent) -> None:
        ran.append(this.id)

    first = sent()
    proof = await once(first, command)
    again = await once(sent(id=first.id), command)
    assert len(ran) == 1
    assert not proof.replayed
    assert again.replayed
    assert again.received_at == proof.received_at


async def test_the_same_id_with_another_body_is_refused_and_both_are_kept(world: World) -> None:
    async def command(this: Sent) -> None: ...

    first = sent()
    await once(first, command)
    with pytest.raises(Mismatch):
        await once(sent(b"a=2", id=first.id), command)
    (kept,) = await Conflict.select()
    assert kept["body"] == b"a=2"


async def test_the_same_id_from_another_person_is_refused(world: World) -> None:
    async def command(this: Sent) -> None: ...

    first = sent(person=world.asha.id)
    await once(first, command)
    with pytest.raises(Mismatch):
        await once(sent(id=first.id, person=world.ben.id), command)


async def test_a_refused_command_leaves_no_receipt(world: World) -> None:
    async def command(this: Sent) -> None:
        raise Refused({"name": "This is missing."})

    with pytest.raises(Refused):
        await once(sent(), command)
    assert await Receipt.count() == 0


async def test_what_came_too_late_is_held_whole_and_receipted(world: World) -> None:
    async def command(this: Sent) -> None:
        raise Held("This inspection was already completed.")

    proof = await once(sent(b"note=mould"), command)
    assert proof.outcome == "held"
    (row,) = await HeldRow.select()
    assert row["body"] == b"note=mould"
    assert row["reason"] == "This inspection was already completed."


async def test_receipts_are_sealed_in_a_chain_once_each(world: World) -> None:
    async def command(this: Sent) -> None: ...

    for _ in range(3):
        await once(sent(), command)
    assert await run_due(NOW) == 0  # what comes next may wait for the next turn
    await run_due(NOW)
    assert [row["number"] for row in await Seal.select().order_by(Seal.number)] == [1, 2, 3]
    assert await Unsealed.count() == 0


async def test_eight_at_once_take_effect_once_and_all_get_the_same_receipt(world: World) -> None:
    ran = []

    async def command(this: Sent) -> None:
        ran.append(this.id)

    first = sent()
    proofs = await asyncio.gather(*(once(sent(id=first.id), command) for _ in range(8)))
    assert len(ran) == 1
    assert sorted(proof.replayed for proof in proofs) == [False] + [True] * 7
    assert {proof.received_at for proof in proofs} == {first.received_at}
    assert await Receipt.count() == 1


async def test_eight_at_once_that_come_too_late_are_held_once(world: World) -> None:
    async def command(this: Sent) -> None:
        raise Held("This inspection was already completed.")

    first = sent()
    proofs = await asyncio.gather(*(once(sent(id=first.id), command) for _ in range(8)))
    assert {proof.outcome for proof in proofs} == {"held"}
    assert await HeldRow.count() == 1
    assert await Receipt.count() == 1


async def test_when_the_first_of_two_fails_the_second_takes_effect(world: World) -> None:
    tries = []

    async def command(this: Sent) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Refused({"name": "This is missing."})

    first = sent()
    answers = await asyncio.gather(
        once(sent(id=first.id), command), once(sent(id=first.id), command), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Proof", "Refused"]
    assert await Receipt.count() == 1


async def test_an_error_in_a_command_leaves_neither_its_rows_nor_a_receipt(world: World) -> None:
    async def command(this: Sent) -> None:
        await Team.insert(Team(name="half"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await once(sent(), command)
    assert await Receipt.count() == 0
    assert not await Team.exists().where(Team.name == "half")


async def test_a_note_of_any_length_is_kept_short(world: World) -> None:
    async def command(this: Sent) -> None:
        this.note = "n" * 5000

    await once(sent(), command)
    (row,) = await Receipt.select()
    assert row["note"] == "n" * 200
