"""A day with no signal: opened, put in order, started and finished; the office then agrees, each thing once."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page

from pwa.clock import LONDON
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import everything_once
from tests.servers.doorstep import Doorstep

SAVED = re.compile("Saved on this phone")


def plan(phone: Device, home: str, window: str) -> str:
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", datetime.now(UTC).astimezone(LONDON).date().isoformat())
    page.locator(f"label.pick:has(input[name='window'][value='{window}'])").click()
    page.select_option("select[name='purpose']", "welfare-check")
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))
    return page.url.rsplit("/", 1)[1]


def order(page: Page) -> list[str]:
    return [
        str(one) for one in page.eval_on_selector_all("#day .visit", "all => all.map((one) => one.id.slice(6))")
    ]


def move(phone: Device, visit: str, which: str) -> None:
    phone.saved(lambda: phone.page.locator(f"#{which}-{visit}").click())


def test_a_day_with_no_signal_is_ordered_started_and_finished_and_the_office_agrees(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    ids = [plan(phone, office.ids[home], "any") for home in ("linden", "quay", "saltmarsh")]
    page = phone.open("/today")
    first, second, third = order(page)
    assert {first, second, third} == set(ids)
    for path in ("/today", f"/visits/{third}"):
        walk.kept(phone, path)
    with phone.no_signal():
        page = phone.open("/today")
        expect(page.locator(".copy-line")).to_contain_text("Copy from")
        move(phone, third, "earlier")
        assert order(page) == [first, third, second]
        expect(page.locator("#order-said")).to_have_text(re.compile("Your own order. Saved on this phone"))
        move(phone, third, "earlier")
        assert order(page) == [third, first, second]
        # The first cannot come earlier: the finger is on the other button now.
        expect(page.locator(f"#earlier-{third}")).to_be_hidden()
        expect(page.locator(f"#later-{third}")).to_be_focused()
        page = phone.open("/today")
        until(lambda: order(page) == [third, first, second])
        expect(page.locator("#order-said")).to_contain_text(SAVED)
        phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
        expect(page.locator("#day")).to_contain_text("Started.")
        page.get_by_role("link", name="Back to the visit at").click()
        begun = page.url.rsplit("/", 1)[1].split("#")[0]
        finish(phone, begun)
        page = phone.open("/today")
        until(lambda: order(page)[-1] == begun)
        expect(page.locator(f"#visit-{begun}")).to_contain_text("Visit finished")
        expect(page.locator(f"#visit-{begun}")).to_contain_text(SAVED)
    phone.all_sent()
    expect(page.locator(f"#visit-{begun}")).to_contain_text("finished", timeout=15_000)
    assert order(page)[-1] == begun
    agreed(phone, office, [third, first, second], begun)


def finish(phone: Device, visit: str) -> None:
    page = phone.page
    form = page.locator(f"form[action='/visits/{visit}/finish']").last
    if not form.is_visible():
        page.get_by_text("Finish visit", exact=True).first.click()
    form.locator("label.pick:has(input[value='done'])").click()
    phone.saved(lambda: form.get_by_role("button", name="Finish visit").click())


def agreed(phone: Device, office: Doorstep, by_hand: list[str], begun: str) -> None:
    everything_once(phone, office)
    rows = office.rows("SELECT visits FROM day_order ORDER BY received_at, id")
    assert len(rows) == 2
    assert rows[-1]["visits"].split() == by_hand
    events = office.rows("SELECT what FROM visit_event WHERE visit = ? ORDER BY received_at", begun)
    assert [row["what"] for row in events] == ["started", "finished"]


def test_tomorrow_is_a_swipe_away_and_a_swipe_back(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("ben", has_touch=True)
    page = phone.open("/today")
    until(lambda: bool(page.evaluate("document.querySelector('[data-swipe]') !== null")))
    swipe(page, 300, 60)
    page.wait_for_url("**/today/tomorrow")
    expect(page.get_by_role("link", name="Tomorrow")).to_have_attribute("aria-current", "true")
    swipe(page, 60, 300)
    page.wait_for_url("**/today")


def swipe(page: Page, start: int, end: int) -> None:
    """A finger that goes sideways over the page, once the page listens."""
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    touch = [{"x": start, "y": 400}]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": touch})
    for step in range(1, 5):
        touch = [{"x": start + (end - start) * step // 4, "y": 402}]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": touch})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_how_far_it_is_comes_from_the_phone_and_nobody_is_asked_before_they_press(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("dina")
    position = {"latitude": "52.9450", "longitude": "0.2050", "position_source": "hand"}
    page = phone.open(f"/properties/{office.ids['quay']}/edit")
    page.fill("input[name='latitude']", position["latitude"])
    page.fill("input[name='longitude']", position["longitude"])
    phone.saved(lambda: page.get_by_role("button", name="Save", exact=True).click())
    phone.all_sent()
    plan(phone, office.ids["quay"], "any")
    plan(phone, office.ids["linden"], "any")
    page = phone.open("/today?whose=mine")
    away = page.locator("[data-away]")
    expect(away).to_be_hidden()
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 52.9450, "longitude": 0.2289})
    page.reload()
    expect(away).to_have_text("1 mile")
    page.get_by_role("button", name="From where I am").click()
    page.wait_for_url(re.compile("latitude=52.9450&longitude=0.2289"))
    expect(page.locator("#order-said")).to_contain_text("In order from where you are.")
