"""With no signal, the forms of visits and properties say on the page what is saved on this phone."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator

from tests.phone.conftest import NewPhone
from tests.phone.device import expect
from tests.servers.doorstep import Doorstep

SAVED = re.compile("Saved on this phone")


def says(place: Locator, *words: str) -> None:
    for word in (*words, SAVED):
        expect(place.first).to_contain_text(word)


def test_taking_a_visit_over_with_no_signal_is_seen_and_arrives(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    page = phone.open(f"/visits/new?property={office.ids['quay']}")
    page.select_option("select[name='officer']", office.ids["ben"])
    page.fill("input[name='day']", (datetime.now(UTC) + timedelta(days=2)).date().isoformat())
    page.get_by_role("button", name="Plan the visit", exact=True).click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f]{8}-"))
    visit = page.url.rsplit("/", 1)[1]
    with phone.no_signal():
        page.get_by_role("button", name="Take over this visit", exact=True).click()
        says(page.locator("#act"), "You take this visit over")
    phone.all_sent()
    expect(page.get_by_role("button", name="Start visit", exact=True)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Ben Test’s visit")
    (row,) = office.rows("SELECT officer FROM visit WHERE id = ?", visit)
    assert str(row["officer"]) == office.ids["asha"]


def test_changes_to_a_property_with_no_signal_are_seen_and_arrive(new_phone: NewPhone, office: Doorstep) -> None:
    phone, home = new_phone("dina"), office.ids["linden"]
    page = phone.open(f"/properties/{home}/edit")
    with phone.no_signal():
        page.fill("input[name='address']", "Flat 3a, 14 Linden Court")
        page.get_by_role("button", name="Save", exact=True).click()
        says(page.locator("#saved"), "Flat 3a, 14 Linden Court")
        expect(page.locator("input[name='address']")).to_have_value("Flat 3a, 14 Linden Court")
    phone.all_sent()
    page = phone.open(f"/properties/{home}/certificates")
    with phone.no_signal():
        page.get_by_text("Add a certificate").first.click()
        page.select_option("select[name='kind']", index=1)
        page.fill("input[name='issued_on']", datetime.now(UTC).date().isoformat())
        page.get_by_role("button", name="Add the certificate", exact=True).click()
        says(page.locator("#certificate-list [data-op]"))
    phone.all_sent()
    expect(page.locator("#certificates [data-op]")).to_have_count(0)


def test_cancelling_several_visits_with_no_signal_is_seen_and_arrives_once(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("dina")
    for _ in range(2):
        page = phone.open(f"/visits/new?property={office.ids['saltmarsh']}")
        page.get_by_role("button", name="Plan the visit", exact=True).click()
        page.wait_for_url(re.compile(r"/visits/[0-9a-f]{8}-"))
    page = phone.open(f"/visits/several?officer={office.ids['dina']}")
    expect(page.locator("input[name='visit']:checked")).to_have_count(2)
    with phone.no_signal():
        page.locator("label.pick:has(input[value='cancel'])").click()
        expect(page.get_by_label("Who goes?")).to_be_hidden()
        page.get_by_label("Why?").fill("Snow")
        page.get_by_role("button", name="Change these visits", exact=True).click()
        says(page.locator("#several-said"), "Visits changed.", "Cancel them")
    phone.all_sent()
    expect(page.locator("#several-said")).to_contain_text("2 visits are cancelled.")
    rows = office.rows("SELECT note FROM visit_event WHERE what = 'cancelled'")
    assert [row["note"] for row in rows] == ["Snow", "Snow"]
