"""The office was put back to an earlier copy: what it lost is sent again from the phone, once, in its order."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.phone.outbox import pages, pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Backup, Handler, World
from tests.phone.outbox.test_no_signal import controlled

ON_PHONE, RECEIVED = re.compile("On this phone"), re.compile(r"^Received \d\d:\d\d$")
FIRST, SECOND = "0190eeee-0000-7000-8000-000000000001", "0190eeee-0000-7000-8000-000000000002"
WHY = "The office was put back to an earlier copy. What you sent since then is sent again, and counts once."


def sends(phone: Phone, *notes: str) -> None:
    for note in notes:
        phone.note(note)
        expect(phone.page.locator("#notes-a li", has_text=note)).to_be_visible()
    phone.all_sent()


def worked(phone: Phone, world: World) -> Backup:
    """A note in the backup, and two that came after it."""
    phone.open()
    sends(phone, "before")
    backup = world.backup()
    sends(phone, "one", "two")
    return backup


def signs_in(phone: Phone, world: World, person: str = pages.ASHA, path: str = "/today") -> None:
    """Nobody's session is alive after a restore."""
    world.person = ""
    phone.open("/sign-in")
    world.person = person
    phone.open(path)


def test_what_the_earlier_copy_does_not_hold_comes_back_once_and_in_order(phone: Phone, world: World) -> None:
    backup = worked(phone, world)
    world.seen.clear()
    world.restore(backup, FIRST)
    signs_in(phone, world)
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two"]
    assert [row["command-sequence"] for row in world.seen] == ["2", "3"]
    phone.open()
    phone.all_sent()
    assert len(world.seen) == 2


def test_the_phone_says_what_waits_and_why_until_it_is_received_again(phone: Phone, world: World) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    world.fault = lambda request: "503" if request.command == "POST" else None
    signs_in(phone, world, path="/outbox")
    phone.chip("Saved on this phone")
    phone.chip("2 waiting")
    expect(phone.page.locator("[data-outbox-list]")).to_contain_text(WHY)
    expect(phone.page.locator(".waiting__what")).to_have_text(["Note a", "Note a"])
    world.fault = lambda _request: None
    phone.page.locator("[data-send-now]").click()
    phone.all_sent()
    expect(phone.page.locator("[data-outbox-list]")).not_to_contain_text("earlier copy")


def test_days_old_work_that_is_sent_again_has_waited_only_since_it_was_put_back(
    phone: Phone, page: Page, world: World
) -> None:
    page.clock.set_fixed_time("2026-11-20T10:00:00Z")
    backup = world.backup()
    phone.open()
    sends(phone, "one")
    page.clock.set_fixed_time("2026-11-22T10:00:00Z")
    world.restore(backup, FIRST)
    world.fault = lambda request: "503" if request.command == "POST" else None
    phone.open()
    phone.chip("1 waiting")
    expect(page.locator("[data-chip]")).not_to_contain_text("since")
    world.fault = lambda _request: None
    page.goto("about:blank")  # a page that lives to see the later time may hold the turn, for good as time stands
    page.clock.set_fixed_time("2026-11-22T10:01:00Z")
    phone.open()
    phone.all_sent()
    assert world.seen[-1]["command-waiting"].startswith("1 0 2026-11-22T10:00")


def test_a_photo_is_no_longer_called_received_until_it_is_again(
    phone: Phone, page: Page, world: World, tmp_path: Path
) -> None:
    phone.open()
    backup = world.backup()
    page.locator("#camera").set_input_files(pictures.put(tmp_path / "camera", "one.jpg", pictures.photo()))
    expect(page.locator("#photos .photo")).to_have_count(1)
    phone.all_sent()
    ((sha, sent),) = world.photos.items()
    world.restore(backup, FIRST)
    world.fault = lambda request: "503" if request.command == "PUT" else None
    signs_in(phone, world, path=f"/inspections/{pages.INSPECTION}")
    until(lambda: world.of("photos", "sha256") == [sha])
    expect(page.locator("#photos .photo")).to_have_count(1)
    expect(page.locator("#photos .photo__state")).to_have_text(ON_PHONE)
    assert [row["receivedAt"] for row in phone.rows("photos")] == [None]
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert world.photos == {sha: sent}
    expect(page.locator("#photos .photo__state")).to_have_text(RECEIVED)


