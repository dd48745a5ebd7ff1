"""The phone's store in trouble: no room for pages by the browser's own count, and a connection it closes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.phone.outbox import pages
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
