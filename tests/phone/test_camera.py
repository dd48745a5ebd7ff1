"""The camera that lays the old photo over the live picture: with no signal, refused, with a light, let go of."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.outbox import pictures
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
  const track = MediaStreamTrack.prototype, can = track.getCapabilities;
  track.getCapabilities = function () { return { ...can.call(this), torch: true }; };
  track.applyConstraints = async (wanted) => { window.lit.push(wanted.advanced[0].torch); };
})()"""


@pytest.fixture
def camera(new_phone: NewPhone) -> Device:
    phone = new_phone("asha", args=CAMERA)
    phone.context.add_init_script(TRACKS)
    return phone


def moved_in(phone: Device, home: str) -> str:
    """A completed move-in with a photo of the hob; the photo's hash."""
    walk.start(phone, home, "Move-in inspection")
    for item in (HOB, "kitchen_sink", "kitchen_floor"):
        phone.saved(lambda item=item: walk.read(phone.page, item, "G"))
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
    until(
        lambda: sha in phone.page.request.get(f"{phone.url}/properties/{linden}/inspections/blank/move-out").text()
    )
    plan(phone, linden, "any")
    packed(phone)
    with phone.no_signal():
        path = walk.start(phone, linden, "Move-out inspection")
        page = phone.page
        phone.saved(lambda: walk.read(page, HOB, "V"))
        phone.saved(lambda: walk.read(page, "kitchen_sink", "G"))
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
        so_far(page, path)
        # The same, from what the phone holds.
        phone.open(path)
        so_far(page, path)
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


def so_far(page: Page, path: str) -> None:
    """What was and what was just recorded stand side by side, and at the end what changed is said."""
    _, now = walk.item(page, HOB).locator(".pair > figure").all()
    expect(now).to_contain_text("Today")
    expect(now).to_contain_text("Very poor")
    expect(now.locator("img")).to_have_js_property("complete", True)
    assert now.locator("img").evaluate("(one) => one.naturalWidth") > 0
    page.locator("#pills a[href='#finish']").click()
    list = page.locator("[data-so-far]")
    expect(list.get_by_role("listitem")).to_have_text(["Cooker and hob, Kitchen: Good → Very poor"])
    expect(list).to_contain_text("1 as before, 1 not seen yet.")
    expect(list).to_contain_text("Beside the move-in inspection of")


def frame(dialog: Locator) -> float:
    box = dialog.locator(".camera__frame").bounding_box()
    assert box
    return float(box["width"] / box["height"])


@pytest.fixture(scope="module")
def beside(office: Doorstep) -> Callable[[Device], str]:
    """An inspection of a home where the hob has an earlier photo: a move-out of a phone's; its path."""
    before: list[str] = []

    def begin(phone: Device) -> str:
        if not before:
            before.append(moved_in(phone, office.ids["quay"]))
        return moving_out(phone, office.ids["quay"])

    return begin


Beside = Callable[[Device], str]


def test_two_in_a_row_are_two_photos_and_every_track_is_let_go_of(
    camera: Device, office: Doorstep, beside: Beside
) -> None:
    phone, path = camera, beside(camera)
    for _ in range(2):
        dialog = same_spot(phone.page)
        dialog.get_by_role("button", name="Take the photo").click()
        dialog.get_by_role("button", name="Use it").click()
        expect(phone.page.get_by_role("button", name="Same spot as before")).to_be_focused()
    assert phone.page.evaluate(ON) == 0 and phone.page.evaluate("window.given.length") == 2
    until(lambda: len(rows(office, path)) == 2)
    one, two = rows(office, path)
    assert one["taken_over"] == two["taken_over"] and one["id"] != two["id"]


def by_button(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Close").click()


def by_escape(dialog: Locator) -> None:
    dialog.page.keyboard.press("Escape")


def by_going_back(dialog: Locator) -> None:
    dialog.page.go_back()


@pytest.mark.parametrize("close", [by_button, by_escape, by_going_back])
def test_closed_in_any_way_it_lets_go_of_the_camera_and_the_page_stays(
    camera: Device, beside: Beside, close: Callable[[Locator], None]
) -> None:
    phone, path = camera, beside(camera)
    page = phone.page
    walk.item(page, HOB)
    page.evaluate("window.asItWas = true")
    dialog = same_spot(page)
    assert page.evaluate(ON) == 1
    close(dialog)
    expect(dialog).to_be_hidden()
    assert page.evaluate(ON) == 0
    expect(page.get_by_role("button", name="Same spot as before")).to_be_focused()
    assert page.url.split("#")[0] == phone.url + path and page.evaluate("window.asItWas")
    page.go_back()
    expect(page).to_have_url(phone.url + path)
    assert page.evaluate("window.asItWas"), "one step back is the room they were in before, not the camera again"
    assert walk.tiles(page, HOB).count() == 0


def test_out_of_sight_the_camera_is_off_and_it_comes_back_with_the_page(camera: Device, beside: Beside) -> None:
    beside(camera)
    page = camera.page
    dialog = same_spot(page)
    seen = "(state) => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
    seen += " Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });"
    seen += " document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(seen, "hidden")
    assert page.evaluate(ON) == 0
    page.evaluate(seen, "visible")
    expect(dialog.get_by_role("button", name="Take the photo")).to_be_enabled()
    until(lambda: page.evaluate(ON) == 1)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate(ON) == 0


def test_the_light_is_offered_where_there_is_one_and_remembered(camera: Device, beside: Beside) -> None:
    beside(camera)
    page = camera.page
    expect(same_spot(page).get_by_role("button", name="Light")).to_be_hidden()
    page.context.add_init_script(LIGHT)
    page.reload()
    dialog = same_spot(page)
    light = dialog.get_by_role("button", name="Light")
    expect(light).to_have_attribute("aria-pressed", "false")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.lit") == [True]
    page.reload()
    dialog = same_spot(page)
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.lit") == [True]
    dialog.get_by_role("button", name="Take the photo").click()
    expect(dialog.get_by_alt_text("The photo just taken")).to_be_visible()
    dialog.get_by_role("button", name="Again").click()
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    page.reload()
    same_spot(page)
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.lit") == []


FAILS = """(() => { const error = new DOMException('no', NAME);
  navigator.mediaDevices.getUserMedia = async () => { throw error; }; })()"""
NONE = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined })"


