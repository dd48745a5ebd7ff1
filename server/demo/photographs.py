"""Taking a photograph of a drawn scene: a hand that is not still, a small lens, and when it was taken."""

from datetime import datetime
from io import BytesIO
from random import Random

from PIL import Image, ImageChops

from pwa.clock import LONDON
from server.demo.canvas import HIGH, WIDE

MAKE, MODEL, SOFTWARE, DATE_TIME = 0x010F, 0x0110, 0x0131, 0x0132
EXIF_FOLDER, TAKEN, OFFSET = 0x8769, 0x9003, 0x9011

_GRAIN = Image.merge("RGB", [Image.effect_noise((WIDE, HIGH), 9)] * 3)
_DARKER = Image.radial_gradient("L").resize((WIDE, HIGH)).point(lambda value: 255 - max(0, value - 110) * 0.42)
_VIGNETTE = Image.merge("RGB", [_DARKER] * 3)


def photograph(scene: Image.Image, seed: int, taken_at: datetime) -> bytes:
    """A JPEG of the scene. Each seed is another picture: other framing, other light, other bytes."""
    random = Random(seed)  # noqa: S311 - pictures, not secrets
    picture = _framed(scene, random)
    bright, warm = random.uniform(0.97, 1.09), random.uniform(0.96, 1.04)
    light = [min(255, round(v * bright * by)) for by in (warm, 1, (2 - warm) * 0.99) for v in range(256)]
    picture = ImageChops.multiply(picture.point(light), _VIGNETTE)
    grain = ImageChops.offset(_GRAIN, random.randrange(WIDE), random.randrange(HIGH))
    picture = ImageChops.overlay(picture, grain)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80, exif=_exif(taken_at))
    return out.getvalue()


def _framed(scene: Image.Image, random: Random) -> Image.Image:
    """Seen a little from the side and from nearer: each corner of the view is somewhat elsewhere."""

    def off(most: float) -> float:
        return random.uniform(0.004, most)

    quad = (
        WIDE * off(0.05), HIGH * off(0.05),
        WIDE * off(0.05), HIGH * (1 - off(0.05)),
        WIDE * (1 - off(0.05)), HIGH * (1 - off(0.05)),
        WIDE * (1 - off(0.05)), HIGH * off(0.05),
    )  # fmt: skip
    return scene.transform((WIDE, HIGH), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def _exif(taken_at: datetime) -> Image.Exif:
    local = taken_at.astimezone(LONDON)
    exif = Image.Exif()
    exif[MAKE], exif[MODEL], exif[SOFTWARE] = "Harrowmere", "Demo camera", "Drawn by Doorstep's demo council"
    exif[DATE_TIME] = f"{local:%Y:%m:%d %H:%M:%S}"
    folder = exif.get_ifd(EXIF_FOLDER)
    folder[TAKEN] = f"{local:%Y:%m:%d %H:%M:%S}"
    folder[OFFSET] = f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:]
    return exif
