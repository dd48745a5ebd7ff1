"""Asha went in with no signal and signed out: her phone still says that nobody watches, not who or where."""

import re

from playwright.sync_api import Page

from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import expect
from tests.phone.test_lone_begun import START, go_out, ready, spaces_go, what
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO


def test_signed_out_the_phone_still_says_that_nobody_watches_and_names_nothing(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    ready(phone)
    other = phone.context.new_page()
    phone.open("/you", other)
    phone.offline()
    page = go_out(phone)
    other.locator("main form[data-sign-out] button").click()
    other.get_by_role("button", name="Sign out, keep them here").click()
    for each in (other, page):
        says_so_to_nobody(each, "Signed out on this phone")
    other.close()
    page = phone.open("/today")  # another life of the page, from the phone
    says_so_to_nobody(page, "Signed out on this phone")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    phone.offline(False)
    page.wait_for_url("**/sign-in*", timeout=30_000)
    says_so_to_nobody(page, "Sign in")
    assert problems(page) == []
    field, bar = page.locator("#email").bounding_box(), page.locator("#safety-bar").bounding_box()
    assert field and bar and field["y"] + field["height"] < bar["y"], "the way in is not under the bar"
    assert not [url for url in asked if "lone-working" in url], "what waits is sent as its author's alone"
    phone.sign_in("ben")
    expect(phone.page.locator(".tophelp")).to_be_visible()  # its script has looked
    expect(phone.page.locator(".safety--alone")).to_have_count(0)
    phone.page.context.clear_cookies()
    phone.sign_in("asha")
    phone.all_sent()
    assert what(office) == ["started"]
    expect(phone.open("/today").locator("#safety-bar")).to_contain_text("Check in by")
    assert phone.console == []


def test_signed_out_a_start_that_the_office_refused_promises_nothing_of_signing_in(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone()
    phone.sign_in("ben")  # Asha is out, by the test before
    ready(phone)
    phone.offline()
    page = phone.open(START)
    spaces_go(phone)
    phone.offline(False)
    expect(page.locator("#safety-bar")).to_contain_text("Say where you are, in 200 letters")
    page = phone.open("/you")
    page.locator("main form[data-sign-out] button").click()
    page.get_by_role("button", name="Sign out, keep them here").click()
    page.wait_for_url("**/sign-in*")
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("Nobody looks out for you. Tell somebody where you are.")
    expect(bar).to_contain_text("NOT MONITORED")
    expect(bar).not_to_contain_text(re.compile("Sign in here|by this phone alone|Ben|Dina|07700"))
    assert problems(page) == []
    assert phone.console == []


def says_so_to_nobody(page: Page, heading: str) -> None:
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("NOT MONITORED: ring your buddy.")
    expect(bar).to_contain_text(re.compile(r"(30|29) min left, until \d\d:\d\d, by this phone alone"))
    expect(page.locator("body")).to_contain_text(heading)
    expect(bar.get_by_role("link")).to_have_text("Call 999")
    expect(bar).to_have_css("position", "fixed")  # its style has come, with no signal too
    shown = bar.evaluate("(one) => one.outerHTML")
    assert not any(word in shown for word in ("Mill Lane", "Asha", "Dina", "07700"))
    expect(page.locator("body")).not_to_contain_text("Mill Lane")
