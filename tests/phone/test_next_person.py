"""One phone, two people: nobody is shown what was kept for somebody else."""

from playwright.sync_api import expect

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import PASSWORD, until
from tests.phone.everything import places_with, sign_out
from tests.phone.proof import hashes
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep


def test_the_next_person_is_not_shown_the_last_ones_kept_page(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    path = walk.start(phone, office.ids["saltmarsh"])
    page = phone.open(path)
    expect(page.get_by_role("heading", name="Void inspection")).to_be_visible()
    office.end_sessions(office.ids["asha"])
    page.goto(f"{phone.url}/sign-in?next={path}")
    page.fill("#email", "carol@harrowmere.example")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("We cannot find that.").first).to_be_visible()
    page.goto(f"{phone.url}{path}")
    expect(page.get_by_text("We cannot find that.").first).to_be_visible()
    with phone.no_signal():
        page.goto(f"{phone.url}{path}")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()


def test_the_copies_of_what_was_sent_are_shown_to_nobody_but_their_author(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    path = walk.start(phone, office.ids["saltmarsh"])
    phone.saved(lambda: walk.finding(phone.page, "kitchen_hob", "CANARY78 behind the hob", "repair"))
    walk.photos(phone.page, "kitchen_hob", [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.all_sent()
    sign_out(phone)
    assert places_with(phone, "CANARY78") == ["doorstep/sent"], "for the office put back to an earlier copy"
    assert phone.rows("blobs")
    phone.sign_in("callum")

    def shown(place: str) -> None:
        page = phone.open(place)
        expect(page.locator("body")).not_to_contain_text("CANARY78")
        expect(page.locator("body")).not_to_contain_text("Saltmarsh")
        expect(page.locator("img[src^='blob:']")).to_have_count(0)

    for place in ("/", "/you", path, "/outbox"):
        shown(place)
    expect(phone.page.locator("[data-outbox-list]")).to_have_text("Nothing is waiting.")
    phone.page.get_by_role("button", name="Save a copy").first.click()
    expect(phone.page.get_by_text("there is nothing to copy")).to_be_visible()
    with phone.no_signal():
        for place in (path, "/outbox"):
            shown(place)
