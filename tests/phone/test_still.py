"""What arrives while an officer reads or reaches for something moves nothing under the thumb."""

import threading

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, expect, until
from tests.phone.link import Link

HOB = "kitchen_hob"
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
