"""A visit begun with no signal is the first of the day. An office of its own: nobody has begun another there."""

from tests.phone.conftest import NewPhone
from tests.phone.device import expect
from tests.phone.test_pack import packed, with_worker
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep


def test_a_visit_begun_on_its_own_page_with_no_signal_is_first_on_today_and_no_other_is_begun_there(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone()
    phone.sign_in("ben")
    with_worker(phone)
    plan(phone, office.ids["quay"], "any")
    plan(phone, office.ids["linden"], "any")
    packed(phone)
    page = phone.page
    last = str(page.locator("#day .visit[data-visit]").last.get_attribute("id")).removeprefix("visit-")
    with phone.no_signal():
        phone.open(f"/visits/{last}")
        phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
        phone.open("/today")
        card = page.locator("#day .visit").first
        expect(card).to_have_id(f"visit-{last}")
        expect(card.get_by_role("link", name="Back to the visit at")).to_be_visible()
        expect(card.locator(".plate--next")).to_have_count(1)
        expect(page.locator("#day .plate--next")).to_have_count(1)
        expect(page.locator("#day").get_by_role("button", name="Start visit")).to_have_count(0)
    phone.all_sent()
    expect(page.locator("#day .visit").first).to_have_id(f"visit-{last}")
    expect(page.locator("#day").get_by_role("link", name="Back to the visit at")).to_have_count(1)
