"""What the bar and the wall do as time passes, with the page's clock put forward; and Ben, the buddy."""

import re
from itertools import pairwise

from playwright.sync_api import Page

from tests.phone import link as net
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.test_lone import HELD_MS, choose_pins, end
from tests.phone.test_pages import problems
from tests.phone.test_wall import DESK
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO
AGAIN = (2, 4, 8, 16, 30, 30)
"""Seconds between tries of what says that somebody is well (the design, 4.8)."""
BUSY = 3  # seconds that a busy machine may take to come to it
SEEN = "performance.now() / 1000"


def go_out(phone: Device, buddy: str = "") -> Page:
    page = phone.open("/lone-working/new")
    page.fill("#place", "The old mill")
    if buddy:
        page.get_by_label("Who looks out for you?").select_option(label=buddy)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/today")
    expect(page.locator("#safety-bar[data-safety]")).to_be_visible(timeout=20_000)
    return page


def in_her_hand(phone: Device) -> Page:
    """Out, with the page's clock in the test's hands."""
    go_out(phone)
    phone.page.clock.install()
    page = phone.open("/today")
    expect(page.locator("#safety-bar")).to_contain_text("last confirmed", use_inner_text=True)
    return page


def test_the_bar_is_amber_once_a_minute_passed_unconfirmed_and_not_before(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    choose_pins(phone)
    page = in_her_hand(phone)
    bar, amber = page.locator("#safety-bar"), page.locator("#safety-bar.safety--off")
    phone.offline()
    phone.saved(lambda: bar.get_by_role("button", name="I’m safe").click())
    expect(bar).to_contain_text(re.compile(r"not confirmed since \d\d:\d\d"), use_inner_text=True)
    page.clock.fast_forward(30_000)
    expect(bar).to_contain_text("The office does not know yet")
    expect(amber).to_have_count(0)
    page.clock.fast_forward(31_000)
    expect(amber).to_be_visible()
    assert problems(page) == []
    phone.offline(False)
    phone.all_sent()
    expect(amber).to_have_count(0)
    expect(bar).to_contain_text(re.compile(r"last confirmed \d\d:\d\d"), use_inner_text=True)
    end(phone)


def test_what_says_that_she_is_well_is_tried_again_after_two_four_eight_sixteen_and_thirty_seconds(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    page = in_her_hand(phone)
    link.fault = lambda asked: net.lost_before if asked.path.endswith("/check-in") else None
    phone.saved(lambda: page.locator("#safety-bar").get_by_role("button", name="I’m safe").click())
    tried = tries_of(page, link, seconds=sum(AGAIN) + len(AGAIN))
    for wanted, (before, after) in zip(AGAIN, pairwise(tried), strict=False):
        assert after - before <= wanted + BUSY, f"{tried}"
    assert len(tried) > len(AGAIN)
    assert len(tried) <= 3 * len(AGAIN), f"and not without an end: {tried}"

    link.log.clear()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: bool(checks_in(link)))
    link.mend()
    phone.all_sent()
    assert [row["what"] for row in office.rows(HAPPENED)] == ["started", "checked_in"]
    end(phone)


NEWEST = "SELECT id FROM lone_session ORDER BY id DESC LIMIT 1"
HAPPENED = f"SELECT what FROM session_event WHERE session = ({NEWEST}) ORDER BY seq"


def checks_in(link: Link) -> list[str]:
    return [asked.command for asked in link.log if asked.path.endswith("/check-in")]


def tries_of(page: Page, link: Link, seconds: int) -> list[float]:
    """By the page's own clock, which is put forward second by second: when each try left the phone."""
    found: list[float] = []
    for _ in range(seconds):
        page.clock.run_for(1_000)
        now = float(page.evaluate(SEEN))
        found += [now] * (len(checks_in(link)) - len(found))
    return found


def test_ben_the_buddy_takes_it_on_though_the_signal_went_in_the_middle(
    new_phone: NewPhone, office: Doorstep
) -> None:
    """He is told plainly that nothing went: an alarm is never his only because his phone believes so."""
    asha, ben = new_phone("asha"), new_phone("ben")
    go_out(asha, "Ben Test")
    office.overdue(office.ids["asha"], 6)
    until(lambda: bool(office.rows("SELECT id FROM alarm WHERE state = 'open'")))
    page = ben.open("/lone-working")
    page.locator(".alarm--open").first.get_by_role("link", name="Open").click()
    expect(page.locator("#alarm")).to_contain_text("Nobody has this yet")
    assert problems(page) == []
    with ben.no_signal():
        page.get_by_role("button", name="I’ll take this").click()
        expect(page.get_by_text("The office could not be reached, so this may not be saved.")).to_be_visible()
        expect(page.locator("#alarm")).to_contain_text("Nobody has this yet")
        expect(page.get_by_role("link", name="Call 999")).to_be_visible()
        assert not ben.rows("ops")
        assert problems(page) == []
    assert office.rows("SELECT id FROM alarm WHERE state = 'open' AND owner IS NULL")
    page.get_by_role("button", name="I’ll take this").click()
    expect(page.locator("#alarm")).to_contain_text("You have this")
    with ben.no_signal():
        page.fill("#words", "With her at the car, all well")
        page.get_by_label("I have spoken to Asha Test").check()
        page.get_by_label("They are out: end the session too").check()
        page.get_by_role("button", name="Close the alarm").click()
        expect(page.get_by_text("The office could not be reached, so this may not be saved.")).to_be_visible()
        expect(page.locator("#words")).to_have_value("With her at the car, all well")
    page.get_by_role("button", name="Close the alarm").click()
    expect(page.locator("#alarm")).to_contain_text("Closed by Ben Test")
    assert ben.console == []


def test_with_no_signal_the_other_ways_are_offered_after_five_seconds_and_one_is_a_text_to_her_buddy(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    go_out(phone, "Ben Test")
    phone.page.clock.install()
    page = phone.open("/today")
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("last confirmed", use_inner_text=True)
    phone.offline()
    phone.saved(lambda: bar.get_by_role("button", name=re.compile("Help")).click(delay=HELD_MS))
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("link", name="Text Ben Test")).to_have_attribute("href", re.compile("^sms:"))
    expect(page.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    phone.offline(False)
    phone.all_sent()
    until(lambda: bool(office.rows("SELECT id FROM alarm WHERE kind = 'panic'")))


def test_the_wall_is_red_fifteen_seconds_after_the_engine_was_seen_and_not_after_ten(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    dina = new_phone("dina")
    dina.page.clock.install()
    wall = dina.open("/lone-working")
    engine = wall.locator(".engine")
    expect(engine).to_contain_text(re.compile(r"Engine seen \d s ago"))
    link.down = True
    wall.clock.fast_forward(6_000)
    expect(engine).to_contain_text(re.compile(r"Engine seen \d+ s ago"))
    expect(wall.locator(".engine--late")).to_have_count(0)
    wall.clock.fast_forward(10_000)
    expect(wall.locator(".engine--late")).to_contain_text("Alarms may be late: watch by phone")
    wall.clock.fast_forward(60_000)
    expect(engine).to_contain_text(re.compile(r"Engine seen \d\d s ago"))
    assert problems(wall) == []
    link.mend()
    expect(wall.locator(".engine--late")).to_have_count(0, timeout=30_000)


def test_the_first_press_on_a_wall_lands_where_it_was_meant_though_it_switches_the_sound_on(
    new_phone: NewPhone, office: Doorstep
) -> None:
    """The notice about the sound goes, and nothing may move under a finger that is still down."""
    asha, dina = new_phone("asha"), new_phone("dina", **DESK)
    if not asha.page.locator("#safety-bar[data-safety]").count():
        go_out(asha)
    office.overdue(office.ids["asha"])
    wall = dina.open("/lone-working")
    expect(wall.locator(".alarm--open").first).to_be_visible(timeout=30_000)
    expect(wall.locator("[data-siren]")).to_contain_text("Sound is off until you tap here")
    wall.locator(".alarm--open").first.get_by_role("link", name="Open").click(delay=500)
    wall.wait_for_url("**/lone-working/alarms/*")
