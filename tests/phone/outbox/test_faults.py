"""Batteries, tabs, full disks: whatever happens, each command arrives once and nothing is lost."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.phone.outbox import pages, pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Handler, World


def test_two_tabs_send_each_command_once(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    other = phone.context.new_page()
    phone.open(page=other)
    phone.context.set_offline(True)
    for n in range(6):
        tab = (page, other)[n % 2]
        phone.note(f"note {n}", page=tab)
        expect(tab.locator("#notes-a .pending", has_text=f"note {n}")).to_have_count(1)
    phone.context.set_offline(False)
    phone.all_sent()
    assert sorted(world.of("notes", "text")) == [f"note {n}" for n in range(6)]
    assert world.sent_more_than_once() == []
    expect(other.locator("[data-chip]")).to_contain_text("All sent")


def test_what_one_tab_sends_is_shown_in_the_tab_where_it_was_written(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.chip("All sent")  # the store is made by then
    # Held from a page that runs none of our script: an open page of ours might take the turn between the two.
    phone.open("/static/app.js")
    page.evaluate(LEASE, [19_500])
    page.evaluate(HOLD)
    other = phone.context.new_page()
    phone.open(page=other)
    phone.note("From the second tab", page=other)
    expect(other.locator("#notes-a .pending")).to_contain_text("Saved on this phone")
    page.close()
    expect(other.locator("#notes-a .received")).to_have_text("From the second tab", timeout=15_000)
    assert world.of("notes", "text") == ["From the second tab"]


BROKEN = """() => {
  IDBObjectStore.prototype.put = function () { throw new DOMException('broken', 'UnknownError'); };
}"""

HOLD = """() => new Promise((got) => {
  navigator.locks.request('doorstep-sender', () => (got(), new Promise(() => {})));
})"""

LEASE = """async ([ms]) => {
  const db = await new Promise((ok) => {
    const r = indexedDB.open('doorstep'); r.onsuccess = () => ok(r.result);
  });
  const tx = db.transaction('meta', 'readwrite');
  tx.objectStore('meta').put({ tab: 'frozen', until: Date.now() + ms }, 'lease');
  await new Promise((ok) => { tx.oncomplete = ok; });
  db.close();
}"""


def test_a_frozen_tab_that_holds_the_turn_loses_it(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.chip("All sent")
    page.evaluate(HOLD)
    page.evaluate(LEASE, [-1])
    other = phone.context.new_page()
    phone.open(page=other)
    phone.note("Not held up", page=other)
    until(lambda: world.of("notes", "text") == ["Not held up"])


def test_killed_again_and_again_every_note_arrives_once(phone: Phone, page: Page, world: World) -> None:
    chance = random.Random(7)
    wanted = []

    def trouble(request: Handler) -> str | None:
        if request.command != "POST":
            return None
        return chance.choice(["drop-before", "drop-after", "503", None])

    world.fault = trouble
    for round_ in range(4):
        phone.open()
        for n in range(3):
            text = f"round {round_} note {n}"
            phone.note(text)
            until(
                lambda text=text: (
                    any(text.replace(" ", "+") in str(row["body"]) for row in phone.rows("ops"))
                    or text in world.of("notes", "text")
                )
            )  # type: ignore[misc]
            wanted.append(text)
        phone.die()
        phone.switch_on()
    world.fault = lambda _request: None
    phone.open()
    phone.all_sent(30_000)
    assert sorted(world.of("notes", "text")) == sorted(wanted)
    assert world.of("notes", "text") == wanted


def test_a_connection_the_browser_dropped_is_opened_again(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.chip("All sent")
    page.evaluate(
        """() => {
          const real = IDBDatabase.prototype.transaction; let failed = false;
          IDBDatabase.prototype.transaction = function (...a) {
            if (!failed && a[1] === 'readwrite') {
              failed = true;
              throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
            }
            return real.apply(this, a);
          };
        }"""
    )
    phone.note("Stored all the same")
    phone.all_sent()
    assert world.of("notes", "text") == ["Stored all the same"]


def test_a_newer_build_was_here_and_the_older_one_goes_on(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command == "POST" else None
    phone.note("Before the newer build")
    phone.chip("1 waiting")
    page.evaluate(
        """() => new Promise((ok, no) => {
          const r = indexedDB.open('doorstep', 2);
          r.onupgradeneeded = () => r.result.createObjectStore('something-new');
          r.onsuccess = () => { r.result.close(); ok(); };
          r.onerror = () => no(r.error);
        })"""
    )
    expect(page.locator(".toast", has_text="updated in another tab")).to_be_visible()
    phone.note("In the same page after it")
    phone.chip("2 waiting")
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert world.of("notes", "text") == ["Before the newer build", "In the same page after it"]


def test_a_store_that_will_not_open_at_first_is_tried_again_and_nothing_is_called_saved_before(
    phone: Phone, page: Page, world: World
) -> None:
    page.add_init_script(
        """(() => {
          const real = IDBFactory.prototype.open, begun = Date.now();
          IDBFactory.prototype.open = function (...a) {
            if (Date.now() - begun < 3000) throw new DOMException('Internal error', 'UnknownError');
            return real.apply(this, a);
          };
        })()"""
    )
    phone.open()
    expect(page.get_by_role("alert")).to_contain_text("store did not open")
    phone.chip("All sent")
    expect(page.get_by_role("alert")).to_have_count(0)
    phone.note("After all")
    phone.all_sent()
    assert world.of("notes", "text") == ["After all"]


def test_a_store_that_cannot_write_never_says_saved(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.chip("All sent")
    phone.context.set_offline(True)
    page.evaluate(BROKEN)
    phone.note("Not on disk")
    expect(page.locator(".toast", has_text="could not save").first).to_be_visible()
    assert page.locator("#notes-a .pending").count() == 0
    expect(page.locator("#note-form-a textarea")).to_have_value("Not on disk")
    assert "Saved on this phone" not in page.locator("body").inner_text()


def test_when_the_phone_cannot_store_but_has_signal_the_words_go_straight_to_the_office(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.chip("All sent")
    page.evaluate(BROKEN)
    phone.note("Straight there")
    expect(page.locator("#notes-a .received")).to_have_text("Straight there")
    assert world.of("notes", "text") == ["Straight there"]


def test_the_queue_leaves_as_a_zip_that_the_office_can_play_back(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    phone.note("In the copy")
    page.locator("#camera").set_input_files(pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    until(lambda: len(phone.rows("ops")) == 3)
    phone.open("/outbox")
    with page.expect_download() as saved:
        page.locator("[data-save-copy]").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes()))
    listed = json.loads(archive.read("doorstep-outbox.json"))
    assert (listed["format"], listed["person"]["id"], len(listed["ops"])) == (1, pages.ASHA, 3)
    for op in listed["ops"]:
        body = archive.read(op["blob"]) if "blob" in op else op["body"].encode()
        assert hashlib.sha256(body).hexdigest() == op["headers"]["Command-Body"]
        assert op["headers"]["Command-Id"] == op["id"]


def test_the_list_says_what_waits_in_plain_words_and_removes_only_when_sure(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.note("refuse me")
    phone.chip("1 needs you")
    phone.open("/outbox")
    item = page.locator("[data-outbox-list] li")
    expect(item).to_contain_text("Note a")
    expect(item).to_contain_text("22 Saltmarsh Road")
    expect(item).to_contain_text("The office cannot take this: the visit was closed.")
    item.get_by_text("Remove").click()
    page.locator("dialog").get_by_text("Keep it").click()
    assert len(phone.rows("ops")) == 1
    item.get_by_text("Remove").click()
    page.locator("dialog").get_by_text("Remove it").click()
    expect(item).to_have_text("Nothing is waiting. 1 was removed here, not sent.")
    assert phone.rows("ops") == []
    assert [row["outcome"] for row in phone.rows("sent")] == ["removed"]


def test_what_was_removed_is_never_called_sent_and_nobody_is_told_what_another_sent(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.note("taken")
    phone.all_sent()
    phone.note("refuse me")
    phone.chip("1 needs you")
    phone.open("/outbox")
    item = page.locator("[data-outbox-list] li")
    item.get_by_text("Remove").click()
    page.locator("dialog").get_by_text("Remove it").click()
    expect(item).to_contain_text("1 was removed here, not sent. The last thing was received at")
    phone.open()
    phone.chip("1 removed, not sent")
    expect(page.locator("[data-chip]")).not_to_contain_text("All sent")
    world.person = pages.BEN
    phone.open("/outbox")
    expect(item).to_have_text("Nothing is waiting.")
    expect(page.locator("[data-chip]")).to_have_text("All sent")
    world.person = pages.ASHA
    phone.open()
    phone.note("taken too")
    phone.all_sent()
    phone.open("/outbox")
    expect(item).to_have_text(re.compile(r"Nothing is waiting\. The last thing was received at [\d:]+\."))


def test_try_again_sends_a_parked_command_once_more(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    world.fault = lambda request: "403" if request.command == "POST" else None
    phone.note("Allowed later")
    phone.chip("1 needs you")
    world.fault = lambda _request: None
    phone.open("/outbox")
    page.get_by_text("Try again").click()
    phone.all_sent()
    assert world.of("notes", "text") == ["Allowed later"]


def test_signing_out_offers_to_send_and_keeps_what_is_not_sent(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    page.evaluate("caches.open('kept-x').then(c => c.put('/x', new Response('x')))")
    world.fault = lambda request: "503" if request.path.endswith("/notes") else None
    phone.note("Not sent yet")
    phone.chip("1 waiting")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("dialog")).to_contain_text("1 item not sent yet")
    page.locator("dialog").get_by_text("Sign out, keep them here").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("[data-waiting-others]")).to_contain_text(
        "1 item from another officer waits on this phone"
    )
    assert [name for name in page.evaluate("caches.keys()") if name.startswith("kept-")] == []
    world.person, world.fault = pages.ASHA, lambda _request: None
    phone.open("/today")
    phone.all_sent()
    assert world.of("notes", "text") == ["Not sent yet"]


def test_rooms_are_shown_one_at_a_time(phone: Phone, page: Page) -> None:
    phone.open()
    expect(page.locator("#room-hall")).to_be_visible()
    expect(page.locator("#room-kitchen")).to_be_hidden()
    page.get_by_role("link", name="Kitchen").click()
    expect(page.locator("#room-kitchen")).to_be_visible()
    expect(page.locator("#room-hall")).to_be_hidden()


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_troubles_ends_with_each_command_once(
    phone: Phone, page: Page, world: World, tmp_path: Path, seed: int
) -> None:
    """A small random walk: notes, photos, a flapping link, errors before and after the commit, kills, restores."""
    chance = random.Random(seed)
    world.fault = lambda request: (
        chance.choice(["503", "drop-before", "drop-after", "429", None, None])
        if request.command != "GET"
        else None
    )
    notes: list[str] = []
    photos = 0
    backup = world.backup()
    phone.open()
    for step in range(14):
        act = chance.choice(["note", "note", "photo", "flap", "kill", "reload", "back up", "put back"])
        if act == "note":
            phone.note(text := f"seed {seed} step {step}")
            until(lambda: phone.page.locator("#note-form-a textarea").input_value() == "")
            notes.append(text)
        elif act == "photo":
            file = pictures.put(tmp_path / "camera", f"{step}.jpg", pictures.photo(900 + step, 700))
            before = len(phone.rows("blobs"))
            phone.page.locator("#camera").set_input_files(file)
            until(lambda before=before: len(phone.rows("blobs")) > before)  # type: ignore[misc]
            photos += 1
        elif act == "flap":
            phone.context.set_offline(True)
            phone.context.set_offline(False)
        elif act == "kill":
            phone.die()
            phone.switch_on()
            phone.open()
        elif act == "back up":
            backup = world.backup()
        elif act == "put back":
            world.restore(backup, f"0190eeee-0000-7000-8000-0000000000{step:02}")
        else:
            phone.page.reload()
    world.fault = lambda _request: None
    phone.open()
    phone.all_sent(40_000)
    assert world.of("notes", "text") == notes
    assert len(world.photos) == photos
    assert len(set(world.of("photos", "id"))) == photos
    assert set(world.receipts) == {row["id"] for row in phone.rows("sent")}
