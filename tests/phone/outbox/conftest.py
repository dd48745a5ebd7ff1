"""A real Chromium with a real profile on disk, against the stand-in server."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.phone.outbox.phone import Phone
from tests.phone.outbox.standin import Standin, World

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone's script, bundled as it will be served (but with plain names)."""
    out = tmp_path_factory.mktemp("built")
    esbuild = [str(ROOT / "node_modules/.bin/esbuild"), "--bundle", "--target=es2022"]
    subprocess.run(
        [*esbuild, "--splitting", "--format=esm", f"--outdir={out}", str(ROOT / "pwa/src/app.ts")],
        check=True,
        capture_output=True,
    )
    chunks = [f"/static/{file.name}" for file in out.glob("*.js")]
    for build in ("one", "two"):
        define = [f'--define:__BUILD__="{build}"', f"--define:__PRECACHE__={json.dumps(chunks)}"]
        worker = ["--format=iife", f"--outfile={out / f'sw-{build}.js'}", str(ROOT / "pwa/src/sw.ts")]
        subprocess.run([*esbuild, *define, *worker], check=True, capture_output=True)
    return out


@pytest.fixture
def world(built: Path) -> World:
    return World(built)


@pytest.fixture
def office(world: World) -> Iterator[Standin]:
    server = Standin(world)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def clean_database() -> None:
    """Nothing here touches our own database."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Per module: while it runs it owns the thread's event loop, which the other tests need for themselves.
    with sync_playwright() as running:
        yield running


@pytest.fixture
def phone(playwright: Playwright, office: Standin, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(playwright, office.url, tmp_path / "profile")
    made.switch_on()
    yield made
    made.switch_off()


@pytest.fixture
def page(phone: Phone) -> Page:
    return phone.page


@pytest.fixture
def context(phone: Phone) -> BrowserContext:
    return phone.context