def test_what_was_removed_or_replaced_is_not_sent_again(phone: Phone, page: Page, world: World) -> None:
    backup = world.backup()
    phone.open()
    page.locator("#meter input").fill("forty")
    page.locator("#meter button").click()
    expect(page.locator("#meter .fault__say")).to_be_visible()
    page.locator("#meter input").fill("48210")
    page.locator("#meter button").click()
    phone.all_sent()
    phone.note("refuse me")
    phone.chip("1 needs you")
    phone.open("/outbox")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    phone.chip("1 removed, not sent")
    assert phone.unsent() == []
    assert sorted(row["outcome"] for row in phone.rows("sent")) == ["done", "removed", "replaced"]
    world.seen.clear()
    world.restore(backup, FIRST)
    phone.open()
    phone.all_sent()
    assert world.of("meters", "reading") == ["48210"]
    assert len(world.seen) == 1


def test_only_its_author_sends_it_again_however_long_others_use_the_phone(
    phone: Phone, page: Page, world: World
) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    signs_in(phone, world, pages.BEN)
    phone.chip("All sent")
    assert page.locator(".toast").count() == 0
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=100))
    phone.open("/outbox")
    expect(page.locator("[data-waiting-others]")).to_contain_text(
        "2 items from another officer wait on this phone"
    )
    assert world.of("notes", "text") == ["before"]
    signs_in(phone, world)
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two"]


def test_a_page_left_open_sends_what_is_older_first(phone: Phone, page: Page, world: World) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    sends(phone, "three")
    assert world.of("notes", "text") == ["before", "one", "two", "three"]
    expect(page.locator(".toast")).to_contain_text("2 things you sent will be sent again.")


def test_an_inspection_begun_on_the_phone_begins_again_before_what_is_in_it(
    phone: Phone, page: Page, world: World
) -> None:
    backup = world.backup()
    phone.open("/new")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/inspections/0"))
    inspection = page.url.rsplit("/", 1)[-1]
    sends(phone, "in it")
    world.restore(backup, FIRST)
    signs_in(phone, world, path="/new")
    phone.all_sent()
    assert [effect["kind"] for effect in world.effects] == ["inspections", "notes"]
    assert world.of("inspections", "id") == [inspection]
    assert page.url.endswith("/new")


@pytest.mark.parametrize("again", ["the same copy", "an older copy", "a newer copy"])
@pytest.mark.parametrize("tabs", [1, 2])
def test_however_often_it_is_put_back_and_in_however_many_tabs_nothing_doubles(
    phone: Phone, world: World, again: str, tabs: int
) -> None:
    phone.open()
    empty = world.backup()
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    opened = [phone.page, *(phone.context.new_page() for _ in range(tabs - 1))]

    def everywhere() -> None:
        for tab in opened:
            tab.evaluate("url => { location.href = url; }", f"{phone.url}/inspections/{pages.INSPECTION}")
        for tab in opened:
            expect(tab.locator("[data-chip]")).to_contain_text("All sent")
        until(lambda: world.of("notes", "text") == ["before", "one", "two"])

    for tab in opened[1:]:
        phone.open(page=tab)
    everywhere()
    world.restore({"the same copy": backup, "an older copy": empty, "a newer copy": world.backup()}[again], SECOND)
    everywhere()
    phone.open()
    phone.all_sent()
    expect(phone.page.locator("#notes-a li")).to_have_text(["before", "one", "two"])
    assert world.of("notes", "text") == ["before", "one", "two"]
    assert len(phone.rows("sent")) == 3


def test_a_copy_made_between_two_restorations_that_the_phone_heard_neither_of_loses_nothing(
    phone: Phone, world: World
) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    world.restore(world.backup(), SECOND)
    world.seen.clear()
    signs_in(phone, world)
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two"]
    assert [row["command-restored"] for row in world.seen] == [SECOND, SECOND]


