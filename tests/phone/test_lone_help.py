"""Help where no session runs: the same hold in the frame of every page of the field, and of no other."""

import re

from playwright.sync_api import Locator, Page

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import expect, until
from tests.phone.test_lone import HELD_MS
from tests.phone.test_lone_begun import ready
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO
SCRIPT = """performance.getEntriesByType("resource")
  .some((one) => one.name.includes("/static/safety-") && one.responseEnd)"""
ALARMS = "SELECT alarm.kind FROM alarm JOIN lone_session ON lone_session.id = alarm.session WHERE person_name = ?"


def called(office: Doorstep, name: str) -> list[str]:
    rows = office.rows(ALARMS.replace("?", f"'{name}'"))
    return [row["kind"] for row in rows]


def top(page: Page) -> Locator:
    return page.locator(".tophelp button")


def test_help_is_held_for_on_a_page_where_nobody_is_out(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    path = walk.plan_visit(phone, office.ids["saltmarsh"])
    page = phone.open(path)
    expect(top(page)).to_be_visible(timeout=15_000)
    assert problems(page) == []
    start = page.get_by_role("button", name="Start visit").bounding_box()
    shown = top(page).bounding_box()
    assert start and shown and shown["y"] + shown["height"] < start["y"] and shown["height"] >= 44
    top(page).click()  # a tap in a pocket
    assert not [op for op in phone.rows("ops") + phone.rows("sent") if "panic" in str(op)]
    phone.saved(lambda: top(page).click(delay=HELD_MS))
    until(lambda: called(office, "Asha Test") == ["panic"])
    expect(page.locator("#safety-bar[data-safety]")).to_contain_text("Check in by")
    expect(top(page)).to_have_count(0)  # the bar's own is there by now
    assert phone.console == []


def test_with_no_signal_it_waits_offers_the_other_ways_and_goes_before_everything(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("ben")
    page = ready(phone)
    expect(top(page)).to_be_visible(timeout=15_000)
    phone.offline()
    phone.saved(lambda: top(page).click(delay=HELD_MS))
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("link", name="Text Dina Test")).to_have_attribute("href", re.compile("^sms:"))
    page = phone.open("/today")
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=15_000)
    phone.saved(lambda: top(page).click(delay=HELD_MS))  # again: it is the same session
    phone.offline(False)
    phone.all_sent()
    assert called(office, "Ben Test") == ["panic"]
    expect(page.get_by_role("link", name="Call 999")).to_have_count(0)


def test_administrators_and_contractors_nobody_looks_out_for_have_none(
    new_phone: NewPhone, office: Doorstep
) -> None:
    for name, path in (("ade", "/people"), ("callum", "/you")):
        phone = new_phone(name)
        walk.worker_ready(phone)
        page = phone.open(path)
        if name == "callum":  # the script that would show it has looked
            until(lambda page=page: bool(page.evaluate(SCRIPT)))  # type: ignore[misc]
        expect(top(page)).to_have_count(0)
