"""Width, height and wholeness of an image file from its own table of contents, decoding nothing.

Pillow would read more than is wanted here (it inflates text chunks and builds EXIF), and this runs in the
web process on bytes nobody has looked at yet. Every loop below moves forward and is bounded.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# A camera's PNG of 20 MB in 4 KB pieces has 5,000 chunks; beyond this it is made to be slow.
MAX_CHUNKS = 50_000
# What all text and colour profiles of one PNG may inflate to, together.
MAX_TEXT = 1024 * 1024


class CutShort(Exception):
    """The file ends before its own table of contents says it should, or contradicts itself."""


class Overfull(Exception):
    """The file is whole but holds more than anybody photographs: chunks, frames or inflated text."""


@dataclass(frozen=True)
class Header:
    """Size in pixels as stored (before any EXIF rotation) and the number of frames."""

    width: int
    height: int
    frames: int = 1

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise CutShort


def _unpack(form: str, data: bytes, at: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error:
        raise CutShort from None


def jpeg(data: bytes) -> Header:
    """Walk the segments to the first scan; the end mark must come after it (not in a thumbnail)."""
    at, header = 2, None
    for _ in range(MAX_CHUNKS):
        mark, kind = _unpack(">BB", data, at)
        if mark != 0xFF:
            raise CutShort
        if kind == 0xFF:  # a segment may be padded in front
            at += 1
            continue
        (length,) = _unpack(">H", data, at + 2)
        if length < 2:
            raise CutShort
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = _unpack(">HH", data, at + 5)
            header = Header(width, height)
        at += 2 + length
        if kind == 0xDA:
            if header is None or data.rfind(b"\xff\xd9", at) < 0:
                raise CutShort
            return header
    raise Overfull


def _text_size(kind: bytes, body: bytes, left: int) -> int:
    """Bytes a text or profile chunk holds once inflated, counting no further than one past `left`."""
    packed = body.find(b"\0") + 2
    if kind == b"tEXt" or (kind == b"iTXt" and body[packed - 1 : packed] != b"\1"):
        return len(body)
    if kind == b"iTXt":  # language and translated keyword come first, each ended by a nought
        packed = body.find(b"\0", body.find(b"\0", packed + 1) + 1) + 1
    try:
        return len(zlib.decompressobj().decompress(body[packed:], left + 1))
    except zlib.error:
        return len(body)


def png(data: bytes) -> Header:
    """Walk the chunks from IHDR to IEND."""
    length, kind, width, height = _unpack(">I4sII", data, 8)
    if kind != b"IHDR" or length != 13:
        raise CutShort
    at, pixels, text, frames = 33, False, 0, 1
    for _ in range(MAX_CHUNKS):
        length, kind = _unpack(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise CutShort
        if kind == b"IEND":
            if not pixels:
                raise CutShort
            return Header(width, height, frames)
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"iCCP"):
            text += _text_size(kind, data[at + 8 : end - 4], MAX_TEXT - text)
            if text > MAX_TEXT:
                raise Overfull
        elif kind == b"acTL":
            (frames,) = _unpack(">I", data, at + 8)
        pixels = pixels or kind == b"IDAT"
        at = end
    raise Overfull


def _webp_size(kind: bytes, data: bytes, at: int) -> tuple[int, int] | None:
    """Width and height from a chunk's content at `at`, when it is one of those that say."""
    if kind == b"VP8X":
        wide, wider, high, higher = _unpack("<4xHBHB", data, at)
        return wide + (wider << 16) + 1, high + (higher << 16) + 1
    if kind == b"VP8 ":
        start, width, height = _unpack("<3x3sHH", data, at)
        return (width & 0x3FFF, height & 0x3FFF) if start == b"\x9d\x01\x2a" else None
    if kind == b"VP8L":
        (bits,) = _unpack("<xI", data, at)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def webp(data: bytes) -> Header:
    """Walk the chunks of the RIFF, which must fit in the file; an animation counts its frames."""
    (riff,) = _unpack("<I", data, 4)
    end, at, size, pixels, frames = riff + 8, 12, (0, 0), False, 0
    if end > len(data):
        raise CutShort
    for _ in range(MAX_CHUNKS):
        if at + 8 > end:
            if not pixels:
                raise CutShort
            return Header(*size, frames=max(1, frames))
        kind, length = _unpack("<4sI", data, at)
        if at + 8 + length > end:
            raise CutShort
        found = _webp_size(kind, data, at + 8)
        # The largest that any chunk claims: the canvas, or a frame that does not fit on it.
        size = max(size, found or size, key=lambda claimed: claimed[0] * claimed[1])
        pixels = pixels or kind in (b"VP8 ", b"VP8L", b"ANMF")
        frames += kind == b"ANMF"
        at += 8 + length + length % 2
    raise Overfull


def heic(data: bytes) -> Header:
    """Walk the boxes of the file, which must fit; the largest image named inside is the photograph."""
    at, size, pixels = 0, (0, 0), False
    for _ in range(MAX_CHUNKS):
        if at == len(data):
            if not pixels:
                raise CutShort
            return Header(*size)
        length, kind = _unpack(">I4s", data, at)
        if length == 1:
            (length,) = _unpack(">Q", data, at + 8)
        elif length == 0:  # to the end of the file
            length = len(data) - at
        if length < 8 or at + length > len(data):
            raise CutShort
        if kind == b"meta":
            size = _largest_named(data[at : at + length])
        pixels = pixels or kind == b"mdat"
        at += length
    raise Overfull


def _largest_named(meta: bytes) -> tuple[int, int]:
    size, at = (0, 0), meta.find(b"ispe")
    for _ in range(MAX_CHUNKS):
        if at < 0:
            return size
        width, height = _unpack(">II", meta, at + 8)
        size = max(size, (width, height), key=lambda claimed: claimed[0] * claimed[1])
        at = meta.find(b"ispe", at + 4)
    raise Overfull


READERS: dict[str, Callable[[bytes], Header]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/webp": webp,
    "image/heic": heic,
}
