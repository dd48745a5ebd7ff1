"""A photo under two fingers, a circle and an arrow on a copy of it, and the same thing taken again."""

from typing import Any

import pytest

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.outbox import pictures
from tests.phone.proof import hashes, photographs_whole
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
SCALE = "(one) => new DOMMatrix(getComputedStyle(one).transform).a"


@pytest.fixture
def photographed(new_phone: NewPhone, office: Doorstep) -> tuple[Device, str]:
    """A phone with one photo of the hob, and the inspection it belongs to."""
    phone = new_phone("asha", has_touch=True)
    path = walk.start(phone, office.ids["saltmarsh"])
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.all_sent()
    return phone, path.rsplit("/", 1)[-1]


class Fingers:
    """On the glass of one phone, as Chromium has them from it."""

    def __init__(self, phone: Device) -> None:
        self.session = phone.context.new_cdp_session(phone.page)

    def _touch(self, kind: str, points: tuple[tuple[float, float], ...] = ()) -> None:
        touched = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    def down(self, *points: tuple[float, float]) -> None:
        self._touch("touchStart", points)

    def move(self, *points: tuple[float, float]) -> None:
        self._touch("touchMove", points)

    def up(self) -> None:
        self._touch("touchEnd")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.down(start)
        self.move(end)
        self.up()


def rows(office: Doorstep, inspection: str) -> list[dict[str, Any]]:
    return office.rows("SELECT * FROM inspection_photo WHERE inspection = ? ORDER BY id", inspection)


def test_two_fingers_apart_make_a_photo_larger_and_together_whole_again(
    photographed: tuple[Device, str],
) -> None:
    phone, _ = photographed
    page = phone.page
    page.locator(f"#photos-{HOB} .photo .ph").click()
    shown = page.locator("dialog.viewer [data-viewer-photo]")
    expect(shown).to_be_visible()
    fingers = Fingers(phone)
    fingers.down((130, 300), (230, 300))
    fingers.move((80, 300), (280, 300))
    until(lambda: bool(shown.evaluate(SCALE) == pytest.approx(2, abs=0.05)))
    fingers.move((160, 300), (200, 300))
    until(lambda: shown.evaluate(SCALE) == 1)
    fingers.up()


def test_a_circle_and_an_arrow_are_drawn_on_a_copy_and_the_photo_stays_as_it_was(
    photographed: tuple[Device, str], office: Doorstep
) -> None:
    phone, inspection = photographed
    page, (first,) = phone.page, hashes(phone)
    page.locator(f"#photos-{HOB} .photo .ph").click()
    page.get_by_role("button", name="Draw on it").click()
    expect(page.locator("dialog.viewer canvas")).to_be_visible()
    page.get_by_role("button", name="Circle").click()
    fingers = Fingers(phone)
    fingers.drag((60, 260), (160, 330))
    page.get_by_role("button", name="Arrow").click()
    fingers.drag((300, 250), (220, 320))
    page.get_by_role("button", name="Keep this drawing").click()
    until(lambda: len(hashes(phone)) == 2)
    phone.all_sent()
    (drawn,) = set(hashes(phone)) - {first}
    assert {row["sha256"]: row["drawn_from"] for row in rows(office, inspection)} == {first: "", drawn: first}
    photographs_whole(office, [first, drawn])
    before, after = (
        pictures.read((office.data / "photos" / "photos" / sha[:2] / sha).read_bytes()).convert("RGB")
        for sha in (first, drawn)
    )
    assert after.size == before.size
    for half in ((0, 0, 800, 1200), (800, 0, 1600, 1200)):
        assert yellow(after.crop(half)) > yellow(before.crop(half)) + 500


def yellow(image: Any) -> int:
    """How many pixels have the pen's own colour."""
    red, green, blue = image.split()
    near = [
        band.point(lambda value, at=at: 255 * (abs(value - at) < 24))
        for band, at in ((red, 0xFF), (green, 0xC9), (blue, 0x33))
    ]
    return sum(1 for three in zip(*(band.get_flattened_data() for band in near), strict=True) if all(three))


def test_a_photo_taken_again_stands_in_the_place_of_the_first_which_stays_in_the_history(
    photographed: tuple[Device, str], office: Doorstep
) -> None:
    phone, inspection = photographed
    page, (first,) = phone.page, hashes(phone)
    page.reload()
    shot = walk.item(page, HOB).locator(".shot")
    shot.locator("details.shot__more > summary").click()
    again = {"name": "again.jpg", "mimeType": "image/jpeg", "buffer": fresh()}
    shot.locator("input[type='file']").set_input_files([again])
    until(lambda: len({row["sha256"] for row in rows(office, inspection)}) == 2)
    phone.all_sent()
    (second,) = {row["sha256"] for row in rows(office, inspection)} - {first}
    page.reload()
    tiles = walk.item(page, HOB).locator(".photo")
    expect(tiles).to_have_count(1)
    expect(tiles).to_have_attribute("data-sha256", second)
    photographs_whole(office, [first, second])
    withdrawn = "SELECT photo FROM photo_change WHERE inspection = ? AND withdrawn"
    of_first = [row["id"] for row in rows(office, inspection) if row["sha256"] == first]
    assert [row["photo"] for row in office.rows(withdrawn, inspection)] == of_first
