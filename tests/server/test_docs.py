"""What the documents point at is there: files by their path, tests by their name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "STYLE.md", *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"`([^`\s]+)`")
FOLDERS = (
    "tests/",
    "docs/",
    "bench/",
    "server/",
    "pwa/",
    "people/",
    "properties/",
    "media/",
    "visits/",
    "inspections/",
)
TESTS = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
}


def there(named: str) -> bool:
    return named in TESTS if named.startswith("test_") else (ROOT / named).exists()


def pointed_at(text: str) -> list[str]:
    return [
        one
        for one in CODE.findall(text)
        if one.startswith((*FOLDERS, "test_")) and "{" not in one and "*" not in one
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_a_document_points_at_is_there(document: Path) -> None:
    assert [one for one in pointed_at(document.read_text("utf-8")) if not there(one)] == []


def test_every_threat_says_by_which_test_it_is_stopped() -> None:
    lines = (ROOT / "docs" / "threat-model.md").read_text("utf-8").splitlines()
    rows = [re.split(r" ?\| ?", line.strip("| ")) for line in lines if line.startswith("| ")][1:]
    assert len(rows) > 15
    assert [
        row for row in rows if len(row) != 5 or not any(one.startswith("test") for one in pointed_at(row[-1]))
    ] == []
