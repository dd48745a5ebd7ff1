"""The council's own map: its tiles are shown on the wall and on an alarm, and its owners' words are only words."""

import base64
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route

from tests.phone.conftest import NewPhone
from tests.phone.device import expect, until
from tests.phone.test_lone import go_in
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

TILES, CREDIT = "https://tiles.example/{z}/{x}/{y}.png", "© <b>Us & them</b>"
DESK = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def office(little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """It is known where every home is."""
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    with closing(sqlite3.connect(data / "doorstep.sqlite")) as connection, connection:
        connection.execute("UPDATE property SET latitude = 52.945, longitude = 0.205")
    more = {"DOORSTEP_DEMO": "1", "DOORSTEP_MAP_TILES": TILES, "DOORSTEP_MAP_CREDIT": CREDIT}
    server = Doorstep(data, more, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


def mapped(page: Page, asked: list[str]) -> None:
    expect(page.locator(".map__pin").first).to_be_visible()
    until(lambda: bool(asked))
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(CREDIT)
    assert problems(page) == []
    asked.clear()


def test_where_people_are_is_shown_on_the_councils_map(new_phone: NewPhone, office: Doorstep) -> None:
    asha, dina = new_phone("asha"), new_phone("dina", **DESK)
    go_in(asha, office)
    asked: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PNG, content_type="image/png")

    dina.context.route("https://tiles.example/**", tile)
    wall = dina.open("/lone-working")
    mapped(wall, asked)
    office.overdue(office.ids["asha"])
    expect(wall.locator(".alarm--open")).to_contain_text("Asha Test", timeout=20_000)
    wall.locator(".alarm--open").get_by_role("link", name="Open").click()
    wall.wait_for_url("**/lone-working/alarms/*")
    expect(wall.locator("#alarm")).to_contain_text(re.compile(r"Grid reference [A-Z]{2} \d{4} \d{4}"))
    mapped(wall, asked)
    assert dina.console == [], "nothing is against the policy"
