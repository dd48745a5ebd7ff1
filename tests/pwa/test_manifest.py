"""What the phone is told about installing: every picture named is there, of the size it is said to have."""

import json
from pathlib import Path

import pytest
from PIL import Image

PWA = Path(__file__).parents[2] / "pwa"
MANIFEST = json.loads((PWA / "manifest.webmanifest").read_text("utf-8"))
PICTURES = [*MANIFEST["icons"], *MANIFEST["screenshots"], *(i for s in MANIFEST["shortcuts"] for i in s["icons"])]


@pytest.mark.parametrize("named", PICTURES, ids=lambda named: named["src"])
def test_a_picture_of_the_manifest_exists_and_has_the_size_it_says(named: dict[str, str]) -> None:
    file = PWA / "icons" / named["src"]
    assert file.is_file()
    if named["type"] == "image/png":
        with Image.open(file) as picture:
            assert (picture.format, f"{picture.width}x{picture.height}") == ("PNG", named["sizes"])


def test_there_is_a_screenshot_for_a_phone_and_for_a_desk_and_neither_is_heavy() -> None:
    assert {one["form_factor"] for one in MANIFEST["screenshots"]} == {"narrow", "wide"}
    for one in MANIFEST["screenshots"]:
        assert one["label"]
        assert (PWA / "icons" / one["src"]).stat().st_size <= 120 * 1024
