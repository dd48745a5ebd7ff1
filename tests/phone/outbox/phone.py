"""The officer's phone in a test: a Chromium profile that can be killed, cut off and switched on again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.phone.outbox import pages

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

ROWS = """async ([store]) => {
  const db = await new Promise((ok, no) => {
    const r = indexedDB.open('doorstep'); r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error);
  });
  const get = (s) => new Promise((ok) => {
    const r = db.transaction(s).objectStore(s).getAll(); r.onsuccess = () => ok(r.result);
  });
  const rows = db.objectStoreNames.contains(store) ? await get(store) : [];
  db.close();
  return rows.map((row) => ({ ...row, bytes: row.bytes?.byteLength, thumb: row.thumb?.byteLength }));
}"""


class Phone:
    def __init__(self, playwright: Playwright, url: str, profile: Path) -> None:
        self.playwright, self.url, self.profile = playwright, url, profile
        self.context: BrowserContext
        self.page: Page
        self.console: list[str] = []

    def switch_on(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path="/usr/bin/chromium",
            args=ARGS,
            viewport={"width": 360, "height": 640},
            timezone_id="Europe/London",
        )
        self.context.set_default_timeout(10_000)
        self.page = self.context.pages[0]
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(f"PAGE ERROR {error}"))

    def switch_off(self) -> None:
        self.context.close()

    def die(self) -> None:
        """kill -9, as a phone with an empty battery does."""
        found = subprocess.run(["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True)
        for pid in family([int(pid) for pid in found.stdout.split()]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def open(self, path: str = f"/inspections/{pages.INSPECTION}", page: Page | None = None) -> Page:
        opened = page or self.page
        opened.goto(self.url + path)
        return opened

    def can_shrink(self) -> None:
        """The part that makes photos small is on the phone: from here on there may be no signal."""
        fetched = "performance.getEntriesByType('resource').some((one) => one.name.includes('shrink'))"
        until(lambda: bool(self.page.evaluate(fetched)))

    def rows(self, store: str, page: Page | None = None) -> list[dict[str, Any]]:
        for _ in range(20):
            # The page may be on its way to another just now.
            with suppress(Error):
                return list((page or self.page).evaluate(ROWS, [store]))
        raise AssertionError("the page never came to rest")

    def note(self, text: str, key: str = "a", page: Page | None = None) -> None:
        form = (page or self.page).locator(f"#note-form-{key}")
        form.locator("textarea").fill(text)
        form.locator("button.send").click()

    def chip(self, words: str, timeout: float = 10_000) -> None:
        expect(self.page.locator("[data-chip]")).to_contain_text(words, timeout=timeout)

    def all_sent(self, timeout: float = 20_000) -> None:
        until(lambda: not self.unsent(), timeout / 1000)
        self.chip("All sent", timeout)

    def unsent(self) -> list[str]:
        originals = [row["key"] for row in self.rows("blobs") if row["raw"]]
        return originals + [row["id"] for row in self.rows("ops")]


def family(pids: list[int]) -> list[int]:
    """These processes and all that they started: a phone's battery takes them at once."""
    if not pids:
        return []
    below = subprocess.run(["pgrep", "-P", ",".join(map(str, pids))], capture_output=True, text=True)
    return pids + [pid for pid in family([int(pid) for pid in below.stdout.split()]) if pid not in pids]


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)
