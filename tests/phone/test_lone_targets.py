"""What a thumb must hit on an officer's phone while they are out alone, and before: nothing of it is small."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page

from pwa.clock import LONDON
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import choose_pins, go_in
from tests.phone.test_lone_begun import START, go_out, ready
from tests.phone.test_pack import with_worker
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

# Whatever can be pressed, links in a sentence too, by the box that takes the press: a label's for its radio.
TOO_SMALL = """() => [
  ...document.querySelectorAll('a[href]:not(.skip), button, summary, select, textarea, input:not([type=hidden])'),
].map((one) => (one.matches('[type=radio], [type=checkbox]') ? (one.closest('label') ?? one.labels[0]) : one))
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((one) => [one, (one.matches('.to') ? one.closest('li, .row, .card') : one).getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([one, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`)"""

PAGES = [
    "/today",
    "/today/tomorrow",
    "/you/pin",
    "/you/word",
    "/you/helpers",
    "/you/notifications",
    "/lone-working/new",
    "/lone-working/home",
    "/lone-working/ready",
    "/lone-working/buddy",
    "/lone-working/test",
    "/lone-working/limits",
    "/lone-working/looks",
]


def small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(TOO_SMALL)
    return found


def framed(phone: Device, path: str) -> Page:
    page = phone.open(path)
    expect(page.locator(".tophelp, #safety-bar:not(:empty)").first).to_be_visible()
    return page


def top(one: Locator) -> float:
    return (one.bounding_box() or {"y": 0.0})["y"]


def bottom(one: Locator) -> float:
    box = one.bounding_box() or {"y": 1e6, "height": 0.0}
    return box["y"] + box["height"]


@pytest.mark.parametrize("path", PAGES)
def test_before_anybody_is_out_nothing_to_press_is_small(new_phone: NewPhone, path: str) -> None:
    assert small(framed(new_phone("asha"), path)) == []


def test_while_asha_is_out_nothing_to_press_is_small(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    choose_pins(phone)
    page = phone.open(f"/visits/new?property={office.ids['linden']}")  # Today has a card of one still to come
    page.fill("input[name='day']", datetime.now(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))
    path = go_in(phone, office)
    session = phone.page.locator("#safety-bar").get_attribute("data-safety")
    pages = [path, "/today", f"/lone-working/{session}/end", f"/lone-working/{session}/more"]
    found = {path: small(framed(phone, path)) for path in pages}
    page = framed(phone, path)  # and the page's own next step is not under the bar
    step = page.locator(".dock")
    until(lambda: bottom(step) <= top(page.locator("#safety-bar")) + 1)
    office.overdue(office.ids["asha"])
    found |= {f"{path} late": small(framed(phone, path)) for path in pages}
    assert {path: some for path, some in found.items() if some} == {}


def test_with_no_signal_nothing_to_press_is_small(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("ben")
    ready(phone)
    phone.offline()
    found = {START: small(go_out(phone)), "/today": small(framed(phone, "/today"))}
    page = framed(phone, "/nowhere-that-was-kept")
    found["nowhere"] = small(page)
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["its PIN"] = small(page)
    assert {path: some for path, some in found.items() if some} == {}
