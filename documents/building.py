"""Making one document: gather, set the pages, seal, store. Safe to do twice; safe to kill at any point."""

import asyncio
import hashlib
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import segno

from documents import rules, sealing
from documents.children import child
from documents.kinds import Content, kind_of
from documents.looking import look
from documents.rules import Step
from media.store import store
from people.queries import person_as
from pwa.answers import NotFound, Turned

PRESS_SECONDS = 60.0
SEAL_SECONDS = 45.0
LOOK = Path(__file__).parent / "press"
Say = Callable[[Step], Awaitable[None]]


@dataclass(frozen=True)
class Built:
    """What is known of the sealed file."""

    sha256: str
    size: int
    certificate: str
    self_made: bool
    made_at: datetime


async def build(row: dict[str, Any], at: datetime, say: Say) -> Built:
    """The document of this row, in the store. Raises what its `gather` raises, Failed and StoreUnavailable.

    Was it stored by somebody who was then stopped before saying so, that file is the document: it is never
    made twice under one id.
    """
    key = rules.key_of(row["id"])
    kept = await store().get(key)
    if kept is not None:
        fingerprint = await _whole(kept)
        if fingerprint:
            return _built(kept, at, fingerprint)
        await store().delete(key)
    data = await sealed(row, at, say)
    if not await store().put(key, data):
        # Somebody whose lease had run out was still at it, and came first.
        return await build(row, at, say)
    return _built(data, at, sealing.seal().fingerprint)


async def _whole(data: bytes) -> str:
    """The fingerprint it is sealed with, or nothing when the file is not what we stored."""
    try:
        looked = await look(data)
    except Turned:
        return ""
    whole = looked.seals and all(one.whole and one.to_the_end for one in looked.seals)
    return looked.seals[-1].fingerprint if whole else ""


async def sealed(row: dict[str, Any], at: datetime, say: Say) -> bytes:
    """Gather it with the rights of who asked, and bind it."""
    kind = kind_of(row["kind"])
    person = await person_as(row["person"], at)
    if person is None:
        raise NotFound
    await say(Step.reading)
    return await bound(kind.gather(person, row["subject"]), kind.template, row["id"], at, say)


async def bound(gathering: Awaitable[Content], template: Path, id: UUID, at: datetime, say: Say) -> bytes:
    """Set it and seal it. The sealing child opens its key while the record is read and the pages are set."""
    async with child("documents.seal_child") as sealer:
        seal = await asyncio.to_thread(sealing.seal)
        await sealer.tell(_order(seal, at))
        content = await gathering
        await say(Step.pages)
        pdf = await pressed(content, template, frame(id, at, seal))
        await say(Step.sealing)
        return await sealer.answer(_line(content.receipts) + pdf, SEAL_SECONDS)


def frame(document: UUID, at: datetime, seal: sealing.Seal) -> dict[str, Any]:
    """What every document says of itself: who sealed it, and where to check that."""
    chosen = sealing.used()
    address = f"{chosen.address}/verify?document={document}"
    code = BytesIO()
    segno.make(address, error="m", micro=False).save(code, "svg", border=0, dark="#0c2229", omitsize=True)
    return {
        "id": str(document),
        "council": chosen.council,
        "sealed_by": seal.name,
        "self_made": seal.self_made,
        "fingerprint": seal.fingerprint,
        "verify": address,
        "qr": code.getvalue().decode(),
        "made": rules.moment(at),
    }


async def pressed(content: Content, template: Path, framed: dict[str, Any]) -> bytes:
    """The PDF, not yet sealed, set in a child process from a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="doorstep-press-") as name:
        folder = Path(name)
        data = {**content.data, "document": framed, "made_timestamp": int(datetime.now(UTC).timestamp())}
        await asyncio.to_thread(_lay_out, folder, template, data, content.pictures)
        async with child("documents.press_child", name) as press:
            return await press.answer(b"", PRESS_SECONDS)


def _lay_out(folder: Path, template: Path, data: dict[str, Any], pictures: dict[str, bytes]) -> None:
    for file in LOOK.glob("*.typ"):
        shutil.copyfile(file, folder / file.name)
    shutil.copyfile(template, folder / "main.typ")
    (folder / "data.json").write_text(json.dumps(data), "utf-8")
    for name, picture in pictures.items():
        (folder / name).write_bytes(picture)


def _line(said: Any) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _order(seal: sealing.Seal, at: datetime) -> bytes:
    chosen = sealing.used()
    return _line(
        {
            "file": str(seal.file),
            "passphrase": seal.passphrase,
            "name": chosen.council,
            "reason": f"Sealed by {chosen.council} with Doorstep",
            "at": at.isoformat(),
            "timestamps": chosen.timestamps,
        }
    )


def _built(data: bytes, at: datetime, certificate: str) -> Built:
    mine = sealing.seal()
    return Built(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        certificate=certificate,
        self_made=mine.self_made and certificate == mine.fingerprint,
        made_at=at,
    )
