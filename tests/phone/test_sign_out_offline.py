"""Signing out where there is no signal: it counts on the phone at once, and at the office before all else."""

import re
import threading

from playwright.sync_api import Page

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Crossing, Link
from tests.servers.doorstep import Doorstep

LEFT = "Signed out on this phone"


def press(phone: Device) -> None:
    phone.page.get_by_role("button", name="Sign out", exact=True).click()


def says_so_and_nothing_else(page: Page) -> None:
    expect(page.get_by_role("heading", name=LEFT)).to_be_visible()
    expect(page.locator("body")).to_contain_text("It finishes when there is signal.")
    expect(page.locator("body")).not_to_contain_text("Asha")
    expect(page.locator("body")).not_to_contain_text("Saltmarsh")


def open_sessions(office: Doorstep, name: str) -> int:
    rows = office.rows("SELECT id FROM session WHERE ended_at IS NULL AND person = ?", office.ids[name])
    return len(rows)


def test_signed_out_with_no_signal_the_phone_shows_nothing_of_theirs_and_tells_the_office_first(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))
    path = walk.start(phone, office.ids["saltmarsh"])
    other = phone.context.new_page()
    phone.open(path, other)
    expect(other.get_by_role("heading", name="Void inspection")).to_be_visible()
    phone.open("/you")
    link.fault = net.lost_before
    press(phone)
    says_so_and_nothing_else(phone.page)
    says_so_and_nothing_else(other)
    other.close()
    assert not [name for name in phone.page.evaluate("caches.keys()") if name.startswith("kept-")]
    for place in ("/", path, "/visits", "/sign-in"):
        phone.open(place)
        says_so_and_nothing_else(phone.page)
    assert open_sessions(office, "asha") == 1

    asked: list[str] = []

    def heard(crossing: Crossing) -> None:
        asked.append(f"{crossing.command} {crossing.path}")
        net.answer_as_it_is(crossing)

    link.fault = lambda _asked: heard
    phone.open("/")
    phone.page.wait_for_url(re.compile("/sign-in"))
    first = [one for one in asked if "/static/" not in one and "icon" not in one and "/sw.js" not in one]
    assert first[0] == "POST /sign-out"
    assert open_sessions(office, "asha") == 0
    phone.sign_in("callum")
    phone.open(path)
    expect(phone.page.locator("body")).not_to_contain_text("Saltmarsh")


def test_with_no_signal_at_all_and_the_next_morning_the_phone_finishes_by_itself(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone()
    phone.sign_in("ben")
    phone.open("/you")
    with phone.no_signal():
        press(phone)
        expect(phone.page.get_by_role("heading", name=LEFT)).to_be_visible()
        assert open_sessions(office, "ben") == 1
    phone.page.wait_for_url(re.compile("/sign-in"))
    until(lambda: open_sessions(office, "ben") == 0)


def test_a_browser_without_a_worker_finishes_it_too_before_the_page_is_worked_with(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone(service_workers="block")
    phone.sign_in("dina")
    phone.open("/you")
    link.fault = lambda asked: net.lost_before if asked.writes else None
    press(phone)
    expect(phone.page.get_by_role("heading", name=LEFT)).to_be_visible()
    phone.open("/visits")
    expect(phone.page.get_by_role("heading", name=LEFT)).to_be_visible()
    expect(phone.page.locator("body")).not_to_contain_text("Dina")
    link.mend()
    phone.open("/visits")
    phone.page.wait_for_url(re.compile("/sign-in"))
    assert open_sessions(office, "dina") == 0


def test_whoever_signs_in_next_is_not_signed_out_by_what_was_left_over(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone()
    phone.sign_in("carol")
    walk.worker_ready(phone)
    phone.page.evaluate(
        """(who) => new Promise((done) => {
          const asked = indexedDB.open('doorstep');
          asked.onsuccess = () => {
            const tx = asked.result.transaction('meta', 'readwrite');
            tx.objectStore('meta').put(who, 'leaving');
            tx.oncomplete = () => { asked.result.close(); done(); };
          };
        })""",
        office.ids["asha"],
    )
    page = phone.open("/you")
    phone.page.wait_for_url(re.compile("/(you|visits|sign-in)?"))
    page = phone.open("/you")
    expect(page.get_by_role("heading", name="Carol Test")).to_be_visible()
    assert open_sessions(office, "carol") == 1


def test_a_page_that_was_being_kept_when_its_officer_left_keeps_nothing_more(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    other, asked, gate = phone.context.new_page(), list[str](), threading.Event()

    def fault(question: net.Asked) -> net.Fault | None:
        if "/inspections/blank/" in question.path:
            asked.append(question.path)
            return net.late(gate) if len(asked) == 1 else None
        return net.lost_before if question.writes else None

    link.fault = fault
    phone.open(f"/properties/{office.ids['saltmarsh']}/inspections/new", other)
    until(lambda: len(asked) == 1)
    phone.open("/you")
    press(phone)
    says_so_and_nothing_else(other)
    with other.expect_event("requestfinished", lambda request: "/inspections/blank/" in request.url):
        gate.set()
    stores = other.evaluate("fetch('/health/live').then(() => caches.keys())")
    assert not [name for name in stores if name.startswith(("kept-", "pack-"))]
    assert len(asked) == 1
