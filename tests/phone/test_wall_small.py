"""The wall and an alarm on a small phone, at two in the morning: what matters is first, and can be pressed."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, Route

from lone_working.rota.tables import DutyShift
from lone_working.sessions.tables import Unwatched
from tests.phone.conftest import NewPhone
from tests.phone.device import expect
from tests.phone.test_lone import HELD_MS
from tests.phone.test_pages import problems
from tests.phone.test_wall import SILENT, go_out
from tests.servers.doorstep import Doorstep

TILES = "https://tiles.example/{z}/{x}/{y}.png"
FIRST_PX = 160
"""So far below the frame's header the first alarm begins at most."""
TAP_PX = 44
# How high a thing is for a finger: also what of its row leads to it.
PRESSED = "main :is(a[href], button, summary, textarea, input:not([type=hidden]))"
TAPS = """(pressed) => [...document.querySelectorAll(pressed)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 1)
  .map((one) => {
    one.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = one.getBoundingClientRect();
    const hit = (down) => {
      const there = document.elementFromPoint(x + width / 2, y + height / 2 + down);
      return there && (one.contains(there) || there.closest('label')?.control === one);
    };
    let [up, down] = [0, 0];
    while (up < 60 && hit(-up - 1)) up += 1;
    while (down < 60 && hit(down + 1)) down += 1;
    return [one.textContent.trim().slice(0, 40) || one.name, Math.round(width), up + down + 1];
  })"""


@pytest.fixture(scope="module")
def office(little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """It has a map, and a rota that nobody has gone on with."""
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    server = Doorstep(data, {"DOORSTEP_DEMO": "1", "DOORSTEP_MAP_TILES": TILES}, ids=little_world.ids)
    server.can_be_reached()
    dina, now = server.ids["dina"], datetime.now(UTC)
    (person,) = server.rows("SELECT team FROM person WHERE id = ?", dina)
    server.insert(
        DutyShift(id=uuid4(), person=UUID(dina), team=UUID(person["team"]), duty="manager",
                  starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=2), made_at=now)
    )  # fmt: skip
    server.start()
    yield server
    server.kill()


def small(page: Page) -> list[Any]:
    taps = page.evaluate(TAPS, PRESSED)
    assert taps, "there is something to press"
    return [one for one in taps if one[2] < TAP_PX or one[1] < TAP_PX]


def below_the_header(page: Page, what: str) -> float:
    page.evaluate("scrollTo(0, 0)")
    box, header = page.locator(what).first.bounding_box(), page.locator(".top").bounding_box()
    assert box and header
    return box["y"] - header["y"] - header["height"]


def test_on_a_phone_an_alarm_is_first_has_no_empty_map_and_all_can_be_pressed(
    new_phone: NewPhone, office: Doorstep
) -> None:
    dina, asha = new_phone("dina"), new_phone("asha")
    asked: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    dina.context.route("https://tiles.example/**", tile)
    wall = dina.open("/lone-working")
    gap = wall.get_by_text("Nobody is on duty").first
    expect(gap).to_be_visible()
    assert below_the_header(wall, "[data-gap]") < below_the_header(wall, "#board"), "nothing is more urgent"
    expect(wall.locator(".map")).to_be_hidden()
    assert small(wall) == []

    go_out(asha, "The old mill")
    expect(wall.locator("#board")).to_contain_text("The old mill", timeout=SILENT)
    assert small(wall) == [], "also who is out and well"
    asha.page.locator("#safety-bar .sbtn--help").click(delay=HELD_MS)
    expect(wall.locator(".alarm--open")).to_contain_text("Asha Test", timeout=SILENT)
    assert below_the_header(wall, ".alarm--open") <= FIRST_PX, "as the board was redrawn by itself"
    assert below_the_header(wall, "[data-gap]") > below_the_header(wall, "#board")
    wall.reload()
    expect(wall.get_by_text("Engine seen")).to_be_visible()
    assert below_the_header(wall, ".alarm--open") <= FIRST_PX, "and as it was opened"
    wall.locator(".alarm--open").click(position={"x": 5, "y": 5})
    expect(wall.locator("[data-siren]")).to_contain_text("Sound is on")
    assert below_the_header(wall, ".alarm--open") <= FIRST_PX
    assert small(wall) == [] and problems(wall) == []

    wall.get_by_role("link", name="Open").click()
    expect(wall.locator("#where")).to_contain_text("No map yet")
    expect(wall.locator(".map")).to_be_hidden()
    assert small(wall) == []
    wall.get_by_role("button", name="Show where the phone was").click()
    expect(wall.locator("#where")).to_contain_text("No position has come from their phone.")
    expect(wall.locator(".map")).to_be_hidden()
    assert problems(wall) == [] and dina.console == []
    assert asked == [], "no tile of a map that shows nothing"


def test_whom_nobody_looks_out_for_stands_above_a_gap_of_another_day(
    new_phone: NewPhone, office: Doorstep
) -> None:
    now = datetime.now(UTC)
    office.insert(
        Unwatched(
            id=uuid4(), person=UUID(office.ids["ben"]), started_at=now - timedelta(minutes=9), received_at=now
        )
    )
    wall = new_phone("dina").open("/lone-working")
    expect(wall.locator(".unmonitored")).to_contain_text("Not monitored: 1")
    expect(wall.locator("#out-title")).to_contain_text("out and monitored")
    assert below_the_header(wall, "[data-gap]") > below_the_header(wall, ".unmonitored")
    assert small(wall) == []
