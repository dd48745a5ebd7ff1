"""One path for every form: on the phone's disk first, then to the office, and never twice."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect

from tests.phone.outbox import pages
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import World


def test_a_note_is_on_the_phone_before_it_is_sent(phone: Phone, world: World) -> None:
    stored: list[int] = []
    phone.open()
    world.fault = lambda request: "503" if request.command == "POST" else None
    phone.note("Damp by the window")
    phone.chip("Saved on this phone")
    stored.append(len(phone.rows("ops")))
    assert stored == [1]
    assert world.effects == []


def test_online_the_servers_own_fragment_is_shown(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.note("Damp by the window")
    expect(page.locator("#notes-a .received")).to_have_text("Damp by the window")
    phone.all_sent()
    assert world.of("notes", "text") == ["Damp by the window"]
    assert page.locator("#notes-a .pending").count() == 0
    assert [row["outcome"] for row in phone.rows("sent")] == ["done"]


def test_every_command_carries_the_whole_protocol(phone: Phone, world: World) -> None:
    phone.open()
    phone.note("Damp & mould é")
    phone.all_sent()
    sent = world.seen[0]
    body = phone.rows("sent")[0]["op"]["body"]
    assert parse_qs(body) == {"text": ["Damp & mould é"], "bad": ["1"]}
    assert sent["command-body"] == hashlib.sha256(body.encode()).hexdigest()
    assert sent["command-author"] == pages.ASHA
    assert (sent["command-sequence"], sent["command-version"], sent["hx-request"]) == ("1", "1", "true")
    assert sent["content-type"] == "application/x-www-form-urlencoded;charset=UTF-8"
    assert sent["command-captured-at"].endswith("+00:00")
    assert sent["command-waiting"].startswith("1 0 20")
    assert sent["hx-target"] == "ul#notes-a"
    assert int(sent["command-monotonic"]) > 0
    assert len(sent["command-device"]) == 36


def test_with_no_signal_notes_wait_in_order_and_drain_when_it_is_back(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.context.set_offline(True)
    for text in ("one", "two", "three"):
        phone.note(text)
        expect(page.locator("#notes-a .pending", has_text=text)).to_contain_text("Saved on this phone")
    phone.chip("3 waiting")
    phone.context.set_offline(False)
    phone.all_sent()
    assert world.of("notes", "text") == ["one", "two", "three"]
    expect(page.locator("#notes-a .received")).to_have_count(3)
    expect(page.locator("#notes-a .pending")).to_have_count(0)


def test_a_lost_reply_is_asked_for_again_and_counts_once(phone: Phone, world: World) -> None:
    phone.open()
    lost: list[str] = []

    def lose_one(request: object) -> str | None:
        if getattr(request, "command", "") == "POST" and not lost:
            lost.append("reply")
            return "drop-after"
        return None

    world.fault = lose_one
    phone.note("Only once")
    phone.all_sent()
    assert world.of("notes", "text") == ["Only once"]
    assert len(world.sent_more_than_once()) == 1


def test_three_quick_taps_on_one_form_are_three_commands(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.context.set_offline(True)
    for state in ("fair", "repair", "fair"):
        page.locator(f"#hob input[value={state}]").check()
    until(lambda: len(phone.rows("ops")) == 3)
    phone.context.set_offline(False)
    phone.all_sent()
    assert world.of("readings", "state") == ["fair", "repair", "fair"]
    expect(page.locator("#hob input:checked")).to_have_value("fair")


def test_what_is_queued_is_drawn_again_on_the_next_visit(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command == "POST" else None
    phone.note("Cold to touch")
    page.locator("#hob input[value=repair]").check()
    phone.chip("2 waiting")
    page.reload()
    pending = page.locator("#notes-a .pending")
    expect(pending).to_contain_text("Cold to touch")
    expect(pending).to_contain_text("Minor")
    expect(page.locator("#hob input:checked")).to_have_value("repair")
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert world.of("notes", "text") == ["Cold to touch"]
    assert world.of("readings", "state") == ["repair"]


def test_an_answer_for_one_inspection_never_lands_on_the_page_of_another(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command == "POST" else None
    page.locator("#hob input[value=repair]").check()
    phone.chip("1 waiting")
    phone.open(f"/inspections/{pages.OTHER}")
    expect(page.locator("#hob input:checked")).to_have_value("good")
    world.fault = lambda _request: None
    page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.all_sent()
    expect(page.locator("#hob")).to_have_attribute("action", f"/inspections/{pages.OTHER}/readings")
    expect(page.locator("#hob input:checked")).to_have_value("good")


def test_a_forms_field_called_id_is_never_taken_for_the_forms_own(phone: Phone, page: Page) -> None:
    phone.open("/new")
    phone.context.set_offline(True)
    page.locator("#start button").click()
    phone.chip("1 waiting")
    (op,) = phone.rows("ops")
    assert (op["target"], op["targetHeader"]) == ("#start", "form#start")
    assert "object" not in "".join(row["key"] for row in phone.rows("drafts"))


def test_words_that_would_turn_round_what_is_read_are_shown_as_the_office_stores_them(
    phone: Phone, page: Page
) -> None:
    phone.open()
    phone.context.set_offline(True)
    phone.note("Lock \u202ekcab\u202c broken\u061c")
    shown = page.locator("#notes-a .pending b > bdi")
    expect(shown).to_have_text("Lock kcab broken")
    assert shown.evaluate("(bdi) => [...bdi.textContent].every((c) => c < '\x7f')")
