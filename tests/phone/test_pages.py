"""Every page a signed-in person sees, full of work: nobody is shut out, nothing runs off the side or complains.

The pages before sign-in and the parts by themselves are in test_styleguide.py.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from playwright.sync_api import Page, Playwright

from pwa.pages import LONDON
from tests.phone import walk
from tests.phone.device import Device, until
from tests.phone.link import Link, lost_before
from tests.phone.proof import hashes
from tests.phone.shots import fresh
from tests.phone.test_styleguide import AXE, RULES
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
# Tall, so that the bar at the bottom covers nothing that would be scrolled from under it.
SIZES = [(360, 4000), (1280, 4000)]
# 48 px for what a thumb presses; 24 for a link among words.
SMALL = """() => [...document.querySelectorAll('a[href], button, summary, select, textarea, .pick, .addphoto')]
  .filter((one) => one.checkVisibility() && !one.closest('p, td, th, dd, h2, h3, .toast'))
  .filter((one) => !one.matches('.to, .skip'))
  .map((one) => [one, one.getBoundingClientRect(), one.matches('a:not([class])') ? 23.5 : 47.5])
  .filter(([, box, least]) => box.width && box.height && (box.height < least || box.width < Math.min(least, 44)))
  .map(([one, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`)"""


@dataclass
class Lived:
    """A home with an inspection under way, one completed, a visit planned, and a phone with work waiting."""

    phone: Device
    office: Doorstep
    open: str
    done: str
    visit: str

    def path(self, pattern: str) -> str:
        ids = self.office.ids
        return pattern.format(open=self.open, done=self.done, visit=self.visit, **ids)


def plan_visit(phone: Device, home: str) -> str:
    page = phone.open(f"/visits/new?property={home}")
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))
    return page.url.removeprefix(phone.url).split("?")[0]


def plan_today(phone: Device, home: str) -> None:
    """So that Today has cards, and one to be put before the other."""
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", datetime.now(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))


@pytest.fixture(scope="module")
def lived(
    playwright: Playwright, office: Doorstep, link: Link, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    phone = Device(playwright, link.url, tmp_path_factory.mktemp("phone") / "profile").switch_on()
    phone.sign_in("asha")
    done = walk.start(phone, office.ids["saltmarsh"])
    phone.saved(lambda: walk.satisfactory(phone.page, "kitchen"))
    walk.photos(phone.page, HOB, [fresh()])
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    visit = plan_visit(phone, office.ids["saltmarsh"])
    for home in ("linden", "quay"):
        plan_today(phone, office.ids[home])
    path = walk.start(phone, office.ids["saltmarsh"])
    phone.saved(lambda: walk.read(phone.page, HOB, "P"))
    phone.saved(lambda: walk.finding(phone.page, HOB, "Ring does not light. Smells of gas when it is lit"))
    walk.photos(phone.page, HOB, [fresh(), fresh()])
    until(lambda: len(hashes(phone)) == 3)
    phone.all_sent()
    yield Lived(phone, office, path, done, visit)
    phone.switch_off()


def as_it_is(_: Page) -> None: ...


def open_item(page: Page) -> None:
    walk.item(page, HOB)
    page.locator(f"#wrong-{HOB} > summary").click()
    walk.pick(page.locator(f"#wrong-{HOB}"), "what", "hazard")


def finish(page: Page) -> None:
    page.locator("#pills a[href='#finish']").click()
    page.locator("#finish details.more > summary").first.click()


Act = Callable[[Page], None]
PAGES: dict[str, tuple[str, str, Act]] = {
    "today": ("asha", "/today", as_it_is),
    "tomorrow": ("asha", "/today/tomorrow", as_it_is),
    "visits": ("asha", "/visits", as_it_is),
    "a visit": ("asha", "{visit}", as_it_is),
    "planning a visit": ("asha", "/visits/new?property={saltmarsh}", as_it_is),
    "properties": ("asha", "/properties", as_it_is),
    "a search with nothing found": ("asha", "/properties?q=zzzzqq", as_it_is),
    "a property": ("asha", "/properties/{saltmarsh}", as_it_is),
    "its warnings": ("asha", "/properties/{saltmarsh}/warnings", as_it_is),
    "its history": ("asha", "/properties/{saltmarsh}/history", as_it_is),
    "a new inspection": ("asha", "/properties/{saltmarsh}/inspections/new", as_it_is),
    "an inspection": ("asha", "{open}", as_it_is),
    "an item being filled in": ("asha", "{open}", open_item),
    "an item by itself": ("asha", "{open}/items/kitchen_hob", as_it_is),
    "finishing": ("asha", "{open}", finish),
    "a completed inspection": ("asha", "{done}", as_it_is),
    "inspections": ("asha", "/inspections", as_it_is),
    "you": ("asha", "/you", as_it_is),
    "a new password": ("asha", "/you/password", as_it_is),
    "no such page": ("asha", "/inspections/nothing", as_it_is),
    "today of a manager": ("dina", "/today", as_it_is),
    "tomorrow of a manager": ("dina", "/today/tomorrow", as_it_is),
    "changing several visits": ("dina", "/visits/several?officer={asha}", as_it_is),
    "visits of a manager": ("dina", "/visits?whose=team", as_it_is),
    "phones": ("dina", "/devices", as_it_is),
    "held": ("dina", "/held", as_it_is),
    "taking in a saved copy": ("dina", "/outbox/import", as_it_is),
    "a property to change": ("dina", "/properties/{saltmarsh}/edit", as_it_is),
    "a new property": ("dina", "/properties/new", as_it_is),
    "an import": ("dina", "/properties/import", as_it_is),
    "certificates": ("dina", "/properties/{saltmarsh}/certificates", as_it_is),
    "people": ("ade", "/people", as_it_is),
    "a new person": ("ade", "/people/new", as_it_is),
    "a person": ("ade", "/people/{ben}", as_it_is),
    "teams": ("ade", "/teams", as_it_is),
    "firms": ("ade", "/firms", as_it_is),
    "what a contractor sees": ("callum", "/you", as_it_is),
}


@pytest.fixture(scope="module")
def screens(
    playwright: Playwright, lived: Lived, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Device]]:
    """Everybody's own browser, signed in once."""
    made = {"asha": lived.phone}
    for name in ("dina", "ade", "callum"):
        made[name] = Device(playwright, lived.phone.url, tmp_path_factory.mktemp(name) / "profile").switch_on()
        made[name].sign_in(name)
    yield made
    for name in ("dina", "ade", "callum"):
        made[name].switch_off()


def problems(page: Page) -> list[tuple[str, str]]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(screens: dict[str, Device], lived: Lived, name: str) -> None:
    who, path, act = PAGES[name]
    device = screens[who]
    device.console.clear()
    page = device.page
    page.set_viewport_size({"width": 360, "height": 640})
    device.open(lived.path(path))
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
    phone.open(lived.open)
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
