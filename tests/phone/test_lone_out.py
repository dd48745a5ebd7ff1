"""Asha out alone and signed out, or with no signal: help, "I'm safe" and the end still go; nothing shows whose."""

import re
from typing import Any

from playwright.sync_api import Page, Request

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import DURESS, HELD_MS, SAFE, choose_pins, go_in
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

PLACE = {"geolocation": {"latitude": 52.945, "longitude": 0.205, "accuracy": 12}, "permissions": ["geolocation"]}
NEWEST = "SELECT id FROM lone_session ORDER BY received_at DESC LIMIT 1"
HAPPENED = f"SELECT what FROM session_event WHERE session = ({NEWEST}) ORDER BY seq"


GIVEN = """() => new Promise((done) => {
  const asked = indexedDB.open('doorstep');
  asked.onsuccess = () => {
    const got = asked.result.transaction('meta').objectStore('meta').get('lone-trust');
    got.onsuccess = () => (asked.result.close(), done(Object.values(got.result || {}).some((one) => one.token)));
  };
})"""


def her_own(new_phone: NewPhone, who: str = "asha", **options: Any) -> Device:
    """Signed in on this phone itself: a session is believed of one phone only."""
    phone = new_phone(**options)
    phone.sign_in(who)
    return phone


def trusted(phone: Device) -> None:
    """The office has given this phone the session's token."""
    until(lambda: bool(phone.page.evaluate(GIVEN)))


def asked_of(phone: Device) -> list[dict[str, Any]]:
    """Every request that leaves the phone, with all the headers that the browser itself adds."""
    went: list[dict[str, Any]] = []

    def hear(asked: Request) -> None:
        headers = [(one["name"], one["value"]) for one in asked.headers_array()]
        path = asked.url.split("/", 3)[3]
        went.append(
            {"line": f"{asked.method} /{path} HTTP/1.1\r\n", "headers": headers, "body": asked.post_data or ""}
        )

    phone.page.on("requestfinished", hear)
    return went


def what(office: Doorstep) -> list[str]:
    return [row["what"] for row in office.rows(HAPPENED)]


def enter(page: Page, pin: str, button: str = "I’m out and safe") -> None:
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    page.fill("#pin-now", pin)
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def signed_out_inside(phone: Device, office: Doorstep) -> None:
    """In a home alone, with two PINs, and signed out on the phone."""
    with_worker(phone)
    choose_pins(phone)
    go_in(phone, office)
    trusted(phone)
    phone.open("/you")
    phone.all_sent()
    phone.page.locator("main form[data-sign-out] button").click()
    phone.page.wait_for_url("**/sign-in*")


def test_signed_out_she_checks_in_calls_for_help_and_ends(new_phone: NewPhone, office: Doorstep) -> None:
    phone = her_own(new_phone)
    signed_out_inside(phone, office)
    page = phone.page
    bar = page.locator("#safety-bar[data-safety]")
    expect(bar).to_contain_text(re.compile(r"Check in by \d\d:\d\d"), timeout=15_000)
    assert problems(page) == []
    said = bar.inner_text()
    assert not any(word in said for word in ("Asha", "Saltmarsh", "Dina", "Ben"))

    bar.get_by_role("button", name="I’m safe").click()
    until(lambda: "checked_in" in what(office))
    phone.offline()
    bar.get_by_role("button", name=re.compile("Help")).click(delay=HELD_MS)
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=15_000)
    phone.offline(False)
    until(lambda: "panic" in what(office), 40)
    enter(page, "1111")
    expect(page.get_by_role("dialog")).to_contain_text("not recognised", timeout=15_000)
    page.fill("#pin-now", SAFE)
    page.get_by_role("dialog").get_by_role("button", name="I’m out and safe").click()
    expect(page.locator("body")).to_contain_text("That session has ended", timeout=15_000)
    assert what(office)[-1] == "pin"
    assert not phone.rows("ops")
    page.reload()
    expect(page.locator("#safety-bar")).to_have_count(0)
    assert phone.console == []


