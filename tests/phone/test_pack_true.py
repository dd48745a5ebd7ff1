"""A packed page says what is so: what was sent since shows, what is old goes, what came wrong is not counted."""

import re
import threading
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.phone import link as net
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Crossing, Link
from tests.phone.proof import everything_once
from tests.phone.test_pack import OLDER, READY, held, packed, with_worker
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

SAVED = "Saved on this phone"
RECEIVED = re.compile(r"Started \d\d:\d\d")


def with_pack(new_phone: NewPhone, office: Doorstep, name: str, home: str) -> tuple[Device, str]:
    phone = new_phone()
    phone.sign_in(name)
    with_worker(phone)
    visit = plan(phone, office.ids[home], "any")
    packed(phone)
    return phone, visit


def nothing_packed_anew(crossing: Crossing) -> None:
    if crossing.headers.get("Doorstep-Pack"):
        crossing.hang_up()
    else:
        net.answer_as_it_is(crossing)


def test_a_visit_started_on_today_is_started_on_its_own_page_too_and_the_other_way_round(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "asha", "quay")
    start = phone.page.get_by_role("button", name="Start visit")
    with phone.no_signal():
        page = phone.open("/today")
        phone.saved(lambda: start.click())
        page = phone.open(f"/visits/{visit}")
        expect(page.locator("#act")).to_contain_text(SAVED)
        expect(start).to_have_count(0)
        expect(page.locator("#heading")).to_have_text("Started")
    phone.all_sent()
    expect(page.locator("#act")).not_to_contain_text(SAVED)
    expect(start).to_have_count(0)
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.locator("#act").get_by_role("link", name="Record the check")).to_be_visible()
        expect(start).to_have_count(0)
    second = plan(phone, office.ids["linden"], "any")
    phone.open(f"/visits/{second}")
    page = phone.open("/today")
    page.locator(f"#visit-{second}").wait_for()
    with phone.no_signal():
        phone.open(f"/visits/{second}")
        phone.saved(lambda: start.click())
        page = phone.open("/today")
        expect(page.locator("#day")).to_be_visible()
        expect(page.locator(f"#visit-{second} button", has_text="Start visit")).to_have_count(0)
    phone.open("/today")
    phone.all_sent()
    everything_once(phone, office)
    for one in (visit, second):
        events = office.rows("SELECT what FROM visit_event WHERE visit = ?", one)
        assert [row["what"] for row in events] == ["started"]


def test_a_packed_page_from_before_what_was_sent_about_it_is_asked_for_first(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone, visit = with_pack(new_phone, office, "ben", "saltmarsh")
    link.fault = lambda asked: nothing_packed_anew
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("main .copy-line")).to_contain_text("Copy from")
    page.get_by_role("button", name="Start visit").click()
    expect(page.locator("#heading")).to_contain_text(RECEIVED)
    phone.open("/today")
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("#heading")).to_contain_text("Started")
    expect(page.locator("main .copy-line")).to_have_count(0)


def test_a_visit_given_to_another_team_leaves_the_pack_once_the_office_says_so(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "asha", "linden")
    office.hand_over("visit", visit, office.ids["carol"])
    page = phone.open(f"/visits/{visit}")
    page.get_by_role("button", name="Show what is new").click()
    expect(page.get_by_text("We cannot find that.").first).to_be_visible()
    assert f"/visits/{visit}" not in held(phone)
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()


def test_who_is_signed_out_is_told_on_the_packed_page_and_led_to_the_door(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "ben", "quay")
    office.end_sessions(office.ids["ben"])
    page = phone.open(f"/visits/{visit}")
    page.get_by_role("button", name="You are signed out. Sign in again").click()
    page.wait_for_url(re.compile(r"/sign-in\?next="))


def test_pages_over_a_day_old_are_not_called_ready_and_go_from_the_phone_whichever_page_is_opened(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "asha", "saltmarsh")
    # The pages are a day old; the pack was sealed again since.
    age = OLDER.replace("const found", "if (request.url.endsWith('/pack-seal')) continue; const found")
    page = phone.open("/today")
    page.evaluate(age)
    phone.open("/you")
    until(lambda: held(phone) == [])
    phone.page.route("**/today/pack**", lambda route: route.abort())
    page = phone.open("/today")
    expect(page.locator(".seal")).to_contain_text(re.compile(r"0 of \d+ ready"))
    expect(page.locator("[data-pack]")).to_contain_text("There is no signal just now.")
    page.unroute("**/today/pack**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    assert f"/visits/{visit}" in held(phone)


def test_a_phone_that_was_killed_and_switched_on_with_no_signal_has_the_day(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "ben", "linden")
    urls = held(phone)
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("main .copy-line")).to_contain_text("Copy from")
    page = phone.open("/today")
    expect(page.locator(".seal")).to_have_text(READY)
    assert held(phone) == urls


def test_a_page_that_came_changed_on_the_way_is_not_called_ready(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    visit = plan(phone, office.ids["quay"], "any")
    wrong = net.says(200, b"<p>Welcome to the wifi of Quay Cafe", Content_Type="text/html")
    link.fault = lambda asked: wrong if asked.path == f"/visits/{visit}" else None
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator("[data-pack]")).to_contain_text(
        "7 Quay Street is not packed: it changed just now.", timeout=60_000
    )
    assert not READY.match(page.locator(".seal").inner_text())
    assert f"/visits/{visit}" not in held(phone)


# A phone that says it has written a page, and has written half of it.
HALF = """const put = Cache.prototype.put;
Cache.prototype.put = async function (url, copy) {
  if (!String(url).includes('/blank/void')) return put.call(this, url, copy);
  const text = await copy.text();
  return put.call(this, url, new Response(text.slice(0, text.length / 2), { headers: copy.headers }));
};"""


