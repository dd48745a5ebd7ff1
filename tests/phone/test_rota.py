"""Dina puts somebody on duty from her phone, with no signal in the middle, and tests who would be called."""

from datetime import datetime, timedelta

from pwa.clock import LONDON
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import expect
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

UNREACHED = "The office could not be reached, so this may not be saved."


def test_dina_puts_herself_on_duty_for_a_week_though_the_signal_went_in_the_middle(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("dina")
    page = phone.open("/lone-working")
    page.get_by_role("link", name="Who is on duty").click()
    expect(page.get_by_role("heading", name="Who is on duty", exact=True)).to_be_visible()
    assert problems(page) == []
    monday = datetime.now(LONDON).date() + timedelta(days=7)
    page.select_option("#person", label="Dina Test")
    page.fill("#day", monday.isoformat())
    page.fill("#until", (monday + timedelta(days=6)).isoformat())
    page.get_by_label("On each day, between these times").check()
    with phone.no_signal():
        page.get_by_role("button", name="Put on duty").click()
        expect(page.get_by_text(UNREACHED)).to_be_visible()
        expect(page.locator("#day")).to_have_value(monday.isoformat())
    assert office.rows("SELECT id FROM duty_shift") == []

    page.get_by_role("button", name="Put on duty").click()
    page.wait_for_url(f"**/lone-working/rota/{office.ids['north']}")
    (row,) = office.rows("SELECT count(*) AS n FROM duty_shift WHERE removed_at IS NULL")
    assert row["n"] == 7
    page = phone.open(f"/lone-working/rota/{office.ids['north']}?from={monday}")
    assert problems(page) == []
    page.locator("label.rota__shift").first.click()
    page.get_by_role("button", name="Take the ticked ones off").click()
    page.wait_for_url(f"**/lone-working/rota/{office.ids['north']}")
    (row,) = office.rows("SELECT count(*) AS n FROM duty_shift WHERE removed_at IS NULL")
    assert row["n"] == 6


def test_a_test_reaches_ben_and_dina_sees_who_did_not_answer(new_phone: NewPhone, office: Doorstep) -> None:
    dina, ben = new_phone("dina"), new_phone("ben")
    page = dina.open(f"/lone-working/drills/of/{office.ids['north']}")
    assert problems(page) == []
    page.get_by_role("button", name="Send the test now").click()
    expect(page.get_by_role("heading", name="TEST: no alarm")).to_be_visible()
    (drill,) = office.rows("SELECT id FROM drill")
    theirs = ben.open(f"/lone-working/drills/{drill['id']}")
    assert problems(theirs) == []
    with ben.no_signal():
        theirs.get_by_role("button", name="It came").click()
        expect(theirs.get_by_text(UNREACHED)).to_be_visible()
    theirs.get_by_role("button", name="It came").click()
    expect(theirs.get_by_text("Thank you: it came.")).to_be_visible()
    page = dina.open(f"/lone-working/drills/{drill['id']}")
    expect(page.locator("section[aria-labelledby='came-title']")).to_contain_text("Ben Test")
    expect(page.locator("section[aria-labelledby='not-title']")).not_to_contain_text("Ben Test")
    assert office.rows("SELECT id FROM alarm") == []
