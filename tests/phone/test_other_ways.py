"""The same job by keyboard alone, and with no script at all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import ARGS
from tests.phone.link import Link
from tests.phone.proof import Ledger, in_the_office, proved
from tests.servers.doorstep import Doorstep
from tests.servers.small_world import PASSWORD

HOB = "kitchen_hob"
HERE = "(one) => one === document.activeElement"


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """By the Tab key, as often as it takes."""
    for _ in range(most):
        if wanted.evaluate(HERE):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with the Tab key")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_the_main_job_is_done_with_a_keyboard_alone(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    page = phone.open("/sign-in")
    tab_to(page, page.locator("#email"))
    page.keyboard.type("asha@harrowmere.example")
    tab_to(page, page.locator("#password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/today"))
    press(page, page.get_by_role("link", name="Properties"))
    page.wait_for_url(re.compile("/properties"))
    tab_to(page, page.get_by_label("Address, postcode or UPRN"))
    page.keyboard.type("saltmarsh")
    press(page, page.get_by_role("link", name="22 Saltmarsh Road"))
    press(page, page.get_by_role("link", name="Start an inspection"))
    press(page, page.get_by_role("button", name="Start", exact=True))
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    path = page.url.split("#")[0].removeprefix(phone.url)
    press(page, page.locator("#pills a[href='#room-kitchen']"))
    press(page, page.locator(f"#item-{HOB} > summary"))
    first = page.locator(f"#item-{HOB} input[name='condition']").first
    expect(first).to_be_attached()
    tab_to(page, first)
    phone.saved(lambda: page.keyboard.press("ArrowDown"))
    press(page, page.locator(f"#wrong-{HOB} > summary"))
    form = page.locator(f"#wrong-{HOB} form.finding-form")
    tab_to(page, form.locator("input[name='what']").first)
    page.keyboard.press("ArrowDown")
    tab_to(page, form.locator("input[name='severity']").first)
    page.keyboard.press("Space")
    tab_to(page, form.locator("textarea"))
    page.keyboard.type("By keyboard")
    phone.saved(lambda: press(page, form.get_by_role("button", name="Save finding")))
    tab_to(page, page.locator(f"#item-{HOB} input[type=file]").first)
    proved(phone, office, path, Ledger(notes=["By keyboard"]))


@pytest.fixture
def plain(playwright: Playwright, link: Link) -> Iterator[BrowserContext]:
    """A browser in which no script of ours has loaded."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    yield browser.new_context(java_script_enabled=False, base_url=link.url, viewport={"width": 360, "height": 640})
    browser.close()


def test_without_any_script_a_reading_is_recorded_and_the_inspection_completed(
    plain: BrowserContext, office: Doorstep
) -> None:
    page = plain.new_page()
    page.goto("/sign-in")
    page.fill("#email", "asha@harrowmere.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    page.get_by_label("Void inspection", exact=True).check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    path = page.url.split("#")[0]
    inspection = path.rsplit("/", 1)[-1]
    page.goto(f"{path}/items/meters_electric")
    page.get_by_label("Reading").fill("48210")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{path}/items/{HOB}")
    walk.pick(page.locator("main"), "condition", "G")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Good")
    page.goto(path)
    page.fill("#reason", "The phone is an old one")
    page.get_by_role("button", name="Complete the inspection").click()
    expect(page.locator("main")).to_contain_text("Completed")
    in_the_office(office, inspection, Ledger(values=["48210"]))
    assert len(office.rows("SELECT id FROM completion WHERE inspection = ?", inspection)) == 1
    assert len(office.rows("SELECT id FROM reading WHERE inspection = ? AND condition = 'G'", inspection)) == 1
