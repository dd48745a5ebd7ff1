"""Every page there is, full of work: nobody is shut out, nothing runs off the side or complains.

The pages are found from the app's routes (every_page.py); what one may look like in another state is listed here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.phone import walk
from tests.phone.device import until
from tests.phone.every_page import NO_PAGE, gets, whole, wholes
from tests.phone.link import Link, lost_before
from tests.phone.lived import HOB, Lived, lived_in
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Tall, so that the bar at the bottom covers nothing that would be scrolled from under it.
SIZES = [(360, 4000), (1280, 4000)]
# 48 px for what a thumb presses; 24 for a link among words.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, textarea, .pick, .addphoto')]
  .filter((one) => one.checkVisibility() && !one.closest('p, td, th, dd, h2, h3, .toast'))
  .filter((one) => !one.matches('.to, .skip'))
  .map((one) => [one, one.getBoundingClientRect(), one.matches('a:not([class])') ? 23.5 : 47.5])
  .filter(([, box, least]) => box.width && box.height && (box.height < least || box.width < Math.min(least, 44)))
  .map(([one, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`)"""


@pytest.fixture(scope="module")
def lived(
    playwright: Playwright, office: Doorstep, link: Link, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with lived_in(playwright, link.url, office, tmp_path_factory.mktemp("browsers")) as world:
        yield world


def as_it_is(_: Page) -> None: ...


def open_item(page: Page) -> None:
    walk.item(page, HOB)
    page.locator(f"#wrong-{HOB} > summary").click()
    walk.pick(page.locator(f"#wrong-{HOB}"), "what", "hazard")


ALL_OPEN = """document.querySelectorAll('main details').forEach((one) => {
  one.removeAttribute('name');
  one.open = true;
})"""


def all_open(page: Page) -> None:
    page.evaluate(ALL_OPEN)


def finish(page: Page) -> None:
    page.locator("#pills a[href='#finish']").click()
    page.locator("#finish details.more > summary").first.click()


def the_end(page: Page) -> None:
    page.locator("#pills a[href='#finish']").click()


# A comparison with something in it is in test_comparison.py; this home has none.
EXPECTED = {
    "/inspections/{open}/comparison/kitchen_hob": (404,),
    "/inspections/nothing": (404,),
    "/inventory/nothing": (404,),
    "/nothing-here": (404,),
    "/invitation": (400,),
}
Act = Callable[[Page], None]
# The pages of routes have their own states, and others who see other things on them.
STATES: dict[str, tuple[str, str, Act]] = {
    "a search with nothing found": ("asha", "/properties?q=zzzzqq", as_it_is),
    "an item being filled in": ("asha", "/inspections/{open}", open_item),
    "finishing": ("asha", "/inspections/{open}", finish),
    "a completed inspection": ("asha", "/inspections/{done}", as_it_is),
    "a move-in in the household's hands": ("asha", "/inspections/{moved_in}", the_end),
    "an inventory that is closed": ("nobody", "/inventory/nothing", as_it_is),
    "the whole of an inventory": ("nobody", "/inventory/{inventory}/items/whole", as_it_is),
    "messages of an administrator": ("ade", "/messages", as_it_is),
    "no such page": ("asha", "/inspections/nothing", as_it_is),
    "the wall of a manager": ("dina", "/lone-working", as_it_is),
    "an alarm of a manager": ("dina", "/lone-working/alarms/{alarm}", as_it_is),
    "today of a manager": ("dina", "/today", as_it_is),
    "tomorrow of a manager": ("dina", "/today/tomorrow", as_it_is),
    "a visit's forms, all open": ("asha", "/visits/{visit}", all_open),
    "a visit that is begun": ("asha", "/visits/{begun}", as_it_is),
    "a begun visit's forms, all open": ("asha", "/visits/{begun}", all_open),
    "a begun visit of a manager": ("dina", "/visits/{begun}", as_it_is),
    "a task's forms, all open": ("asha", "/tasks/{task}", all_open),
    "tasks of a manager": ("dina", "/tasks", as_it_is),
    "changing several visits": ("dina", "/visits/several?officer={asha}", as_it_is),
    "no such page for nobody": ("nobody", "/nothing-here", as_it_is),
    "an invitation that has ended": ("nobody", "/invitation", as_it_is),
    "what is with an officer": ("dina", "/review?kind=back", as_it_is),
    "an inspection under way that a manager would review": ("dina", "/inspections/{open}/review", as_it_is),
    "visits of a manager": ("dina", "/visits?whose=team", as_it_is),
    "a property of a manager": ("dina", "/properties/{saltmarsh}", as_it_is),
    "a person of an administrator": ("ade", "/people/{ben}", as_it_is),
    "what a contractor sees": ("callum", "/you", as_it_is),
}


def problems(page: Page) -> list[tuple[str, str]]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize("route", wholes())
def test_nobody_is_shut_out_of_any_page(lived: Lived, route: str) -> None:
    page = whole(route)
    look(lived, page.who, page.path)


@pytest.mark.parametrize("name", STATES)
def test_nobody_is_shut_out_of_it_in_another_state(lived: Lived, name: str) -> None:
    look(lived, *STATES[name])


def test_what_is_left_out_is_no_whole_page_and_is_still_there(lived: Lived) -> None:
    assert set(NO_PAGE) <= set(gets())
    for route in [route for route in NO_PAGE if "{sha256" not in route and "{name" not in route]:
        one = whole(route)
        device = lived.device("asha" if one.who == "nobody" else one.who)
        answer = device.page.request.get(device.url + lived.path(one.path), max_redirects=0)
        assert answer.status in (200, 303), route
        assert not answer.text().startswith("<!doctype html"), route


def look(lived: Lived, who: str, path: str, act: Act = as_it_is) -> None:
    device = lived.device(who)
    device.console.clear()
    page = device.page
    page.set_viewport_size({"width": 360, "height": 640})
    answer = page.goto(device.url + lived.path(path))
    assert answer and answer.status in EXPECTED.get(path, (200,)), path
    act(page)
    look_everywhere(page)
    assert device.console == []


def look_everywhere(page: Page) -> None:
    """In both themes and widths; then at 320 px, and what a thumb must hit."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert problems(page) == [], f"{theme} at {width} px"
    page.set_viewport_size({"width": 360, "height": 640})
    small = page.evaluate(SMALL)
    assert not small, small
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nobody_is_shut_out_of_the_list_of_what_waits(lived: Lived, link: Link) -> None:
    phone, page = lived.phone, lived.phone.page
    page.set_viewport_size({"width": 360, "height": 640})
    phone.open(f"/inspections/{lived.ids['open']}")
    link.down = True
    phone.saved(lambda: walk.read(page, "kitchen_sink", "V"))
    phone.saved(lambda: walk.finding(page, "kitchen_walls", "Mould behind the fridge"))
    walk.photos(page, "kitchen_walls", [fresh()])
    until(lambda: len(phone.rows("ops")) == 4)
    look_everywhere(page)
    page.evaluate(PARK)
    link.down = False
    link.fault = lambda asked: lost_before if asked.writes else None
    phone.open("/outbox")
    phone.chip("needs you")
    look_everywhere(page)
    link.mend()
    page.get_by_role("button", name="Try again").click()
    phone.all_sent()


PARK = """async () => {
  const opening = indexedDB.open('doorstep');
  const db = await new Promise((ok) => { opening.onsuccess = () => ok(opening.result); });
  const store = db.transaction('ops', 'readwrite').objectStore('ops');
  const rows = await new Promise((ok) => { const r = store.getAll(); r.onsuccess = () => ok(r.result); });
  const answer = { status: 422, say: 'Enter a number.', at: new Date().toISOString() };
  const row = { ...rows[0], status: 'parked', answer };
  await new Promise((ok) => { store.put(row).onsuccess = () => ok(null); });
  db.close();
}"""