def test_a_page_that_was_not_written_whole_is_not_called_ready(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("ben")
    with_worker(phone)
    plan(phone, office.ids["saltmarsh"], "any")
    phone.page.add_init_script(HALF)
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    expect(page.locator("[data-pack]")).to_contain_text(
        "22 Saltmarsh Road is not packed: this phone did not keep it whole.", timeout=60_000
    )
    assert not READY.match(page.locator(".seal").inner_text())


# Where the phone itself, or another page of Doorstep on it, takes away what is packed.
CLEARED = """caches.keys().then((names) =>
  Promise.all(names.filter((name) => name.startsWith('pack-')).map((name) => caches.delete(name))))"""


def test_what_was_cleared_while_it_was_packed_is_not_called_ready(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    gate = threading.Event()
    link.fault = lambda asked: net.late(gate) if "/blank/void" in asked.path else None
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    until(lambda: len(held(phone)) > 5)
    page.evaluate(CLEARED)
    gate.set()
    expect(page.locator(".seal")).to_be_visible(timeout=60_000)
    assert not READY.match(page.locator(".seal").inner_text())
    link.mend()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)


def test_a_phone_that_is_called_lost_while_it_packs_keeps_nothing_of_it(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    visit = plan(phone, office.ids["quay"], "any")
    says_lost = net.says(303, b"", Location="/sign-in", Doorstep_Device="lost")
    door = net.says(200, b"<p>Sign in", Content_Type="text/html", Doorstep_Device="lost")
    link.fault = lambda asked: (
        says_lost if asked.path == f"/visits/{visit}" else door if asked.path == "/sign-in" else None
    )
    page = phone.open("/today")
    page.get_by_role("button", name="Take my day").click()
    page.wait_for_url("**/sign-in", timeout=30_000)
    assert page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('pack-')))") == []


def test_what_the_browser_cleared_is_said_and_packed_again_and_what_waits_is_sent(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, visit = with_pack(new_phone, office, "ben", "quay")
    start = phone.page.get_by_role("button", name="Start visit")
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        phone.saved(lambda: start.click())
        page.evaluate(EVICTED)
        page = phone.open("/today")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()
        expect(page.locator("main")).to_contain_text("browser cleared the pages that were kept on it")
        expect(page.locator("main")).to_contain_text("1 thing recorded here is still on this phone")
        worn(page)
    phone.page.route("**/today/pack**", lambda route: route.abort())
    page = phone.open("/today")
    place = page.locator("[data-pack]")
    expect(place).to_contain_text(re.compile(r"cleared what was packed at \d\d:\d\d\. It is packed again when"))
    expect(place).not_to_contain_text("ready")
    page.unroute("**/today/pack**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".seal")).to_have_text(READY, timeout=60_000)
    expect(place).to_contain_text("It is packed again.")
    assert f"/visits/{visit}" in held(phone)
    phone.all_sent()
    everything_once(phone, office)
    assert [row["what"] for row in office.rows("SELECT what FROM visit_event WHERE visit = ?", visit)] == [
        "started"
    ]
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        expect(page.locator("#heading")).to_contain_text("Started")
        # Its own script is on the phone again too.
        expect(page.locator("[data-chip]").first).to_contain_text("All sent")
        page = phone.open("/messages")
        expect(page.get_by_role("heading", name="The office cannot be reached")).to_be_visible()


def worn(page: Page) -> None:
    """It looks like ours, by day and by night, and what is pressed is as large as anywhere."""
    button = page.get_by_role("link", name="Try again").bounding_box()
    assert button and button["height"] >= 48
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.emulate_media(color_scheme=None)
    assert grounds == ["rgb(238, 242, 241)", "rgb(8, 20, 24)"]


def test_a_home_that_became_confidential_after_it_was_packed_leaves_the_phone_once_today_opens(
    new_phone: NewPhone, office: Doorstep
) -> None:
    """And nothing else of the day does, nor is anybody asked to pack again."""
    phone = new_phone()
    phone.sign_in("ben")
    with_worker(phone)
    visit, other = (plan(phone, office.ids[home], "any") for home in ("linden", "saltmarsh"))
    assert {f"/visits/{visit}", f"/visits/{other}"} <= set(packed(phone))
    dina = new_phone("dina")
    page = dina.open(f"/properties/{office.ids['linden']}/warnings")
    page.select_option("select[name='code']", "20-70")
    page.fill("textarea[name='text']", "Fled")
    page.fill("input[name='review_on']", (datetime.now(UTC) + timedelta(days=30)).date().isoformat())
    page.get_by_role("button", name="Add the warning", exact=True).click()
    expect(page.locator("#warnings > ul > li")).to_contain_text("Fled")
    page = phone.open("/today")
    until(lambda: f"/visits/{visit}" not in held(phone))
    until(lambda: "14 Linden Court" not in str(page.evaluate(ALL_PACKED)))
    assert f"/visits/{other}" in held(phone)
    expect(page.locator("[data-pack]")).to_contain_text("not packed: open")
    expect(page.get_by_role("button", name="Pack what changed")).to_have_count(0)


# Every word of every page in the pack.
ALL_PACKED = """async () => {
  const words = [];
  for (const name of (await caches.keys()).filter((one) => one.startsWith('pack-'))) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const page = await cache.match(url, { ignoreVary: true });
      words.push(await page.text());
    }
  }
  return words.join(' ');
}"""


# As a browser short of room does: every page it keeps, and nothing of the database.
EVICTED = "caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))"
