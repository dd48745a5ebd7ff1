"""The camera that lays the old photo over the live picture: with no signal, refused, with its light, and let go of."""

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import everything_once, hashes
from tests.phone.shots import fresh
from tests.phone.test_pack import packed, with_worker
from tests.phone.test_pages import look_everywhere, problems
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
# A camera that shows a moving drawing, and a browser that says yes for its owner.
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# Every track that was ever given, so that a test can tell whether each was let go of.
TRACKS = """(() => {
  const given = window.given = [], ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    given.push(...stream.getTracks());
    return stream;
  };
})()"""
ON = "window.given.filter((one) => one.readyState === 'live').length"
# The browser's own edge: a camera with a light, which the made-up one has not.
LIGHT = """(() => {
  window.lit = [];
  const can = MediaStreamTrack.prototype.getCapabilities;
  MediaStreamTrack.prototype.getCapabilities = function () { return { ...can.call(this), torch: true }; };
  MediaStreamTrack.prototype.applyConstraints = async function (wanted) { window.lit.push(wanted.advanced[0].torch); };
})()"""


@pytest.fixture
def camera(new_phone: NewPhone) -> Device:
    phone = new_phone("asha", args=CAMERA)
    phone.context.add_init_script(TRACKS)
    return phone


def moved_in(phone: Device, home: str) -> str:
    """A completed move-in with a photo of the hob; the photo's hash."""
    walk.start(phone, home, "Move-in inspection")
    phone.saved(lambda: walk.read(phone.page, HOB, "G"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    (sha,) = hashes(phone)
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    return sha


def moving_out(phone: Device, home: str) -> str:
    """A move-out that has just begun, its page with the hob's earlier photo; its path."""
    path = walk.start(phone, home, "Move-out inspection")

    def opened() -> bool:
        phone.page.reload()
        return phone.page.locator("[data-over]").count() > 0

    until(opened)
    return path


def same_spot(page: Page) -> Locator:
    """Press it; the dialog with its live picture."""
    walk.item(page, HOB).get_by_role("button", name="Same spot as before").click()
    dialog = page.get_by_role("dialog", name="Photo from the same spot")
    expect(dialog.get_by_role("button", name="Take the photo")).to_be_enabled()
    return dialog


def rows(office: Doorstep, path: str) -> list[dict[str, Any]]:
    inspection = path.rsplit("/", 1)[1]
    return office.rows("SELECT * FROM inspection_photo WHERE inspection = ? ORDER BY captured_at", inspection)


def test_with_no_signal_the_old_photo_lies_over_the_live_picture_and_the_pair_reaches_the_result(
    camera: Device, office: Doorstep
) -> None:
    phone, linden = camera, office.ids["linden"]
    with_worker(phone)
    sha = moved_in(phone, linden)
    until(lambda: sha in phone.page.request.get(f"{phone.url}/properties/{linden}/inspections/blank/move-out").text())
    plan(phone, linden, "any")
    packed(phone)
    with phone.no_signal():
        path = walk.start(phone, linden, "Move-out inspection")
        page = phone.page
        phone.saved(lambda: walk.read(page, HOB, "V"))
        dialog = same_spot(page)
        old = dialog.get_by_alt_text("The photo from before")
        expect(old).to_have_js_property("naturalWidth", 400)
        expect(old).to_have_css("opacity", "0.4")
        slider = dialog.get_by_role("slider", name="Old photo")
        slider.focus()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        expect(old).to_have_css("opacity", "0.6")
        assert frame(dialog) == pytest.approx(4 / 3, abs=0.02)
        dialog.get_by_role("button", name="Take the photo").click()
        dialog.get_by_role("button", name="Again").click()
        dialog.get_by_role("button", name="Take the photo").click()
        expect(dialog.get_by_alt_text("The photo just taken")).to_be_visible()
        phone.saved(lambda: dialog.get_by_role("button", name="Use it").click())
        expect(dialog).to_be_hidden()
        expect(walk.tiles(page, HOB)).to_have_count(1)
        assert page.evaluate(ON) == 0
    phone.all_sent()
    until(lambda: len(rows(office, path)) == 1)
    (row,) = rows(office, path)
    (first,) = office.rows("SELECT id FROM inspection_photo WHERE sha256 = ?", sha)
    assert row["taken_over"] == first["id"] and row["item"] == HOB
    everything_once(phone, office)
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    page = phone.open(f"{path}/comparison")
    before, now = page.locator("[data-slid] figure").all()
    expect(now).to_contain_text("Now, from the same spot")
    assert sha in str(before.locator("img").get_attribute("src"))
    assert row["sha256"] in str(now.locator("img").get_attribute("src"))
    assert phone.console == []


def frame(dialog: Locator) -> float:
    box = dialog.locator(".camera__frame").bounding_box()
    assert box
    return float(box["width"] / box["height"])
