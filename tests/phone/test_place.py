"""Where a phone is: asked only when its officer wants something of it, and added to photos only after a yes."""

from typing import Any

import pytest

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import hashes
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
AT = {"latitude": 51.7901234, "longitude": 0.5004321, "accuracy": 12}
HERE: dict[str, Any] = {"geolocation": AT, "permissions": ["geolocation"]}
WHAT_IT_SAID = """() => {
  const place = navigator.geolocation, real = place.getCurrentPosition.bind(place);
  window.fixes = 0;
  place.getCurrentPosition = (good, bad, how) => real((at) => { good(at); window.fixes += 1; }, bad, how);
}"""
NEVER_FROM_BEFORE = """() => {
  const place = navigator.geolocation, real = place.getCurrentPosition.bind(place);
  place.getCurrentPosition = (good, bad, how) => real(good, bad, { ...how, maximumAge: 0 });
}"""


def test_the_homes_nearest_to_me_are_those_nearest_to_where_this_phone_says_it_is(new_phone: NewPhone) -> None:
    phone = new_phone("asha", **HERE)
    page = phone.open("/properties")
    page.get_by_role("button", name="Nearest to me").click()
    page.wait_for_url("**/properties?*latitude=51.7901&longitude=0.5004")
    expect(page.get_by_role("status").first).to_contain_text("nearest first")
    expect(page.get_by_role("button", name="Nearest to me")).to_have_attribute("aria-pressed", "true")
    # And once more from a list that was drawn again for other words.
    page.get_by_label("Address, postcode or UPRN").press_sequentially("salt")
    page.wait_for_url("**q=salt**")
    phone.context.set_geolocation({**AT, "latitude": 51.7})
    page.evaluate(NEVER_FROM_BEFORE)
    page.get_by_role("button", name="Nearest to me").click()
    page.wait_for_url("**/properties?q=salt&latitude=51.7000&longitude=0.5004")


def test_a_phone_that_may_not_say_where_it_is_says_so_and_takes_a_postcode(new_phone: NewPhone) -> None:
    phone = new_phone("asha")
    page = phone.open("/properties")
    page.get_by_role("button", name="Nearest to me").click()
    expect(page.get_by_text("This phone does not let Doorstep know where it is.")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Postcode to be near to").fill("HW4")
    page.get_by_role("button", name="Show the nearest").click()
    page.wait_for_url("**/properties?near=HW4")


def test_a_phone_that_cannot_tell_where_it_is_says_that(new_phone: NewPhone) -> None:
    phone = new_phone("asha", permissions=["geolocation"])
    page = phone.open("/properties")
    session = phone.context.new_cdp_session(page)
    session.send("Emulation.setGeolocationOverride", {})
    page.get_by_role("button", name="Nearest to me").click()
    expect(page.get_by_text("This phone could not tell where it is just now.")).to_be_visible()


def test_without_script_nobody_is_said_to_have_been_asked(new_phone: NewPhone) -> None:
    phone = new_phone("asha")
    plain = phone.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = plain.new_context(java_script_enabled=False).new_page()
    page.context.add_cookies(phone.context.cookies())
    page.goto(phone.url + "/properties")
    page.get_by_role("button", name="Nearest to me").click()
    expect(page.get_by_text("This page does not know where you are.")).to_be_visible()
    expect(page.get_by_label("Postcode to be near to")).to_be_visible()
    plain.close()


def take(phone: Device) -> str:
    """A photo through the camera button, as a thumb presses it. Gives its hash."""
    before = set(hashes(phone))
    walk.item(phone.page, HOB)
    with phone.page.expect_file_chooser() as chooser:
        phone.page.locator(f"#item-{HOB} label.addphoto[for='photo-{HOB}']").click()
    if phone.page.locator("[data-place-choice]").get_attribute("data-answer") == "yes":
        phone.page.wait_for_function("window.fixes > 0")
    chooser.value.set_files([{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": fresh()}])
    until(lambda: len(set(hashes(phone)) - before) == 1)
    (made,) = set(hashes(phone)) - before
    phone.all_sent()
    return made


def place_of(office: Doorstep, sha256: str) -> tuple[float | None, float | None]:
    (row,) = office.rows("SELECT latitude, longitude FROM inspection_photo WHERE sha256 = ?", sha256)
    return row["latitude"], row["longitude"]


def test_a_photo_says_where_it_was_taken_from_the_yes_of_its_officer_to_her_no(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha", **HERE)
    page = phone.page
    page.add_init_script(f"({WHAT_IT_SAID})()")
    path = walk.start(phone, office.ids["saltmarsh"])
    offer = page.locator("[data-place-choice]")
    expect(offer).to_be_hidden()
    walk.item(page, HOB)
    expect(offer).to_be_visible()
    # The browser allows it, and she has not been asked by us yet.
    assert place_of(office, take(phone)) == (None, None)
    page.get_by_role("button", name="Add the place to photos").click()
    expect(offer).to_be_hidden()
    assert place_of(office, take(phone)) == pytest.approx((51.790123, 0.500432))

    walk.start(phone, office.ids["saltmarsh"])
    walk.item(page, HOB)
    expect(offer).to_be_hidden()

    phone.open("/you")
    expect(page.locator("[data-place-says]")).to_contain_text("On: photos you take on this phone")
    page.get_by_role("button", name="Stop adding the place").click()
    expect(page.locator("[data-place-says]")).to_contain_text("Off")
    phone.open(path)
    assert place_of(office, take(phone)) == (None, None)


def test_the_place_is_offered_on_one_inspection_and_left_at_that(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    first = walk.start(phone, office.ids["saltmarsh"])
    offer = phone.page.locator("[data-place-choice]")
    walk.item(phone.page, HOB)
    expect(offer).to_be_visible()
    phone.all_sent()
    walk.start(phone, office.ids["saltmarsh"])
    phone.chip("All sent")
    walk.item(phone.page, HOB)
    expect(offer).to_be_hidden()
    phone.open("/you")
    expect(phone.page.get_by_role("button", name="Add the place to photos")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Stop adding the place")).to_be_hidden()
    phone.open(first)
    walk.item(phone.page, HOB)
    expect(offer).to_be_visible()
    phone.page.get_by_role("button", name="No, thank you").click()
    expect(offer).to_be_hidden()


def test_an_officer_who_says_yes_on_a_phone_that_says_no_is_told(new_phone: NewPhone) -> None:
    phone = new_phone("asha")
    phone.open("/you")
    phone.page.get_by_role("button", name="Add the place to photos").click()
    expect(phone.page.locator("[data-place-says]")).to_contain_text("does not let Doorstep know where it is")
    expect(phone.page.get_by_role("button", name="Stop adding the place")).to_be_visible()
