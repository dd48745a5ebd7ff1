"""What an officer does on an inspection's page, by the same taps."""

import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.phone.device import Device, until


def start(phone: Device, home: str, kind: str = "Void inspection", page: Page | None = None) -> str:
    """Start one from the home's page. Gives its path."""
    page = phone.open(f"/properties/{home}/inspections/new", page)
    page.get_by_label(kind, exact=True).check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    return page.url.split("#")[0].removeprefix(phone.url)


def worker_ready(phone: Device) -> None:
    """The phone can open pages without signal from now on."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))


def kept(phone: Device, path: str) -> None:
    """The phone has this page, or picture, for a place with no signal."""
    look = "async (path) => Boolean(await caches.match(path, { ignoreVary: true }))"
    until(lambda: bool(phone.page.evaluate(look, path)))


def plan_visit(phone: Device, home: str) -> str:
    """Gives its path."""
    page = phone.open(f"/visits/new?property={home}")
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))
    return page.url.removeprefix(phone.url).split("?")[0]


def start_offline(phone: Device, home: str) -> str:
    """Start one with no signal, on a phone that was at the home's page before. Gives its path."""
    worker_ready(phone)
    phone.open(f"/properties/{home}/inspections/new")
    kept(phone, f"/properties/{home}/inspections/blank/void")
    phone.offline()
    return start(phone, home)


def room(page: Page, key: str) -> Locator:
    page.locator(f"#pills a[href='#room-{key}']").click()
    shown = page.locator(f"#room-{key}")
    expect(shown).to_be_visible()
    return shown


def item(page: Page, key: str) -> Locator:
    """Open the room and the item; gives the item."""
    room(page, key.partition("_")[0])
    found = page.locator(f"#item-{key}")
    if found.get_attribute("open") is None:
        found.locator(":scope > summary").click()
    return found


def pick(place: Locator, field: str, value: str) -> None:
    """Tap the words of a choice, as a thumb does: the radio itself is drawn over."""
    place.locator(f"label.pick:has(input[name='{field}'][value='{value}'])").first.click()


def read(page: Page, key: str, condition: str = "G") -> None:
    pick(item(page, key).locator("form[data-autosend]"), "condition", condition)


def meter(page: Page, key: str, value: str) -> None:
    form = item(page, key).locator("form[data-autosend]")
    form.locator("input[name='value']").fill(value)
    form.get_by_role("button", name="Save", exact=True).click()


def fill_finding(page: Page, key: str, note: str, what: str = "hazard", hazard: str = "1") -> Locator:
    place = item(page, key)
    more = place.locator(f"#wrong-{key}")
    if more.get_attribute("open") is None:
        more.locator(":scope > summary").click()
    form = more.locator("form.finding-form")
    pick(form, "what", what)
    if what == "hazard":
        form.locator("select[name='hazard']").select_option(hazard)
    pick(form, "severity", "significant")
    form.locator("textarea[name='note']").fill(note)
    return form


def finding(page: Page, key: str, note: str, what: str = "hazard") -> None:
    fill_finding(page, key, note, what).get_by_role("button", name="Save finding").click()


def photos(page: Page, key: str, files: Sequence[bytes], kind: str = "image/jpeg") -> None:
    named: list[Any] = [
        {"name": f"photo{number}.{kind[6:]}", "mimeType": kind, "buffer": data}
        for number, data in enumerate(files)
    ]
    item(page, key).locator(f"#photo-{key}").set_input_files(named)


def tiles(page: Page, key: str) -> Locator:
    return page.locator(f"#photos-{key} .photo")


def caption(page: Page, key: str, words: str, which: int = 0) -> None:
    shot = item(page, key).locator(".shot").nth(which)
    more = shot.locator("details.shot__more")
    if more.get_attribute("open") is None:
        more.locator(":scope > summary").click()
    more.locator("input[name='caption'][type='text']").fill(words)
    more.get_by_role("button", name="Save caption").click()


def satisfactory(page: Page, key: str) -> None:
    room(page, key).get_by_role("button", name="All satisfactory").click()


def add_room(page: Page, name: str, kind: str = "other") -> None:
    page.locator("#pills a[href='#finish']").click()
    more = page.locator("#finish details.more", has_text="Add a room")
    if more.get_attribute("open") is None:
        more.locator(":scope > summary").click()
    more.locator("input[name='label']").fill(name)
    more.locator("select[name='kind']").select_option(kind)
    more.get_by_role("button", name="Add the room").click()


def rename_room(page: Page, key: str, name: str) -> None:
    more = room(page, key).locator(":scope > details.more")
    if more.get_attribute("open") is None:
        more.locator(":scope > summary").click()
    more.locator("input[name='label']").fill(name)
    more.get_by_role("button", name="Save the name").click()


def complete(page: Page, reason: str = "") -> None:
    page.locator("#pills a[href='#finish']").click()
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="Complete the inspection").click()
