"""Pages that were kept open where there is no signal; nobody else's do; an update waits for quiet."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.phone.outbox import pages
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Handler, Standin, World

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(`${name} ${new URL(url).pathname}`);
  }
  return found;
}"""


def kept(page: Page) -> list[str]:
    return [entry for entry in page.evaluate(KEPT) if entry.startswith("kept-")]


def controlled(phone: Phone, path: str = f"/inspections/{pages.INSPECTION}") -> None:
    """The worker is in charge and has kept the page."""
    phone.open(path)
    phone.page.evaluate("navigator.serviceWorker.ready")
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))
    until(lambda: f"kept-{pages.ASHA} {path}" in kept(phone.page))


def test_a_kept_page_opens_with_no_signal_and_says_from_when_it_is(phone: Phone, page: Page) -> None:
    controlled(phone)
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Inspection")
    expect(page.locator(".copy-line")).to_contain_text("Copy from")
    phone.note("Written with no signal")
    phone.chip("1 waiting")
    page.reload()
    expect(page.locator("#notes-a .pending")).to_contain_text("Written with no signal")


def test_a_page_that_was_never_kept_says_so_in_words(phone: Phone, page: Page) -> None:
    controlled(phone)
    phone.context.set_offline(True)
    phone.open("/today")
    expect(page.locator("h1")).to_have_text("No signal")


def test_a_slow_network_gives_way_to_the_kept_copy(phone: Phone, page: Page, world: World) -> None:
    controlled(phone)
    hold = threading.Event()

    def slow(request: Handler) -> str | None:
        if request.command == "GET" and request.path.startswith("/inspections/"):
            hold.wait(8)
        return None

    world.fault = slow
    try:
        page.goto(phone.url + f"/inspections/{pages.INSPECTION}")
        expect(page.locator(".copy-line")).to_be_visible()
    finally:
        hold.set()


@pytest.mark.parametrize("status", ["404", "500", "503"])
def test_a_gateway_that_does_not_know_the_page_gives_way_to_the_kept_copy(
    phone: Phone, page: Page, world: World, status: str
) -> None:
    controlled(phone)
    world.fault = lambda request: status if request.path.startswith("/inspections/") else None
    page.reload()
    expect(page.locator("h1")).to_contain_text("Inspection")


def test_only_what_says_it_may_be_kept_is_kept_and_fragments_never(phone: Phone, page: Page, world: World) -> None:
    controlled(phone)
    phone.open("/today")
    phone.open("/outbox")
    until(lambda: f"kept-{pages.ASHA} /outbox" in kept(page))
    phone.open()
    phone.note("A fragment")
    phone.all_sent()
    assert {entry.split()[1] for entry in kept(page)} == {f"/inspections/{pages.INSPECTION}", "/outbox"}
    html = page.evaluate(
        "async ([name, path]) => (await (await caches.open(name)).match(path, {ignoreVary: true})).text()",
        [f"kept-{pages.ASHA}", f"/inspections/{pages.INSPECTION}"],
    )
    assert html.startswith("<!doctype html>")


def test_after_sending_the_kept_copy_is_fetched_again(phone: Phone, page: Page, world: World) -> None:
    controlled(phone)
    phone.note("On the kept copy too")
    phone.all_sent()

    def copied() -> bool:
        text = page.evaluate(
            "async ([name, path]) => (await (await caches.open(name)).match(path, {ignoreVary: true})).text()",
            [f"kept-{pages.ASHA}", f"/inspections/{pages.INSPECTION}"],
        )
        return "<li>On the kept copy too</li>" in text

    until(copied)


def test_another_officer_finds_none_of_the_kept_pages(phone: Phone, page: Page, world: World) -> None:
    controlled(phone)
    world.person = pages.BEN
    phone.open("/today")
    until(lambda: not [entry for entry in kept(page) if pages.ASHA in entry])


def test_a_copy_older_than_a_day_is_not_shown(phone: Phone, page: Page) -> None:
    controlled(phone)
    page.evaluate(
        """async ([name, path]) => {
          const cache = await caches.open(name), old = await cache.match(path, {ignoreVary: true});
          const headers = new Headers(old.headers);
          headers.set('Doorstep-Kept-At', new Date(Date.now() - 25 * 3600e3).toISOString());
          await cache.put(path, new Response(await old.text(), {headers}));
        }""",
        [f"kept-{pages.ASHA}", f"/inspections/{pages.INSPECTION}"],
    )
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("No signal")


