"""Every part in every state, in a real Chromium: nothing runs off the side. For axe see test_pages.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.servers.doorstep import Doorstep

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = ["/styleguide", "/sign-in", "/outbox", "/offline", "/nothing-here"]

# What is pressed by itself; a link in a sentence or a box inside a pressed label is not.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, textarea, .pick, .addphoto')]
  .filter((one) => !one.closest('p, td, th, dd, h2, .toast, .govuk-error-summary'))
  .filter((one) => !one.closest('h3') && !one.matches('.to, .skip'))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && box.height && (box.height < 47.5 || box.width < 44))
  .map(([html]) => html)"""


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    yield browser
    browser.close()


@contextmanager
def showing(chromium: Browser, office: Doorstep, path: str, width: int, height: int, **how: Any) -> Iterator[Page]:
    """A page of the real server."""
    context = chromium.new_context(viewport={"width": width, "height": height}, service_workers="block", **how)
    page = context.new_page()
    page.goto(f"{office.url}{path}")
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 256), (360, 640), (768, 1024), (1280, 800)])
def test_nothing_runs_off_the_side(
    chromium: Browser, office: Doorstep, path: str, width: int, height: int
) -> None:
    with showing(chromium, office, path, width, height) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_all_that_is_pressed_is_large_enough(chromium: Browser, office: Doorstep, path: str) -> None:
    with showing(chromium, office, path, 360, 640) as page:
        assert page.evaluate(SMALL) == []


def test_the_dark_theme_can_be_asked_for_by_name(chromium: Browser, office: Doorstep) -> None:
    with showing(chromium, office, "/styleguide", 360, 640, color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (light, dark) == ("rgb(238, 242, 241)", "rgb(8, 20, 24)")


def test_focus_is_seen_on_everything_a_keyboard_reaches(chromium: Browser, office: Doorstep) -> None:
    with showing(chromium, office, "/sign-in", 1280, 800) as page:
        for _ in range(4):
            page.keyboard.press("Tab")
            seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert seen == "solid", page.evaluate("document.activeElement.outerHTML")
