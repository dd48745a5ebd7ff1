"""A small painter for the demo council's photographs: smooth shapes, gradients, noise, on 400 by 300 units.

The pictures are drawn by the seed itself, so that the repository carries no photograph of anybody's home.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDE, HIGH = 1280, 960
UNIT = WIDE / 400
FINE = 2  # shapes are drawn this much larger and reduced, which makes their edges smooth

Point = tuple[float, float]


@dataclass(frozen=True)
class Fade:
    """From one colour to another: "down", "right" or "slant"."""

    first: str
    last: str
    way: str = "down"


Paint = str | Fade
Mark = Callable[[ImageDraw.ImageDraw, list[Point]], None]


def _ramp(way: str, size: tuple[int, int]) -> Image.Image:
    down = Image.linear_gradient("L").resize(size)
    if way == "down":
        return down
    right = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size)
    return right if way == "right" else Image.blend(down, right, 0.5)


def paint(fill: Paint, size: tuple[int, int]) -> Image.Image:
    if isinstance(fill, str):
        return Image.new("RGB", size, fill)
    return Image.composite(
        Image.new("RGB", size, fill.last), Image.new("RGB", size, fill.first), _ramp(fill.way, size)
    )


def cloud(size: tuple[int, int], grain: int, octaves: int = 3) -> Image.Image:
    """Soft patchy grey, `grain` patches across. Pillow's noise is not seeded: patches differ at every drawing."""
    whole = Image.new("L", size, 128)
    for octave in range(octaves):
        cells = grain * 2**octave
        noise = Image.effect_noise((cells, max(2, cells * size[1] // size[0])), 90)
        whole = Image.blend(whole, noise.resize(size, Image.Resampling.BICUBIC), 0.5 if octave else 1.0)
    return whole


@dataclass
class Canvas:
    seed: int = 0
    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDE, HIGH), "#e6dcc9"))

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - pictures, not secrets

    def shape(self, points: Sequence[Point], fill: Paint, alpha: float = 1.0, blur: float = 0) -> None:
        """A filled polygon."""
        self._stamp(points, fill, alpha, blur, lambda draw, at: draw.polygon(at, fill=255))

    def box(self, x: float, y: float, w: float, h: float, fill: Paint, r: float = 0, alpha: float = 1.0,
            blur: float = 0) -> None:  # fmt: skip
        """A rectangle, with rounded corners if `r`."""
        radius = r * UNIT * FINE
        self._stamp([(x, y), (x + w, y + h)], fill, alpha, blur,
                    lambda draw, at: draw.rounded_rectangle([at[0], at[1]], radius, fill=255))  # fmt: skip

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Paint, alpha: float = 1.0,
             blur: float = 0) -> None:  # fmt: skip
        self._stamp([(x - rx, y - ry), (x + rx, y + ry)], fill, alpha, blur,
                    lambda draw, at: draw.ellipse([at[0], at[1]], fill=255))  # fmt: skip

    def ring(self, x: float, y: float, r: float, width: float, fill: Paint, alpha: float = 1.0) -> None:
        thick = round(width * UNIT * FINE)
        self._stamp([(x - r, y - r), (x + r, y + r)], fill, alpha, 0,
                    lambda draw, at: draw.ellipse([at[0], at[1]], outline=255, width=thick))  # fmt: skip

    def line(
        self, points: Sequence[Point], width: float, fill: Paint, alpha: float = 1.0, blur: float = 0
    ) -> None:
        """A stroke through the points, with round corners."""
        self._stamp(points, fill, alpha, blur, lambda draw, at: _stroke(draw, at, width * UNIT * FINE), pad=width)

    def text(self, x: float, y: float, words: str, size: float, fill: str, alpha: float = 1.0) -> None:
        """Centred on x, y, in the face that Pillow carries, so that it looks the same on every machine."""
        font = ImageFont.load_default(size * UNIT)
        draw = ImageDraw.Draw(self.image)
        if alpha < 1:
            fill = _mixed(fill, self.image.getpixel((round(x * UNIT), round(y * UNIT))), alpha)
        draw.text((x * UNIT, y * UNIT), words, font=font, fill=fill, anchor="mm", stroke_width=1, stroke_fill=fill)

    def through(self, mask: Image.Image, fill: Paint, at: tuple[int, int] = (0, 0)) -> None:
        """Paint through a grey mask, such as a cloud."""
        self.image.paste(paint(fill, mask.size), at, mask)

    def floor_mask(self, left: float, right: float, bottom: float) -> Image.Image:
        """White where the floor of a room is, in a strip from `bottom` down."""
        mask = Image.new("L", (WIDE, round((300 - bottom) * UNIT)), 0)
        corners = [(left * UNIT, 0), (right * UNIT, 0), (WIDE, mask.height), (0, mask.height)]
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        return mask

    def _stamp(
        self, points: Sequence[Point], fill: Paint, alpha: float, blur: float, mark: Mark, pad: float = 0
    ) -> None:
        """Draw `mark` on a mask of its own, soften it, and paint through it."""
        edge = pad + blur * 3 + 1
        left = math.floor((min(x for x, _ in points) - edge) * UNIT)
        top = math.floor((min(y for _, y in points) - edge) * UNIT)
        wide = math.ceil((max(x for x, _ in points) + edge) * UNIT) - left
        high = math.ceil((max(y for _, y in points) + edge) * UNIT) - top
        if wide <= 0 or high <= 0:
            return
        mask = Image.new("L", (wide * FINE, high * FINE), 0)
        mark(ImageDraw.Draw(mask), [((x * UNIT - left) * FINE, (y * UNIT - top) * FINE) for x, y in points])
        mask = mask.reduce(FINE)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * UNIT))
        if alpha < 1:
            mask = mask.point(lambda value: value * alpha)
        self.image.paste(paint(fill, (wide, high)), (left, top), mask)


