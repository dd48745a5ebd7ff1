"""The words of a warning go to the office or nowhere: no store of the phone ever holds them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.phone import link as net
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect
from tests.phone.everything import places_with, saved_copy, sign_out
from tests.phone.link import Link
from tests.servers.doorstep import Doorstep

CANARY = "CANARY77 threatened an officer"
UNREACHED = "The office could not be reached, so this may not be saved."


def write_it(phone: Device, home: str) -> None:
    page = phone.open(f"/properties/{home}/warnings")
    page.select_option("select[name='code']", index=1)
    page.fill("textarea[name='text']", CANARY)
    page.fill("input[name='review_on']", (datetime.now(UTC) + timedelta(days=30)).date().isoformat())


def add_it(phone: Device) -> None:
    phone.page.get_by_role("button", name="Add the warning", exact=True).click()


def test_the_words_of_a_warning_are_in_no_store_of_the_phone_nor_in_its_saved_copy(
    new_phone: NewPhone, office: Doorstep, link: Link, tmp_path: Path
) -> None:
    phone, home = new_phone(), office.ids["linden"]
    phone.sign_in("dina")
    write_it(phone, home)
    with phone.no_signal():
        add_it(phone)
        expect(phone.page.get_by_text(UNREACHED)).to_be_visible()
        expect(phone.page.locator("textarea[name='text']")).to_have_value(CANARY)
        assert places_with(phone, "CANARY77") == []
    # Leaving the page is when what is typed elsewhere is put on the disk.
    phone.open("/properties")
    assert places_with(phone, "CANARY77") == []

    write_it(phone, home)
    add_it(phone)
    expect(phone.page.locator("#warnings > ul > li")).to_contain_text(CANARY)
    phone.open(f"/properties/{home}/edit")
    with phone.no_signal():
        phone.page.fill("input[name='town']", "Harrowmere East")
        phone.page.get_by_role("button", name="Save", exact=True).click()
        expect(phone.page.locator("#saved")).to_contain_text("Saved on this phone")
    link.fault = lambda asked: net.lost_before if asked.writes else None
    assert "CANARY77" not in saved_copy(phone, tmp_path / "copy.zip")
    link.mend()
    phone.all_sent()
    sign_out(phone)
    assert places_with(phone, "CANARY77") == []
    phone.sign_in("callum")
    assert places_with(phone, "CANARY77") == []
    (row,) = office.rows("SELECT count(*) AS n FROM person_alert WHERE text = ?", CANARY)
    assert row["n"] == 1, "and the office has it, once"


def test_a_warning_is_ended_at_the_office_or_not_at_all(new_phone: NewPhone, office: Doorstep) -> None:
    phone, home = new_phone("dina"), office.ids["quay"]
    write_it(phone, home)
    add_it(phone)
    page = phone.page
    page.get_by_text("No longer true").first.click()
    with phone.no_signal():
        page.get_by_role("button", name="End this warning").click()
        expect(page.get_by_text(UNREACHED)).to_be_visible()
        assert phone.rows("ops") == []
    page.get_by_role("button", name="End this warning").click()
    expect(page.locator("#warnings")).to_contain_text("No warnings")


def test_an_answer_that_was_lost_makes_one_warning_when_the_button_is_pressed_again(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone, home = new_phone("asha"), office.ids["saltmarsh"]
    write_it(phone, home)
    link.fault = lambda asked: net.lost_after if asked.writes else None
    add_it(phone)
    expect(phone.page.get_by_text(UNREACHED)).to_be_visible()
    link.mend()
    add_it(phone)
    expect(phone.page.locator("#warnings > ul > li")).to_have_count(1)
    (row,) = office.rows("SELECT count(*) AS n FROM person_alert WHERE property = ?", home)
    assert row["n"] == 1


def test_what_the_office_refuses_is_said_and_what_was_typed_stays(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("dina")
    write_it(phone, office.ids["linden"])
    phone.page.select_option("select[name='code']", label="Choose one")
    add_it(phone)
    expect(phone.page.get_by_text("Choose what to warn about.").first).to_be_visible()
    expect(phone.page.locator("textarea[name='text']")).to_have_value(CANARY)
    office.end_sessions(office.ids["dina"])
    phone.page.select_option("select[name='code']", index=1)
    add_it(phone)
    expect(phone.page.get_by_text(re.compile("Sign in .*This was not saved"))).to_be_visible()
    expect(phone.page.locator("textarea[name='text']")).to_have_value(CANARY)
