"""A photo on the whole screen, from the phone's own bytes; a drawing is a new photo and leaves the first alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.phone.outbox import pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import World


def take(phone: Phone, page: Page, tmp_path: Path, name: str = "one.jpg", width: int = 1600) -> None:
    before = page.locator("#photos .photo[data-sha256]").count()
    page.locator("#camera").set_input_files(pictures.put(tmp_path / "camera", name, pictures.photo(width, 1200)))
    expect(page.locator("#photos .photo[data-sha256]")).to_have_count(before + 1)


def test_a_photo_opens_on_the_whole_screen_with_no_signal(phone: Phone, page: Page, tmp_path: Path) -> None:
    phone.open()
    take(phone, page, tmp_path)
    phone.all_sent()
    phone.context.set_offline(True)
    page.locator("#photos .photo .ph").click()
    shown = page.locator("dialog.viewer img")
    expect(shown).to_be_visible()
    assert shown.evaluate("i => i.decode().then(() => i.naturalWidth)") == 1600
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()


def test_plus_zooms_in_and_the_next_photo_starts_whole(phone: Phone, page: Page, tmp_path: Path) -> None:
    phone.open()
    take(phone, page, tmp_path, "one.jpg", 1600)
    take(phone, page, tmp_path, "two.jpg", 1700)
    page.locator("#photos .photo .ph").first.click()
    stage = page.locator("dialog.viewer [data-viewer-stage]")
    expect(page.locator("[data-viewer-place]")).to_have_text("1 of 2")
    stage.press("+")
    assert "scale(1.5)" in stage.locator("img").evaluate("i => i.style.transform")
    page.locator("dialog.viewer").get_by_text("Next").dispatch_event("click")
    expect(page.locator("[data-viewer-place]")).to_have_text("2 of 2")
    assert stage.locator("img").evaluate("i => i.style.transform") == ""


def test_a_drawing_is_a_new_photo_that_names_the_one_it_was_drawn_on(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    take(phone, page, tmp_path)
    phone.all_sent()
    (first,) = world.photos
    # Without the stylesheet the picture stands in its own size.
    page.set_viewport_size({"width": 1800, "height": 1600})
    page.locator("#photos .photo .ph").click()
    page.locator("dialog.viewer").get_by_text("Draw on it").click()
    canvas = page.locator("dialog.viewer canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2 - 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + box["height"] / 2 + 60, steps=4)
    page.mouse.up()
    page.locator("dialog.viewer").get_by_text("Keep this drawing").click()
    until(lambda: len(world.photos) == 2)
    phone.all_sent()
    drawn = [effect for effect in world.effects if effect["kind"] == "photos"][-1]
    assert drawn["drawn_from"] == first
    assert drawn["sha256"] != first
    assert pictures.read(world.photos[drawn["sha256"]]).size == (1600, 1200)
