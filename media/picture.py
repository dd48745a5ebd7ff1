"""Opening a photograph and making its two clean copies. Runs only in the limited child (child.py).

A clean copy is drawn anew from the pixels: nothing of the sender's file but its picture gets through, so
that EXIF, comments, profiles and whatever hangs behind the end mark are gone.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from math import ceil

# Named one by one: once limited, the child cannot open a file, not even to import.
from PIL import (  # noqa: F401
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from media import exif
from media.rules import MAX_PIXELS, MAX_SIDE

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
# longest side, JPEG quality
COPIES = ((1600, 82), (400, 75))
STRIP_PIXELS = 500_000
# As sharp as bicubic when making smaller, at two thirds of the time.
FILTER = Image.Resampling.HAMMING
MAX_PROFILE = 64 * 1024
SRGB = ImageCms.createProfile("sRGB")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Only this one: Pillow also warns of oddities that thousands of good phone photographs have.
warnings.simplefilter("ignore")
warnings.simplefilter("error", Image.DecompressionBombWarning)


class TooLarge(Exception):
    """The picture is larger than its header told the web process."""


@dataclass(frozen=True)
class Opened:
    """What came out of a file: the upright size, the clean copies largest first, and what EXIF said."""

    width: int
    height: int
    copies: tuple[bytes, ...]
    found: exif.Found


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flat(strip: Image.Image) -> Image.Image:
    """The same pixels in 8 bits with no transparency (what is see-through becomes white)."""
    if strip.mode.startswith("I"):
        # Pillow would clip 16 bits to 8, not scale them.
        return strip.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if strip.mode in ("RGBA", "LA", "PA") or "transparency" in strip.info:
        seen = strip.convert("RGBA")
        white = Image.new("RGB", seen.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return strip if strip.mode in ("RGB", "L", "CMYK") else strip.convert("RGB")


def _rough(picture: Image.Image, factor: int) -> Image.Image:
    """Shrunk by a whole number in strips, so that a second full-size picture is never in memory."""
    if factor == 1 and picture.mode in ("RGB", "L", "CMYK") and "transparency" not in picture.info:
        return picture
    step = max(1, STRIP_PIXELS // picture.width // factor) * factor
    size = ceil(picture.width / factor), ceil(picture.height / factor)
    shrunk: Image.Image | None = None
    for top in range(0, picture.height, step):
        box = (0, top, picture.width, min(top + step, picture.height))
        strip = _flat(picture.crop(box)).reduce(factor)
        shrunk = shrunk or Image.new(strip.mode, size)
        shrunk.paste(strip, (0, top // factor))
    return shrunk or picture


def _true_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB when the file's profile is small and makes sense, else as it is. Always RGB or grey."""
    if profile and len(profile) <= MAX_PROFILE and picture.mode == "RGB":
        try:
            theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, theirs, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return picture
        return turned or picture
    return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.info.clear()
    picture.save(out, "JPEG", quality=quality, progressive=True)
    return out.getvalue()


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _decoded(data: bytes, mime: str) -> tuple[Image.Image, tuple[int, int], exif.Found, bytes | None]:
    """The picture somewhat larger than its copy, its size as stored, what EXIF said, its profile."""
    with Image.open(BytesIO(data), formats=(FORMATS[mime],)) as picture:
        if max(picture.size) > MAX_SIDE or picture.width * picture.height > MAX_PIXELS:
            raise TooLarge
        size = picture.size
        large = _fitted(size, COPIES[0][0])
        # A JPEG is decoded at a half, a quarter or an eighth when that still covers the copy: the size
        # must have the picture's own aspect, or a 4:3 photograph is decoded whole (measured: twice the CPU).
        picture.draft(None, large)
        picture.load()
        ratio = min(picture.width / large[0], picture.height / large[1])
        # Close to the copy's size for very large ones: the memory counts, and a box filter does well there.
        factor = int(ratio) if ratio >= 4 else max(1, int(ratio / 1.5))
        return _rough(picture, factor), size, exif.found_in(picture), picture.info.get("icc_profile")


def open_picture(data: bytes, mime: str) -> Opened:
    """Decode `data` as `mime` and nothing else; raises what Pillow raises, TooLarge and MemoryError."""
    rough, size, found, profile = _decoded(data, mime)
    large = rough.resize(_fitted(size, COPIES[0][0]), FILTER)
    copy = _true_colours(large, profile)
    if found.orientation in _UPRIGHT:
        copy = copy.transpose(_UPRIGHT[found.orientation])
    copies = []
    for longest, quality in COPIES:
        copy = copy.resize(_fitted(copy.size, longest), FILTER, reducing_gap=2.0)
        copies.append(_jpeg(copy, quality))
    width, height = size[::-1] if found.orientation >= 5 else size
    return Opened(width, height, tuple(copies), found)


def warm_up() -> None:
    """Load every codec and table once, before files can no longer be opened."""
    for form in ("JPEG", "PNG", "WEBP"):
        out = BytesIO()
        Image.new("RGB", (8, 8)).save(out, form)
        open_picture(out.getvalue(), next(mime for mime in FORMATS if FORMATS[mime] == form))
