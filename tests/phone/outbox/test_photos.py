"""A photo is on disk before it is shown, upright and small before it is sent, and ticked only when received."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.phone.outbox import pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Handler, World

ON_PHONE = re.compile("On this phone")
RECEIVED = re.compile(r"^Received \d\d:\d\d$")


def choose(page: Page, *files: str) -> None:
    before = page.locator("#photos .photo").count()
    page.locator("#camera").set_input_files(list(files))
    expect(page.locator("#photos .photo")).to_have_count(before + len(files), timeout=20_000)


def test_a_photo_is_shrunk_sent_as_raw_bytes_and_attached(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    page.locator("#finding-form input[name=what]").fill("Mould")
    minted = page.locator("#finding-form input[name=id]").input_value()
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo(4000, 3000)))
    phone.all_sent()
    ((sha, sent),) = world.photos.items()
    assert hashlib.sha256(sent).hexdigest() == sha
    image = pictures.read(sent)
    assert max(image.size) == 2048
    assert not image.getexif()
    (attached,) = [effect for effect in world.effects if effect["kind"] == "photos"]
    assert attached["sha256"] == sha
    assert (attached["item"], attached["finding"], attached["caption"]) == ("hob", minted, "Hob")
    assert attached["taken_at"] == "2026-11-24T10:18:03.000Z"
    assert (attached["latitude"], attached["longitude"]) == ("51.46", "-2.59")
    put = next(row for row in world.seen if row["command-body"] == sha)
    assert put["content-type"] == "image/jpeg"
    assert int(put["content-length"]) == len(sent)
    expect(page.locator("#photos .photo__state")).to_have_text(RECEIVED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(
    phone: Phone, page: Page, world: World, tmp_path: Path, orientation: int
) -> None:
    phone.open()
    choose(page, pictures.put(tmp_path / "camera", "turned.jpg", pictures.photo(2400, 1600, orientation)))
    phone.all_sent()
    image = pictures.read(next(iter(world.photos.values())))
    assert image.size == (2048, 1365)
    assert pictures.is_red(pictures.corner(image))
    (row,) = phone.rows("photos")
    assert row["thumb"]


def test_a_small_jpeg_that_says_nothing_about_anybody_is_sent_as_it_is(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    plain = pictures.photo(1200, 900, exif=False)
    choose(page, pictures.put(tmp_path / "camera", "plain.jpg", plain))
    phone.all_sent()
    assert list(world.photos.values()) == [plain]


def test_a_png_becomes_a_jpeg(phone: Phone, page: Page, world: World, tmp_path: Path) -> None:
    phone.open()
    choose(page, pictures.put(tmp_path / "camera", "shot.png", pictures.png()))
    phone.all_sent()
    image = pictures.read(next(iter(world.photos.values())))
    assert (image.format, image.size) == ("JPEG", (900, 700))
    assert pictures.is_red(pictures.corner(image))


@pytest.mark.parametrize(
    "data",
    [b"\x00\x00\x00\x18ftypheic" + bytes(4000), pictures.photo()[:900], b"not a picture"],
    ids=["heic", "cut", "junk"],
)
def test_what_this_phone_cannot_decode_goes_to_the_office_as_it_is(
    phone: Phone, page: Page, world: World, tmp_path: Path, data: bytes
) -> None:
    phone.open()
    choose(page, pictures.put(tmp_path / "camera", "odd.heic", data))
    phone.all_sent()
    assert list(world.photos.values()) == [data]
    assert len(world.of("photos", "sha256")) == 1


def test_an_empty_file_is_asked_for_again(phone: Phone, page: Page, world: World, tmp_path: Path) -> None:
    phone.open()
    page.locator("#camera").set_input_files(pictures.put(tmp_path / "camera", "empty.jpg", b""))
    expect(page.locator(".toast")).to_contain_text("That photo came out empty. Take it again.")
    assert phone.rows("ops") == []


def test_a_panorama_keeps_its_shape(phone: Phone, page: Page, world: World, tmp_path: Path) -> None:
    phone.open()
    choose(page, pictures.put(tmp_path / "camera", "wide.jpg", pictures.photo(8000, 1200)))
    phone.all_sent()
    assert pictures.read(next(iter(world.photos.values()))).size == (2048, 307)


def test_a_photo_taken_before_the_part_that_shrinks_was_here_goes_once_there_is_signal(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    world.fault = lambda request: "drop-before" if "shrink" in request.path else None
    with page.expect_event("requestfailed", lambda request: "shrink" in request.url):
        phone.open()
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    expect(page.locator("#photos .photo__state")).to_have_text(ON_PHONE)
    assert [row["raw"] is not None for row in phone.rows("blobs")] == [True]
    phone.context.set_offline(True)
    world.fault = lambda _request: None
    phone.context.set_offline(False)
    phone.all_sent()
    assert len(world.photos) == 1


def test_a_tile_says_where_its_photo_is_at_every_moment(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    phone.can_shrink()
    phone.context.set_offline(True)
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    state = page.locator("#photos .photo__state")
    expect(state).to_have_text(ON_PHONE)
    expect(page.locator("#photos img")).to_have_attribute("src", re.compile("^blob:"))
    until(lambda: len(phone.rows("ops")) == 2)
    world.fault = lambda request: "503" if request.command == "PUT" else None
    phone.context.set_offline(False)
    until(lambda: len(world.of("photos", "sha256")) == 1)
    expect(state).to_have_text(ON_PHONE)
    page.reload()
    expect(state).to_have_text(ON_PHONE)
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    expect(state).to_have_text(RECEIVED)


def test_when_photos_cannot_be_stored_the_words_still_arrive(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command == "PUT" else None
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    phone.note("Words")
    until(lambda: world.of("notes", "text") == ["Words"])
    until(lambda: [row["method"] for row in phone.rows("ops")] == ["PUT"])
    phone.chip("1 waiting")


def test_the_same_photo_twice_is_one_photo_attached_twice(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    file = pictures.put(tmp_path / "camera", "one.jpg", pictures.photo())
    choose(page, file)
    phone.all_sent()
    choose(page, file)
    until(lambda: len(world.of("photos", "sha256")) == 2)
    phone.all_sent()
    assert len(world.photos) == 1
    assert len(set(world.of("photos", "id"))) == 2


def test_typed_words_and_a_note_that_the_camera_is_open_are_on_disk_before_it_opens(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    page.locator("#finding-form input[name=what]").fill("Mould behind the door")
    with page.expect_file_chooser():
        page.locator("#camera").click()
    assert ["what", "Mould behind the door"] in [v for d in phone.rows("drafts") for v in d["values"]]
    phone.die()
    phone.switch_on()
    phone.open()
    expect(phone.page.locator(".toast")).to_contain_text(
        "The last photo at 22 Saltmarsh Road did not arrive. Take it again."
    )
    expect(phone.page.locator("#finding-form input[name=what]")).to_have_value("Mould behind the door")


def test_a_camera_that_was_closed_again_is_not_complained_about(phone: Phone, page: Page) -> None:
    phone.open()
    with page.expect_file_chooser():
        page.locator("#camera").click()
    page.locator("#camera").evaluate("input => input.dispatchEvent(new Event('cancel', {bubbles: true}))")
    page.reload()
    phone.chip("All sent")
    assert page.locator(".toast").count() == 0


def test_an_original_left_by_a_kill_is_finished_on_the_next_start(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    page.evaluate("() => { Worker.prototype.postMessage = () => {}; }")
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    until(lambda: [row["key"][:3] for row in phone.rows("blobs")] == ["raw"])
    expect(page.locator("#photos .photo__state")).to_have_text(ON_PHONE)
    phone.die()
    phone.switch_on()
    phone.open("/today")
    phone.all_sent()
    assert len(world.photos) == 1
    assert len(world.of("photos", "sha256")) == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_killed_in_the_middle_of_a_photo_it_resumes_and_arrives_once(
    phone: Phone, page: Page, world: World, tmp_path: Path, share: float
) -> None:
    phone.open()
    partial: list[int] = []

    def read_some(request: Handler) -> str | None:
        return None

    world.fault = read_some
    world.stop_reading_at = lambda length: int(length * share) if not partial else None
    world.stopped = partial.append
    choose(page, pictures.put(tmp_path / "camera", "one.jpg", pictures.photo(4000, 3000)))
    until(lambda: bool(partial), 20)
    phone.die()
    phone.switch_on()
    phone.open("/today")
    phone.all_sent()
    assert len(world.photos) == 1
    assert len(world.of("photos", "sha256")) == 1
    assert all(hashlib.sha256(data).hexdigest() == sha for sha, data in world.photos.items())


def test_twelve_photos_at_once_are_taken_one_at_a_time(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    page.evaluate(
        """() => {
          window.most = 0; let now = 0;
          const real = Worker.prototype.postMessage;
          Worker.prototype.postMessage = function (...a) {
            window.most = Math.max(window.most, ++now);
            this.addEventListener('message', () => { now -= 1; }, { once: true });
            return real.apply(this, a);
          };
        }"""
    )
    files = [pictures.put(tmp_path / "camera", f"{n}.jpg", pictures.photo(1600 + 8 * n, 1200)) for n in range(12)]
    choose(page, *files)
    phone.all_sent(40_000)
    assert page.evaluate("window.most") == 1
    assert len(world.photos) == 12
    assert len(set(world.of("photos", "sha256"))) == 12
