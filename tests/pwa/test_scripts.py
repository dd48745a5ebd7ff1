"""How the phone's scripts stand to each other, and to what the server does with the same text."""

from graphlib import TopologicalSorter
from pathlib import Path
from re import M, findall, search, sub

from pwa import direction, forms

SOURCES = Path(__file__).parents[2] / "pwa/src"


def test_no_two_scripts_import_each_other() -> None:
    """A circle works only as long as nobody uses the other while both are being read. Types are not there then."""
    imports = {
        file.stem: set(findall(r"^import (?!type\b)[^;]*?from '\./([\w-]+)'", file.read_text(), M))
        for file in SOURCES.glob("*.ts")
    }
    assert list(TopologicalSorter(imports).static_order())


def test_the_phone_shows_what_waits_without_the_very_characters_the_office_takes_out() -> None:
    found = search(r"const UNSEEN =\s+/(\[.+\])/g;", (SOURCES / "clean.ts").read_text())
    assert found
    assert found[1].encode().decode("unicode_escape") == forms._UNSEEN.pattern


def test_the_phone_and_the_office_set_the_same_words_apart() -> None:
    source = (SOURCES / "clean.ts").read_text()
    scripts = search(r"const FROM_THE_RIGHT = /(\[.+\])/u;", source)
    assert scripts
    plain = sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), scripts[1])
    assert plain.encode("raw_unicode_escape").decode("raw_unicode_escape") == direction._FROM_THE_RIGHT.pattern