def test_an_inspection_is_begun_with_no_signal_and_filled_in_at_once(
    phone: Phone, page: Page, world: World
) -> None:
    controlled(phone, "/new")
    until(lambda: f"kept-{pages.ASHA} /inspections/blank/void" in kept(page))
    phone.context.set_offline(True)
    page.locator("#start button").click()
    page.wait_for_url("**/inspections/*-*")
    made = page.url.rsplit("/", 1)[-1]
    expect(page.locator("h1")).to_have_text(f"Inspection {made}")
    # A copy of nothing: it was made here, a moment ago.
    assert page.locator("html[data-copy]").count() == 1
    assert page.locator(".copy-line").count() == 0
    phone.note("First words")
    phone.chip("2 waiting")
    assert {row["record"] for row in phone.rows("ops")} == {f"inspection-{made}"}
    phone.open("/new")
    page.locator("#start button").click()
    page.wait_for_url("**/inspections/*-*")
    assert page.url.rsplit("/", 1)[-1] != made
    phone.open(f"/inspections/{made}")
    phone.context.set_offline(False)
    phone.all_sent()
    assert len(world.of("inspections", "id")) == 2
    assert [e["path"] for e in world.effects if e["kind"] == "notes"] == [f"/inspections/{made}/notes"]
    page.reload()
    expect(page.locator("#notes-a")).to_contain_text("First words")


def test_online_a_new_inspection_is_the_servers(phone: Phone, page: Page, world: World) -> None:
    controlled(phone, "/new")
    page.locator("#start button").click()
    page.wait_for_url("**/inspections/*-*")
    assert world.of("inspections", "id") == [page.url.rsplit("/", 1)[-1]]


def started_late(phone: Phone, world: World, gate: threading.Event, *missing: str) -> None:
    """Start is pressed, and the office's answer waits for the gate."""

    def fault(request: Handler) -> str | None:
        if request.path in missing:
            return "503"
        if request.command == "POST" and request.path == "/inspections":
            gate.wait(30)
        return None

    world.fault = fault
    phone.open("/new")
    phone.page.locator("#start button").click()


def test_start_pressed_again_long_after_and_before_the_answer_begins_one_inspection(
    phone: Phone, page: Page, world: World
) -> None:
    gate = threading.Event()
    started_late(phone, world, gate, "/inspections/blank/void")
    expect(page.locator("body")).to_contain_text("Saved on this phone. It goes to the office by itself.")
    # A minute goes by on the phone.
    page.evaluate("(now) => { performance.now = () => now + 60_000 }", page.evaluate("performance.now()"))
    page.locator("#start button").click()
    gate.set()
    page.wait_for_url("**/inspections/*-*")
    phone.all_sent()
    assert world.of("inspections", "id") == [page.url.rsplit("/", 1)[-1]]


def test_where_no_worker_serves_kept_pages_start_waits_for_the_office(
    phone: Phone, page: Page, world: World
) -> None:
    gate = threading.Event()
    world.fault = lambda request: "404" if request.path == "/sw.js" else None
    phone.open("/new")
    until(lambda: f"kept-{pages.ASHA} /inspections/blank/void" in kept(page))
    started_late(phone, world, gate, "/sw.js")
    expect(page.locator("body")).to_contain_text("Saved on this phone. It goes to the office by itself.")
    expect(page.locator("h1")).to_have_text("New inspection")
    gate.set()
    page.wait_for_url("**/inspections/*-*")
    expect(page.locator("h1")).to_contain_text("Inspection 0")
    phone.all_sent()
    assert world.of("inspections", "id") == [page.url.rsplit("/", 1)[-1]]


def test_a_new_build_waits_until_it_is_asked_and_loses_nothing(phone: Phone, page: Page, world: World) -> None:
    controlled(phone)
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    for n in range(50):
        page.locator("#note-form-a textarea").fill(f"note {n}")
        page.locator("#note-form-a button.send").click()
    until(lambda: len(phone.rows("ops")) == 50)
    world.version = "two"
    page.reload()
    expect(page.locator(".toast", has_text="Update ready")).to_be_visible()
    assert "app-two" in page.evaluate("caches.keys()")
    world.fault = lambda _request: None
    page.locator(".toast button", has_text="Update now").click()
    page.wait_for_load_state()
    phone.all_sent(60_000)
    assert world.of("notes", "text") == [f"note {n}" for n in range(50)]
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Inspection")


def test_a_cut_off_update_leaves_the_old_build_working(
    phone: Phone, page: Page, world: World, office: Standin
) -> None:
    controlled(phone)
    world.version = "two"
    world.fault = lambda request: "drop-before" if request.path == "/offline" else None
    page.reload()
    page.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update()).catch(() => {})")
    phone.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Inspection")
    assert page.evaluate("navigator.serviceWorker.controller.scriptURL").endswith("/sw.js")
