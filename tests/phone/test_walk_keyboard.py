"""The walk with a keyboard alone: what has the focus is always seen, and never lost by what happens."""

import re

from playwright.sync_api import Locator, Page

from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import everything_once
from tests.phone.test_other_ways import tab_to
from tests.phone.test_pack import packed, with_worker
from tests.phone.test_walk import plan
from tests.servers.doorstep import Doorstep

# What has the focus is drawn, is not under something else, and says that it has it.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return 'nothing has the focus';
  const said = one.outerHTML.slice(0, 120);
  const shown = one.matches('input[type=radio], input[type=checkbox]') ? one.closest('label') ?? one : one;
  const box = shown.getBoundingClientRect();
  if (!box.width || !box.height || !shown.checkVisibility()) return `not drawn: ${said}`;
  const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20)];
  if (y < 0 || y > innerHeight) return `off the screen at ${y}: ${said}`;
  const top = document.elementFromPoint(x, y);
  return top && !shown.contains(top) && !top.contains(shown) ? `under ${top.outerHTML.slice(0, 80)}: ${said}` : '';
}"""


def in_sight(page: Page) -> None:
    said = [""]

    def seen() -> bool:
        said[0] = str(page.evaluate(SEEN))
        return not said[0]

    try:
        until(seen, 5)
    except AssertionError as lost:
        raise AssertionError(said[0]) from lost


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    in_sight(page)
    page.keyboard.press(key)


def pick(page: Page, radio: Locator) -> None:
    """The first of its choices by Tab and the space bar; another one by the arrows."""
    tab_to(page, radio)
    in_sight(page)
    page.keyboard.press("Space")


def saved(phone: Device, page: Page, button: Locator) -> None:
    """Pressed, and the focus is not lost by what is drawn for it."""
    phone.saved(lambda: press(page, button))
    in_sight(page)


def reads_before_knocking(page: Page, visit: str) -> None:
    """To what is said there, on to the home, and back to the same visit."""
    before = page.locator("#before")
    press(page, page.locator("#path a[href='#before']"))
    page.wait_for_url(f"**/visits/{visit}#before")
    expect(before.get_by_role("heading", name="Before you knock")).to_be_in_viewport()
    press(page, before.get_by_role("link", name="The property"))
    page.wait_for_url("**/properties/*")
    # By the browser's own key for it.
    page.go_back()
    page.wait_for_url(f"**/visits/{visit}#before")
    before.wait_for()


def test_the_walk_is_done_with_a_keyboard_alone_with_no_signal_in_the_middle(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    visit = plan(phone, office.ids["quay"])
    packed(phone)
    page = phone.open("/today")
    press(page, page.locator(f"#visit-{visit} h2 a"))
    page.wait_for_url(f"**/visits/{visit}")
    page.locator("#before").wait_for()
    phone.offline()
    reads_before_knocking(page, visit)
    saved(phone, page, page.get_by_role("button", name="Start visit"))
    press(page, page.locator("#work").get_by_role("link", name="Start the inspection"))
    press(page, page.get_by_role("button", name="Start", exact=True))
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    press(page, page.locator(".backlink"))
    page.wait_for_url(f"**/visits/{visit}#work")
    expect(page.locator("#work")).to_contain_text("Begun on this phone")
    press(page, page.locator("#see > summary"))
    form = page.locator("#see form.finding-form")
    pick(page, form.locator("input[name='what']").first)
    pick(page, form.locator("input[name='severity']").first)
    tab_to(page, form.locator("textarea[name='note']"))
    page.keyboard.type("Gutter leaks")
    saved(phone, page, form.get_by_role("button", name="Save finding"))
    press(page, page.locator("#raise-task > summary"))
    form = page.locator("#raise-task form")
    pick(page, form.locator("input[name='kind']").first)
    tab_to(page, form.locator("textarea[name='what']"))
    page.keyboard.type("Ask about the gutter")
    saved(phone, page, form.get_by_role("button", name="Raise the task"))
    press(page, page.locator("#again > summary"))
    form = page.locator("#again form")
    tab_to(page, form.locator("input[name='day']"))
    page.keyboard.type("01122027")
    saved(phone, page, form.get_by_role("button", name="Plan it"))
    phone.offline(False)
    phone.all_sent()
    in_sight(page)
    if page.locator("#finish").get_attribute("open") is None:
        press(page, page.locator("#finish > summary"))
    form = page.locator("#finish form")
    chosen = form.locator("input[name='outcome']:checked")
    pick(page, chosen if chosen.count() else form.locator("input[name='outcome']").first)
    saved(phone, page, form.get_by_role("button", name="Finish visit"))
    phone.all_sent()
    in_sight(page)
    everything_once(phone, office)
    events = office.rows("SELECT what FROM visit_event WHERE visit = ? ORDER BY received_at", visit)
    assert [row["what"] for row in events] == ["started", "finished"]
    assert len(office.rows("SELECT id FROM task WHERE visit = ?", visit)) == 1
    press(page, page.locator("#act a").first)
    page.wait_for_url(re.compile("/today"))
