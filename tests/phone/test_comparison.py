"""Two photographs of the same hob: a slider moves between them, and without a script they stand side by side."""

from playwright.sync_api import expect

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.shots import fresh
from tests.phone.test_pages import look_everywhere
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"


def test_what_changed_is_compared_with_a_slider_and_its_pages_shut_nobody_out(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    path = ""
    for kind, condition in (("Move-in inspection", "G"), ("Move-out inspection", "V")):
        path = walk.start(phone, office.ids["saltmarsh"], kind)
        phone.saved(lambda condition=condition: walk.read(phone.page, HOB, condition))
        walk.photos(phone.page, HOB, [fresh()])
        phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
        phone.all_sent()
    page = phone.open(f"{path}/comparison")
    slider = page.get_by_label("How much of the photo from before is shown: Cooker and hob")
    before, now = page.locator("[data-slid] figure").all()
    assert before.bounding_box() == now.bounding_box()
    slider.focus()
    page.keyboard.press("Home")
    expect(now.locator(".ph")).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
    page.keyboard.press("End")
    expect(now.locator(".ph")).to_have_css("clip-path", "inset(0px 0px 0px 100%)")

    page.get_by_role("link", name="Work out what it costs").click()
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".refused")).to_contain_text("Choose what puts it right.")
    for address in (f"{path}/comparison", f"{path}/comparison/{HOB}", "/recharges"):
        page = phone.open(address)
        look_everywhere(page)

    plain = new_phone(java_script_enabled=False)
    plain.context.add_cookies(phone.context.cookies())
    plain.page.goto(f"{plain.url}{path}/comparison")
    before, now = (half.bounding_box() for half in plain.page.locator(".slid figure").all())
    assert before and now and before["x"] + before["width"] <= now["x"] and before["y"] == now["y"]
    expect(plain.page.locator(".slid input")).to_be_hidden()
