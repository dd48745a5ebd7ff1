"""A phone of the demo council: what it sends goes through the same door as everybody's, in the past."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from media.commands import receive_photo
from media.rules import Picture, look_at
from people.rules import SignedIn
from pwa.ids import uuid7
from pwa.outbox import Sent, once

FORM = "application/x-www-form-urlencoded;charset=UTF-8"
ONLINE = timedelta(seconds=2)


class Phone:
    """One officer's. `signal` says when what is captured reaches the office."""

    def __init__(self, person: SignedIn) -> None:
        self.person = person
        self.device = uuid7()
        self.sequence = 0
        self.offline_until: datetime | None = None

    def sent(self, at: datetime, path: str, body: bytes, method: str = "POST", kind: str = FORM) -> Sent:
        self.sequence += 1
        received = at + ONLINE
        if self.offline_until and received < self.offline_until:
            received = self.offline_until + timedelta(milliseconds=120 * self.sequence)
        return Sent(
            id=uuid7(),
            person_id=self.person.id,
            person_name=self.person.name,
            team_id=self.person.team_id,
            device_id=self.device,
            sequence=self.sequence,
            method=method,
            path=path,
            content_type=kind,
            body=body,
            body_sha256=hashlib.sha256(body).hexdigest(),
            captured_at=at,
            received_at=received,
        )

    async def do(
        self, at: datetime, path: str, command: Callable[..., Awaitable[None]], *args: Any, form: Any = None
    ) -> None:
        """Run a command as if its form had been sent. `form` is what was typed; it is the last argument too."""
        given = () if form is None else (form,)
        proof = await once(self.sent(at, path, body_of(form)), command, self.person, *args, *given)
        if proof.outcome != "done":
            raise RuntimeError(f"the demo council could not do {path}: {proof.reason}")

    async def photograph(self, data: bytes, at: datetime) -> None:
        """Send a photograph's bytes, which the store holds already."""
        picture = look_at(data)
        assert isinstance(picture, Picture)
        sent = self.sent(at, f"/media/photos/{hashlib.sha256(data).hexdigest()}", data, "PUT", "image/jpeg")
        await once(sent, receive_photo, picture)


def body_of(form: Any) -> bytes:
    if form is None:
        return b""
    fields = msgspec.to_builtins(form)
    if not isinstance(fields, dict):
        fields = {"id": fields}
    return urlencode([(name, value) for name, value in fields.items() if value is not None]).encode()
