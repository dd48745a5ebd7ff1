"""One phone, two people: nobody is shown what was kept for somebody else."""

from playwright.sync_api import expect

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import PASSWORD
from tests.servers.doorstep import Doorstep


def test_the_next_person_is_not_shown_the_last_ones_kept_page(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    path = walk.start(phone, office.ids["saltmarsh"])
    page = phone.open(path)
    expect(page.get_by_role("heading", name="Void inspection")).to_be_visible()
    office.end_sessions("asha")
    page.goto(f"{phone.url}/sign-in?next={path}")
    page.fill("#email", "carol@harrowmere.example")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("We cannot find that.").first).to_be_visible()
    page.goto(f"{phone.url}{path}")
    expect(page.get_by_text("We cannot find that.").first).to_be_visible()
    with phone.no_signal():
        page.goto(f"{phone.url}{path}")
        expect(page.get_by_role("heading", name="No signal here")).to_be_visible()
