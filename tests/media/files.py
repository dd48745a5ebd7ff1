"""Small builders of image files, honest and hostile, out of which the corpus is made."""

import random
import struct
import zlib
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFilter

SCRIPT = b"<script>alert(document.cookie)</script><?php system($_GET['c']); ?>"
CORNERS = ((220, 30, 30), (30, 180, 40), (40, 50, 220), (240, 240, 240))


@cache
def scene(width: int = 240, height: int = 180) -> Image.Image:
    """A soft picture whose corners are red, green, blue and white, so that turning it can be seen."""
    picture = Image.new("RGB", (2, 2))
    for place, colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), CORNERS, strict=True):
        picture.putpixel(place, colour)
    return picture.resize((width, height), Image.Resampling.NEAREST)


def photograph(width: int, height: int, quality: int = 88) -> bytes:
    """A JPEG with the detail of a real one, drawn from noise."""
    draw = random.Random(width)
    coarse = Image.effect_noise((width // 8, height // 8), draw.uniform(50, 60)).resize((width, height))
    fine = Image.effect_noise((width, height), 18)
    ramp = Image.linear_gradient("L").resize((width, height))
    red = Image.blend(Image.blend(coarse, ramp, 0.5), fine, 0.12)
    picture = Image.merge("RGB", (red, coarse, Image.blend(coarse, ramp.rotate(180), 0.4)))
    return saved(picture, "JPEG", quality=quality)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    return saved(picture or scene(), "JPEG", **options)


def exif(orientation: int = 1, text: str = "", thumbnail: bytes = b"", **gps: Any) -> bytes:
    """An EXIF block; `gps` holds latitude and longitude in degrees."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010E] = text or "hall"
    details = block.get_ifd(0x8769)
    details[0x9003] = "2026:11:20 09:12:44"
    details[0x9011] = "+00:00"
    if gps:
        where = block.get_ifd(0x8825)
        for tag, value, names in ((1, gps["latitude"], "NS"), (3, gps["longitude"], "EW")):
            where[tag] = names[value < 0]
            where[tag + 1] = (int(abs(value)), int(abs(value) * 60 % 60), abs(value) * 3600 % 60)
        where[0x1F] = 4.5
    # Hung on behind, where a reader that looks for the end mark from the front would find this one.
    return block.tobytes() + thumbnail


def turned(orientation: int) -> bytes:
    """The scene stored so that a reader of EXIF shows it upright."""
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = scene().transpose(inverse[orientation]) if orientation > 1 else scene()
    return jpeg(stored, exif=exif(orientation), quality=95)


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, bits: int = 8, colour: int = 0, extra: Iterable[bytes] = (), **given: Any
) -> bytes:
    """A PNG by hand: black unless `rows` are given, packed without ever holding its pixels."""
    lanes = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\0" + bytes((width * bits * lanes + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = given.get("pixels", pixels)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def deep_png() -> bytes:
    """16 bits in each of three colours, which Pillow reads but cannot write."""
    rows = b"".join(b"\0" + struct.pack(">HHH", 65535, 32768, 0) * 40 for _ in range(30))
    return png(40, 30, 16, 2, pixels=zlib.compress(rows))


def deep_grey_png() -> bytes:
    """Half-way between black and white, in 16 bits."""
    rows = b"".join(b"\0" + struct.pack(">H", 32768) * 40 for _ in range(30))
    return png(40, 30, 16, 0, pixels=zlib.compress(rows))


def text_bomb(kind: bytes) -> bytes:
    """64 MB of text or profile in a few kilobytes."""
    packed = zlib.compress(bytes(64 * 1024 * 1024), 9)
    heads = {b"iTXt": b"Comment\0\1\0en\0\0", b"zTXt": b"Comment\0\0", b"iCCP": b"profile\0\0"}
    return png(8, 8, extra=[chunk(kind, heads[kind] + packed)])


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def canvas(width: int, height: int, flags: int = 2) -> tuple[bytes, bytes]:
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"VP8X", bytes([flags, 0, 0, 0]) + sides


def frames(count: int, form: str) -> bytes:
    every = [scene().filter(ImageFilter.GaussianBlur(n)) for n in range(count)]
    return saved(every[0], form, save_all=True, append_images=every[1:])


def lying_jpeg() -> bytes:
    """Two frame headers: the small one that a quick look finds last, and a 60,000 pixel one before it."""
    good = jpeg()
    start = good.index(b"\xff\xc0")
    length = struct.unpack_from(">H", good, start + 2)[0]
    frame = bytearray(good[start : start + 2 + length])
    struct.pack_into(">HH", frame, 5, 60_000, 60_000)
    return good[:start] + bytes(frame) + good[start:]
