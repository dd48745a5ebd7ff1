"""What a phone does to its officer: forgets its database, dies with the camera open, has two windows.

The full disk is in outbox/test_full_phone.py, many photographs are in test_many_photos.py.
"""

import re

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.outbox import pictures
from tests.phone.proof import Ledger, effects_once, everything_once, hashes, in_the_office, proved
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
NEVER_DECODES = "() => { Worker.prototype.postMessage = () => {}; }"
# Whatever a page asks of the store as it opens was asked before this, and is answered before it.
STORE_IS_READ = """async () => {
  const opening = indexedDB.open('doorstep');
  const db = await new Promise((ok) => { opening.onsuccess = () => ok(opening.result); });
  const tx = db.transaction('meta', 'readwrite');
  await new Promise((ok) => { tx.oncomplete = () => ok(null); tx.objectStore('meta').put(1, 'read in a test'); });
  db.close();
}"""
FAILS_ONCE = """() => {
const put = IDBObjectStore.prototype.put; window.failures = 0;
IDBObjectStore.prototype.put = function (...args) {
  if (this.name === 'ops' && window.failures++ === 0) throw new DOMException('Connection lost', 'UnknownError');
  return put.apply(this, args);
}; }"""


def test_a_browser_killed_before_a_photo_is_made_small_makes_it_small_later(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    phone.page.evaluate(NEVER_DECODES)
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: any(row["raw"] for row in phone.rows("blobs")))
    form = walk.fill_finding(phone.page, HOB, "Typed beside it", "repair")
    expect(form.locator(".saved")).to_contain_text("Kept on this phone")
    phone.kill()
    phone.switch_on()
    phone.open(inspection)
    until(lambda: len(hashes(phone)) == 1)
    walk.item(phone.page, HOB)
    expect(phone.page.locator(f"#wrong-{HOB} textarea")).to_have_value("Typed beside it")
    proved(phone, office, inspection, Ledger(photos=hashes(phone)))


