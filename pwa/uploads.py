"""A large file from a form or a script, to disk as it comes and hashed on the way."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from litestar import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import FormParser, parse_options_header

from pwa.answers import Refused, Unreadable
from pwa.forms import COMMAND_FIELD

MISSING = "Choose the file first."
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    file: Path
    sha256: str
    command_id: str | None


@asynccontextmanager
async def uploaded(request: Request[Any, Any, Any]) -> AsyncIterator[Upload]:
    """The one file of a multipart form, or a raw body, until the end of the block. Refused without a file."""
    header = request.headers.get("content-type", "").encode("latin-1")
    kind, options = parse_options_header(header)
    with tempfile.TemporaryDirectory(prefix="doorstep-") as folder:
        to = Path(folder) / "upload"
        with to.open("wb") as file:
            if kind == b"multipart/form-data":
                sha256, command = await _from_form(request, options.get(b"boundary", b""), file)
            else:
                sha256, command = await _raw(request, file), None
        if to.stat().st_size == 0:
            raise Refused({"file": MISSING})
        yield Upload(to, sha256, command)


async def _raw(request: Request[Any, Any, Any], to: BinaryIO) -> str:
    digest = hashlib.sha256()
    async for chunk in request.stream():
        digest.update(chunk)
        to.write(chunk)
    return digest.hexdigest()


async def _from_form(request: Request[Any, Any, Any], boundary: bytes, to: BinaryIO) -> tuple[str, str | None]:
    digest = hashlib.sha256()
    fields: dict[bytes, bytes] = {}

    def keep(part: Any) -> None:
        part.file_object.seek(0)
        while piece := part.file_object.read(PIECE):
            digest.update(piece)
            to.write(piece)
        part.close()

    def note(field: Any) -> None:
        if len(fields) < 10:
            fields[field.field_name or b""] = (field.value or b"")[:200]

    try:
        parser = FormParser(
            "multipart/form-data", note, keep, boundary=boundary, config={"MAX_MEMORY_FILE_SIZE": PIECE}
        )
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
        parser.close()
    except FormParserError as error:
        raise Unreadable from error
    command = fields.get(COMMAND_FIELD.encode())
    return digest.hexdigest(), command.decode("ascii", errors="replace") if command else None
