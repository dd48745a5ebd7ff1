"""Photographs no two of which are alike, so that what arrives can be told apart."""

import os
from functools import cache
from io import BytesIO

from PIL import Image

from tests.phone.outbox import pictures


@cache
def _ground(width: int, height: int) -> Image.Image:
    return pictures.read(pictures.photo(width, height, exif=False)).convert("RGB")


def fresh(width: int = 1600, height: int = 1200, orientation: int = 1) -> bytes:
    """A JPEG as a camera makes it, with something of its own in the middle."""
    image = _ground(width, height).copy()
    own = Image.frombytes("L", (16, 16), os.urandom(256)).resize((width // 4, height // 4))
    image.paste(own, (width // 3, height // 3))
    turn = pictures._STORED[orientation]
    image = image.transpose(turn) if turn is not None else image
    data = Image.Exif()
    data[0x0112] = orientation
    out = BytesIO()
    image.save(out, "JPEG", quality=85, exif=data)
    return out.getvalue()