def _stroke(draw: ImageDraw.ImageDraw, at: list[Point], width: float) -> None:
    draw.line(at, fill=255, width=round(width), joint="curve")
    for x, y in (at[0], at[-1]):
        draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)


def _mixed(colour: str, under: object, alpha: float) -> str:
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    below = under if isinstance(under, tuple) else (128, 128, 128)
    return "#" + "".join(f"{round(a * alpha + b * (1 - alpha)):02x}" for a, b in zip(rgb, below, strict=False))


def damp(canvas: Canvas, x: float, y: float, w: float, h: float, strength: float = 1.0) -> None:
    """A damp stain with mould, heaviest at the top right of its box."""
    size = (round(w * UNIT), round(h * UNIT))
    slope = ImageChops.multiply(_ramp("right", size), ImageChops.invert(_ramp("down", size)))
    slope = slope.point(lambda value: min(255, value * 1.9))
    patch = Image.blend(slope, ImageChops.multiply(slope, cloud(size, 5)), 0.55)
    stain = patch.point(lambda value: max(0, min(150, (value - 34) * 5)) * strength)
    at = (round(x * UNIT), round(y * UNIT))
    canvas.through(stain.filter(ImageFilter.GaussianBlur(3)), Fade("#6e6144", "#97865e"), at)
    canvas.through(patch.point(lambda value: max(0, min(120, (value - 95) * 3)) * strength), "#4d462f", at)
    for _ in range(round(900 * strength)):
        u, v = canvas.random.random(), canvas.random.random()
        level = patch.getpixel((int(u * (size[0] - 1)), int(v * (size[1] - 1))))
        if isinstance(level, int) and level > 40 + canvas.random.random() * 160:
            r = canvas.random.uniform(0.25, 1.1) * (1.9 if canvas.random.random() < 0.1 else 1) * max(1, w / 190)
            canvas.oval(x + u * w, y + v * h, r, r, "#23271c", canvas.random.uniform(0.45, 0.9))
