"""Little room on the phone: said in time, asked about before something begins, never in the way of what has."""

import re

from playwright.sync_api import Locator

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

# Chromium says that 10 GiB are left whatever is true, also of a quota set by its tools: here it says what is so.
SAYS = "navigator.storage.estimate = async () => ({ usage: %d, quota: %d })"
SAYS_NOTHING = "delete StorageManager.prototype.estimate"
FULL = re.compile(r"This phone is getting full: about \d+ MB left for Doorstep. Nothing is lost.")


def told(phone: Device) -> Locator:
    return phone.page.get_by_role("alert").filter(has_text=FULL)


def test_too_little_room_is_asked_about_before_an_inspection_and_the_officer_decides(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    page, inspections = phone.page, lambda: office.rows("SELECT id FROM inspection")
    before = len(inspections())
    page.add_init_script(SAYS % (350e6, 500e6))
    phone.open(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    expect(told(phone)).to_be_visible()
    start = page.get_by_role("button", name="Start", exact=True)
    start.click()
    question = page.get_by_role("dialog", name=re.compile(r"This phone has about 1\d\d MB left"))
    expect(question).to_contain_text("What is saved already is safe.")
    question.get_by_role("button", name="Not now").click()
    assert phone.waiting() == []
    start.click()
    question.get_by_role("button", name="Start all the same").click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    # What is begun is taken in, with no question.
    phone.saved(lambda: walk.read(page, "kitchen_hob", "F"))
    phone.all_sent()
    assert len(inspections()) == before + 1
    expect(question).to_have_count(0)


def test_too_little_room_is_asked_about_before_a_visit(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    visit = plan(phone, office.ids["saltmarsh"], "any")
    phone.page.add_init_script(SAYS % (350e6, 500e6))
    phone.open(f"/visits/{visit}")
    expect(told(phone)).to_be_visible()
    phone.page.get_by_role("button", name="Start visit", exact=True).click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Start all the same").click()
    expect(
        phone.page.get_by_role("link", name="Start the inspection").or_(
            phone.page.get_by_role("link", name="Finish the visit")
        )
    ).to_be_visible()
    phone.all_sent()


def test_a_phone_four_fifths_full_is_told_of_and_nothing_more(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    phone.page.add_init_script(SAYS % (1.7e9, 2e9))
    phone.open(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    expect(told(phone)).to_contain_text("about 300 MB")
    phone.page.get_by_role("button", name="Start", exact=True).click()
    phone.page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))


def test_where_the_browser_does_not_say_how_full_it_is_nothing_is_said(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    phone.page.add_init_script(SAYS_NOTHING)
    walk.start(phone, office.ids["saltmarsh"])
    until(lambda: phone.waiting() == [])
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    assert not any("PAGE ERROR" in said for said in phone.console)
