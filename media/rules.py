"""What may come in as a photograph, decided from its bytes without decoding a pixel.

Everything here is read from the first bytes and the file's own table of contents, so that the phone gets
its answer in milliseconds. The pixels are decoded later, in a child process with limits (imaging.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from media import file_headers
from pwa.answers import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_SIDE = 12_000
# Binary mega, so that the 8,192 x 6,144 of today's "50 MP" phones is let in.
MAX_PIXELS = 50 * 1024 * 1024
MAX_FRAMES = 100
BYTES_A_DAY = 2 * 1024**3
COPY_SIDES = (1600, 400)


class Kind(StrEnum):
    """The formats that are taken in; the value is what we then say the file is."""

    jpeg = "image/jpeg"
    png = "image/png"
    webp = "image/webp"
    heic = "image/heic"


class State(StrEnum):
    """Where a photograph stands: held, held with clean copies, or held but not to be opened."""

    received = "received"
    ready = "ready"
    unreadable = "unreadable"


@dataclass(frozen=True)
class Picture:
    """What the header of an acceptable file says."""

    kind: Kind
    width: int
    height: int


@dataclass(frozen=True)
class Refusal:
    """The answer to a file that is not taken in: an HTTP status and the sentence to show."""

    status: int
    sentence: str


@dataclass(frozen=True)
class Photograph:
    """A photograph that was received, for the packages whose records it belongs to."""

    id: UUID
    sha256: str
    person: UUID
    kind: Kind
    state: State
    problem: str
    width: int
    height: int
    bytes_size: int
    captured_at: datetime
    received_at: datetime
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    accuracy: float | None


TOO_BIG = Refusal(413, "That file is over 20 MB.")
NOT_WHOLE = Refusal(422, "That photo did not arrive whole. It is still on your phone.")
TOO_LARGE = Refusal(422, "That picture is too large to open.")
NOT_A_PHOTO = Refusal(415, "Send a JPEG, PNG or WebP photo.")
TOO_MANY_TODAY = Refusal(
    429, "You have sent 2 GB of photos in a day. The rest are safe on your phone and will be sent later."
)
STORE_AWAY = Refusal(
    503, "Photos cannot be stored just now. This one is safe on your phone and will be sent again."
)

STORE_AWAY_READING = "Photos cannot be shown just now. Nothing is lost. Try again in a minute."
CANNOT_OPEN = "This photo cannot be opened. The file is kept as it was sent. Take the photo again if you can."
TOO_HEAVY = (
    "This photo needs more memory than we allow to open it. The file is kept as it was sent. "
    "Take the photo again if you can."
)

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# First bytes of things that are whole, well known and not photographs.
_OTHERS = (
    b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"%!PS", b"\xc5\xd0\xd3\xc6", b"%PDF", b"PK\x03\x04",
    b"PK\x05\x06", b"MZ", b"\x7fELF", b"BM", b"RIFF", b"#!", b"\x1aE\xdf\xa3", b"\xff\x0a", b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ", b"8BPS", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\0\0\x01\0", b"ID3", b"OggS", b"fLaC",
)  # fmt: skip


def sniff(first: bytes, heic: bool = False) -> Kind | Refusal:
    """Kind of a file from its first 64 bytes; `heic` says whether a HEIC converter is installed."""
    if first.startswith(b"\xff\xd8\xff"):
        return Kind.jpeg
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.png
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return Kind.webp
    if first[4:8] == b"ftyp":
        return Kind.heic if heic and first[8:12] in _HEIF_BRANDS else NOT_A_PHOTO
    marked_up = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    if marked_up or first.startswith(_OTHERS) or first.startswith((b"\xfe\xff\0<", b"\xff\xfe<\0")):
        return NOT_A_PHOTO
    return NOT_WHOLE


def size_refused(width: int, height: int) -> bool:
    """Whether a picture of this many pixels is more than we open."""
    return max(width, height) > MAX_SIDE or width * height > MAX_PIXELS


def look_at(data: bytes, heic: bool = False) -> Picture | Refusal:
    """Judge a whole file by its size, first bytes, header and table of contents. Never raises."""
    if len(data) > MAX_BYTES:
        return TOO_BIG
    kind = sniff(data[:64], heic)
    if isinstance(kind, Refusal):
        return kind
    try:
        header = file_headers.READERS[kind.value](data)
    except file_headers.CutShort:
        return NOT_WHOLE
    except file_headers.Overfull:
        return TOO_LARGE
    if size_refused(header.width, header.height) or header.frames > MAX_FRAMES:
        return TOO_LARGE
    return Picture(kind, header.width, header.height)


def is_named(data: bytes, name: str) -> bool:
    """Whether the bytes are the ones the phone named by their SHA-256."""
    return sha256(data).hexdigest() == name


def is_clean_copy(data: bytes, longest: int) -> bool:
    """Whether what the decoder handed back is a JPEG no larger than asked for, with nothing behind its end.

    The decoder reads hostile bytes, so that its answers are looked at as if they were somebody's upload.
    """
    seen = look_at(data)
    return (
        isinstance(seen, Picture)
        and seen.kind is Kind.jpeg
        and max(seen.width, seen.height) <= longest
        and data.endswith(b"\xff\xd9")
    )


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 as we write it: 64 lower-case hexadecimal digits."""
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)


def refuse_unnamed(sha256: str, drawn_from: str = "") -> None:
    """Refused unless a form names its photograph, and the one it was drawn on if any, by a SHA-256."""
    if not is_sha256(sha256) or (drawn_from and not is_sha256(drawn_from)):
        raise Refused({"sha256": NOT_WHOLE.sentence})


def original_key(sha: str) -> str:
    """Where the bytes as sent are stored."""
    return f"photos/{sha}"


def copy_key(sha: str, side: int) -> str:
    """Where the clean copy whose longest side is `side` pixels is stored."""
    return f"clean/{sha}/{side}.jpg"
