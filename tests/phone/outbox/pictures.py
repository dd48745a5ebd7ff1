"""Photographs for the tests, made here: sizes, orientations and damage as cameras produce them."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

RED, BLUE = (200, 30, 30), (30, 30, 200)


def _scene(width: int, height: int) -> Image.Image:
    """Red at the top left of the upright picture, blue elsewhere, with enough texture to weigh something."""
    image = Image.effect_noise((width // 8, height // 8), 40).resize((width, height)).convert("RGB")
    blue = Image.new("RGB", (width, height), BLUE)
    image = Image.blend(image, blue, 0.8)
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 3), fill=RED)
    return image


# What a camera stores so that, turned as EXIF says, the upright picture appears.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def photo(width: int = 1600, height: int = 1200, orientation: int = 1, exif: bool = True) -> bytes:
    image = _scene(width, height)
    turn = _STORED[orientation]
    stored = image.transpose(turn) if turn is not None else image
    out = BytesIO()
    if not exif:
        stored.save(out, "JPEG", quality=85)
        return out.getvalue()
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "A camera with a name"
    data.get_ifd(0x8769).update({0x9003: "2026:11:24 10:18:03", 0x9011: "+00:00"})
    data.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 36.0), 3: "W", 4: (2.0, 35.0, 24.0)})
    stored.save(out, "JPEG", quality=85, exif=data)
    return out.getvalue()


def png(width: int = 900, height: int = 700) -> bytes:
    out = BytesIO()
    _scene(width, height).save(out, "PNG")
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def corner(image: Image.Image) -> tuple[int, int, int]:
    """The colour near the top left."""
    pixel = image.convert("RGB").getpixel((image.width // 10, image.height // 10))
    assert isinstance(pixel, tuple)
    return (int(pixel[0]), int(pixel[1]), int(pixel[2]))


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 120 and colour[2] < 110


def put(folder: Path, name: str, data: bytes) -> str:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    return str(file)
