"""The wall that Dina has open: it is redrawn by itself, heard, and never looks newer than it is."""

import re

from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.test_lone import choose_pins
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

DESK = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}
SOON = 3_000  # ms, on a busy machine; asked for every five seconds it would take longer
SILENT = 30_000


def go_out(phone: Device, place: str) -> None:
    page = phone.open("/lone-working/new")
    page.fill("#place", place)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/today")


def test_the_wall_goes_red_by_itself_comes_back_and_shows_what_was_missed(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    dina, asha = new_phone("dina", **DESK), new_phone("asha")
    wall = dina.open("/lone-working")
    expect(wall.locator("#board")).to_contain_text("0 people are out")
    expect(wall.locator("[data-siren]")).to_contain_text("Sound is off until you tap here")
    until(lambda: any(asked.path == "/lone-working/events" for asked in link.log))
    go_out(asha, "The old mill")
    expect(wall.locator("#board")).to_contain_text("The old mill", timeout=SOON)
    polled = [asked for asked in link.log if asked.path == "/lone-working/now"]
    assert polled == [], "while it is told it does not ask"
    wall.get_by_role("button", name="Sound is off until you tap here").click()
    expect(wall.locator("[data-siren]")).to_contain_text("Sound is on")
    assert problems(wall) == []

    link.down = True
    expect(wall.locator(".engine--late")).to_be_visible(timeout=SILENT)
    expect(wall.locator(".ring-round")).to_contain_text("Ring round now")
    expect(wall.get_by_role("link", name="Ring Asha Test")).to_have_attribute("href", "tel:07700 900123")
    assert problems(wall) == []
    office.overdue(office.ids["asha"])
    until(lambda: bool(office.rows("SELECT id FROM alarm")))
    expect(wall.locator("#board")).to_contain_text("1 person is out")

    link.mend()
    expect(wall.locator(".alarm--open")).to_contain_text("Asha Test", timeout=SILENT)
    expect(wall.locator(".engine--late")).to_have_count(0)
    expect(wall.locator(".ring-round")).to_be_hidden()
    expect(wall).to_have_title(re.compile("ALARM: Asha Test"))
    expect(wall.locator("[data-alarm-said]")).to_contain_text("Alarm: Asha Test. Overdue.")
    assert problems(wall) == []

    wall.get_by_role("button", name="Silence this one").click()
    expect(wall.locator(".alarm--open")).to_contain_text(re.compile(r"Silenced by Dina Test until \d\d:\d\d"))
    expect(wall).to_have_title(re.compile("^Who is out now"))
    wall.get_by_role("button", name="I’ll take this").press("Enter")
    expect(wall.locator("#alarm")).to_contain_text("You have this")
    assert dina.console == []


def test_a_buddy_who_is_out_hears_nothing_and_asha_never_sees_her_own_alarm(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha = new_phone("asha")
    choose_pins(asha)
    page = asha.open("/lone-working")
    expect(page.locator("[data-siren]")).to_have_count(0)
    expect(page.locator("#board")).not_to_contain_text("Asha Test")


def test_the_wall_ends_with_the_session_of_whoever_opened_it(new_phone: NewPhone, office: Doorstep) -> None:
    dina = new_phone("dina", **DESK)
    wall = dina.open("/lone-working")
    expect(wall.locator(".engine")).to_contain_text("Engine seen")
    office.end_sessions(office.ids["dina"])
    expect(wall.locator("#board")).to_have_count(0, timeout=SILENT)
    expect(wall.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
