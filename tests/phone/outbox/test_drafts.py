"""What is typed is on the phone's disk soon, comes back after a kill, and goes when it was sent."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import World


def test_a_draft_survives_a_kill(phone: Phone, page: Page) -> None:
    phone.open()
    form = page.locator("#note-form-a")
    form.locator("textarea").fill("Half a sentence")
    form.locator("select").select_option("2")
    expect(form.locator(".saved")).to_have_text(re.compile(r"Kept on this phone \d\d:\d\d, not sent yet"))
    phone.die()
    phone.switch_on()
    phone.open()
    form = phone.page.locator("#note-form-a")
    expect(form.locator("textarea")).to_have_value("Half a sentence")
    expect(form.locator("select")).to_have_value("2")


def test_the_draft_goes_in_the_moment_its_command_is_stored(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    page.locator("#note-form-a textarea").fill("Done now")
    until(lambda: len([d for d in phone.rows("drafts") if "note" not in d["key"]]) == 1)
    page.locator("#note-form-a button.send").click()
    phone.all_sent()
    assert phone.rows("drafts") == []
    page.reload()
    expect(page.locator("#note-form-a textarea")).to_have_value("")
    assert world.of("notes", "text") == ["Done now"]


def test_a_minted_id_is_one_for_the_finding_and_its_photos_and_outlives_a_reload(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    page.locator("#finding-form input[name=what]").fill("Mould")
    first = page.locator("#finding-form input[name=id]").input_value()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
    assert page.locator("#photo-form input[name=finding]").input_value() == first
    until(lambda: len(phone.rows("drafts")) == 2)
    page.reload()
    expect(page.locator("#finding-form input[name=what]")).to_have_value("Mould")
    expect(page.locator("#photo-form input[name=finding]")).to_have_value(first)
    page.locator("#finding-form button").click()
    phone.all_sent()
    assert world.of("findings", "id") == [first]
    page.locator("#finding-form input[name=what]").fill("Another")
    assert page.locator("#finding-form input[name=id]").input_value() not in ("", first)


def test_a_pending_thing_is_linked_to_by_the_id_the_phone_gave_it(phone: Phone, page: Page) -> None:
    phone.open()
    phone.context.set_offline(True)
    page.locator("#finding-form input[name=what]").fill("Mould")
    minted = page.locator("#finding-form input[name=id]").input_value()
    page.locator("#finding-form button").click()
    expect(page.locator(f"#finding-{minted} b")).to_have_text("Mould")
