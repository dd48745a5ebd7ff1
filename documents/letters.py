"""Letters our fonts have. PDF/A and PDF/UA forbid a sign that nothing can show, and an officer may type any."""

import re
import unicodedata
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

# Joiners and marks that only dress what stands before them.
SILENT = ("Cf", "Mn", "Me")
ELSEWHERE = "[{} writing, shown in Doorstep]"
_AGAIN = re.compile(r"(\[\w+ writing, shown in Doorstep\])(\s+\1)+")


class Letters:
    """What every face of a folder of fonts can show."""

    def __init__(self, folder: Path) -> None:
        faces = [set(TTFont(file, lazy=True).getBestCmap()) for file in sorted(folder.glob("*.ttf"))]
        self._known = set.intersection(*faces) | set(map(ord, "\n\t"))

    def shown(self, value: Any) -> Any:
        """The same data with every text made showable: a sign we lack becomes its name, like [grinning face]."""
        if isinstance(value, str):
            return value if self._has_all(value) else self._replaced(value)
        if isinstance(value, list):
            return [self.shown(one) for one in value]
        if isinstance(value, dict):
            return {name: self.shown(one) for name, one in value.items()}
        return value

    def _has_all(self, text: str) -> bool:
        return self._known.issuperset(map(ord, text))

    def _replaced(self, text: str) -> str:
        parts = [
            "".join(run) if known else _named([sign for sign in run if unicodedata.category(sign) not in SILENT])
            for known, run in groupby(unicodedata.normalize("NFC", text), self._has_all)
        ]
        return _AGAIN.sub(r"\1", "".join(parts))


def _named(signs: list[str]) -> str:
    """A word in letters we lack says whose they are; single signs are named one by one."""
    if len(signs) > 1 and all(unicodedata.category(sign).startswith(("L", "M")) for sign in signs):
        return ELSEWHERE.format(unicodedata.name(signs[0], "other").split()[0].title())
    return "".join(f"[{unicodedata.name(sign, 'a sign we cannot print').lower()}]" for sign in signs)
