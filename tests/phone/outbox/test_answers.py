"""What each answer of the server does to a queued command, as architecture.md §4.3 has it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.phone.outbox import pages
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Handler, World


def posts(answer: str) -> object:
    return lambda request: answer if request.command == "POST" else None


def test_a_refused_command_is_parked_with_the_servers_sentence_and_the_others_go_on(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.context.set_offline(True)
    for text in ("first", "refuse me", "third"):
        phone.note(text)
        expect(page.locator("#notes-a .pending", has_text=text)).to_be_visible()
    phone.context.set_offline(False)
    phone.chip("1 needs you")
    phone.chip("22 Saltmarsh Road")
    until(lambda: world.of("notes", "text") == ["first", "third"])
    until(lambda: len(phone.rows("ops")) == 1)
    (parked,) = phone.rows("ops")
    assert parked["answer"]["say"] == "The office cannot take this: the visit was closed."
    expect(page.locator("#notes-a .pending")).to_contain_text("the visit was closed")


def test_a_form_mistake_comes_back_with_the_servers_remark_and_mending_it_replaces_the_command(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    page.locator("#meter input").fill("forty")
    page.locator("#meter button").click()
    expect(page.locator("#meter .fault__say")).to_have_text("Enter the number on the meter, like 48210")
    phone.chip("1 needs you")
    page.locator("#meter input").fill("48210")
    page.locator("#meter button").click()
    expect(page.locator("#meter")).to_contain_text("Meter 48210 received")
    phone.all_sent()
    assert world.of("meters", "reading") == ["48210"]
    assert sorted(row["outcome"] for row in phone.rows("sent")) == ["done", "replaced"]


def test_when_the_session_has_ended_nothing_is_sent_until_the_same_person_signs_in(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    world.person = ""
    phone.note("Written while signed out")
    expect(page.locator(".toast")).to_contain_text("Sign in to send 1 item. Nothing is lost.")
    phone.chip("1 waiting")
    phone.note("And another")
    phone.chip("2 waiting")
    world.person = pages.BEN
    phone.open("/today")
    phone.chip("All sent")
    assert world.effects == []
    assert len(phone.rows("ops")) == 2
    world.person = pages.ASHA
    phone.open("/today")
    phone.all_sent()
    assert world.of("notes", "text") == ["Written while signed out", "And another"]


def test_a_page_left_open_by_one_officer_sends_nothing_in_anothers_session(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    world.person = pages.BEN
    ben = phone.context.new_page()
    phone.open("/today", ben)
    expect(ben.locator("[data-chip]")).to_contain_text("All sent")
    phone.note("Asha's words")
    phone.chip("1 waiting")
    ben.reload()
    assert world.seen == []
    assert len(phone.rows("ops")) == 1


@pytest.mark.parametrize("fault", ["portal", "204", "304"])
def test_an_answer_without_our_receipt_is_not_taken_for_received(
    phone: Phone, page: Page, world: World, fault: str
) -> None:
    phone.open()
    asked: list[str] = []

    def portal(request: Handler) -> str | None:
        if request.command == "POST":
            asked.append(request.path)
            return fault
        return None

    world.fault = portal
    phone.note("Still here")
    until(lambda: len(asked) == 1)
    expect(page.locator(".toast")).to_contain_text("This wifi needs a sign-in")
    phone.chip("1 waiting")
    assert len(phone.rows("ops")) == 1
    world.fault = lambda _request: None
    page.reload()
    phone.all_sent()
    assert world.of("notes", "text") == ["Still here"]


@pytest.mark.parametrize("fault", ["500", "503", "408", "425", "429", "drop-before"])
def test_what_could_not_be_taken_now_is_kept_and_sent_again(phone: Phone, world: World, fault: str) -> None:
    phone.open()
    failed: list[str] = []

    def once(request: Handler) -> str | None:
        if request.command == "POST" and not failed:
            failed.append(fault)
            return fault
        return None

    world.fault = once
    phone.note("Kept")
    phone.all_sent()
    assert failed
    assert world.of("notes", "text") == ["Kept"]


def test_one_record_that_fails_does_not_hold_up_another(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    world.fault = lambda request: "503" if request.command == "POST" and pages.INSPECTION in request.path else None
    phone.note("stuck", "a")
    phone.note("goes", "b")
    until(lambda: [row["what"] for row in phone.rows("ops")] == ["Note a"])
    assert world.of("notes", "text") == ["goes"]


def test_a_changed_body_under_a_known_id_is_parked_and_overwrites_nothing(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    world.fault = posts("503")  # type: ignore[assignment]
    phone.note("mine")
    until(lambda: len(phone.rows("ops")) == 1)
    world.receipts[phone.rows("ops")[0]["id"]] = ("0" * 64, "2026-11-24T10:00:00+00:00")
    world.fault = lambda _request: None
    page.reload()
    phone.chip("1 needs you")
    assert world.effects == []


def test_a_clock_put_wrong_neither_drops_nor_reorders_anything(phone: Phone, page: Page, world: World) -> None:
    phone.open()
    phone.context.set_offline(True)
    phone.note("today")
    expect(page.locator("#notes-a .pending")).to_have_count(1)
    page.clock.set_fixed_time("2025-11-01T00:30:00Z")
    phone.note("a year back")
    expect(page.locator("#notes-a .pending")).to_have_count(2)
    page.clock.set_fixed_time("2026-11-27T01:30:00Z")
    phone.note("three days on")
    expect(page.locator("#notes-a .pending")).to_have_count(3)
    phone.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(lambda: world.of("notes", "text") == ["today", "a year back", "three days on"])
    assert [row["command-sequence"] for row in world.seen] == ["1", "2", "3"]


def test_a_mistake_found_while_nobody_looked_opens_the_form_again_as_it_was_sent(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    phone.context.set_offline(True)
    page.locator("#meter input").fill("forty")
    page.locator("#meter button").click()
    phone.chip("1 waiting")
    phone.context.set_offline(False)
    phone.chip("1 needs you")
    page.reload()
    expect(page.locator("#meter .fault__say")).to_have_text("Enter the number on the meter, like 48210")
    expect(page.locator("#meter input")).to_have_value("forty")
    page.locator("#meter input").fill("48210")
    page.locator("#meter button").click()
    phone.all_sent()
    assert world.of("meters", "reading") == ["48210"]


def test_remarks_by_field_stand_beside_their_fields_and_what_was_typed_is_still_there(
    phone: Phone, page: Page, world: World
) -> None:
    phone.open()
    page.locator("#pounds").fill("lots")
    page.locator("#rent button").click()
    expect(page.locator("#rent .govuk-form-group--error .govuk-error-message")).to_have_text(
        "Enter an amount, like 120"
    )
    expect(page.locator("#pounds")).to_have_value("lots")
    expect(page.locator("#pounds")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#rents .pending")).to_have_count(0)
    page.reload()
    expect(page.locator("#rent .govuk-error-message")).to_have_text("Enter an amount, like 120")
    expect(page.locator("#pounds")).to_have_value("lots")
    page.locator("#pounds").fill("120")
    page.locator("#rent button").click()
    phone.all_sent()
    expect(page.locator("#rent .govuk-error-message")).to_have_count(0)
    assert world.of("rents", "pounds") == ["120"]
