"""Every part in every state, in a real Chromium: nobody is shut out, nothing runs off the side."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, Playwright, Route, async_playwright

from tests.conftest import World

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest.fixture(scope="module")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    yield browser
    await browser.close()


async def show(
    chromium: Browser, client: httpx.AsyncClient, path: str, width: int, height: int, **how: Any
) -> Page:
    """The app's own answers, headers and all, without a port."""

    async def answer(route: Route) -> None:
        got = await client.get(httpx.URL(route.request.url).raw_path.decode())
        headers = {
            key: value for key, value in got.headers.items() if key not in ("content-encoding", "content-length")
        }
        await route.fulfill(status=got.status_code, headers=headers, body=got.content)

    context = await chromium.new_context(
        viewport={"width": width, "height": height}, service_workers="block", bypass_csp=True, **how
    )
    await context.route("**/*", answer)
    page = await context.new_page()
    await page.goto(f"https://doorstep.test{path}")
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
async def test_axe_finds_nothing(
    chromium: Browser, world: World, path: str, theme: str, width: int, height: int
) -> None:
    page = await show(chromium, world.browser(), path, width, height, color_scheme=theme, reduced_motion="reduce")
    await page.add_script_tag(content=AXE)
    found = await page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    await page.context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 256), (360, 640), (768, 1024), (1280, 800)])
async def test_nothing_runs_off_the_side(
    chromium: Browser, world: World, path: str, width: int, height: int
) -> None:
    page = await show(chromium, world.browser(), path, width, height)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.context.close()


@pytest.mark.parametrize("path", PAGES)
async def test_all_that_is_pressed_is_large_enough(chromium: Browser, world: World, path: str) -> None:
    page = await show(chromium, world.browser(), path, 360, 640)
    assert await page.evaluate(SMALL) == []
    await page.context.close()


async def test_the_dark_theme_can_be_asked_for_by_name(chromium: Browser, world: World) -> None:
    page = await show(chromium, world.browser(), "/styleguide", 360, 640, color_scheme="light")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(238, 242, 241)", "rgb(8, 20, 24)")
    await page.context.close()


async def test_focus_is_seen_on_everything_a_keyboard_reaches(chromium: Browser, world: World) -> None:
    page = await show(chromium, world.browser(), "/sign-in", 1280, 800)
    for _ in range(4):
        await page.keyboard.press("Tab")
        seen = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert seen == "solid", await page.evaluate("document.activeElement.outerHTML")
    await page.context.close()
