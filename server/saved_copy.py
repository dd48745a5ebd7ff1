"""Reading the copy of a queue that a phone saved: a zip from anywhere, so nothing in it is believed.

`doorstep-outbox.json` lists the commands with their own ids and headers; `photos/` holds the bytes, and
`originals/` those of photographs that the phone has not made small yet.
Names inside the zip are only looked up, never used as paths.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pwa.answers import Refused

LIST = "doorstep-outbox.json"
MOST_ENTRIES = 5000
MOST_LIST_BYTES = 32 * 1024 * 1024
MOST_BLOB_BYTES = 20 * 1024 * 1024
MOST_BYTES = 600 * 1024 * 1024
NOT_OURS = "That file is not a copy saved by Doorstep. Choose the file whose name begins with doorstep."
NEWER = "That copy was saved by a newer Doorstep than this one. Nothing was taken in. Ask for an update."
TOO_MUCH = "That copy holds more than can be taken in at once. Save copies of fewer records on the phone."


class Op(msgspec.Struct):
    """One command as the phone listed it. `body` is a form as text; `blob` names an entry of the zip.

    `after` names the command without which this one means nothing.
    """

    id: str
    method: str
    url: str
    headers: dict[str, str]
    body: str | None = None
    blob: str | None = None
    what: str = ""
    where: str = ""
    after: str = ""


class Listed(msgspec.Struct):
    format: int
    ops: list[Op]
    person: Any = None


@dataclass(frozen=True)
class SavedCopy:
    file: Path
    ops: list[Op]
    originals: int
    """Photographs in the file that no command is about: an older phone copied them so."""

    def too_big(self, op: Op) -> bool:
        with zipfile.ZipFile(self.file) as zipped:
            return op.blob in zipped.namelist() and zipped.getinfo(op.blob).file_size > MOST_BLOB_BYTES

    def body_of(self, op: Op) -> bytes | None:
        """The bytes to send. None when the photograph is missing or damaged."""
        if op.blob is None:
            return (op.body or "").encode("utf-8", errors="surrogatepass")
        try:
            with zipfile.ZipFile(self.file) as zipped:
                return _read(zipped, zipped.getinfo(op.blob), MOST_BLOB_BYTES)
        except (KeyError, Refused):
            return None


def opened(file: Path) -> SavedCopy:
    """The list inside. Refused({"file": …}) for anything that is not a copy of ours or too large."""
    try:
        with zipfile.ZipFile(file) as zipped:
            entries = zipped.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise Refused({"file": TOO_MUCH})
            listed = msgspec.json.decode(_read(zipped, zipped.getinfo(LIST), MOST_LIST_BYTES), type=Listed)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError, ValueError, RecursionError, OSError) as error:
        raise Refused({"file": NOT_OURS}) from error
    if listed.format != 1:
        raise Refused({"file": NEWER})
    if len(listed.ops) > MOST_ENTRIES:
        raise Refused({"file": TOO_MUCH})
    listed_too = {op.blob for op in listed.ops}
    originals = sum(
        entry.filename.startswith("originals/") and entry.filename not in listed_too for entry in entries
    )
    return SavedCopy(file, listed.ops, originals)


def _read(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """One entry, at most `most` bytes of it whatever the zip says about itself."""
    if entry.file_size > most:
        raise Refused({"file": TOO_MUCH})
    try:
        with zipped.open(entry) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Refused({"file": NOT_OURS}) from error
    if len(data) > most:
        raise Refused({"file": TOO_MUCH})
    return data
