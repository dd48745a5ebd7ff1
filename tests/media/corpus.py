"""Every kind of file that may come in as a photograph, each with the one answer it must get.

Built by script, so that no hostile file lies in the repository. security.md §6 has the answers.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from PIL import Image

from media import rules
from tests.media import files
from tests.media.files import SCRIPT, chunk, exif, jpeg, png, saved, scene, webp

ZIP = b"PK\x03\x04" + bytes(26) + b"evil.exe" + b"PK\x05\x06" + bytes(18)


@dataclass(frozen=True)
class File:
    """One file and what must become of it: the answer at the door, then the state after decoding."""

    name: str
    data: bytes
    status: int
    sentence: str = ""
    state: str = "ready"
    size: tuple[int, int] | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def _taken_in() -> Iterator[tuple[str, bytes, tuple[int, int]]]:
    grey, clear = scene().convert("L"), scene().convert("RGBA")
    clear.putalpha(grey)
    small = scene().size
    yield "jpeg", jpeg(), small
    yield "jpeg progressive", jpeg(progressive=True), small
    yield "jpeg greyscale", jpeg(grey), small
    yield "jpeg cmyk", jpeg(scene().convert("CMYK")), small
    yield "jpeg full colour sampling", jpeg(subsampling=0), small
    yield "jpeg with a colour profile", jpeg(icc_profile=files.profile()), small
    yield "jpeg with a profile of nonsense", jpeg(icc_profile=b"nonsense" * 40), small
    yield "jpeg with a profile of 200 KB", jpeg(icc_profile=bytes(200_000)), small
    yield "jpeg with damaged exif", jpeg(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(9)), small
    yield "jpeg with a thumbnail", jpeg(exif=exif(thumbnail=jpeg(scene(16, 12)))), small
    yield "jpeg with a position", jpeg(exif=exif(latitude=51.5, longitude=-0.12)), small
    yield "jpeg padded between segments", jpeg().replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1), small
    yield "jpeg of several pictures", files.frames(2, "MPO"), small
    yield "jpeg with a zip behind", jpeg() + ZIP, small
    yield "jpeg with a page behind", jpeg() + b"<html>" + SCRIPT, small
    yield "jpeg with php behind", jpeg() + SCRIPT, small
    yield "jpeg with another jpeg behind", jpeg() + jpeg(scene(16, 12)), small
    yield "jpeg with script in exif", jpeg(exif=exif(text=SCRIPT.decode())), small
    yield "jpeg with script in its comment", jpeg(comment=SCRIPT), small
    yield "jpeg with script in its profile", jpeg(icc_profile=files.profile() + SCRIPT), small
    yield "jpeg with script in xmp", jpeg(xmp=b"<x:xmpmeta>" + SCRIPT + b"</x:xmpmeta>"), small
    yield "png", saved(scene(), "PNG"), small
    yield "png palette", saved(scene().quantize(8), "PNG"), small
    yield "png palette see-through", saved(scene().quantize(8), "PNG", transparency=1), small
    yield "png see-through", saved(clear, "PNG"), small
    yield "png grey see-through", saved(clear.convert("LA"), "PNG"), small
    yield "png 16-bit grey", files.deep_grey_png(), (40, 30)
    yield "png 16-bit colour", files.deep_png(), (40, 30)
    yield "png black and white", saved(grey.convert("1"), "PNG"), small
    yield "png with script in text", png(8, 8, extra=[chunk(b"tEXt", b"Comment\0" + SCRIPT)]), (8, 8)
    yield "png with a zip behind", saved(scene(), "PNG") + ZIP, small
    yield "png moving", files.frames(3, "PNG"), small
    yield "webp", saved(scene(), "WEBP"), small
    yield "webp lossless see-through", saved(clear, "WEBP", lossless=True), small
    yield "webp moving", files.frames(3, "WEBP"), small
    yield "webp with script in exif", saved(scene(), "WEBP", exif=exif(text=SCRIPT.decode())), small
    yield "one pixel", jpeg(scene().resize((1, 1))), (1, 1)
    yield "a line", png(12_000, 1), (12_000, 1)
    yield "panorama 11,000 x 1,000", jpeg(scene(11_000, 1_000)), (11_000, 1_000)
    yield "48 megapixels", jpeg(scene(8_000, 6_000)), (8_000, 6_000)
    yield "48 megapixels png", png(8_192, 6_144, 8, 2), (8_192, 6_144)
    for orientation in range(1, 9):
        yield f"jpeg orientation {orientation}", files.turned(orientation), small


def _not_to_be_opened() -> Iterator[tuple[str, bytes]]:
    yield "png with damaged pixels", png(40, 30, pixels=b"x\x9c" + b"\x55" * 900)
    yield "webp with damaged pixels", webp((b"VP8 ", b"\0\0\0\x9d\x01\x2a\x28\0\x1e\0" + b"\x55" * 300))
    yield "jpeg with two sizes", files.lying_jpeg()
    yield "jpeg without tables", jpeg().replace(b"\xff\xdb", b"\xff\xfe")
    yield (
        "webp of 48 megapixels",
        webp((b"VP8L", b"\x2f" + struct.pack("<I", 7_999 | 5_999 << 14) + b"\x07\x10\xd1\x8f" + bytes(40))),
    )


def _not_whole() -> Iterator[tuple[str, bytes]]:
    whole, with_thumbnail = jpeg(), jpeg(exif=exif(thumbnail=jpeg(scene(16, 12))))
    yield "empty", b""
    yield "one byte", b"\xff"
    yield "noughts", bytes(5_000)
    yield "words", b"hello, this is not a picture"
    yield "jpeg cut in half", whole[: len(whole) // 2]
    yield "jpeg without its last byte", whole[:-1]
    yield "jpeg of three bytes", whole[:3]
    yield "jpeg cut behind a whole thumbnail", with_thumbnail[: len(with_thumbnail) - 300]
    yield "jpeg of no width", whole.replace(struct.pack(">HH", 180, 240), struct.pack(">HH", 180, 0), 1)
    yield "jpeg in bits", b"\xff\xd8\xff" + b"\x00" * 400
    picture = saved(scene(), "PNG")
    yield "png cut in half", picture[: len(picture) // 2]
    yield "png without its end", picture[:-12]
    yield "png without pixels", picture[:33] + chunk(b"IEND", b"")
    yield "png of no height", png(8, 0)
    yield "png of its signature", picture[:8]
    moving = saved(scene(), "WEBP")
    yield "webp cut short", moving[:-40]
    yield "webp of its header", moving[:12]


def _too_large() -> Iterator[tuple[str, bytes]]:
    yield "png bomb 12,000 x 12,000", png(12_000, 12_000, 1)
    yield "png bomb 20,000 x 20,000", png(20_000, 20_000, 1)
    yield "png 12,001 wide", png(12_001, 1)
    yield (
        "jpeg of 65,500 x 65,500",
        jpeg().replace(struct.pack(">HH", 180, 240), struct.pack(">HH", 65_500, 65_500), 1),
    )
    yield "webp of 16,383 x 16,383", webp(files.canvas(16_383, 16_383), (b"VP8L", b"\x2f" + bytes(60)))
    yield "webp of a million frames", webp(files.canvas(8, 8), *[(b"ANMF", b"")] * 1_000_000)
    yield "webp of 101 frames", webp(files.canvas(8, 8), *[(b"ANMF", bytes(24))] * 101)
    yield "png of a million frames", png(8, 8, extra=[chunk(b"acTL", struct.pack(">II", 1_000_000, 0))])
    yield "png of a million chunks", png(8, 8, extra=[chunk(b"teSt", b"")] * 1_000_000)
    for kind in (b"iTXt", b"zTXt", b"iCCP"):
        yield f"png with 64 MB of {kind.decode()}", files.text_bomb(kind)
    yield "png with 2 MB of plain text", png(8, 8, extra=[chunk(b"tEXt", b"Comment\0" + bytes(2_000_000))])


def _no_photographs() -> Iterator[tuple[str, bytes]]:
    yield "svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    yield "svg behind a mark", b"\xef\xbb\xbf<?xml version='1.0'?><svg/>"
    yield "html", b"\n <!doctype html><html>" + SCRIPT
    yield "html in 16 bits", "<html></html>".encode("utf-16")
    yield "php called jpg", b"<?php system('id'); ?>"
    yield "gif", saved(scene(), "GIF")
    yield "tiff", saved(scene(), "TIFF")
    yield "tiff of the other end", b"MM\0*\0\0\0\x08" + bytes(60)
    yield "bmp", saved(scene(), "BMP")
    yield "ico", saved(scene(), "ICO")
    yield "eps", saved(scene(), "EPS")
    yield "pdf", saved(scene(), "PDF")
    yield "psd", b"8BPS\0\1" + bytes(40)
    yield "jpeg xl", b"\xff\x0a" + bytes(40)
    yield "avif", b"\0\0\0\x1cftypavif" + bytes(40)
    yield "mp4", b"\0\0\0\x18ftypmp42" + bytes(40)
    yield "zip", ZIP
    yield "exe", b"MZ\x90\0" + bytes(100)
    yield "elf", b"\x7fELF\x02\x01\x01" + bytes(60)
    yield "shell script", b"#!/bin/sh\nid\n"
    yield "gzip", b"\x1f\x8b\x08" + bytes(20)
    yield "wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)
    yield "quicktime", b"\0\0\0\x14ftypqt  " + bytes(40)


@cache
def corpus() -> list[File]:
    """All of them."""
    refusals = (
        (_not_whole, rules.NOT_WHOLE),
        (_too_large, rules.TOO_LARGE),
        (_no_photographs, rules.NOT_A_PHOTO),
    )
    every = [File(name, data, 201, size=size) for name, data, size in _taken_in()]
    every += [File(name, data, 201, state="unreadable") for name, data in _not_to_be_opened()]
    for build, refusal in refusals:
        every += [File(name, data, refusal.status, refusal.sentence) for name, data in build()]
    big = jpeg() + bytes(rules.MAX_BYTES)
    return [*every, File("jpeg of over 20 MB", big, 413, rules.TOO_BIG.sentence)]


def pixel(picture: Image.Image, across: float, down: float) -> tuple[int, int, int]:
    """The colour at a place given in parts of the width and height."""
    found = picture.convert("RGB").getpixel((int(picture.width * across), int(picture.height * down)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]
