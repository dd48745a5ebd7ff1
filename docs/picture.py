"""Makes docs/picture.png and the pictures of the manifest from the real demo council: `python docs/picture.py`.

Needs what the browser tests need: Chromium and `make assets`. Everything in the pictures is the demo's own.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

ROOT = Path(__file__).parent.parent
PORT = 8947
URL = f"http://localhost:{PORT}"
PASSWORD = "three gulls on the quay"  # noqa: S105  # the demo's, on its sign-in page
PHONE = {"width": 390, "height": 780}
DESK = {"width": 1280, "height": 800}
GROUND, EDGE = (214, 224, 222), (28, 40, 44)
GAP, FRAME, ROUND = 56, 14, 54
MOST_COLOURS = 256
# Those out of view are loaded only when somebody scrolls to them.
IN_VIEW = """Promise.all([...document.images].filter((one) => {
  const { top, bottom, width } = one.getBoundingClientRect();
  return width && bottom > 0 && top < innerHeight;
}).map((one) => one.decode().catch(() => 0)))"""


def serve(folder: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "DOORSTEP_DATA": folder, "DOORSTEP_PORT": str(PORT), "DOORSTEP_HOSTS": "localhost"}
    server = subprocess.Popen([sys.executable, "-m", "server", "run"], cwd=ROOT, env={**env, "DOORSTEP_DEMO": "1"})
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{URL}/health/live", timeout=2).read()  # noqa: S310  # our own address
        except OSError:
            time.sleep(0.25)
        else:
            return server
    server.terminate()
    raise SystemExit("the server did not start")


def signed_in(playwright: Playwright, name: str, size: dict[str, int], scale: float) -> BrowserContext:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=scale,
        locale="en-GB",
        timezone_id="Europe/London",
        color_scheme="light",
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{URL}/sign-in")
    page.fill("#email", f"{name}@harrowmere.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today")
    return context


def settled(page: Page) -> Image.Image:
    """A picture of what is in view once every photograph in it has come."""
    page.wait_for_load_state("networkidle")
    page.evaluate(IN_VIEW)
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def kitchen(page: Page) -> Image.Image:
    """The inspection with damp in the kitchen: the finding with its photographs."""
    page.goto(f"{URL}/inspections")
    page.get_by_role("link", name="24 Saltmarsh Road").last.click()
    page.wait_for_url("**/inspections/0*")
    page.goto(f"{page.url.split('#')[0]}#room-kitchen")
    item = page.locator("#item-kitchen_walls")
    item.locator(":scope > summary").click()
    item.locator(".photo").first.wait_for()
    item.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 64)")
    return settled(page)


def waiting(page: Page) -> Image.Image:
    """An inspection begun on the spot, and what is read in its kitchen once there is no signal."""
    page.goto(f"{URL}/properties")
    page.locator("main a[href^='/properties/0']").first.click()
    page.get_by_role("link", name="Start an inspection").first.click()
    page.get_by_label("Void inspection", exact=True).check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/inspections/0*")
    page.goto(page.url.split("#")[0] + "#room-kitchen")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    for key, condition in (("walls", "G"), ("ceiling", "F"), ("floor", "G"), ("windows", "P")):
        item = page.locator(f"#item-kitchen_{key}")
        if not item.count():
            continue
        if item.get_attribute("open") is None:
            item.locator(":scope > summary").click()
        item.locator(f"label.pick:has(input[name='condition'][value='{condition}'])").first.click()
        page.wait_for_timeout(400)
    page.get_by_text("Saved on this phone").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def framed(shot: Image.Image) -> Image.Image:
    """A screen in a dark case with round corners, on nothing."""
    width, height = shot.width + 2 * FRAME, shot.height + 2 * FRAME
    case = Image.new("RGBA", (width, height))
    ImageDraw.Draw(case).rounded_rectangle((0, 0, width - 1, height - 1), ROUND, fill=EDGE)
    mask = Image.new("L", shot.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, shot.width - 1, shot.height - 1), ROUND - FRAME, fill=255)
    case.paste(shot, (FRAME, FRAME), mask)
    return case


def side_by_side(shots: list[Image.Image]) -> Image.Image:
    cases = [framed(shot) for shot in shots]
    width = sum(case.width for case in cases) + GAP * (len(cases) + 1)
    whole = Image.new("RGB", (width, cases[0].height + 2 * GAP), GROUND)
    at = GAP
    for case in cases:
        shade = Image.new("L", whole.size)
        shade.paste(case.getchannel("A").point(lambda one: one // 3), (at, GAP + 10))
        whole.paste((120, 134, 134), (0, 0), shade.filter(ImageFilter.GaussianBlur(16)))
        whole.paste(case, (at, GAP), case)
        at += case.width + GAP
    return whole


def save(image: Image.Image, file: Path) -> None:
    """As few colours as still look right: a screen has few of its own."""
    few = image.quantize(MOST_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.FLOYDSTEINBERG)
    few.save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}  {image.width} × {image.height}  {file.stat().st_size / 1024:.0f} KB")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="doorstep-picture-") as folder:
        server = serve(folder)
        try:
            with sync_playwright() as playwright:
                draw(playwright)
        finally:
            server.terminate()
            server.wait(30)


def draw(playwright: Playwright) -> None:
    mei = signed_in(playwright, "mei", PHONE, 1.25)
    page = mei.pages[0]
    visits = settled(page)
    room = kitchen(page)
    outbox = waiting(page)
    save(side_by_side([visits, room, outbox]), ROOT / "docs" / "picture.png")
    save(room, ROOT / "pwa" / "icons" / "screen-narrow.png")
    desk = signed_in(playwright, "marek", DESK, 1)
    save(settled(desk.pages[0]), ROOT / "pwa" / "icons" / "screen-wide.png")


if __name__ == "__main__":
    main()
