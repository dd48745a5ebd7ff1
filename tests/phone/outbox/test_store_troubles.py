"""The phone's store in trouble: no room for pages by the browser's own count, and a connection it closes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.phone.outbox import pages, pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import World
from tests.phone.outbox.test_no_signal import controlled, kept

CANNOT_KEEP = """caches.open('kept-x').then((c) => c.put('/x', new Response('x'.repeat(1e5))))
  .then(() => '', (error) => error.name)"""
CAPTURES = """(() => {
  const real = IDBFactory.prototype.open; window.opened = [];
  IDBFactory.prototype.open = function (...a) {
    const request = real.apply(this, a);
    request.addEventListener('success', () => window.opened.push(request.result));
    return request;
  };
})()"""
WILL_NOT_OPEN = """(() => {
  const real = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...a) {
    if (a[1] !== undefined || %s) throw new DOMException('Internal error', 'UnknownError');
    return real.apply(this, a);
  };
})()"""
ONE_PHOTO_IS_GONE = """(() => {
  const real = IDBObjectStore.prototype.get; let refused = 0;
  IDBObjectStore.prototype.get = function (...a) {
    if (this.name === 'blobs' && !refused++) throw new DOMException('Internal error', 'DataError');
    return real.apply(this, a);
  };
})()"""
CLOSES = (
    """() => { for (const db of window.opened.splice(0)) { db.close(); db.dispatchEvent(new Event('close')); } }"""
)


def test_when_there_is_no_room_to_keep_pages_they_are_shown_and_what_is_queued_is_safe(
    phone: Phone, page: Page, world: World
) -> None:
    controlled(phone)
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    phone.note("Saved before")
    phone.chip("1 waiting")
    until(lambda: f"kept-{pages.ASHA} /outbox" in kept(page))
    quota = phone.context.new_cdp_session(page)
    quota.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 1})
    assert page.evaluate(CANNOT_KEEP) == "QuotaExceededError"
    phone.open(f"/inspections/{pages.OTHER}")
    expect(page.locator("h1")).to_contain_text(pages.OTHER)
    phone.note("On a page that could not be kept")
    phone.chip("2 waiting")
    assert f"kept-{pages.ASHA} /inspections/{pages.OTHER}" not in kept(page)
    phone.context.set_offline(True)
    phone.open()
    expect(page.locator("#notes-a .pending")).to_contain_text("Saved before")
    phone.context.set_offline(False)
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert sorted(world.of("notes", "text")) == ["On a page that could not be kept", "Saved before"]


def test_a_store_the_browser_closes_is_opened_again_by_the_next_tap(
    phone: Phone, page: Page, world: World
) -> None:
    page.add_init_script(CAPTURES)
    phone.open()
    phone.chip("All sent")
    phone.context.set_offline(True)
    page.evaluate(CLOSES)
    phone.note("After it was closed")
    phone.chip("1 waiting")
    page.evaluate(CLOSES)
    phone.context.set_offline(False)
    phone.all_sent()
    assert world.of("notes", "text") == ["After it was closed"]
    until(lambda: page.evaluate("window.opened.length") > 0)


def work_that_waits(phone: Phone, world: World, tmp_path: Path) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    phone.note("Only on this phone")
    phone.page.locator("#camera").set_input_files(pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    until(lambda: len(phone.rows("ops")) == 3)


def test_what_waits_in_a_store_that_will_not_open_can_be_carried_away(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    work_that_waits(phone, world, tmp_path)
    waiting = {row["id"] for row in phone.rows("ops")}
    page.add_init_script(WILL_NOT_OPEN % "false")
    phone.open("/today")
    rescue = page.locator("[data-rescue]")
    expect(rescue).to_contain_text("Doorstep has deleted nothing")
    with page.expect_download() as saved:
        rescue.get_by_role("button", name="Save a copy").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes()))
    listed = json.loads(archive.read("doorstep-outbox.json"))
    assert {op["headers"]["Command-Id"] for op in listed["ops"]} == waiting
    assert len([name for name in archive.namelist() if name.startswith("photos/")]) == 1
    expect(rescue).to_contain_text("A copy of what waits was made. Give it to the office.")
    assert {row["id"] for row in phone.rows("ops")} == waiting
    page.evaluate(ONE_PHOTO_IS_GONE)
    with page.expect_download():
        rescue.get_by_role("button", name="Save a copy").click()
    expect(rescue).to_contain_text("1 photo could not be read and is not in it.")


def test_a_store_of_which_nothing_can_be_read_says_exactly_that_and_what_to_do(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    work_that_waits(phone, world, tmp_path)
    page.add_init_script(WILL_NOT_OPEN % "true")
    phone.open("/today")
    rescue = page.locator("[data-rescue]")
    rescue.get_by_role("button", name="Save a copy").click()
    expect(rescue).to_contain_text("Nothing in this phone’s store can be read just now")
    expect(rescue).to_contain_text("Do not clear this browser’s data")
    expect(rescue.get_by_role("button", name="Try again")).to_be_visible()


def test_nobody_is_offered_a_copy_of_another_persons_work(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    work_that_waits(phone, world, tmp_path)
    page.add_init_script(WILL_NOT_OPEN % "false")
    phone.open("/sign-in")
    expect(page.locator("[data-rescue]").get_by_role("button")).to_have_text(["Try again"])
    world.person = pages.BEN
    phone.open("/today")
    page.locator("[data-rescue]").get_by_role("button", name="Save a copy").click()
    expect(page.locator("[data-rescue]")).to_contain_text("nothing of yours waits in it")


def test_looking_for_what_can_be_read_makes_no_store_where_there_is_none(phone: Phone, page: Page) -> None:
    page.add_init_script(WILL_NOT_OPEN % "false")
    phone.open("/today")
    rescue = page.locator("[data-rescue]")
    rescue.get_by_role("button", name="Save a copy").click()
    expect(rescue).to_contain_text("Nothing in this phone’s store can be read just now")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