def test_a_phone_that_died_with_its_camera_open_says_that_the_photo_did_not_arrive(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    form = walk.fill_finding(phone.page, HOB, "Just before the camera", "repair")
    with phone.page.expect_file_chooser():
        phone.page.locator(f"#item-{HOB} label.addphoto").click()
    assert form
    phone.kill()
    phone.switch_on()
    phone.open(inspection)
    expect(phone.page.locator("[data-toasts]")).to_contain_text("did not arrive. Take it again")
    walk.item(phone.page, HOB)
    expect(phone.page.locator(f"#wrong-{HOB} textarea")).to_have_value("Just before the camera")
    assert phone.waiting() == []


def test_the_photo_that_did_not_arrive_is_told_to_whoever_took_it_and_to_nobody_else(
    new_phone: NewPhone, inspection: str, phone: Device
) -> None:
    walk.item(phone.page, HOB)
    with phone.page.expect_file_chooser():
        phone.page.locator(f"#item-{HOB} label.addphoto").click()
    phone.kill()
    asha, phone.cookies = phone.cookies, []
    phone.switch_on()
    toasts = phone.page.locator("[data-toasts]")
    for read in (lambda: phone.open("/sign-in"), lambda: phone.sign_in("ben"), lambda: phone.open("/you")):
        read()
        phone.page.evaluate(STORE_IS_READ)
        expect(toasts).not_to_contain_text("did not arrive")
    phone.context.clear_cookies()
    phone.context.add_cookies(asha)
    phone.open(inspection)
    expect(toasts).to_contain_text("at 22 Saltmarsh Road did not arrive. Take it again")
    phone.open(inspection)
    phone.chip("All sent")
    assert "did not arrive" not in toasts.inner_text()


def test_a_photo_that_died_between_the_camera_and_the_disk_is_owned_up_to(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    phone.page.evaluate("() => { Blob.prototype.arrayBuffer = () => new Promise(() => {}); }")
    walk.item(phone.page, HOB)
    with phone.page.expect_file_chooser() as chooser:
        phone.page.locator(f"#item-{HOB} label.addphoto").click()
    chooser.value.set_files([{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": fresh()}])
    phone.saved(lambda: walk.read(phone.page, "kitchen_sink"))  # by now all that was quick has happened
    phone.kill()
    phone.switch_on()
    phone.open(inspection)
    expect(phone.page.locator("[data-toasts]")).to_contain_text("did not arrive. Take it again")


def test_a_database_connection_the_browser_dropped_is_opened_again_before_anything_is_called_saved(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    phone.page.evaluate(FAILS_ONCE)
    phone.saved(lambda: walk.finding(phone.page, HOB, "Through a lost connection", "repair"))
    assert phone.page.evaluate("window.failures") >= 2
    proved(phone, office, inspection, Ledger(notes=["Through a lost connection"]))


def test_two_windows_that_save_and_send_at_once_send_nothing_twice(
    phone: Device, office: Doorstep, link: Link, inspection: str
) -> None:
    other = phone.context.new_page()
    phone.open(inspection, other)
    phone.offline()
    for number in range(4):
        phone.saved(lambda n=number: walk.meter(phone.page, "meters_gas", f"{n}1"))
        phone.saved(lambda n=number: walk.meter(other, "meters_water", f"{n}2"), other)
    link.log.clear()
    link.slowly = 0.05
    phone.offline(False)
    phone.send_now(other)
    values = [f"{n}{end}" for n in range(4) for end in (1, 2)]
    proved(phone, office, inspection, Ledger(values=values))
    commands = [asked.command for asked in link.writes()]
    assert len(commands) == len(set(commands)) == 8
    phone.chip("All sent", page=other)


def test_a_window_frozen_in_the_middle_of_sending_loses_its_turn_to_one_that_lives(
    phone: Device, office: Doorstep, link: Link, inspection: str
) -> None:
    link.slowly = 0.3
    walk.photos(phone.page, HOB, [fresh(4000, 3000)])
    until(lambda: any(asked.method == "PUT" for asked in link.log))
    frozen = phone.context.new_cdp_session(phone.page)
    frozen.send("Page.setWebLifecycleState", {"state": "frozen"})
    link.slowly = 0
    living = phone.context.new_page()
    phone.open(inspection, living)
    phone.saved(lambda: walk.finding(living, HOB, "From the living one", "repair"), living)
    until(lambda: (phone.send_now(living), not phone.waiting(living))[1], 60)
    everything_once(phone, office, living)
    name = inspection.rsplit("/", 1)[-1]
    effects_once(office, name)
    photos = [str(row["sha256"]) for row in phone.rows("photos", living)]
    in_the_office(office, name, Ledger(notes=["From the living one"], photos=photos))
    frozen.send("Page.setWebLifecycleState", {"state": "active"})


UPRIGHT = {f"turned {n}": fresh(1600, 1200, n) for n in (3, 6, 8)}
PICTURES = {
    **UPRIGHT,
    "panorama": fresh(9000, 1200),
    "48 megapixels": fresh(8000, 6000),
    "png": pictures.png(),
}


def test_pictures_of_every_kind_arrive_upright_and_small(phone: Device, office: Doorstep, inspection: str) -> None:
    for name, data in PICTURES.items():
        walk.photos(phone.page, HOB, [data], "image/png" if name == "png" else "image/jpeg")
    until(lambda: len(hashes(phone)) == len(PICTURES), 60)
    walk.photos(phone.page, HOB, [b""])
    expect(phone.page.locator("[data-toasts]")).to_contain_text("empty")
    proved(phone, office, inspection, Ledger(photos=hashes(phone)))
    rows = office.rows("SELECT width, height, sha256 FROM photo")
    sizes = {row["sha256"]: (row["width"], row["height"]) for row in rows}
    for sha in hashes(phone):
        file = office.data / "photos" / "photos" / sha[:2] / sha
        image = pictures.read(file.read_bytes())
        assert max(image.size) <= 2048
        assert image.getexif().get(0x0112, 1) == 1
        red, _, blue = pictures.corner(image)
        assert red > blue, "the red corner is not at the top left"
    assert len(sizes) >= len(PICTURES)


def test_a_picture_the_phone_cannot_read_is_never_dropped(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    whole = fresh()
    walk.photos(phone.page, HOB, [whole[: len(whole) // 2]])
    until(lambda: len(hashes(phone)) == 1)
    (sha,) = hashes(phone)
    settled = lambda: any(op["status"] == "parked" for op in phone.rows("ops")) or not phone.waiting()  # noqa: E731
    until(settled, 30)
    still_here = [op["sha256"] for op in phone.rows("ops") if op["method"] == "PUT"]
    assert still_here == [sha] or office.stored().get(sha) == sha
    if still_here:
        phone.chip(re.compile("needs? you"))
