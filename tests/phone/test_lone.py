"""Asha out alone: what her phone says with and without signal, and what Dina sees of it."""

import re

from playwright.sync_api import Page

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import PASSWORD, Doorstep

SETTINGS = DEMO

SAFE, DURESS = "2580", "7413"
HELD_MS = 4_000  # the machine may be busy


def choose_pins(phone: Device) -> None:
    page = phone.open("/you/pin")
    for name, typed in {"safe": SAFE, "safe_again": SAFE, "duress": DURESS, "duress_again": DURESS}.items():
        page.fill(f"#{name}", typed)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Save my PINs").click()
    expect(page.locator("main")).to_contain_text("Your PINs are saved")


def go_in(phone: Device, office: Doorstep) -> str:
    """Start a visit with signal; gives its path."""
    path = walk.plan_visit(phone, office.ids["saltmarsh"])
    phone.page.get_by_role("button", name="Start visit").click()
    expect(phone.page.locator("#safety-bar[data-safety]")).to_be_visible(timeout=20_000)
    return path


def enter(page: Page, pin: str) -> None:
    page.fill("#pin-now", pin)
    page.get_by_role("dialog").get_by_role("button", name="I’m out and safe").click()


def end(phone: Device, pin: str = SAFE) -> None:
    page = phone.open("/today")
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    enter(page, pin)
    page.wait_for_url("**/today")
    expect(page.locator("#safety-bar[data-safety]")).to_have_count(0)


def test_a_visit_is_watched_with_no_signal_in_the_middle_until_a_pin_ends_it(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    choose_pins(phone)
    path = go_in(phone, office)
    page = phone.open(path)
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text(re.compile(r"Check in by \d\d:\d\d"))
    assert problems(page) == []
    walk.kept(phone, path)

    phone.offline()
    phone.saved(lambda: bar.get_by_role("button", name="I’m safe").click())
    expect(bar).to_contain_text("The office does not know yet")
    expect(bar).to_contain_text(re.compile(r"not confirmed since \d\d:\d\d"), use_inner_text=True)
    page = phone.open(path)  # from the phone: the bar it was given last, and what waits
    expect(page.locator("#safety-bar")).to_contain_text(
        re.compile(r"not confirmed since \d\d:\d\d"), use_inner_text=True
    )
    expect(page.locator("#safety-bar")).to_contain_text("The office does not know yet")
    phone.offline(False)
    phone.all_sent()
    expect(page.locator("#safety-bar")).to_contain_text(
        re.compile(r"last confirmed \d\d:\d\d"), use_inner_text=True
    )
    assert [row["what"] for row in office.rows("SELECT what FROM session_event ORDER BY seq")] == [
        "started",
        "checked_in",
    ]

    office.overdue(office.ids["asha"])
    dina = new_phone("dina")
    wall = dina.open("/lone-working")
    expect(wall.locator(".engine")).to_contain_text("Engine seen")
    expect(wall.locator(".alarm--open")).to_contain_text("Asha Test", timeout=20_000)
    assert problems(wall) == []
    wall.locator(".alarm--open").get_by_role("link", name="Open").click()
    wall.get_by_role("button", name="I’ll take this").click()
    expect(wall.locator("#alarm")).to_contain_text("You have this")
    wall.get_by_role("button", name="I am calling 999").click()
    expect(wall.locator("#alarm")).to_contain_text("calling 999")
    assert problems(wall) == []

    page = phone.open("/today")
    expect(page.locator("#safety-bar")).to_contain_text("Overdue since")
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    enter(page, "1111")
    expect(page.get_by_role("dialog")).to_contain_text("not recognised")
    enter(page, SAFE)
    page.wait_for_url("**/today")
    expect(page.locator("#safety-bar[data-safety]")).to_have_count(0)
    wall.reload()
    expect(wall.locator("#alarm")).to_contain_text("Closed by Asha Test")
    assert phone.console == dina.console == []


def test_help_is_held_for_and_shows_nothing_new(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    choose_pins(phone)
    page = phone.open(go_in(phone, office))
    expect(page.locator("#heading")).to_contain_text("Started")
    before = page.locator("main").inner_text()
    button = page.locator("#safety-bar").get_by_role("button", name=re.compile("Help"))
    button.click()  # a tap in a pocket
    assert not [op for op in phone.rows("ops") + phone.rows("sent") if "panic" in str(op)]
    phone.saved(lambda: button.click(delay=HELD_MS))
    phone.all_sent()
    until(lambda: bool(office.rows("SELECT id FROM alarm WHERE kind = 'panic'")))
    assert page.locator("main").inner_text() == before
    dina = new_phone("dina")
    wall = dina.open("/lone-working")
    wall.locator(".alarm", has_text="Asked for help").get_by_role("link", name="Open").first.click()
    expect(wall.locator("#alarm")).to_contain_text("Asha Test")


def test_help_with_no_signal_offers_the_other_ways_and_goes_before_everything(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    page = phone.page
    if not page.locator("#safety-bar[data-safety]").count():
        page = phone.open(go_in(phone, office))
    phone.offline()
    phone.saved(lambda: page.locator("#safety-bar").get_by_role("button", name="I’m safe").click())
    help_button = page.locator("#safety-bar").get_by_role("button", name=re.compile("Help"))
    phone.saved(lambda: help_button.click(delay=HELD_MS))
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=10_000)
    order: list[str] = []
    page.on("request", lambda asked: order.append(asked.url) if asked.method == "POST" else None)
    phone.offline(False)
    phone.all_sent()
    assert order[0].endswith("/panic")


def test_a_start_with_no_signal_says_in_red_that_nobody_watches(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("ben")
    with_worker(phone)
    path = walk.plan_visit(phone, office.ids["linden"])
    phone.open(path)
    walk.kept(phone, path)
    with phone.no_signal():
        page = phone.open(path)
        phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
        expect(page.locator("#safety")).to_contain_text("NOT MONITORED until there is signal: tell your buddy")
    phone.all_sent()
    expect(phone.page.locator("#safety-bar")).to_contain_text("Check in by")
    expect(phone.page.locator("#safety")).not_to_contain_text("NOT MONITORED")


def test_the_wall_turns_red_by_itself_when_the_office_is_silent(new_phone: NewPhone) -> None:
    dina = new_phone("dina")
    wall = dina.open("/lone-working")
    expect(wall.locator(".engine")).to_contain_text("Engine seen")
    dina.offline()
    expect(wall.locator(".engine--late")).to_be_visible(timeout=60_000)
