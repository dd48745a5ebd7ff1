"""Asha out alone and signed out, or with no signal: help, "I'm safe" and the end still go, and nothing shows whose they are."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import DURESS, HELD_MS, SAFE, choose_pins, go_in
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

PLACE = {"geolocation": {"latitude": 52.945, "longitude": 0.205, "accuracy": 12}, "permissions": ["geolocation"]}
NEWEST = "SELECT id FROM lone_session ORDER BY received_at DESC LIMIT 1"
HAPPENED = f"SELECT what FROM session_event WHERE session = ({NEWEST}) ORDER BY seq"  # noqa: S608


@pytest.fixture(scope="module")
def office(little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    server = Doorstep(data, {"DOORSTEP_DEMO": "1"}, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


GIVEN = """() => new Promise((done) => {
  const asked = indexedDB.open('doorstep');
  asked.onsuccess = () => {
    const got = asked.result.transaction('meta').objectStore('meta').get('lone-trust');
    got.onsuccess = () => (asked.result.close(), done(Boolean(got.result && got.result.token)));
  };
})"""


def trusted(phone: Device) -> None:
    """The office has given this phone the session's token."""
    until(lambda: bool(phone.page.evaluate(GIVEN)))


def what(office: Doorstep) -> list[str]:
    return [row["what"] for row in office.rows(HAPPENED)]


def enter(page: Page, pin: str, button: str = "I’m out and safe") -> None:
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    page.fill("#pin-now", pin)
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def test_signed_out_she_checks_in_calls_for_help_and_ends(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    choose_pins(phone)
    go_in(phone, office)
    trusted(phone)
    phone.open("/you")
    phone.page.get_by_role("button", name="Sign out").first.click()
    phone.page.wait_for_url("**/sign-in*")
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
