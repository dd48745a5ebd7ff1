"""What arrives while an officer reads or reaches for something moves nothing under the thumb."""

import threading

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, expect, until
from tests.phone.link import Asked, Link

HOB = "kitchen_hob"
# How far what was pressed has moved on the screen, once all that is known has been drawn.
PRESSED = """() => document.addEventListener('submit', ({ submitter }) => {
  window.pressed = submitter; window.was = submitter.getBoundingClientRect().top;
}, true)"""
MOVED = """() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(() =>
  ok(Math.round(window.pressed.getBoundingClientRect().top - window.was)))))"""
# As a banner, or a picture whose size nobody knew: taller, and above what was pressed.
TALLER = """(where) => document.querySelector(where).prepend(
  Object.assign(document.createElement('p'), { textContent: 'Late', style: 'height: 90px' }))"""
# How far the button is below what is typed in.
BELOW = """() => {
  const form = document.querySelector('.finding-form:has(:focus)');
  const [typed, button] = [form.querySelector('textarea'), form.querySelector('.btn--main')];
  return button.getBoundingClientRect().top - typed.getBoundingClientRect().top;
}"""
PLACES = "() => [scrollY, document.querySelector('#pills').scrollLeft]"


def test_a_late_answer_leaves_the_page_and_the_row_of_rooms_where_they_are(
    phone: Device, link: Link, inspection: str
) -> None:
    page, gate = phone.page, threading.Event()
    link.fault = net.once(net.late(gate), lambda asked: asked.path.endswith("/readings"))
    phone.saved(lambda: walk.read(page, HOB))
    expect(page.locator(f"#state-{HOB}")).to_contain_text("Good")
    page.locator("#room-kitchen .item").last.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#pills').scrollLeft = 0")
    before = page.evaluate(PLACES)
    assert before[0] > 100
    # The answer to the reading, and what the page draws with it.
    page.evaluate("document.addEventListener('htmx:after:swap', () => (document.title = 'answered'))")
    gate.set()
    phone.all_sent()
    until(lambda: page.title() == "answered")
    assert page.evaluate(PLACES) == before


def test_the_room_one_goes_to_is_shown_from_its_top_and_its_pill_is_in_sight(
    phone: Device, inspection: str
) -> None:
    page = phone.page
    walk.room(page, "kitchen")
    page.locator("a[data-next]").click()
    shown = page.locator("[data-panel]:not([hidden])")
    expect(shown).to_have_count(1)
    expect(shown).not_to_have_id("room-kitchen")
    expect(shown.locator("h2").first).to_be_in_viewport()
    expect(page.locator("#pills a[aria-current='page']")).to_be_in_viewport()


def is_finding(asked: Asked) -> bool:
    return asked.path.endswith("/findings")


def test_what_says_that_the_typed_is_kept_moves_no_button(phone: Device, inspection: str) -> None:
    form = walk.item(phone.page, HOB).locator("form.finding-form")
    phone.page.locator(f"#wrong-{HOB} > summary").click()
    expect(form.locator(".saved")).to_be_hidden()
    form.locator("textarea[name='note']").focus()
    before = phone.page.evaluate(BELOW)
    form.locator("textarea[name='note']").press_sequentially("Ring is dead")
    expect(form.locator(".saved")).to_contain_text("Kept on this phone")
    assert phone.page.evaluate(BELOW) == before


@pytest.mark.parametrize("answer", ["at once", "late", "none yet"])
def test_saving_a_finding_leaves_its_button_where_it_was_pressed(
    phone: Device, link: Link, inspection: str, answer: str
) -> None:
    page, gate = phone.page, threading.Event()
    page.evaluate(PRESSED)
    if answer != "at once":
        link.fault = net.once(net.late(gate), is_finding)
    # The form is emptied, and is shorter without its hazard; above it stands one finding more.
    phone.saved(lambda: walk.finding(page, HOB, "Smells of gas"))
    findings = page.locator(f"#findings-{HOB} .finding")
    expect(findings).to_have_count(1)
    if answer == "none yet":
        expect(findings).to_contain_text("On this phone")
        assert page.evaluate(MOVED) == 0
    gate.set()
    phone.all_sent()
    expect(page.locator(f"#findings-{HOB} .finding[data-op]")).to_have_count(0)
    expect(findings).to_have_count(1)
    assert page.evaluate(MOVED) == 0
    for late in (f"#item-{HOB} .item__body", "#room-kitchen"):
        page.evaluate(TALLER, late)
        assert page.evaluate(MOVED) == 0


def test_whoever_has_gone_on_elsewhere_is_not_brought_back(phone: Device, inspection: str) -> None:
    page = phone.page
    page.evaluate(PRESSED)
    phone.saved(lambda: walk.finding(page, HOB, "Smells of gas"))
    phone.all_sent()
    page.locator(f"#wrong-{HOB} textarea[name='note']").focus()
    page.evaluate("scrollTo(0, 0)")
    away = page.evaluate(MOVED)
    assert away > 0
    page.evaluate("document.body.append(Object.assign(document.createElement('p'), { textContent: 'Late' }))")
    assert page.evaluate(MOVED) == away
