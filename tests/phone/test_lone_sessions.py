"""Asha before, while and after she is out alone, with the network off in the middle."""

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, expect
from tests.phone.shots import fresh
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

RED = "NOT MONITORED: tell your buddy."


def give(phone: Device, path: str, name: str) -> None:
    """In the office, a manager gives the visit to somebody else."""
    page = phone.open(path)
    page.locator("details.more", has_text="Change this visit").locator("summary").first.click()
    page.get_by_label("Who goes").select_option(label=name)
    page.get_by_role("button", name="Save who goes").click()
    phone.all_sent()


def test_a_start_from_the_queue_for_a_visit_that_was_given_away_is_said_in_red_wherever_she_is(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, dina = new_phone("asha"), new_phone("dina")
    with_worker(phone)
    path = walk.plan_visit(phone, office.ids["saltmarsh"])
    page = phone.open(path)
    walk.kept(phone, path)
    phone.open("/today")
    walk.kept(phone, "/today")
    phone.offline()
    page = phone.open(path)
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    give(dina, path, "Ben Test")
    page = phone.open("/today")  # another page by the time there is signal
    phone.offline(False)
    phone.all_sent()
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    page = phone.open("/you")
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    assert problems(page) == []
    phone.offline()
    page = phone.open("/today")  # from the phone: it is still so
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    phone.saved(lambda: page.get_by_role("button", name="I’m out, or somebody knows").click())
    expect(page.locator("#safety-bar")).to_contain_text("Saved on this phone")
    phone.offline(False)
    phone.all_sent()
    page = phone.open("/today")
    expect(page.locator("[data-unwatched]")).to_have_count(0)
    assert phone.console == []


def test_a_buddy_is_chosen_with_no_signal_and_said_as_not_confirmed(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    phone.open("/lone-working/buddy")
    walk.kept(phone, "/lone-working/buddy")
    path = walk.plan_visit(phone, office.ids["quay"])
    page = phone.open(path)
    walk.kept(phone, path)
    expect(page.locator("#safety")).to_contain_text("Phone not tested today")
    phone.offline()
    page = phone.open("/lone-working/buddy")
    page.get_by_label("Your buddy").select_option(label="Ben Test")
    phone.saved(lambda: page.get_by_role("button", name="Save my buddy").click())
    expect(page.locator("#buddy-said")).to_contain_text("Not confirmed yet")
    expect(page.locator("#buddy-said")).to_contain_text("Ben Test")
    page = phone.open(path)
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    expect(page.locator("#safety")).to_contain_text("NOT MONITORED until there is signal")
    phone.offline(False)
    phone.all_sent()
    expect(page.locator("#safety-bar")).to_contain_text("Check in by")
    (session,) = office.rows("SELECT buddy_name, missing FROM lone_session WHERE state = 'active'")
    assert session["buddy_name"] == "Ben Test"
    assert "test" in session["missing"].split() and "buddy" not in session["missing"].split()
    assert problems(page) == []
    assert phone.console == []


def test_a_code_from_a_text_tests_this_phone_and_the_check_in_brings_its_battery(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    page = phone.open("/lone-working/test")
    page.get_by_role("button", name="Text me a code").click()
    page.get_by_label("Enter the code from the text").wait_for()
    assert problems(page) == []
    (code,) = office.rows("SELECT code FROM phone_code ORDER BY made_at DESC LIMIT 1")
    page.get_by_label("Enter the code from the text").fill("000000" if code["code"] != "000000" else "111111")
    page.get_by_role("button", name="That is the code").click()
    expect(page.locator("#test")).to_contain_text("not the code")
    page.get_by_label("Enter the code from the text").fill(str(code["code"]))
    page.get_by_role("button", name="That is the code").click()
    expect(page.locator("main")).to_contain_text("That worked")
    page = phone.open("/lone-working/ready")
    expect(page.locator("main")).not_to_contain_text("not tested")
    phone.saved(lambda: page.locator("#safety-bar").get_by_role("button", name="I’m safe").click())
    phone.all_sent()
    (session,) = office.rows("SELECT battery FROM lone_session WHERE state = 'active'")
    assert session["battery"] == 100, "Chromium says so of a machine that has none"
    assert phone.console == []


def test_what_helps_whoever_comes_is_filled_in_with_no_signal_and_read_at_an_alarm(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    page = phone.open("/you/helpers")
    assert problems(page) == []
    with phone.no_signal():
        page.get_by_label("Your car").fill("Blue Skoda, HW22 ABC")
        page.get_by_label("How to know you").fill("Red coat")
        phone.saved(lambda: page.get_by_role("button", name="Save", exact=True).click())
        expect(page.locator("#help-said")).to_contain_text("the office does not have it yet")
        page.locator("#helper-photo").set_input_files(
            [{"name": "me.jpg", "mimeType": "image/jpeg", "buffer": fresh()}]
        )
        expect(page.locator("#help-photo .photo")).to_be_visible()
    phone.all_sent()
    page = phone.open("/you/helpers")
    expect(page.get_by_label("Your car")).to_have_value("Blue Skoda, HW22 ABC")
    expect(page.locator("#help-photo img[src]")).to_have_count(1)
    assert problems(page) == []
    office.overdue(office.ids["asha"])
    dina = new_phone("dina")
    wall = dina.open("/lone-working")
    wall.locator(".alarm--open").get_by_role("link", name="Open").click(timeout=20_000)
    expect(wall.locator("#looked-for")).to_contain_text("Blue Skoda, HW22 ABC")
    expect(wall.locator("#looked-for img[src]")).to_have_count(1)
    assert problems(wall) == []
    wall.get_by_role("button", name="I’ll take this").click()
    expect(wall.locator("#looked-for")).to_contain_text("Red coat")
    assert phone.console == dina.console == []
