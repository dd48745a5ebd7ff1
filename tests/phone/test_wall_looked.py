"""Dina looks where Asha's phone was: on the map, in words, and never before she has pressed it."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.test_lone import HELD_MS
from tests.phone.test_lone_out import PLACE
from tests.phone.test_pages import problems
from tests.phone.test_wall import DESK, SILENT, go_out
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO


def asks_for_help(asha: Device, office: Doorstep) -> None:
    page = asha.open("/lone-working/limits")
    page.get_by_role("button", name="Say where I am").click()
    expect(page.get_by_role("button", name="Do not say it")).to_be_visible()
    go_out(asha, "The old mill")
    asha.page.locator("#safety-bar .sbtn--help").click(delay=HELD_MS)
    until(lambda: bool(office.rows("SELECT id FROM alarm")))
    until(lambda: bool(office.rows("SELECT id FROM lone_point")))


def rows_of(wall: Page) -> list[Any]:
    return list(
        wall.eval_on_selector_all("#board, .map__view", "all => all.map(e => [e.offsetTop, e.offsetLeft])")
    )


def test_dina_looks_where_the_phone_was_the_line_breaks_and_asha_reads_who_looked(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    dina, asha = new_phone("dina", **DESK), new_phone("asha", **PLACE)
    wall = dina.open("/lone-working")
    expect(wall.locator(".map__view")).to_be_visible()
    expect(wall.locator("#board")).to_contain_text("0 people are out")
    before = rows_of(wall)
    asks_for_help(asha, office)
    expect(wall.locator(".alarm--open")).to_contain_text("Asha Test", timeout=SILENT)
    assert rows_of(wall) == before
    assert "52.945" not in wall.content() and wall.locator(".map__phone").count() == 0

    link.down = True
    look = wall.get_by_role("button", name="Show where the phone was")
    look.click()
    # The first press on the page turns the sound on too: what says so must not push the button away under it.
    expect(wall.locator(".alarm--open")).to_contain_text("The office could not be reached")
    assert office.rows("SELECT id FROM lone_look") == []

    link.mend()
    look.click()
    row = wall.locator(".alarm--open [data-phone]")
    expect(row).to_contain_text(re.compile(r"TF 4825 4089.*to within 12 metres"), timeout=SILENT)
    expect(wall.locator(".map__phone")).to_be_visible()
    expect(wall.locator(".map__phone")).to_have_attribute("title", re.compile("The phone of Asha Test, .*ago"))
    assert wall.locator("path.map__near").count() == 1
    office.overdue(office.ids["asha"])
    asha.context.set_geolocation({"latitude": 52.947, "longitude": 0.207, "accuracy": 20})
    until(lambda: len(office.rows("SELECT id FROM lone_point WHERE why = 'trail'")) > 0, 60)
    expect(wall.locator("path.map__trail")).to_have_count(1, timeout=SILENT)
    assert rows_of(wall) == before
    assert len(office.rows("SELECT id FROM lone_look")) == 1
    assert problems(wall) == [] and dina.console == []

    wall.set_viewport_size({"width": 360, "height": 640})
    link.down = True
    expect(wall.locator(".engine--late")).to_be_visible(timeout=SILENT)
    expect(wall.locator(".ring-round")).to_contain_text("See to those above")
    wall.evaluate("scrollTo(0, 0)")
    box = wall.locator(".alarm--open h2").bounding_box()
    bar = wall.get_by_role("navigation").last.bounding_box()
    assert box and bar and box["y"] + box["height"] < bar["y"], "an alarm is on the first screen"
    link.mend()
    expect(wall.locator(".engine--late")).to_have_count(0, timeout=SILENT)

    wall.get_by_role("link", name="Open").click()
    expect(wall.locator("#where")).to_contain_text("to within")
    expect(wall.locator(".map__phone")).to_be_visible()
    assert problems(wall) == []
    expect(asha.open("/lone-working/looks").locator("main")).to_contain_text("Nobody has looked")
