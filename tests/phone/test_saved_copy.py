"""Work carried to the office as a file by a phone that cannot send: taken in twice, and sent by the phone too."""

from pathlib import Path

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import expect, until
from tests.phone.link import Link
from tests.phone.proof import Ledger, hashes, proved
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