def test_the_end_is_kept_with_no_signal_and_the_pin_is_nowhere_on_the_phone(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = her_own(new_phone, **PLACE)
    with_worker(phone)
    choose_pins(phone)
    page = phone.open("/lone-working/limits")
    path = go_in(phone, office)
    trusted(phone)
    page = phone.open("/lone-working/limits")
    page.get_by_role("button", name="Say where I am").click()
    expect(page.get_by_role("button", name="Do not say it")).to_be_visible()
    page = phone.open(path)
    walk.kept(phone, path)
    phone.offline()
    enter(page, "1111")
    expect(page.get_by_role("dialog")).to_contain_text("you are still watched until it arrives", timeout=15_000)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page = phone.open(path)  # another life of the page, from the phone
    expect(page.locator("#safety-bar")).to_contain_text(
        re.compile(r"not confirmed since \d\d:\d\d"), use_inner_text=True
    )
    phone.offline(False)
    expect(page.locator("body")).to_contain_text("not recognised", timeout=20_000)
    assert what(office)[-1] == "started"

    phone.offline()
    enter(page, DURESS)
    until(lambda: bool(phone.rows("ops")))
    kept = str([phone.rows(store) for store in ("ops", "sent", "drafts")])
    assert DURESS not in re.sub(r"[0-9a-f-]{36}|sealed=[^'&]+|'[^']*(At|at)': '[^']*'", "", kept)
    phone.offline(False)
    page.wait_for_url("**/today", timeout=30_000)
    expect(page.locator("#safety-bar[data-safety]")).to_have_count(0)
    assert what(office)[-1] == "duress"
    (session,) = office.rows(f"SELECT state, pin_given_at FROM lone_session WHERE id = ({NEWEST})")
    assert session["state"] == "active" and session["pin_given_at"]
    points = office.rows(f"SELECT why, latitude FROM lone_point WHERE session = ({NEWEST})")
    assert ("end", 52.945) in [(row["why"], row["latitude"]) for row in points]
    assert phone.console == []


def test_help_is_one_request_of_at_most_two_kilobytes(new_phone: NewPhone, office: Doorstep) -> None:
    """Headers and body, as they leave the phone: with its token and its place, and much else waiting."""
    phone = her_own(new_phone, **PLACE)
    page = phone.open(go_in(phone, office))
    trusted(phone)
    page = phone.open("/lone-working/limits")
    page.get_by_role("button", name="Say where I am").click()
    expect(page.get_by_role("button", name="Do not say it")).to_be_visible()
    went = asked_of(phone)
    button = page.locator("#safety-bar").get_by_role("button", name=re.compile("Help"))
    button.click(delay=HELD_MS)
    until(lambda: "panic" in what(office))
    until(lambda: any(one["line"].startswith("POST") and "/panic" in one["line"] for one in went))
    (one,) = [one for one in went if "/panic" in one["line"]]
    assert "latitude=52.945" in one["body"]
    size = (
        len(one["line"]) + sum(len(name) + len(value) + 4 for name, value in one["headers"]) + 2 + len(one["body"])
    )
    assert size <= 2048, f"{size} bytes: {one['headers']}"
    first = next(asked for asked in went if asked["line"].startswith("POST"))
    assert "/panic" in first["line"], "nothing is asked before it"
    expect(page.locator("[data-ways]")).to_be_hidden()


def test_more_time_after_it_ran_out_is_given_by_a_pin_with_no_signal(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = her_own(new_phone, "ben")
    with_worker(phone)
    choose_pins(phone)
    path = go_in(phone, office)
    trusted(phone)
    office.overdue(office.ids["ben"], 5)
    page = phone.open(path)
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("Overdue since")
    expect(bar.locator("[data-shown='past']").first).to_be_visible()
    phone.offline()
    bar.get_by_role("link", name=re.compile(r"\+30")).click()
    expect(page.get_by_role("dialog")).to_contain_text("30 minutes more?")
    assert problems(page) == []
    page.fill("#pin-now", SAFE)
    phone.saved(lambda: page.get_by_role("button", name="Give me 30 minutes").click())
    expect(page.get_by_role("dialog")).to_contain_text("you are still watched until it arrives", timeout=15_000)
    assert what(office) == ["started"], "nothing is said to have moved"
    phone.offline(False)
    until(lambda: what(office) == ["started", "extended"], 30)
    expect(page.locator("#safety-bar")).to_contain_text(re.compile(r"Check in by \d\d:\d\d"), timeout=15_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert phone.console == []
