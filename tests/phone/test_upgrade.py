"""A new build meets what an older one left on a phone: everything is sent, once, and kept pages still open.

The recordings are in old_builds/, one for each form a build has written; its README says how the next is made.
"""

import json
import os
import re
import shutil
import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Asked, Link
from tests.phone.old_queue import BLANK, DUMP, FOLDER, LOAD, Queue, made_of, recorded, shape
from tests.phone.proof import effects_once, everything_once, hashes
from tests.phone.shots import fresh
from tests.phone.test_pack import READY, held, packed
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep
from tests.servers.running import ROOT

HOB = "kitchen_hob"
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["packages"]
BUILDS = sorted(FOLDER.glob("*.json"))
RECORD = os.environ.get("RECORD", "")
KEEP = """async ([cache, header, path]) => {
  const page = await fetch(path), headers = new Headers(page.headers);
  headers.set(header, new Date().toISOString());
  await (await caches.open(cache)).put(path, new Response(await page.text(), { headers }));
}"""
VERSION = "indexedDB.databases().then((all) => all.find((one) => one.name === 'doorstep').version)"
HOLDS = """() => new Promise((ok) => {
  const r = indexedDB.open('doorstep'); r.onsuccess = () => { window.held = r.result; ok(null); };
})"""


def newest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BUILDS[-1].read_text())
    return found


def test_this_build_writes_what_the_newest_recording_holds(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    """When this fails the form of the queue has changed: record it (old_builds/README.md), keep the old ones."""
    phone.offline()
    page = phone.page
    phone.saved(lambda: walk.meter(page, "meters_electric", "1000"))
    phone.saved(lambda: walk.read(page, "kitchen_sink"))
    phone.saved(lambda: walk.finding(page, HOB, "Ring does not light", "repair"))
    phone.saved(lambda: walk.finding(page, HOB, "Trailing lead"))
    phone.saved(lambda: walk.satisfactory(page, "hall"))
    phone.saved(lambda: walk.add_room(page, "Loft"))
    walk.photos(page, HOB, [fresh(320, 240)])
    until(lambda: len(hashes(phone)) == 1)
    phone.saved(lambda: walk.caption(page, HOB, "The lead"))
    device = phone.rows("ops")[0]["device"]
    named = {"person": office.ids["asha"], "inspection": inspection.rsplit("/", 1)[-1], "device": device}
    found = recorded(page.evaluate(DUMP), named)
    found["kept"] = {"cache": "kept-{person}", "header": "Doorstep-Kept-At"}
    if RECORD:
        (FOLDER / f"{RECORD}.json").write_text(json.dumps(found, indent=1) + "\n")
    else:
        assert shape(found) == shape(newest())


@dataclass
class Found:
    """An officer's phone that comes out of a drawer."""

    phone: Device
    path: str
    queue: Queue


Drawer = Callable[..., Found]


@pytest.fixture
def drawer(new_phone: NewPhone, office: Doorstep, link: Link, signed_in: dict[str, list[Any]]) -> Drawer:
    """Asha's phone with the queue of an older build on it, and a page that build had kept. No app is open yet."""

    def take_out(build: dict[str, Any], words: int = 50, photos: int = 60) -> Found:
        path = walk.start(new_phone("asha"), office.ids["saltmarsh"])
        named = {"person": office.ids["asha"], "inspection": path.rsplit("/", 1)[-1]}
        queue = made_of(build, named, words, photos)
        phone = new_phone()
        phone.context.add_cookies(signed_in["asha"])
        page = phone.open(BLANK)
        page.evaluate(LOAD, {"version": build["version"], "stores": queue.stores})
        kept = build["kept"]
        page.evaluate(KEEP, [kept["cache"].format(**named), kept["header"], path])
        return Found(phone, path, queue)

    return take_out


def held_back(asked: Asked) -> net.Fault | None:
    return net.lost_before if asked.writes else None


def in_charge(phone: Device) -> None:
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))


def all_arrived(found: Found, office: Doorstep, page: Any = None) -> None:
    found.phone.send_now(page)
    while left := len(found.phone.waiting(page)):
        until(lambda n=left: len(found.phone.waiting(page)) < n, 60)
    sent = everything_once(found.phone, office, page)
    assert {op["id"] for op in sent} >= {op["id"] for op in found.queue.ops}
    assert {op["sha256"] for op in sent} >= set(found.queue.photos)
    effects_once(office, found.path.rsplit("/", 1)[-1])


