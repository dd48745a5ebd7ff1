"""Work carried to the office as a file by a phone that cannot send: taken in twice, and sent by the phone too."""

from pathlib import Path

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import expect, until
from tests.phone.link import Link
from tests.phone.proof import Ledger, effects_once, everything_once, hashes, proved
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"


def test_a_saved_copy_taken_in_twice_and_then_sent_by_the_phone_too_doubles_nothing(
    new_phone: NewPhone, office: Doorstep, link: Link, tmp_path: Path
) -> None:
    phone, desk = new_phone("asha"), new_phone("dina", viewport={"width": 1280, "height": 800})
    path = walk.start(phone, office.ids["saltmarsh"])
    link.fault = lambda asked: net.lost_before if asked.writes and "import" not in asked.path else None
    phone.saved(lambda: walk.meter(phone.page, "meters_gas", "5150"))
    phone.saved(lambda: walk.finding(phone.page, HOB, "Carried by hand", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1 and len(phone.rows("ops")) == 4)
    ledger = Ledger(notes=["Carried by hand"], values=["5150"], photos=hashes(phone))
    phone.open("/outbox")
    with phone.page.expect_download() as saved:
        phone.page.get_by_role("button", name="Save a copy").first.click()
    copy = tmp_path / "doorstep.zip"
    saved.value.save_as(copy)
    assert len(phone.rows("ops")) == 4, "saving a copy is not sending"
    for said in ("4 received", "4 already here"):
        page = desk.open("/outbox/import")
        page.locator("input[type=file]").set_input_files(copy)
        page.get_by_role("button", name="Take it in").click()
        expect(page.locator("main")).to_contain_text(said)
    link.mend()
    phone.open(path)
    proved(phone, office, path, ledger)
    authors = office.rows("SELECT DISTINCT person FROM receipt WHERE path LIKE ?", f"{path}/%")
    assert [row["person"] for row in authors] == [office.ids["asha"]]


def test_an_original_not_made_small_yet_is_taken_in_too_and_is_one_photograph_when_the_phone_sends_it(
    new_phone: NewPhone, office: Doorstep, link: Link, tmp_path: Path
) -> None:
    phone = new_phone("asha", service_workers="block")
    desk = new_phone("dina", viewport={"width": 1280, "height": 800})
    path = walk.start(phone, office.ids["saltmarsh"])
    phone.all_sent()
    link.fault = lambda asked: net.lost_before if asked.path.startswith("/static/shrink") else None
    walk.photos(phone.page, HOB, [fresh(3000, 2000)])
    until(lambda: len(phone.waiting()) == 1)
    copies = [tmp_path / "first.zip", tmp_path / "second.zip"]
    phone.open("/outbox")
    for copy in copies:
        with phone.page.expect_download() as saved:
            phone.page.get_by_role("button", name="Save a copy").first.click()
        saved.value.save_as(copy)
    for copy, said in zip(copies, ("2 received", "0 received, 2 already here"), strict=True):
        page = desk.open("/outbox/import")
        page.locator("input[type=file]").set_input_files(copy)
        page.get_by_role("button", name="Take it in").click()
        expect(page.locator("main")).to_contain_text(said)
        expect(page.locator("main")).not_to_contain_text("not ready on the phone")
    assert len(phone.waiting()) == 1, "a copy is not sending"
    photographs = desk.open(path).locator(".photo[data-sha256]")
    expect(photographs).to_have_count(1)
    original = photographs.get_attribute("data-sha256")

    # The phone can make it small after all.
    link.mend()
    phone.open(path)
    until(lambda: len(hashes(phone)) == 1)
    phone.all_sent()
    everything_once(phone, office)
    inspection = path.rsplit("/", 1)[-1]
    assert effects_once(office, inspection)["inspection_photo"] == 2
    assert set(office.stored()) >= {original, *hashes(phone)}
    assert original not in hashes(phone)
    for device in (phone, desk):
        tiles = device.open(path).locator(".photo[data-sha256]")
        expect(tiles).to_have_count(1)
        expect(tiles).to_contain_text("Received")
