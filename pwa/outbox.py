"""Taking in what a phone sends, exactly once.

`once` is the only door for a write. The receipt row and the command's own rows are one transaction, so
a reply that was lost is answered again with the first receipt and nothing happens twice.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Concatenate, Literal, ParamSpec
from uuid import NAMESPACE_OID, UUID, uuid5

from litestar.types import Message, Scope
from piccolo.table import Table

from pwa import contact, lost, restored, tables
from pwa.answers import Held, Mismatch
from pwa.prepared import Adding, Prepared
from pwa.sent import Proof, Sent, provide_sent

Args = ParamSpec("Args")
Command = Callable[Concatenate[Sent, Args], Awaitable[None]]
MAX_NOTE = 200
_ADD_RECEIPT = Adding(tables.Receipt, tables.Receipt.id)
_TO_SEAL = Adding(tables.Unsealed)
_NOTE = Prepared(
    lambda note, id: tables.Receipt.update({tables.Receipt.note: note}).where(tables.Receipt.id == id)
)
_FIRST = Prepared(lambda id: tables.Receipt.select().where(tables.Receipt.id == id))


async def prove(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: the proof goes on the answer once a command took effect.

    Whoever is signed in is also told whether this database was put back to an earlier copy.
    """
    sent: Sent | None = scope.get("sent")  # type: ignore[assignment]
    if message["type"] != "http.response.start":
        return
    if lost.is_lost(scope["headers"]):
        message["headers"] = [*message["headers"], lost.HEADER]
    if scope.get("user") and restored.told():
        message["headers"] = [*message["headers"], (b"doorstep-restored", restored.told().encode())]
    if sent is None:
        return
    proof = sent.receipt if message["status"] < 400 else None
    if proof:
        message["headers"] = [*message["headers"], (b"receipt", proof.header.encode())]
    contact.heard(sent, dict(scope["headers"]).get(b"command-waiting"), received=proof is not None)


async def once(
    sent: Sent,
    command: Callable[Concatenate[Sent, Args], Awaitable[None]],
    *args: Args.args,
    **kwargs: Args.kwargs,
) -> Proof:
    """Run `command` and write its receipt in one transaction, unless this command id is known.

    Same id and same body: the first receipt again, whoever wins a race. Same id with another body or
    person: Mismatch, both kept. A command that raises Held leaves no rows of its own; what was sent is
    stored whole for the office instead.
    """
    outcome, reason = "done", ""
    try:
        async with writing():
            fresh = await _insert_receipt(sent, outcome)
            if fresh:
                await command(sent, *args, **kwargs)
                await _note(sent)
    except Held as held:
        outcome, reason = "held", held.sentence
        async with writing():
            fresh = await _insert_receipt(sent, outcome)
            if fresh:
                await _hold(sent, held)
    if fresh:
        sent.receipt = Proof(sent.id, sent.body_sha256, sent.received_at, outcome, False, reason)
    else:
        sent.receipt = await _first_receipt(sent)
    return sent.receipt


async def lock_row(table: type[Table], id: UUID, strength: Literal["UPDATE", "SHARE"] = "UPDATE") -> None:
    """Inside a write transaction: keep this row as it is until the end. On SQLite a writer is alone already."""
    if table._meta.db.engine_type == "postgres":
        await table.select(table._meta.primary_key).where(table._meta.primary_key == id).lock_rows(strength)


def claim(query: Any) -> Any:
    """Inside a write transaction: the rows of this select that no other engine is at, ours until the end."""
    return query.lock_rows("UPDATE", skip_locked=True) if query.engine_type == "postgres" else query


def writing() -> Any:
    """A write transaction: IMMEDIATE on SQLite by our engine, so that no writer fails half-way in."""
    return tables.Receipt._meta.db.transaction()


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Inside a write transaction: what is done in here takes its time, and none of it is kept."""
    transaction: Any = tables.Receipt._meta.db.current_transaction.get()
    point = await transaction.savepoint()
    yield
    await point.rollback_to()


async def _insert_receipt(sent: Sent, outcome: str) -> bool:
    fresh = await _ADD_RECEIPT(
        id=sent.id,
        person=sent.person_id,
        person_name=sent.person_name,
        device=sent.device_id,
        sequence=sent.sequence,
        method=sent.method,
        path=sent.path,
        body_sha256=sent.body_sha256,
        captured_at=sent.captured_at,
        received_at=sent.received_at,
        skew_seconds=sent.skew_seconds,
        clock_wrong=sent.clock_wrong,
        late=sent.late,
        outcome=outcome,
        note=sent.note[:MAX_NOTE],
        brought_by=sent.brought_by,
    )
    if fresh:
        await _TO_SEAL(receipt=sent.id)
    return fresh


async def _note(sent: Sent) -> None:
    if sent.note:
        await _NOTE(sent.note[:MAX_NOTE], sent.id)


async def _hold(sent: Sent, held: Held) -> None:
    await tables.Held.insert(
        tables.Held(
            receipt=sent.id,
            reason=held.sentence,
            content_type=sent.content_type,
            body=sent.body,
            team=sent.team_id,
            home=held.home,
            begins=held.begins,
        )
    )


async def begun_too_late(person: UUID, record: UUID) -> UUID | None:
    """The home of a record that this person began when it could not be begun any more, if there is one: what
    their phone then sends for it is held as its beginning was."""
    theirs: Any = (tables.Held.begins == record) & (tables.Held.receipt.person == person)
    row = await tables.Held.select(tables.Held.home).where(theirs).first()
    return row["home"] if row else None


async def _first_receipt(sent: Sent) -> Proof:
    first = await _FIRST.one(sent.id)
    assert first is not None
    same = (first["body_sha256"], first["person"], first["path"], first["method"]) == (
        sent.body_sha256,
        sent.person_id,
        sent.path,
        sent.method,
    )
    if not same:
        await _keep_conflict(sent)
        raise Mismatch
    return Proof(first["id"], first["body_sha256"], first["received_at"], first["outcome"], replayed=True)


async def _keep_conflict(sent: Sent) -> None:
    """The second copy, once however often the phone tries, with a receipt of its own for the chain."""
    fingerprint = f"{sent.id} {sent.person_id} {sent.method} {sent.path} {sent.body_sha256}"
    own = replace(sent, id=uuid5(NAMESPACE_OID, fingerprint), note=f"came again differently: {sent.id}")
    async with writing():
        if await _insert_receipt(own, "conflict"):
            await tables.Conflict.insert(
                tables.Conflict(
                    id=own.id,
                    receipt=sent.id,
                    person=sent.person_id,
                    path=sent.path,
                    content_type=sent.content_type,
                    body=sent.body,
                    body_sha256=sent.body_sha256,
                    received_at=sent.received_at,
                    team=sent.team_id,
                )
            )


__all__ = ["Proof", "Sent", "begun_too_late", "once", "prove", "provide_sent", "undone", "writing"]
