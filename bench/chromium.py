"""Chromium as a phone holds it: 360 × 640, signed in, with a disk of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.running import Running

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
SLOWER = 4
"""Times. A page's own processor only: the browser slows no service worker."""


@contextmanager
def phone(server: Running) -> Iterator[Page]:
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(Path(folder) / "profile"),
            executable_path="/usr/bin/chromium",
            args=ARGUMENTS,
            viewport={"width": 360, "height": 640},
        )
        cookie = {
            "name": "__Host-sid",
            "value": server.cookie,
            "url": f"https://localhost:{server.port}",
            "secure": True,
        }
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield context.new_page()
        context.close()


def slowed(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session