def test_killed_between_putting_back_and_sending_it_goes_on(phone: Phone, world: World) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    world.fault = lambda request: "503" if request.command == "POST" else None
    phone.open("/today")
    phone.chip("2 waiting")
    phone.die()
    phone.switch_on()
    world.fault = lambda _request: None
    phone.open("/today")
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two"]


def test_what_another_phone_has_still_to_send_again_is_waited_for(phone: Phone, page: Page, world: World) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    world.fault = lambda request: "404" if request.command == "POST" else None
    signs_in(phone, world, path="/outbox")
    expect(page.locator(".waiting__state").first).to_have_text(
        "Saved on this phone. It goes when the phone with what it belongs to has sent that again."
    )
    assert {row["status"] for row in phone.rows("ops")} == {"queued"}
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two"]


def test_what_no_other_phone_brings_within_a_day_asks_for_a_decision(
    phone: Phone, page: Page, world: World
) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    world.fault = lambda request: "404" if request.command == "POST" else None
    phone.open()
    until(lambda: any(row["answer"] for row in phone.rows("ops")))
    phone.chip("2 waiting")
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=25))
    page.reload()
    phone.chip("2 need you")


def test_an_answer_from_before_the_restore_that_comes_after_it_lets_nothing_go(
    phone: Phone, page: Page, world: World
) -> None:
    backup = worked(phone, world)
    other = phone.context.new_page()

    taken, hears = threading.Event(), threading.Event()

    def on_its_way(_request: Handler) -> None:
        taken.set()
        hears.wait(10)

    world.before_answer = on_its_way
    phone.note("three")
    until(taken.is_set)
    world.restore(backup, FIRST)
    phone.open("/today", other)
    until(lambda: len(phone.rows("ops", other)) == 3)
    hears.set()
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "one", "two", "three"]


def test_gone_back_to_a_copy_it_has_heard_of_the_phone_goes_on_without_sending_anything_again(
    phone: Phone, world: World
) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    sends(phone, "three")
    first = world.restored
    world.restore(world.backup(), SECOND)
    sends(phone, "four")
    world.seen.clear()
    world.restored = first
    sends(phone, "five")
    assert [row["command-restored"] for row in world.seen] == [FIRST]
    assert world.of("notes", "text") == ["before", "one", "two", "three", "four", "five"]


def test_copies_are_not_dropped_for_their_age_before_the_office_was_heard(
    phone: Phone, page: Page, world: World
) -> None:
    controlled(phone)
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=20))
    phone.context.set_offline(True)
    page.reload()
    # No page of ours is still at work when the days go by: it would drop its own kept copy.
    page.goto("about:blank")
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=80))
    phone.open()
    phone.chip("All sent")
    phone.context.set_offline(False)
    page.reload()
    until(lambda: world.of("notes", "text") == ["before", "one", "two"])
    phone.all_sent()


FULL = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (row, ...more) {
  if (row?.again) throw new DOMException('full', 'QuotaExceededError');
  return put.call(this, row, ...more);
};"""


def test_a_phone_too_full_to_put_things_back_says_so_keeps_them_and_still_sends(
    phone: Phone, page: Page, world: World
) -> None:
    backup = worked(phone, world)
    world.restore(backup, FIRST)
    full = phone.context.new_page()
    page.close()
    phone.page = full
    full.add_init_script(FULL)
    phone.open()
    expect(full.locator(".toast")).to_contain_text("too full to send again what it holds")
    sends(phone, "three")
    assert world.of("notes", "text") == ["before", "three"]
    phone.page = phone.context.new_page()
    full.close()
    phone.open()
    phone.all_sent()
    assert world.of("notes", "text") == ["before", "three", "one", "two"]


def test_a_phone_new_in_its_box_just_carries_on(phone: Phone, world: World) -> None:
    world.restored = f"{FIRST} 2020-01-01T00:00:00+00:00"
    phone.open()
    sends(phone, "first")
    assert [row["command-restored"] for row in world.seen] == [FIRST]
    phone.open()
    assert len(world.seen) == 1
