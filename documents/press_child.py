"""The child process that sets pages: `python -m documents.press_child FOLDER`, the PDF on standard output.

The folder holds the template, `data.json` and the pictures. Pictures are made as small as print needs, once,
and go into the PDF as the JPEGs they then are.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

MEMORY_MB = 1536
CPU_SECONDS = 30
WRITTEN_MB = 64
# The longest side in pixels: 85 mm on the page at 240 dots an inch.
LONGEST = 800
QUALITY = 78
STANDARDS = ["a-2a", "ua-1"]
FONTS = Path(__file__).parent / "fonts"


def shrink(data: bytes) -> bytes:
    """A JPEG of at most LONGEST pixels. What is small enough already stays byte for byte as it is."""
    from PIL import Image

    with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
        if max(picture.size) <= LONGEST:
            return data
        # Decoded at a half already when that still covers what is wanted: a third of the time.
        picture.draft(None, tuple(side * LONGEST // max(picture.size) for side in picture.size))  # type: ignore[arg-type]
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.BICUBIC, reducing_gap=None)
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


def _shrink_file(file: Path) -> None:
    file.write_bytes(shrink(file.read_bytes()))


def main(folder: Path) -> None:
    """Set the document. Leaves with a traceback and no output when the template or a picture is wrong."""
    import typst
    from PIL import Image

    from documents.confine import confine
    from documents.letters import Letters

    Image.preinit()
    confine(MEMORY_MB, CPU_SECONDS, WRITTEN_MB)
    with ThreadPoolExecutor(2) as threads:  # Pillow lets go of the interpreter while it works
        list(threads.map(_shrink_file, folder.glob("*.jpg")))
    data: Any = json.loads((folder / "data.json").read_bytes())
    (folder / "data.json").write_text(json.dumps(Letters(FONTS).shown(data)))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    pdf = typst.compile(
        str(folder / "main.typ"),
        root=str(folder),
        font_paths=fonts,
        ignore_system_fonts=True,
        pdf_standards=STANDARDS,  # type: ignore[arg-type]
        timestamp=data["made_timestamp"],
        # Nothing may be fetched: a template that names a package finds none.
        package_path=str(folder / "none"),
        package_cache_path=str(folder / "none"),
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
