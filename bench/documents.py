"""A report with 40 photographs, set and sealed: from clean copies of 1600 pixels to the sealed file.

The time on the clock is what an officer waits, once the record is read; processor time is all our children's
together, and does not depend on what else the machine does. Beside it: the same without making pictures small.
"""

import asyncio
import hashlib
import json
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from bench.imaging import drawn
from bench.table import Row, markdown
from documents import building, press_child, sealing
from documents.kinds import Content
from documents.rules import Step
from inspections.report import TEMPLATES
from pwa.ids import uuid7

PHOTOS = 40
ROUNDS = 5


@dataclass(frozen=True)
class Cost:
    clock: float
    processor: float
    size: int


def clean_copy(number: int) -> bytes:
    """As media makes them: 1600 pixels, progressive; each other than the last, as photographs are."""
    with Image.open(BytesIO(drawn(1600, 1200))) as picture:
        out = BytesIO()
        picture.rotate(number).save(out, "JPEG", quality=82, progressive=True)
    return out.getvalue()


def content(photos: list[bytes]) -> Content:
    """A home of 60 things in six rooms, each with what an officer writes."""
    now = "Tue 24 Nov 2026, 14:30"
    named = {hashlib.sha256(photo).hexdigest(): photo for photo in photos}
    shots: list[dict[str, Any]] = [
        {"number": number, "file": f"{sha}.jpg", "unseen": "", "caption": f"Kitchen: Corner {number}", "place": "",
         "officer": "Asha Verma", "captured": now, "received": now, "sha256": sha}
        for number, sha in enumerate(named, 1)
    ]  # fmt: skip
    item = {"label": "Walls", "words": "Fair", "note": "Scuffed by the door", "officer": "Asha Verma", "tone": "",
            "condition": "Fair", "cleanliness": "Clean", "others": [], "findings": 0}  # fmt: skip
    of_room = [[shot["number"] for shot in shots][room::6] for room in range(6)]
    rooms = [
        {"label": f"Room {room}", "there": True, "items": [{**item, "photos": of_room[room] if not one else []} for one in range(10)]}
        for room in range(6)
    ]  # fmt: skip
    times = {"captured": now, "received": ""}
    data = {
        "title": "Void inspection", "address": "22 Saltmarsh Road", "postcode": "HW2 7LT", "door": "22",
        "officers": ["Asha Verma"], "started": times, "completed": None, "findings": [], "numbers": [],
        "counts": {"items": 60, "seen": 60, "findings": 0, "photos": PHOTOS, "received": PHOTOS},
        "rooms": rooms, "photos": shots, "addenda": [], "approved": None, "household": None,
    }  # fmt: skip
    return Content(data, {f"{sha}.jpg": photo for sha, photo in named.items()})


async def measured(made: Content) -> Cost:
    async def gathered() -> Content:
        return made

    async def say(_: Step) -> None:
        pass

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    pdf = await building.bound(gathered(), TEMPLATES / "report.typ", uuid7(), datetime.now(UTC), say)
    clock, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(clock, processor, len(pdf))


async def rounds(made: Content) -> list[Cost]:
    await measured(made)
    return [await measured(made) for _ in range(ROUNDS)]


def unshrunk(made: Content) -> float:
    """Megabytes of the same document with the pictures as they are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        framed = building.frame(uuid7(), datetime.now(UTC), sealing.seal())
        data = {**made.data, "document": framed, "made_timestamp": 0}
        building._lay_out(folder, TEMPLATES / "report.typ", data, made.pictures)
        (folder / "data.json").write_text(json.dumps(data))
        import typst

        pdf = typst.compile(
            folder / "main.typ", root=folder, font_paths=[press_child.FONTS], pdf_standards=["a-2a", "ua-1"]
        )
    return len(pdf) / 1e6


def main() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as name:
        sealing.use(sealing.Settings("Harrowmere Borough Council", "https://doorstep.example", Path(name)))
        sealing.seal()
        made = content([clean_copy(number) for number in range(PHOTOS)])
        costs = asyncio.run(rounds(made))
        big = unshrunk(made)
    what = f"report with {PHOTOS} photographs, set and sealed"
    clocks = sorted(cost.clock for cost in costs)
    return [
        Row(f"{what}: median of {ROUNDS}", f"{median(clocks):.2f} s", f"best {clocks[0]:.2f} s", "≤ 2 s"),
        Row(f"{what}: processor time of all children", f"{median(cost.processor for cost in costs):.2f} s"),
        Row(
            f"{what}: the file",
            f"{costs[0].size / 1e6:.1f} MB",
            f"pictures as they are: {big:.1f} MB ({big * 1e6 / costs[0].size:.1f} × ours)",
        ),
    ]


if __name__ == "__main__":
    print(markdown("A document", main()))
