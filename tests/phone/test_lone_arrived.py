"""Asha's PIN waited on her phone: it says that it has arrived, alike for either PIN, till she closes it."""

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Request

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import DURESS, SAFE, choose_pins, end, go_in
from tests.phone.test_lone_out import enter, her_own, signed_out_inside, trusted, what
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

ARRIVED = re.compile(r"^Your check-out reached the office at \d\d:\d\d\.$")
NEVER_ALIKE = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d\d:\d\d|data-now=\S+|sealed=[^&]+"
PARTS = """() => [...document.querySelectorAll('.arrived, #safety-bar, .top')]
  .map((one) => one.outerHTML).join(' ')"""


def masked(words: str) -> str:
    return re.sub(NEVER_ALIKE, "…", words)


def ended_with_no_signal(phone: Device, office: Doorstep, pin: str) -> dict[str, Any]:
    """What she sees, before and after it arrives, and what her phone asks meanwhile, each thing once."""
    with_worker(phone)
    choose_pins(phone)
    path = go_in(phone, office)
    trusted(phone)
    phone.open("/today")
    walk.kept(phone, "/today")
    page = phone.open(path)
    walk.kept(phone, path)
    phone.offline()
    enter(page, pin)
    expect(page.get_by_role("dialog")).to_contain_text("you are still watched until it arrives", timeout=15_000)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page = phone.open(path)
    expect(page.locator("#safety-bar")).to_contain_text(
        re.compile(r"not confirmed since \d\d:\d\d"), use_inner_text=True
    )
    expect(page.locator(".arrived")).to_have_count(0)
    before = page.locator("#safety-bar").inner_text()
    asked: list[str] = []

    def hear(request: Request) -> None:
        if request.method == "POST":
            asked.append(f"POST {request.url.split('/', 3)[3]} {request.post_data or ''}")

    phone.page.on("request", hear)
    phone.offline(False)
    page.wait_for_url("**/today", timeout=30_000)
    expect(page.locator('.arrived [role="status"]')).to_have_text(ARRIVED)
    phone.all_sent()
    expect(page.locator(".tophelp")).to_be_visible()
    assert problems(page) == []
    return {
        "before": masked(before),
        "after": masked(page.evaluate(PARTS)),
        "asked": list(dict.fromkeys(masked(one) for one in asked)),
    }


def test_that_it_arrived_is_said_alike_for_either_pin_and_stays_until_she_closes_it(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = her_own(new_phone)
    safe = ended_with_no_signal(phone, office, SAFE)
    assert what(office)[-1] == "closed"
    page = phone.open("/you")  # not closed: it is said on the next page too
    said = page.locator(".arrived p")
    expect(said).to_have_text(ARRIVED)
    assert not any(word in said.inner_text() for word in ("Asha", "Saltmarsh", "safe"))
    page.locator(".arrived").get_by_role("button", name="Close").click()
    page = phone.open("/today")
    expect(page.locator(".tophelp")).to_be_visible()
    expect(page.locator(".arrived")).to_have_count(0)
    assert phone.console == []

    other = her_own(new_phone)
    duress = ended_with_no_signal(other, office, DURESS)
    assert what(office)[-1] in ("duress", "duress_alone"), "a try that was cut off is made again"
    assert duress == safe
    assert any("/end" in one for one in safe["asked"])
    go_in(other, office)  # out again: nothing may sound as if that was over
    expect(other.page.locator(".arrived")).to_have_count(0)
    assert other.console == []


@pytest.mark.parametrize("pin", [SAFE, DURESS])
def test_signed_out_it_is_said_on_the_page_of_nobody_and_the_question_is_gone(
    new_phone: NewPhone, office: Doorstep, pin: str
) -> None:
    phone = her_own(new_phone, "ben")
    signed_out_inside(phone, office)
    page = phone.page
    expect(page.locator("#safety-bar[data-safety]")).to_be_visible(timeout=15_000)
    phone.offline()
    enter(page, pin)
    expect(page.get_by_role("dialog")).to_contain_text("you are still watched until it arrives", timeout=15_000)
    phone.offline(False)
    expect(page.locator(".arrived p")).to_have_text(ARRIVED, timeout=30_000)
    expect(page.locator("body")).to_contain_text("That session has ended")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not any(word in page.locator("body").inner_text() for word in ("Ben", "Saltmarsh"))
    until(lambda: not phone.rows("ops"))
    assert phone.console == []


def in_the_office(office: Doorstep, sql: str) -> None:
    with closing(sqlite3.connect(office.data / "doorstep.sqlite", timeout=10)) as connection, connection:
        connection.execute(sql)


@pytest.mark.parametrize("pin", [SAFE, DURESS])
def test_it_is_not_said_of_a_visit_begun_since_where_nobody_can_be_called(
    new_phone: NewPhone, office: Doorstep, pin: str
) -> None:
    in_the_office(office, "UPDATE lone_session SET state = 'closed_safe'")  # of the tests before
    phone = her_own(new_phone)
    choose_pins(phone)
    go_in(phone, office)
    end(phone, pin)
    path = walk.plan_visit(phone, office.ids["linden"])
    page = phone.open(path)
    expect(page.locator(".arrived p")).to_have_text(ARRIVED)
    in_the_office(office, "UPDATE person SET phone = ''")
    try:
        page.get_by_role("button", name="Start visit").click()
        expect(page.locator("#safety")).to_contain_text("NOT MONITORED")
        phone.all_sent()
        expect(page.locator(".arrived")).to_have_count(0)
        page = phone.open(path)
        expect(page.locator("#safety")).to_contain_text("NOT MONITORED")
        expect(page.locator(".tophelp")).to_be_visible()  # its script has looked
        phone.all_sent()
        expect(page.locator(".arrived")).to_have_count(0)
    finally:
        office.can_be_reached()
    assert phone.console == []


def test_signed_out_it_is_not_said_of_an_earlier_session_when_somebody_else_ends_this_one(
    new_phone: NewPhone, office: Doorstep
) -> None:
    in_the_office(office, "UPDATE lone_session SET state = 'closed_safe'")  # of the tests before
    phone = her_own(new_phone, "ben")
    choose_pins(phone)
    go_in(phone, office)
    end(phone)
    go_in(phone, office)
    trusted(phone)
    page = phone.open("/you")
    phone.all_sent()
    page.locator("main form[data-sign-out] button").click()
    page.wait_for_url("**/sign-in*")
    safe = page.locator("#safety-bar[data-safety]").get_by_role("button", name="I’m safe")
    expect(safe).to_be_visible()
    in_the_office(office, "UPDATE lone_session SET state = 'closed_by_responder' WHERE state = 'active'")
    safe.click()
    expect(page.locator("body")).to_contain_text("That session has ended")
    assert all(phone.rows("sent") for _ in range(3))  # what it would be said by has been read meanwhile
    expect(page.locator(".arrived")).to_have_count(0)
    assert phone.console == []
