"""A photograph that is not here: a camera in its place, in both themes; last time's is there with no signal."""

import pytest
from playwright.sync_api import Locator, Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link, says
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
BROKEN = """() => [...document.querySelectorAll('.ph img, .pair img')].filter((one) => one.checkVisibility())
  .filter((one) => getComputedStyle(one).opacity !== '0' && !(one.complete && one.naturalWidth)).length"""
CAMERA = """(ph) => { const mark = getComputedStyle(ph, '::before');
  return { drawn: mark.clipPath.startsWith('polygon'), mark: mark.backgroundColor,
    ground: getComputedStyle(ph).backgroundColor }; }"""


def a_camera_is_drawn(page: Page, place: Locator) -> None:
    expect(place).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        look = place.evaluate(CAMERA)
        assert look["drawn"]
        assert look["mark"] != look["ground"]
        assert page.evaluate(BROKEN) == 0, theme


def inspected(phone: Device, office: Doorstep) -> str:
    """A completed inspection with one photograph of the hob."""
    path = walk.start(phone, office.ids["saltmarsh"])
    phone.saved(lambda: walk.read(phone.page, HOB, "F"))
    phone.saved(lambda: walk.finding(phone.page, HOB, "Ring does not light", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(phone.known()) >= 5)
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    return path


def test_the_office_sees_a_camera_where_a_photo_is_still_on_a_phone(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    link.fault = lambda asked: says(503) if asked.method == "PUT" else None
    path = inspected(phone, office)
    until(lambda: {op["method"] for op in phone.rows("ops")} == {"PUT"})
    desk = new_phone("dina", viewport={"width": 1280, "height": 800})
    page = desk.open(path)
    shown = page.locator("#summary .photo .ph")
    a_camera_is_drawn(page, shown)
    expect(page.locator("#summary .photo")).to_contain_text("Not here yet")
    assert shown.locator("img").get_attribute("src") is None
    shown.click()
    expect(page.locator("dialog.viewer")).to_have_count(0)
    link.mend()
    phone.all_sent()
    page.reload()
    expect(shown.locator("img")).to_have_js_property("complete", True)
    assert page.evaluate(BROKEN) == 0


@pytest.fixture
def before(new_phone: NewPhone, office: Doorstep) -> Device:
    """A phone on which the hob was photographed last time; that photo is on it no more."""
    earlier = new_phone("asha")
    inspected(earlier, office)
    earlier.all_sent()
    phone = new_phone("asha")
    walk.worker_ready(phone)
    return phone


def last_time(page: Page) -> Locator:
    return walk.item(page, HOB).locator(".pair .ph").first


def test_last_times_photo_is_shown_with_no_signal_where_the_home_was_opened_before(
    before: Device, office: Doorstep
) -> None:
    page = before.open(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    small = office.rows("SELECT inspection, sha256 FROM inspection_photo ORDER BY received_at DESC LIMIT 1")[0]
    walk.kept(before, f"/inspections/{small['inspection']}/photos/{small['sha256']}?size=400")
    with before.no_signal():
        page.get_by_label("Void inspection", exact=True).check()
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url("**/inspections/*-*")
        image = last_time(page).locator("img")
        image.scroll_into_view_if_needed()
        until(lambda: bool(image.evaluate("(one) => one.naturalWidth")))
        assert page.evaluate(BROKEN) == 0
    before.all_sent()


def test_last_times_photo_is_a_camera_where_it_cannot_be_had(before: Device, office: Doorstep, link: Link) -> None:
    link.fault = lambda asked: says(503) if "/photos/" in asked.path else None
    walk.start(before, office.ids["saltmarsh"])
    shown = last_time(before.page)
    shown.scroll_into_view_if_needed()
    expect(shown.locator("img")).to_have_class("is-missing")
    a_camera_is_drawn(before.page, shown)
