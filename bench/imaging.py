"""A 12 MP photograph into its two clean copies: our limited child beside plain Pillow, in one run.

Processor time, not the clock: other work on the machine then counts for neither.
"""

import asyncio
import os
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time

from PIL import Image, ImageOps

from bench.table import Row, markdown
from media import imaging, rules

ROUNDS = 15
SIZES = {(4032, 3024): "≤ 110 ms", (8192, 6144): ""}


def drawn(width: int, height: int) -> bytes:
    """A JPEG as busy as a photograph of a room, drawn from noise (2.5 to 3 MB at 12 MP)."""
    coarse = Image.effect_noise((width // 8, height // 8), 60).resize((width, height), Image.Resampling.BICUBIC)
    ramp = Image.linear_gradient("L").resize((width, height))
    red = Image.blend(Image.blend(coarse, ramp, 0.5), Image.effect_noise((width, height), 18), 0.12)
    out = BytesIO()
    blue = Image.blend(coarse, ramp.rotate(180), 0.4)
    Image.merge("RGB", (red, coarse, blue)).save(out, "JPEG", quality=88)
    return out.getvalue()


def naive(data: bytes) -> None:
    """What one writes first: open, turn, and a thumbnail of each size."""
    with Image.open(BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    for side, quality in ((1600, 82), (400, 75)):
        copy = upright.copy()
        copy.thumbnail((side, side))
        copy.save(BytesIO(), "JPEG", quality=quality)


def _naive_ms(data: bytes) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = process_time()
        naive(data)
        taken.append((process_time() - start) * 1000)
    return median(taken)


def _child_ms(pid: int) -> float:
    """Processor time of a process so far. Fields 14 and 15, counted behind the name in brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _child_peak_mb(pid: int) -> float:
    peak = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


async def _ours(data: bytes) -> tuple[float, float]:
    """Mean processor milliseconds for each photograph, and the child's peak in MB."""
    decoder = imaging.Decoder(most=1)
    await decoder.open(data, rules.Kind.jpeg)
    pid = decoder._idle[-1].process.pid
    start = _child_ms(pid)
    for _ in range(ROUNDS):
        await decoder.open(data, rules.Kind.jpeg)
    taken, peak = (_child_ms(pid) - start) / ROUNDS, _child_peak_mb(pid)
    await decoder.close()
    return taken, peak


def main() -> list[Row]:
    rows = []
    for (width, height), bar in SIZES.items():
        data = drawn(width, height)
        (ours, peak), plain = asyncio.run(_ours(data)), _naive_ms(data)
        what = f"{width * height / 1e6:.0f} MP JPEG ({len(data) / 1e6:.1f} MB) to clean 1600 and 400 px copies"
        beside = f"plain Pillow: {plain:.0f} ms ({plain / ours:.1f} × ours)"
        rows.append(Row(f"{what}, processor time", f"{ours:.0f} ms", beside, bar))
        rows.append(Row(f"{what}, peak memory of the child", f"{peak:.0f} MB", bar="≤ 256 MB"))
    return rows


if __name__ == "__main__":
    print(markdown("A photograph's clean copies", main()))
