"""A phone as the server sees it: commands with the protocol's headers, sent again until they are proved."""

import asyncio
import hashlib
import io
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from PIL import Image

from pwa.ids import uuid7

FORM = "application/x-www-form-urlencoded;charset=UTF-8"


@dataclass
class Op:
    method: str
    url: str
    body: bytes
    kind: str
    id: str = field(default_factory=lambda: str(uuid7()))
    captured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    mark: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def start(home: str) -> Op:
    """An inspection of a home; `mark` is its id."""
    id = str(uuid7())
    body = urlencode({"id": id, "property": home, "kind": "void"}).encode()
    return Op("POST", "/inspections", body, FORM, mark=id)


def reading(inspection: str) -> Op:
    """A reading nobody else could have made."""
    mark = str(uuid7())
    body = urlencode({"item": "kitchen_hob", "condition": "G", "note": mark}).encode()
    return Op("POST", f"/inspections/{inspection}/readings", body, FORM, mark=mark)


def photo(chance: random.Random) -> Op:
    """A small photograph of bytes nobody else has."""
    picture = Image.frombytes("RGB", (24, 24), chance.randbytes(24 * 24 * 3))
    file = io.BytesIO()
    picture.save(file, "JPEG")
    op = Op("PUT", "", file.getvalue(), "image/jpeg")
    op.url = f"/media/photos/{op.sha256}"
    return op


@dataclass
class Phone:
    """One officer's phone. `acked` holds what it was given proof of, with that proof."""

    url: str
    person: str
    token: str
    device: str = field(default_factory=lambda: str(uuid7()))
    sequence: int = 0
    acked: dict[str, str] = field(default_factory=dict)
    ops: dict[str, Op] = field(default_factory=dict)
    again: int = 0

    def headers(self, op: Op) -> dict[str, str]:
        self.sequence += 1
        return {
            "Cookie": f"__Host-sid={self.token}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": op.kind,
            "HX-Request": "true",
            "Command-Id": op.id,
            "Command-Author": self.person,
            "Command-Device": self.device,
            "Command-Sequence": str(self.sequence),
            "Command-Captured-At": op.captured_at,
            "Command-Sent-At": datetime.now(UTC).isoformat(),
            "Command-Body": op.sha256,
            "Command-Version": "1",
            "Command-Waiting": "1 0 -",
        }

    async def send(self, client: httpx.AsyncClient, op: Op, url: str = "") -> httpx.Response:
        return await client.request(
            op.method, (url or self.url) + op.url, content=op.body, headers=self.headers(op)
        )

    async def deliver(self, client: httpx.AsyncClient, op: Op) -> None:
        """Until there is proof, whatever happens on the way. A refusal is an AssertionError."""
        self.ops[op.id] = op
        while True:
            try:
                answer = await self.send(client, op)
            except httpx.TransportError:
                self.again += 1
                await asyncio.sleep(0.05)
                continue
            if answer.status_code >= 500:
                self.again += 1
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code < 300, f"{answer.status_code}: {answer.text[:300]}"
            proof = answer.headers["receipt"]
            assert f"id={op.id}; sha256={op.sha256}" in proof
            self.acked[op.id] = proof
            return
