"""What is somebody else's by now is not shown from the phone once the office says so; what only it has is."""

import re

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.servers.doorstep import Doorstep

GONE = "We cannot find that."
KEPT = """async (path) => (await Promise.all((await caches.keys()).filter((name) => name.startsWith('kept-')).map(
  async (name) => (await caches.open(name)).match(path, { ignoreVary: true })))).some(Boolean)"""


def kept(phone: Device, path: str) -> bool:
    return bool(phone.page.evaluate(KEPT, path))


def in_charge(phone: Device) -> None:
    phone.open("/visits")
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))


def planned(phone: Device, home: str) -> str:
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", page.evaluate("new Date(Date.now() + 172800000).toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Plan the visit", exact=True).click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f]{8}-"))
    return page.url.removeprefix(phone.url)


@pytest.mark.parametrize("table", ["visit", "inspection"])
def test_what_was_given_to_another_teams_officer_is_not_shown_from_the_phone(
    new_phone: NewPhone, office: Doorstep, table: str
) -> None:
    phone, home = new_phone("asha"), office.ids["saltmarsh"]
    in_charge(phone)
    path = planned(phone, home) if table == "visit" else walk.start(phone, home)
    phone.open(path)
    until(lambda: kept(phone, path))
    office.hand_over(table, path.rsplit("/", 1)[1], office.ids["carol"])
    phone.open(path)
    expect(phone.page.get_by_text(GONE).first).to_be_visible()
    until(lambda: not kept(phone, path))
    with phone.no_signal():
        phone.open(path)
        expect(phone.page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()


def test_what_was_begun_here_and_is_not_sent_yet_is_shown_though_the_office_does_not_know_it(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    in_charge(phone)
    page = phone.open(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    blank = f"/properties/{office.ids['saltmarsh']}/inspections/blank/void"
    until(lambda: kept(phone, blank))
    link.fault = lambda asked: net.lost_before if asked.writes else None
    page.get_by_label("Void inspection", exact=True).check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    path = page.url.split("#")[0].removeprefix(phone.url)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-made-here", "")
    expect(page.get_by_role("heading", name="Void inspection")).to_be_visible()
    assert kept(phone, path)
    link.mend()
    phone.all_sent()
    page.reload()
    expect(page.get_by_role("heading", name="Void inspection")).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-made-here", "")
