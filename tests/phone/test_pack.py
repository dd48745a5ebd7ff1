"""Take my day: packed with a signal, used without one, gone when it must be."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page

from pwa.pages import LONDON
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect
from tests.phone.proof import everything_once
from tests.phone.test_journey_inspection import worker_ready
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

HELD = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('pack-'));
  const found = [];
  for (const name of names) for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  return found.filter((url) => !url.endsWith('/pack-seal'));
}"""
READY = re.compile(r"^(\d+) of \1 ready · [\d.]+ [KM]B · packed \d\d:\d\d$")


def held(phone: Device, page: Page | None = None) -> list[str]:
    return sorted(str(url).removeprefix(phone.url) for url in (page or phone.page).evaluate(HELD))


def packed(phone: Device) -> list[str]:
    """Take my day, by its button, until it is sealed. Gives what is on the phone."""
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    return held(phone)


def test_a_packed_day_opens_whole_with_no_signal_and_what_is_done_there_arrives_once(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    worker_ready(phone)
    quay, linden = office.ids["quay"], office.ids["linden"]
    visits = [plan(phone, home, "any") for home in (quay, linden)]
    urls = packed(phone)
    assert {f"/visits/{visits[0]}", f"/properties/{linden}", "/today?whose=mine"} <= set(urls)
    with phone.no_signal():
        for url in urls:
            page = phone.open(url)
            expect(page.locator("main .copy-line"), url).to_contain_text("Copy from")
        inspection = walk.start(phone, linden)
        phone.saved(lambda: walk.meter(phone.page, "meters_gas", "4711"))
        unplanned(phone, quay)
    phone.open("/today")
    phone.all_sent()
    everything_once(phone, office)
    assert len(office.rows("SELECT id FROM inspection WHERE id = ?", inspection.rsplit("/", 1)[1])) == 1
    assert len(office.rows("SELECT id FROM visit WHERE note = 'Called in passing'")) == 1


def unplanned(phone: Device, home: str) -> None:
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", datetime.now(UTC).astimezone(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.fill("textarea[name='note']", "Called in passing")
    phone.saved(lambda: page.get_by_role("button", name="Plan the visit").click())