@pytest.mark.parametrize(
    ("says", "edge"),
    [
        ("This phone does not let Doorstep use the camera.", FAILS.replace("NAME", "'NotAllowedError'")),
        ("No camera was found.", ""),
        ("The camera is busy in another app.", FAILS.replace("NAME", "'NotReadableError'")),
        ("The live picture cannot be shown here.", NONE),
    ],
)
def test_without_a_live_picture_the_plain_way_opens_and_one_sentence_says_so(
    new_phone: NewPhone, office: Doorstep, beside: Beside, says: str, edge: str
) -> None:
    phone = new_phone("asha")
    path = beside(phone)
    if edge:
        phone.context.add_init_script(edge)
        phone.page.reload()
    page = phone.page
    phone.saved(lambda: walk.read(page, HOB, "V"))
    with page.expect_file_chooser() as chooser:
        walk.item(page, HOB).get_by_role("button", name="Same spot as before").click()
    expect(page.locator("[data-toasts]")).to_contain_text(f"{says} Take it with “Take a photo” instead.")
    expect(page.get_by_role("dialog", name="Photo from the same spot")).to_be_hidden()
    chooser.value.set_files([{"name": "hob.jpg", "mimeType": "image/jpeg", "buffer": fresh()}])
    until(lambda: len(rows(office, path)) == 1)
    assert rows(office, path)[0]["taken_over"] is None
    phone.all_sent()


def test_a_real_no_to_the_camera_is_a_no(new_phone: NewPhone, beside: Beside) -> None:
    phone = new_phone("asha", args=CAMERA[:1])
    beside(phone)
    walk.item(phone.page, HOB).get_by_role("button", name="Same spot as before").click()
    expect(phone.page.locator("[data-toasts]")).to_contain_text("does not let Doorstep use the camera")


def test_a_photo_is_cut_to_the_shape_of_the_old_one_and_a_tall_one_asks_for_an_upright_phone(
    camera: Device, office: Doorstep
) -> None:
    phone, home = camera, office.ids["saltmarsh"]
    walk.start(phone, home, "Move-in inspection")
    walk.photos(phone.page, HOB, [fresh(1200, 1600)])
    until(lambda: len(hashes(phone)) == 1)
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    path = moving_out(phone, home)
    dialog = same_spot(phone.page)
    expect(dialog.get_by_role("status")).to_have_text("The old photo is tall: hold the phone upright.")
    assert frame(dialog) == pytest.approx(3 / 4, abs=0.02)
    dialog.get_by_role("button", name="Take the photo").click()
    dialog.get_by_role("button", name="Use it").click()
    until(lambda: len(rows(office, path)) == 1)
    phone.all_sent()
    sha = rows(office, path)[0]["sha256"]
    made = pictures.read((office.data / "photos" / "photos" / sha[:2] / sha).read_bytes())
    assert made.width / made.height == pytest.approx(3 / 4, abs=0.01)


def test_where_the_old_photo_is_not_on_the_phone_it_says_so_and_takes_one_that_is_no_pair(
    new_phone: NewPhone, office: Doorstep, beside: Beside
) -> None:
    # Without a worker, which would have kept it.
    phone = new_phone("asha", args=CAMERA, service_workers="block")
    path = beside(phone)
    phone.context.route("**/photos/*?size=400", lambda route: route.abort())
    phone.page.reload()
    dialog = same_spot(phone.page)
    expect(dialog.get_by_role("status")).to_have_text("The old photo is not on this phone.")
    dialog.get_by_role("button", name="Take the photo").click()
    dialog.get_by_role("button", name="Use it").click()
    until(lambda: len(rows(office, path)) == 1)
    assert rows(office, path)[0]["taken_over"] is None
    phone.context.unroute("**/photos/*?size=400")


def test_the_camera_shuts_nobody_out(camera: Device, beside: Beside) -> None:
    beside(camera)
    camera.context.add_init_script(LIGHT)
    camera.page.reload()
    dialog = same_spot(camera.page)
    look_everywhere(camera.page)
    camera.page.set_viewport_size({"width": 640, "height": 360})
    assert problems(camera.page) == []
    dialog.get_by_role("button", name="Take the photo").click()
    expect(dialog.get_by_role("button", name="Use it")).to_be_visible()
    look_everywhere(camera.page)
