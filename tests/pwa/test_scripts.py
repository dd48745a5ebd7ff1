"""How the phone's scripts stand to each other, and to what the server does with the same text."""

from graphlib import TopologicalSorter
from pathlib import Path
from re import M, findall

SOURCES = Path(__file__).parents[2] / "pwa/src"


def test_no_two_scripts_import_each_other() -> None:
    """A circle works only as long as nobody uses the other while both are being read. Types are not there then."""
    imports = {
        file.stem: set(findall(r"^import (?!type\b)[^;]*?from '\./([\w-]+)'", file.read_text(), M))
        for file in SOURCES.glob("*.ts")
    }
    assert list(TopologicalSorter(imports).static_order())
