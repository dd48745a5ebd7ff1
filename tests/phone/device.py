"""An officer's phone: a Chromium with a profile on disk that can be cut off, killed and switched on again."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.phone.outbox.phone import ROWS, until
from tests.servers.small_world import PASSWORD

__all__ = ["Device", "expect", "until"]

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
# What a browser says by itself when there is no network or an answer is an error: not ours to avoid.
EXPECTED = re.compile(r"Failed to load resource|Failed to fetch|net::ERR_|status of \d{3}")
VIOLATIONS = """document.addEventListener('securitypolicyviolation', (e) =>
  console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"""


class Device:
    def __init__(self, playwright: Playwright, url: str, profile: Path, **options: Any) -> None:
        self.playwright, self.url, self.profile = playwright, url, profile
        self.args = [*ARGS, *options.pop("args", ())]
        # Of no timezone: a test that goes abroad with it sets its own.
        usual = {
            "viewport": {"width": 360, "height": 640},
            "device_scale_factor": 2,
            "timezone_id": "Europe/London",
        }
        self.options = {**usual, **options}
        self.console: list[str] = []
        self.cookies: list[Any] = []
        self.context: BrowserContext
        self.page: Page

    def switch_on(self) -> "Device":
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path="/usr/bin/chromium",
            args=self.args,
            locale="en-GB",
            **self.options,
        )
        self.context.set_default_timeout(30_000)
        self.context.add_cookies(self.cookies)
        self.context.on("page", self._listen)
        self.page = self.context.pages[0]
        self._listen(self.page)
        return self

    def _listen(self, page: Page) -> None:
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self._heard("error", f"PAGE ERROR {error}"))
        page.add_init_script(VIOLATIONS)

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not EXPECTED.search(text):
            self.console.append(text)

    def switch_off(self) -> None:
        with suppress(Error):
            self.context.close()

    def kill(self) -> None:
        """kill -9 of the whole browser, as an empty battery or a phone short of memory does."""
        # Chromium writes cookies to disk every 30 seconds only; an officer has been signed in for longer.
        self.cookies = self.context.cookies()
        found = subprocess.run(["pgrep", "-f", f"user-data-dir={self.profile}"], capture_output=True, text=True)
        for pid in found.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def sign_in(self, name: str, page: Page | None = None) -> Page:
        """By the form, as people do."""
        page = page or self.page
        page.goto(self.url + "/sign-in")
        page.fill("#email", f"{name}@harrowmere.example")
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(re.compile(r"/(today|people|properties|you|inspections)"))
        return page

    def open(self, path: str, page: Page | None = None) -> Page:
        page = page or self.page
        page.goto(self.url + path)
        return page

    def offline(self, yes: bool = True) -> None:
        self.context.set_offline(yes)

    @contextmanager
    def no_signal(self) -> Iterator[None]:
        self.offline()
        yield
        self.offline(False)

    def rows(self, store: str, page: Page | None = None) -> list[dict[str, Any]]:
        """A store of the phone's database; looked at again when the page went elsewhere meanwhile."""
        found: list[dict[str, Any]] = []

        def seen() -> bool:
            with suppress(Error):
                found[:] = (page or self.page).evaluate(ROWS, [store])
                return True
            return False

        until(seen)
        return found

    def chip(self, words: str | re.Pattern[str], timeout: float = 15_000, page: Page | None = None) -> None:
        expect((page or self.page).locator("[data-chip]").first).to_contain_text(words, timeout=timeout)

    def waiting(self, page: Page | None = None) -> list[str]:
        """What this phone still holds: originals not yet made small, and commands."""
        originals = [str(row["key"]) for row in self.rows("blobs", page) if row["raw"]]
        return originals + [str(row["id"]) for row in self.rows("ops", page)]

    def send_now(self, page: Page | None = None) -> None:
        """What coming back to the screen does: all waits of our own end. Asked again of the page a page led to."""

        def asked() -> bool:
            with suppress(Error):
                (page or self.page).evaluate("window.dispatchEvent(new Event('online'))")
                return True
            return False

        until(asked)

    def all_sent(self, seconds: float = 30, page: Page | None = None) -> None:
        page = page or self.page
        self.send_now(page)
        try:
            until(lambda: not self.waiting(page), seconds)
        except AssertionError as late:
            raise AssertionError(f"{page.url} still holds {self.rows('ops', page)}\n{self.console}") from late
        self.chip("All sent", page=page)

    def saved(self, do: Callable[[], object], page: Page | None = None) -> list[dict[str, Any]]:
        """Do something and wait until it is on the phone's disk. Gives the commands it made."""
        before = self.known(page)
        do()
        until(lambda: bool(self.known(page) - before))
        new = self.known(page) - before
        ops = self.rows("ops", page) + [row["op"] for row in self.rows("sent", page)]
        return [op for op in ops if op["id"] in new]

    def known(self, page: Page | None = None) -> set[str]:
        ops, sent = self.rows("ops", page), self.rows("sent", page)
        return {str(row["id"]) for row in [*ops, *sent]}