@pytest.mark.parametrize("file", BUILDS, ids=lambda file: file.stem)
def test_fifty_commands_and_sixty_photos_of_an_older_build_are_all_sent_and_its_pages_open(
    drawer: Drawer, office: Doorstep, link: Link, file: Path
) -> None:
    found = drawer(json.loads(file.read_text()))
    phone, ops = found.phone, found.queue.ops
    assert sum(op["method"] == "PUT" for op in ops) == 60
    assert sum("/photos" not in op["url"] for op in ops) == 50
    link.fault = held_back
    phone.open("/visits")
    in_charge(phone)
    phone.offline()
    page = phone.open(found.path)
    expect(page.locator(".copy-line")).to_contain_text("Copy from")
    phone.chip("waiting")
    assert {op["id"] for op in phone.rows("ops")} == {op["id"] for op in ops}
    walk.item(page, HOB)
    expect(walk.tiles(page, HOB)).to_have_count(60)
    link.mend()
    phone.offline(False)
    all_arrived(found, office)


@pytest.fixture(scope="module")
def newer_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This build with one store more, as the next will have: compiled from a copy."""
    copy = tmp_path_factory.mktemp("newer")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    (copy / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    store = copy / "pwa/src/store.ts"
    text = store.read_text()
    was = int(re.search(r"const VERSION = (\d+);", text)[1])  # type: ignore[index]
    text = text.replace(f"const VERSION = {was};", f"const VERSION = {was + 1};")
    later = f"if (from < {was + 1}) db.createObjectStore('later' as never);\n    if (from < 1) {{"
    assert text.count("if (from < 1) {") == 1
    store.write_text(text.replace("if (from < 1) {", later))
    subprocess.run(["node", "pwa/build.mjs"], cwd=copy, check=True, capture_output=True)
    return copy


@pytest.fixture
def upgrade(office: Doorstep, newer_build: Path) -> Iterator[Callable[[], Doorstep]]:
    """The office puts the newer build in place, on the same data."""
    started: list[Doorstep] = []

    def put_in_place() -> Doorstep:
        office.kill()
        started.append(replace(office, cwd=newer_build, process=None))
        started[0].start()
        return started[0]

    yield put_in_place
    for newer in started:
        newer.kill()
        office.start()


def test_an_update_in_the_middle_of_sending_beside_an_old_tab_loses_and_doubles_nothing(
    drawer: Drawer, office: Doorstep, link: Link, upgrade: Callable[[], Doorstep]
) -> None:
    found = drawer(newest(), words=12, photos=6)
    phone, was = found.phone, newest()["version"]
    link.fault = held_back
    old = phone.open(found.path)
    in_charge(phone)
    upgrade()
    page = phone.context.new_page()

    def newer() -> bool:
        """An office that starts slowly is not waited for: then the copy opens, and that is the old one."""
        phone.open(found.path, page)
        return bool(page.evaluate(VERSION) == was + 1)

    until(newer)
    expect(old.locator(".toast", has_text="updated in another tab")).to_be_visible()
    assert len(phone.rows("ops", page)) == len(found.queue.ops)
    gate = threading.Event()
    link.fault = lambda asked: net.late(gate) if asked.method == "PUT" else None
    phone.send_now(page)
    until(lambda: any(asked.method == "PUT" for asked in link.log[-30:]), 30)
    update = page.locator(".toast button", has_text="Update now")
    update.click()
    expect(page.locator(".toast", has_text="still being saved or sent")).to_be_visible()
    gate.set()
    link.mend()
    all_arrived(found, office, page)
    old.close()
    with page.expect_event("load"):
        update.click()
    phone.offline()
    phone.open(found.path, page)
    expect(page.locator(".copy-line")).to_contain_text("Copy from")
    expect(page.locator("h1")).to_be_visible()


def test_an_old_tab_that_will_not_let_go_is_named_and_once_it_is_closed_all_goes_on(
    drawer: Drawer, office: Doorstep, link: Link, upgrade: Callable[[], Doorstep]
) -> None:
    found = drawer(newest(), words=8, photos=2)
    phone, was = found.phone, newest()["version"]
    phone.page.evaluate(HOLDS)
    upgrade()
    page = phone.context.new_page()
    phone.open(found.path, page)
    expect(page.locator(".toast", has_text="Close Doorstep in your other tabs")).to_contain_text("Nothing is lost")
    assert phone.page.evaluate("window.held.version") == was
    phone.page.close()
    all_arrived(found, office, page)
    assert page.evaluate(VERSION) == was + 1


def test_a_packed_day_is_there_after_an_update_and_says_that_its_pages_are_new(
    new_phone: NewPhone, office: Doorstep, upgrade: Callable[[], Doorstep]
) -> None:
    phone = new_phone("ben")
    in_charge(phone)
    visit = plan(phone, office.ids["quay"], "any")
    urls = packed(phone)
    upgrade()
    page = phone.open("/you")
    update = page.locator(".toast button", has_text="Update now")
    with page.expect_event("load"):
        update.click()
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.locator("main .copy-line")).to_contain_text("Copy from")
        expect(page.locator("[data-chip]").first).to_be_visible()
        assert held(phone) == urls
    page = phone.open("/today")
    page.get_by_role("button", name="Pack what changed").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
