"""Taking in what a phone sends, exactly once.

`once` is the only door for a write. The receipt row and the command's own rows are one transaction, so
a reply that was lost is answered again with the first receipt and nothing happens twice.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from litestar import Request
from litestar.types import Message, Scope
from piccolo.engine import engine_finder

from pwa import tables
from pwa.answers import Held, Mismatch, Unreadable
from pwa.forms import COMMAND_FIELD, pairs
from pwa.ids import uuid7

WRONG_CLOCK = timedelta(minutes=5)
LATE = timedelta(days=90)

Args = ParamSpec("Args")
Command = Callable[Concatenate["Sent", Args], Awaitable[None]]


@dataclass
class Sent:
    """One queued command as it arrived: who, from which device, what, and when by whose clock."""

    id: UUID
    person_id: UUID | None
    person_name: str
    team_id: UUID | None
    device_id: UUID | None
    sequence: int | None
    method: str
    path: str
    content_type: str
    body: bytes
    body_sha256: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int = 0
    note: str = ""
    receipt: "Proof | None" = None

    @property
    def clock_wrong(self) -> bool:
        return abs(self.skew_seconds) > WRONG_CLOCK.total_seconds()


@dataclass(frozen=True)
class Proof:
    """What the phone is given: it may forget the command only on seeing its own id and hash here."""

    id: UUID
    body_sha256: str
    received_at: datetime
    outcome: str = "done"
    replayed: bool = False
    reason: str = field(default="", compare=False)

    @property
    def header(self) -> str:
        return (
            f"id={self.id}; sha256={self.body_sha256}; at={self.received_at.isoformat()}; "
            f"replayed={int(self.replayed)}; outcome={self.outcome}"
        )


async def provide_sent(request: Request[Any, Any, Any]) -> Sent:
    """Litestar dependency `sent`: reads the protocol headers, or stands in for them on a plain form."""
    body = await request.body()
    headers = request.headers
    now = datetime.now(UTC)
    person = request.scope.get("user")
    sent = Sent(
        id=_uuid(headers.get("command-id") or _field(request, body)) or uuid7(),
        person_id=getattr(person, "id", None),
        person_name=getattr(person, "name", ""),
        team_id=getattr(person, "team_id", None),
        device_id=_uuid(headers.get("command-device")),
        sequence=_number(headers.get("command-sequence")),
        method=request.method,
        path=request.url.path,
        content_type=headers.get("content-type", ""),
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        captured_at=_moment(headers.get("command-captured-at")) or now,
        received_at=now,
    )
    claimed = headers.get("command-body")
    if claimed and claimed != sent.body_sha256:
        raise Unreadable("That did not arrive whole. It is still on your phone and will be sent again.")
    if sent_at := _moment(headers.get("command-sent-at")):
        sent.skew_seconds = int((now - sent_at).total_seconds())
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return sent


async def prove(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: the proof goes on the answer once a command took effect."""
    sent: Sent | None = scope.get("sent")  # type: ignore[assignment]
    if message["type"] == "http.response.start" and message["status"] < 400 and sent and sent.receipt:
        headers = [*message["headers"], (b"receipt", sent.receipt.header.encode())]
        message["headers"] = headers


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
                await _hold(sent, reason)
    if fresh:
        sent.receipt = Proof(sent.id, sent.body_sha256, sent.received_at, outcome, False, reason)
    else:
        sent.receipt = await _first_receipt(sent)
    return sent.receipt


def writing() -> Any:
    """A write transaction: IMMEDIATE on SQLite by our engine, so that no writer fails half-way in."""
    engine = engine_finder()
    assert engine is not None
    return engine.transaction()


async def _insert_receipt(sent: Sent, outcome: str) -> bool:
    row = tables.Receipt(
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
        late=sent.received_at - sent.captured_at > LATE,
        outcome=outcome,
        note=sent.note,
    )
    inserted = await (
        tables.Receipt.insert(row)
        .on_conflict(target=tables.Receipt.id, action="DO NOTHING")
        .returning(tables.Receipt.id)
    )
    if inserted:
        await tables.Unsealed.insert(tables.Unsealed(receipt=sent.id))
    return bool(inserted)


async def _note(sent: Sent) -> None:
    if sent.note:
        await tables.Receipt.update({tables.Receipt.note: sent.note}).where(tables.Receipt.id == sent.id)


async def _hold(sent: Sent, reason: str) -> None:
    await tables.Held.insert(
        tables.Held(
            receipt=sent.id, reason=reason, content_type=sent.content_type, body=sent.body, team=sent.team_id
        )
    )


async def _first_receipt(sent: Sent) -> Proof:
    first = await tables.Receipt.objects().get(tables.Receipt.id == sent.id)
    assert first is not None
    same = (first.body_sha256, first.person, first.path, first.method) == (
        sent.body_sha256,
        sent.person_id,
        sent.path,
        sent.method,
    )
    if not same:
        await _keep_conflict(sent)
        raise Mismatch
    return Proof(first.id, first.body_sha256, first.received_at, first.outcome, replayed=True)


async def _keep_conflict(sent: Sent) -> None:
    async with writing():
        await tables.Conflict.insert(
            tables.Conflict(
                receipt=sent.id,
                person=sent.person_id,
                path=sent.path,
                content_type=sent.content_type,
                body=sent.body,
                body_sha256=sent.body_sha256,
                received_at=sent.received_at,
            )
        )


def _field(request: Request[Any, Any, Any], body: bytes) -> str | None:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    return dict(pairs(body)).get(COMMAND_FIELD)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Unreadable from error


def _number(text: str | None) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Unreadable
    return int(text) if text else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unreadable from error
    if moment and moment.tzinfo is None:
        raise Unreadable
    return moment.astimezone(UTC) if moment else None
