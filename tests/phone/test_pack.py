"""Take my day: packed with a signal, used without one, gone when it must be."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page

from pwa.clock import LONDON
from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.proof import everything_once
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

HELD = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('pack-'));
  const found = [];
  for (const name of names) for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  return found.filter((url) => !url.endsWith('/pack-seal'));
}"""
READY = re.compile(r"^(\d+) of \1 ready, today and tomorrow · [\d.]+ [KM]B · packed \d\d:\d\d$")


def held(phone: Device, page: Page | None = None) -> list[str]:
    return sorted(str(url).removeprefix(phone.url) for url in (page or phone.page).evaluate(HELD))


def with_worker(phone: Device) -> None:
    """A page that was under way while the worker took over is not in its hands; the next one is."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.open("/today?whose=mine")
    walk.worker_ready(phone)


def packed(phone: Device) -> list[str]:
    """Take my day, by its button, until it is sealed. Gives what is on the phone."""
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    return held(phone)


def test_a_packed_day_opens_whole_with_no_signal_and_what_is_done_there_arrives_once(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    quay, linden = office.ids["quay"], office.ids["linden"]
    visits = [plan(phone, home, "any") for home in (quay, linden)]
    urls = packed(phone)
    assert {f"/visits/{visits[0]}", f"/properties/{linden}", "/today?whose=mine"} <= set(urls)
    with phone.no_signal():
        for url in urls:
            page = phone.open(url)
            expect(page.locator("main .copy-line"), url).to_contain_text("Copy from")
        inspection = walk.start(phone, linden)
        phone.saved(lambda: walk.meter(phone.page, "meters_gas", "4711"))
        unplanned(phone, quay)
    phone.open("/today")
    phone.all_sent()
    everything_once(phone, office)
    assert len(office.rows("SELECT id FROM inspection WHERE id = ?", inspection.rsplit("/", 1)[1])) == 1
    assert len(office.rows("SELECT id FROM visit WHERE note = 'Called in passing'")) == 1


def unplanned(phone: Device, home: str) -> None:
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", datetime.now(UTC).astimezone(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.fill("textarea[name='note']", "Called in passing")
    phone.saved(lambda: page.get_by_role("button", name="Plan the visit").click())


def test_a_change_is_said_and_one_tap_packs_just_that(new_phone: NewPhone, office: Doorstep) -> None:
    phone, desk = new_phone("ben"), new_phone("dina")
    with_worker(phone)
    plan(phone, office.ids["saltmarsh"], "any")
    before = packed(phone)
    asked: list[str] = []
    phone.page.on(
        "request",
        lambda request: (
            asked.append(request.url.removeprefix(phone.url)) if "doorstep-pack" in request.headers else None
        ),
    )
    plan(desk, office.ids["saltmarsh"], "morning")
    page = phone.open("/today")
    expect(page.locator("[data-pack]")).to_contain_text(re.compile(r"\d+ changed since \d\d:\d\d"))
    asked.clear()
    page.get_by_role("button", name="Pack what changed").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    expect(page.locator("[data-pack]")).not_to_contain_text("changed since")
    new = set(held(phone)) - set(before)
    home = f"/properties/{office.ids['saltmarsh']}"
    assert {*new, f"{home}/visits"} <= set(asked)
    assert not {f"{home}/inspections/blank/void", f"/visits/new?property={office.ids['saltmarsh']}"} & set(asked)


def test_a_tab_killed_while_packing_goes_on_where_it_was(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    link.fault = lambda asked: net.lost_before if "/blank/" in asked.path else None
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    until(lambda: len(held(phone)) > 5)
    phone.kill()
    link.mend()
    before = len(office.rows("SELECT id FROM receipt"))
    phone.switch_on()
    page = phone.open("/today")
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    assert len(office.rows("SELECT id FROM receipt")) == before, "packing writes nothing"


def test_what_could_not_be_packed_is_said_with_why_and_tried_again(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    link.fault = lambda asked: net.lost_before if "/blank/void" in asked.path else None
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator("[data-pack]")).to_contain_text("7 Quay Street is not packed: no signal.", timeout=60_000)
    assert not READY.match(page.locator(".seal").inner_text())
    link.mend()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)


def test_a_pack_goes_at_sign_out_and_when_somebody_else_signs_in(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    assert packed(phone)
    phone.sign_in("carol")
    until(lambda: held(phone) == [])
    with phone.no_signal():
        page = phone.open(f"/properties/{office.ids['quay']}")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()
    phone.sign_in("asha")
    packed(phone)
    phone.open("/you")
    phone.page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    phone.page.wait_for_url(re.compile("/sign-in"))
    assert held(phone) == []


def test_a_lost_phone_forgets_its_pack_and_keeps_what_it_has_not_sent(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, desk = new_phone(), new_phone("ade")
    phone.sign_in("ben")
    with_worker(phone)
    visit = plan(phone, office.ids["linden"], "any")
    packed(phone)
    device = phone.page.evaluate("document.cookie").split("device=")[1][:36]
    with phone.no_signal():
        unplanned(phone, office.ids["linden"])
        waiting = [str(op["id"]) for op in phone.rows("ops")]
        desk.open(f"/devices/{device}")
        desk.page.fill("textarea[name='reason']", "Left on a bus")
        desk.page.get_by_role("button", name="Mark it lost").click()
        expect(desk.page.locator("main")).to_contain_text("Marked lost.")
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("main")).to_contain_text("This phone was marked lost.")
    assert held(phone) == []
    assert [str(op["id"]) for op in phone.rows("ops")] == waiting
    desk.page.fill("textarea[name='reason']", "In the van")
    desk.page.get_by_role("button", name="It is found").click()
    expect(desk.page.get_by_role("button", name="Mark it lost")).to_be_visible()
    phone.sign_in("ben")
    phone.all_sent()
    everything_once(phone, office)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"


def test_on_an_iphone_in_a_tab_the_home_screen_is_asked_for_first(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha", user_agent=IPHONE)
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.get_by_role("heading", name="First put Doorstep on your Home Screen")).to_be_visible()
    pictures = page.locator("[data-pack] img")
    expect(pictures).to_have_count(3)
    until(lambda: bool(pictures.evaluate_all("all => all.every((one) => one.naturalWidth > 0)")))
    assert held(phone) == []
    page.get_by_role("button", name="Pack in this tab all the same").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)


def test_a_pack_is_gone_after_a_day_and_an_upgrade_leaves_it(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("dina")
    with_worker(phone)
    visit = plan(phone, office.ids["quay"], "any")
    page = phone.open("/today?whose=mine")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    urls = held(phone)
    # What activating another build does to a pack: nothing.
    page.evaluate(
        "navigator.serviceWorker.getRegistration().then((one) => one.unregister()).then(() => caches.keys())"
    )
    page = phone.open("/today?whose=mine")
    with_worker(phone)
    assert held(phone) == urls
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.locator("main .copy-line")).to_contain_text("Copy from")
    page.evaluate(OLDER)
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()
    page = phone.open("/today?whose=mine")
    expect(page.get_by_role("button", name="Take my day")).to_be_visible()
    expect(page.locator("[data-pack]")).not_to_contain_text("cleared")
    assert held(phone) == []


# A day and a minute go by for all that is kept on the phone.
OLDER = """async () => {
  const old = new Date(Date.now() - 86460000).toISOString();
  const [person] = (localStorage.getItem('packed') ?? '').split(' ');
  if (person) localStorage.setItem('packed', `${person} ${old}`);
  for (const name of await caches.keys()) {
    if (!/^(pack|kept)-/.test(name)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const found = await cache.match(request, { ignoreVary: true });
      const headers = new Headers(found.headers);
      headers.set('Doorstep-Kept-At', old);
      let body = await found.arrayBuffer();
      if (request.url.endsWith('/pack-seal')) {
        const seal = JSON.parse(new TextDecoder().decode(body));
        body = JSON.stringify({ ...seal, packedAt: old });
      }
      await cache.put(request, new Response(body, { headers }));
    }
  }
}"""


def test_a_full_phone_says_so_and_keeps_what_waits(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("ben")
    with_worker(phone)
    plan(phone, office.ids["saltmarsh"], "any")
    phone.open("/today")
    walk.kept(phone, f"/visits/new?property={office.ids['saltmarsh']}")
    with phone.no_signal():
        unplanned(phone, office.ids["saltmarsh"])
        waiting = [str(op["id"]) for op in phone.rows("ops")]
        phone.page.route("**/visits", lambda route: route.abort())
    session = phone.context.new_cdp_session(phone.page)
    # Room for the list of the pack, and for few of its pages.
    used = int(phone.page.evaluate("navigator.storage.estimate().then(({ usage }) => usage)"))
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": used + 120_000})
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator("[data-pack]")).to_contain_text(
        "Your phone is full. What you recorded is safe.", timeout=60_000
    )
    assert not READY.match(page.locator("[data-pack]").inner_text())
    assert {str(op["id"]) for op in phone.rows("ops")} == set(waiting)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.url})
    phone.page.unroute("**/visits")
    phone.all_sent()
    page = phone.open("/today")
    # It goes on by itself; where the pack itself had to make room for what was recorded, it is asked for again.
    seal, again = page.locator(".seal"), page.get_by_role("button", name="Take my day")
    expect(seal.or_(again).first).to_be_visible(timeout=60_000)
    if again.count():
        again.click()
    expect(seal).to_have_text(READY, timeout=60_000)
