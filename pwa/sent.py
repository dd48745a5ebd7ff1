"""One queued command as it arrived: the protocol's headers read, or stood in for on a plain form."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.exceptions import HTTPException

from pwa import clock, restored
from pwa.answers import Turned, Unreadable
from pwa.forms import COMMAND_FIELD, EARLIEST, LATEST, pairs
from pwa.ids import uuid7

LATE = timedelta(days=90)
MOST_SECONDS = 2**31 - 1
VERSION = 1  # of the protocol these headers are; pwa/src/command.ts says the same
NEWER = "A newer Doorstep recorded this than the office has. It is kept on your phone. Ask the office to update."
NOT_WHOLE = "That did not arrive whole. It is still on your phone and will be sent again."
NOT_THEIRS = "Somebody else recorded this. It waits on this phone until they sign in. Nothing is lost."


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


@dataclass
class Sent:
    """Who, from which device, what, and when by whose clock."""

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
    brought_by: UUID | None = None
    receipt: Proof | None = None
    monotonic_gap: timedelta | None = None
    """Between the tap and the sending, by a clock of the phone that nobody can set. None: it cannot tell."""
    set_back: timedelta = timedelta()
    """How far the phone's own clock was put back in between, as far as the phone saw it."""

    @property
    def late(self) -> bool:
        """Captured so long ago that somebody should look: taken in all the same."""
        return self.received_at - self.captured_at > LATE

    @property
    def clock_wrong(self) -> bool:
        """The phone's clock differs from ours, or says that this was captured in the future."""
        return clock.wrong(self.captured_at, self.received_at, self.skew_seconds)

    @property
    def happened_at(self) -> datetime:
        """When it was captured, put right when the phone's clock was wrong."""
        return clock.happened(self.captured_at, self.received_at, self.skew_seconds)


async def provide_sent(request: Request[Any, Any, Any]) -> Sent:
    """Litestar dependency `sent`. Raises Turned(401) when the phone's author is not who is signed in,
    Turned(425) when the phone has older things to send again first, Turned(409) when a newer build made it.
    """
    body = await request.body()
    sent = sent_with(request, body, hashlib.sha256(body).hexdigest())
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return sent


async def provide_anyhow(request: Request[Any, Any, Any]) -> Sent:
    """`provide_sent` for a call for help, which is not turned away for what is wrong with its envelope: what can
    be read of it counts, the rest is as if it had not been said. Turned(401) alone is raised: it is another's.
    """
    try:
        body = await request.body()
    except HTTPException:  # longer than anything we take
        body = b""
    _authors(request, _or_none(id_of, request.headers.get("command-author")))
    sent = _read(request, body, hashlib.sha256(body).hexdigest(), _or_none)
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return sent


def sent_with(request: Request[Any, Any, Any], body: bytes, sha256: str) -> Sent:
    """As `provide_sent`, for a body that was hashed on its way to a file and is not in memory."""
    headers = request.headers
    _authors(request, id_of(headers.get("command-author")))
    restored.in_order(headers.get("command-restored"))
    if (headers.get("command-body") or sha256) != sha256:
        # 408 and not 400: the phone sends it again by itself instead of putting it aside.
        raise Turned(408, NOT_WHOLE)
    _known_version(_number(headers.get("command-version") or str(VERSION)))
    return _read(request, body, sha256, lambda read, text: read(text))


def _read(request: Request[Any, Any, Any], body: bytes, sha256: str, value: "Reading") -> Sent:
    headers = request.headers
    now = datetime.now(UTC)
    person = request.scope.get("user")
    sent_at = value(_moment, headers.get("command-sent-at"))
    field = value(lambda _: _field(request, body), None) if "command-id" not in headers else None
    return Sent(
        id=value(id_of, headers.get("command-id") or field) or uuid7(),
        person_id=getattr(person, "id", None),
        person_name=getattr(person, "name", ""),
        team_id=getattr(person, "team_id", None),
        device_id=_device(request, value(id_of, headers.get("command-device"))),
        sequence=value(_number, headers.get("command-sequence")),
        method=request.method,
        path=request.url.path,
        content_type=headers.get("content-type", "")[:200],
        body=body,
        body_sha256=sha256,
        captured_at=value(_moment, headers.get("command-captured-at")) or now,
        received_at=now,
        skew_seconds=_seconds(now - sent_at) if sent_at else 0,
        brought_by=request.scope.get("brought_by"),  # type: ignore[arg-type]
        monotonic_gap=_gap(*(_or_none(_number, headers.get(f"command-monotonic{end}")) for end in ("", "-sent"))),
        set_back=_ms(_or_none(_number, headers.get("command-set-back"))),
    )


Reading = Callable[[Callable[[str | None], Any], str | None], Any]


def _or_none(read: Callable[[str | None], Any], text: str | None) -> Any:
    try:
        return read(text)
    except Unreadable:
        return None


def _authors(request: Request[Any, Any, Any], author: UUID | None) -> None:
    if author and author != getattr(request.scope.get("user"), "id", None):
        raise Turned(401, NOT_THEIRS)


def _gap(tapped: int | None, sent: int | None) -> timedelta | None:
    """Readings of the same clock: a phone says the second only while the page of the tap lives."""
    return _ms(sent - tapped) if tapped is not None and sent is not None and sent >= tapped else None


def _ms(number: int | None) -> timedelta:
    return timedelta(milliseconds=min(number or 0, MOST_SECONDS * 1000))


def _known_version(version: int | None) -> None:
    if not version:
        raise Unreadable
    if version > VERSION:
        # 409: the phone puts it aside, and sends it when the person asks it to once the office has the update.
        raise Turned(409, NEWER)


def _device(request: Request[Any, Any, Any], named: UUID | None) -> UUID | None:
    """The phone that was named, if it is the one this session is on (people/devices.py). What a saved copy brings
    names the phone it was saved from."""
    here = request.scope.get("device")
    return named if request.scope.get("brought_by") or named == here else None


def _field(request: Request[Any, Any, Any], body: bytes) -> str | None:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    return dict(pairs(body)).get(COMMAND_FIELD)


def _seconds(skew: timedelta) -> int:
    return max(-MOST_SECONDS, min(MOST_SECONDS, round(skew.total_seconds())))


def id_of(text: str | None) -> UUID | None:
    """An id as it was sent. Raises Unreadable when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Unreadable from error


def _number(text: str | None) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Unreadable
    return int(text) if text else None


def _moment(text: str | None) -> datetime | None:
    """A device's clock may be years wrong, and is believed; what is no time at all is refused."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unreadable from error
    if moment is None:
        return None
    if moment.tzinfo is None or not EARLIEST <= moment.date() <= LATEST:
        raise Unreadable
    return moment.astimezone(UTC)


def from_terminal(words: str, sha256: str) -> Sent:
    """A command given at the server's own command line, by whoever may run it there."""
    return _ours("the command line", "TERMINAL", words, sha256, datetime.now(UTC))


def from_rule(path: str, at: datetime) -> Sent:
    """An erasure that the council's retention settings ask for: nobody's act, and in the chain like any other."""
    return _ours("the retention settings", "ERASE", path, hashlib.sha256(b"").hexdigest(), at)


def _ours(name: str, method: str, path: str, sha256: str, at: datetime) -> Sent:
    return Sent(
        id=uuid7(),
        person_id=None,
        person_name=name,
        team_id=None,
        device_id=None,
        sequence=None,
        method=method,
        path=path,
        content_type="",
        body=b"",
        body_sha256=sha256,
        captured_at=at,
        received_at=at,
    )
