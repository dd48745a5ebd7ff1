"""The door in a real Chromium, on plain http at localhost as `make run` serves it."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.people.accounts import PASSWORD
from tests.servers.running import ROOT, Running

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("signing-in") / "data")
    made = [running.python, "-m", "tests.people.accounts"]
    subprocess.run(made, env=running.env(), cwd=ROOT, check=True, capture_output=True)
    yield running.start()
    running.stop()


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await new_phone(chromium)
    yield context
    await context.close()


async def new_phone(chromium: Browser, **how: Any) -> BrowserContext:
    context = await chromium.new_context(
        **{"viewport": {"width": 360, "height": 640}, "service_workers": "block", **how}
    )
    context.set_default_timeout(15_000)
    return context


async def sign_in(page: Page, url: str, who: str, password: str = PASSWORD) -> None:
    await page.goto(url)
    await page.get_by_label("E-mail address").fill(f"{who}.example")
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_the_strict_cookie_is_taken_on_plain_http_at_home(
    server: Running, phone: BrowserContext, host: str
) -> None:
    page = await phone.new_page()
    await sign_in(page, f"http://{host}:{server.port}/you", "asha@harrowmere")
    await page.get_by_role("heading", name="Asha Rahman").wait_for()
    # The number of the phone itself may stand beside it: that opens nothing.
    (cookie,) = [one for one in await phone.cookies() if one["name"] != "device"]
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-sid", True, True)
    assert "sid" not in await page.evaluate("document.cookie")


async def test_the_door_works_without_script(server: Running, chromium: Browser) -> None:
    phone = await new_phone(chromium, java_script_enabled=False)
    page = await phone.new_page()
    await sign_in(page, f"{server.url}/you/password", "asha@harrowmere", "wrong wrong wrong")
    assert await page.get_by_label("E-mail address").input_value() == "asha@harrowmere.example"
    assert await page.get_by_text("We could not sign you in.").is_visible()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("heading", name="Change password").wait_for()
    await page.goto(f"{server.url}/you")
    await page.locator("main").get_by_role("button", name="Sign out", exact=True).last.click()
    await page.get_by_label("E-mail address").wait_for()
    assert await phone.cookies() == []
    await page.go_back()
    assert await page.get_by_role("heading", name="Asha Rahman").count() == 0
    await phone.close()


async def test_the_button_is_in_sight_on_a_small_phone(server: Running, phone: BrowserContext) -> None:
    page = await phone.new_page()
    await page.goto(f"{server.url}/sign-in")
    box = await page.get_by_role("button", name="Sign in", exact=True).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640


async def test_somebody_comes_the_first_time_by_invitation(server: Running, chromium: Browser) -> None:
    office, phone = await new_phone(chromium), await new_phone(chromium)
    page = await office.new_page()
    await sign_in(page, f"{server.url}/people/new", "ade@harrowmere")
    await page.get_by_label("First and last name").fill("Grace Hall")
    await page.get_by_label("E-mail address").fill("grace@harrowmere.example")
    await page.get_by_label("Officer", exact=True).check()
    await page.get_by_label("Team", exact=True).select_option(label="TA north")
    await page.get_by_role("button", name="Make the invitation").click()
    link = await page.get_by_label("Link").input_value()
    hers = await phone.new_page()
    await hers.goto(link)
    await hers.get_by_label("New password").fill("Password1234")
    await hers.get_by_role("button", name="Save and sign in").click()
    await hers.get_by_role("link", name="That password is easy to guess.").wait_for()
    await hers.get_by_label("New password").fill("seven herons in june rain")
    await hers.get_by_role("button", name="Save and sign in").click()
    await hers.wait_for_url(lambda url: "invitation" not in url)
    await hers.goto(f"{server.url}/you")
    await hers.get_by_role("heading", name="Grace Hall").wait_for()
    await hers.goto(link)
    await hers.get_by_text("This invitation has ended.").wait_for()
    await office.close()
    await phone.close()


OFFICE = [
    "/people",
    "/people?q=nobody",
    "/people/new",
    "/teams",
    "/firms",
    "/people/{one}",
    "/people/{one}/change",
]
PAGES = {
    "ade@harrowmere": OFFICE,
    "dina@harrowmere": ["/people", "/you"],
    "callum@pennard": ["/you", "/you/password"],
}


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    server: Running, chromium: Browser, who: str, theme: str, width: int
) -> None:
    phone = await new_phone(
        chromium,
        viewport={"width": width, "height": 640},
        color_scheme=theme,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = await phone.new_page()
    await sign_in(page, f"{server.url}{PAGES[who][0]}", who)
    for path in PAGES[who]:
        if "{one}" in path:
            await page.goto(f"{server.url}/people?q=asha")
            one = await page.locator("a.to").first.get_attribute("href")
            path = path.replace("/people/{one}", one or "")
        await page.goto(f"{server.url}{path}")
        await page.add_script_tag(content=AXE)
        found = await page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
    await phone.close()
