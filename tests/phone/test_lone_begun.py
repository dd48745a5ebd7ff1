"""Asha goes in with no signal: her phone says that nobody watches, counts, and keeps all she says for later."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from lone_working.sessions.beginning import SAY_WHERE
from lone_working.sessions.buddies import NOT_OURS
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import HELD_MS, SAFE, choose_pins
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

START = "/lone-working/new"
NEWEST = "SELECT id FROM lone_session ORDER BY received_at DESC LIMIT 1"
HAPPENED = f"SELECT what FROM session_event WHERE session = ({NEWEST}) ORDER BY seq"


@pytest.fixture(scope="module")
def office(little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    server = Doorstep(data, {"DOORSTEP_DEMO": "1"}, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


def what(office: Doorstep) -> list[str]:
    return [row["what"] for row in office.rows(HAPPENED)]


def ready(phone: Device) -> Page:
    """The page of an own start is on the phone, as on any that has opened Today."""
    with_worker(phone)
    page = phone.open("/today")
    walk.kept(phone, START)
    walk.kept(phone, "/today")
    return page


def go_out(phone: Device, place: str = "The landlord at 4 Mill Lane") -> Page:
    page = phone.open(START)
    page.fill("#place", place)
    phone.saved(lambda: page.get_by_role("button", name="Start", exact=True).click())
    expect(page.locator("#safety-bar")).to_contain_text("NOT MONITORED: ring Dina Test.")
    return page


def spaces_go(phone: Device) -> None:
    """As from a page of before the phone itself turned spaces away."""
    page = phone.page
    page.evaluate(
        "['data-blank', 'pattern'].forEach((one) => document.querySelector('#place').removeAttribute(one))"
    )
    page.fill("#place", "  ")
    phone.saved(lambda: page.get_by_role("button", name="Start", exact=True).click())


def enter(page: Page, pin: str, button: str = "I’m out and safe") -> None:
    page.fill("#pin-now", pin)
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def test_an_own_start_with_no_signal_is_counted_extended_and_ended_on_the_phone(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    choose_pins(phone)
    ready(phone)
    phone.offline()
    page = go_out(phone)
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text(re.compile(r"(30|29) min"))
    expect(bar.get_by_role("link", name="Ring Dina Test")).to_have_attribute("href", re.compile("^tel:"))
    assert problems(page) == []

    page = phone.open("/today")  # another page, opened later from the phone
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("NOT MONITORED")
    phone.saved(lambda: bar.get_by_role("button", name="I’m safe").click())
    expect(bar).to_contain_text("The office does not know yet")
    phone.saved(lambda: bar.get_by_role("button", name=re.compile(r"\+15")).click())
    expect(bar).to_contain_text(re.compile(r"4[45] min"))
    page = phone.open("/nowhere-that-was-kept")
    expect(page.locator("#safety-bar")).to_contain_text("NOT MONITORED")
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    phone.saved(lambda: enter(page, SAFE))
    expect(page.get_by_role("dialog")).to_contain_text("nobody watches", timeout=15_000)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#safety-bar")).to_contain_text("Out and safe.")
    page = phone.open("/today")
    expect(page.locator("#safety-bar")).to_contain_text("Out and safe. Saved on this phone")
    assert SAFE not in re.sub(r"[0-9a-f-]{36}|sealed=[^'&]+|'[^']*(At|at)': '[^']*'", "", str(phone.rows("ops")))

    phone.offline(False)
    phone.all_sent()
    assert what(office) == ["started", "checked_in", "extended", "closed"]
    assert not office.rows("SELECT id FROM alarm"), "nobody was alarmed by what was over long ago"
    page = phone.open("/today")
    expect(page.locator("#safety-bar")).to_be_empty()
    assert phone.console == []


def test_an_own_start_that_says_no_place_is_not_taken_and_one_the_office_refuses_says_why_in_plain_words(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    page = ready(phone)
    phone.offline()
    page = phone.open(START)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#place:focus:invalid")).to_be_visible()  # by the phone itself: nobody else can say so
    assert not phone.rows("ops")
    spaces_go(phone)
    phone.offline(False)
    bar = page.locator("#safety-bar")
    expect(bar).to_contain_text("NOT MONITORED: ring Dina Test. Say where you are, in 200 letters or fewer.")
    expect(page.locator("#begin, #safety-bar").filter(has_text=re.compile(r"Error:|\.\."))).to_have_count(0)
    phone.send_now()
    bar.get_by_role("button", name="I’m out, or somebody knows").click()
    until(lambda: not phone.rows("ops"))


def test_a_place_of_spaces_is_turned_away_at_the_field_in_the_offices_words(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    page = ready(phone)
    phone.offline()
    page = phone.open(START)
    expect(page.locator(".tophelp")).to_be_visible()  # the script of this page is there
    page.get_by_label("45 min").check()
    page.fill("#place", "   ")
    for _ in range(2):  # said once, however often it is pressed
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator("#begin .govuk-error-message")).to_have_text(SAY_WHERE)
        expect(page.locator("#place:focus")).to_have_attribute("aria-invalid", "true")
    assert problems(page) == []
    assert not phone.rows("ops")
    expect(page.get_by_label("45 min")).to_be_checked()
    page.fill("#place", "The landlord at 4 Mill Lane")
    (start,) = phone.saved(lambda: page.get_by_role("button", name="Start", exact=True).click())
    assert "minutes=45" in start["body"]
    expect(page.locator("#safety-bar")).to_contain_text(re.compile(r"4[45] min"))
    expect(page.locator(".govuk-error-message")).to_have_count(0)
    assert phone.console == []


def test_spaces_are_turned_away_at_the_place_also_where_the_office_has_remarked_on_the_buddy(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    ready(phone)
    page = phone.open(START)
    expect(page.locator(".tophelp")).to_be_visible()
    page.fill("#place", "The landlord at 4 Mill Lane")
    page.evaluate(
        "(carol) => document.querySelector('#buddy').add(new Option('', carol, true, true))", office.ids["carol"]
    )
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#safety-bar")).to_contain_text(NOT_OURS)
    page = phone.open(START)
    said = page.locator("#begin .govuk-error-message")
    expect(said).to_contain_text(NOT_OURS)
    expect(page.locator("#safety-bar")).to_contain_text(NOT_OURS)  # the script of this page is there
    page.fill("#place", "  ")
    at_place = page.locator("#begin .govuk-form-group", has=page.locator("#place")).locator(".govuk-error-message")
    for _ in range(2):  # the office's remark stays, however often it is pressed
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator("#place:focus")).to_have_attribute("aria-invalid", "true")
        expect(at_place).to_have_text(SAY_WHERE)
        expect(said).to_have_count(2)
    assert problems(page) == []
    assert phone.console == []


def test_help_where_the_start_still_waits_goes_first_and_is_the_same_session(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    ready(phone)
    phone.offline()
    page = go_out(phone)
    button = page.locator("#safety-bar").get_by_role("button", name=re.compile("Help"))
    phone.saved(lambda: button.click(delay=HELD_MS))
    expect(page.locator("#safety-bar").get_by_role("link", name="Call 999")).to_be_visible(timeout=15_000)
    order: list[str] = []
    page.on("request", lambda asked: order.append(asked.url) if asked.method == "POST" else None)
    phone.offline(False)
    phone.all_sent()
    assert order[0].endswith("/panic")
    (session,) = office.rows(f"SELECT place, state FROM lone_session WHERE id = ({NEWEST})")
    assert session["place"] == "The landlord at 4 Mill Lane"
    assert office.rows(f"SELECT kind FROM alarm WHERE session = ({NEWEST})")[0]["kind"] == "panic"
    expect(phone.open("/today").locator("#safety-bar[data-safety]")).to_be_visible()
    office.rows("SELECT 1")


def test_the_start_of_a_visit_with_no_signal_has_the_bar_on_every_page(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("ben")
    choose_pins(phone)
    ready(phone)
    path = walk.plan_visit(phone, office.ids["linden"])
    phone.open(path)
    walk.kept(phone, path)
    phone.offline()
    page = phone.open(path)
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    expect(page.locator("#safety-bar")).to_contain_text("NOT MONITORED: ring")
    assert problems(page) == []
    page = phone.open("/today")
    page.locator("#safety-bar").get_by_role("link", name="End").click()
    phone.saved(lambda: enter(page, "1111"))  # a slip of the finger: nobody can know yet
    page.get_by_role("button", name=re.compile("Not yet|Close")).click()
    phone.offline(False)
    expect(page.locator("body")).to_contain_text("not recognised", timeout=20_000)
    expect(page.locator("#safety-bar[data-safety]")).to_contain_text("Check in by")
    until(lambda: what(office) == ["started"])
