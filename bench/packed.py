"""A day taken along, opened where nothing answers: from the tap that opens a page to its first content."""

import asyncio
import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from bench.chromium import phone, slowed
from bench.load import Connection
from bench.pack import planned
from bench.running import Running, doorstep
from bench.table import Row

ROUNDS = 6
READY = re.compile(r"^(\d+) of \1 ready")
HELD = """async () => {
  const found = [];
  for (const name of (await caches.keys()).filter((one) => one.startsWith('pack-')))
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname + new URL(url).search);
  return found;
}"""
# By the page's own clock, which begins with the navigation; a paint may come after the page is loaded.
OPENED = """() => new Promise((done) => {
  const told = () => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const [page] = performance.getEntriesByType('navigation');
    if (paint && page.domContentLoadedEventEnd) done([paint.startTime, page.domContentLoadedEventEnd]);
    else requestAnimationFrame(told);
  };
  told();
})"""
PAGES = {
    "Today": r"/today\?whose=mine",
    "a visit": r"/visits/[0-9a-f-]{36}",
    "an inspection's form": r"/properties/[0-9a-f-]{36}/inspections/blank/void",
}


@dataclass
class Opened:
    """Milliseconds from the start of the navigation, of each time a page was opened."""

    content: list[float]
    loaded: list[float]


def percentile(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def pack(page: Page, url: str) -> list[str]:
    """Take my day, by its button. Gives the addresses that are on the phone."""
    page.goto(f"{url}/today?whose=mine")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.goto(f"{url}/today?whose=mine")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=120_000)
    found: list[str] = page.evaluate(HELD)
    return found


def opened(page: Page, url: str, paths: list[str]) -> Opened:
    took = Opened([], [])
    for turn in range(len(paths) * ROUNDS):
        page.goto(url + paths[turn % len(paths)])
        expect(page.locator("main .copy-line")).to_contain_text("Copy from")
        content, loaded = page.evaluate(OPENED)
        took.content.append(content)
        took.loaded.append(loaded)
    return took


def measured(server: Running) -> dict[str, Opened]:
    url = f"http://localhost:{server.port}"
    with phone(server) as page:
        held = pack(page, url)
        page.context.set_offline(True)
        server.process.terminate()  # nothing at all answers now, whoever asks
        server.process.wait(30)
        slowed(page)
        some = {name: [path for path in held if re.fullmatch(form, path)][:5] for name, form in PAGES.items()}
        return {name: opened(page, url, paths) for name, paths in some.items()}


async def plan(server: Running) -> None:
    await planned(server, await Connection(server.port, server.cookie).open())


def main() -> list[Row]:
    with doorstep(homes=40, inspections=80, readings=640) as server:
        asyncio.run(plan(server))
        found = measured(server)
    return [
        Row(
            f"{name} of a packed day with no network, to content, p50 / p95 of {len(took.content)}",
            f"{percentile(took.content, 0.5):.0f} / {percentile(took.content, 0.95):.0f} ms",
            f"all of it read: {percentile(took.loaded, 0.5):.0f} / {percentile(took.loaded, 0.95):.0f} ms",
            "≤ 300 ms",
        )
        for name, took in found.items()
    ]
