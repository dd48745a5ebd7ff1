"""The household's seven days, from the officer's phone with no signal to the words beside the item."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect

from tests.phone import walk
from tests.phone.conftest import DEMO, NewPhone
from tests.phone.device import Device, until
from tests.phone.link import Link, lost_after
from tests.phone.shots import fresh
from tests.phone.test_pages import look_everywhere
from tests.servers.doorstep import Doorstep

SETTINGS = DEMO

HOB = "kitchen_hob"


def moved_in(phone: Device, home: str) -> str:
    """A completed move-in, which the phone keeps for a place with no signal. Its path."""
    path = walk.start(phone, home, "Move-in inspection")
    phone.saved(lambda: walk.satisfactory(phone.page, "kitchen"))
    walk.photos(phone.page, HOB, [fresh()])
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    walk.worker_ready(phone)
    phone.open(f"{path}#finish")
    walk.kept(phone, path)
    return path


def send(phone: Device, to: str, how: str = "sms") -> None:
    place = phone.page.locator("#inventory")
    more = place.locator("details.more")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    walk.pick(place, "channel", how)
    place.locator("#inventory-to").fill(to)
    place.get_by_role("button", name="Send it", exact=True).click()


def newest_link(new_phone: NewPhone, office: Doorstep) -> str:
    """What Dina reads that would have been sent; the path of the link in it."""
    until(lambda: bool(office.rows("SELECT 1 FROM message WHERE state = 'shown'")))
    until(lambda: not office.rows("SELECT 1 FROM message WHERE state = 'waiting'"))
    page = new_phone("dina").open("/messages")
    expect(page.locator("main")).to_contain_text("This is the demo.")
    link = page.get_by_role("link", name="Open the link as the household would").first.get_attribute("href")
    assert link
    return urlsplit(link).path


def tell(page: Page, words: str) -> None:
    page.locator("#text").fill(words)
    page.get_by_role("button", name="Send this", exact=True).click()


def test_asked_for_with_no_signal_it_goes_out_is_answered_and_stands_beside_the_item(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    asha = new_phone("asha")
    path = moved_in(asha, office.ids["saltmarsh"])
    with asha.no_signal():
        asha.open(f"{path}#finish")
        asha.saved(lambda: send(asha, "07700 900 123"))
        expect(asha.page.locator("#inventory")).to_contain_text("The inventory goes out when there is signal.")
        assert office.rows("SELECT * FROM message WHERE template LIKE 'inventory%'") == []
    asha.all_sent()
    theirs = newest_link(new_phone, office)

    anna = new_phone()
    asked: list[Request] = []
    anna.page.on("request", lambda one: asked.append(one))
    page = anna.open(theirs)
    expect(page.get_by_role("heading", name="What is in your home")).to_be_visible()
    look_everywhere(page)
    page.locator(f"#item-{HOB} a", has_text="Tell us about this").click()
    expect(page.get_by_role("heading", name="Cooker and hob")).to_be_visible()

    link.down = True
    tell(page, "الموقد مكسور. One ring does not light")
    expect(page.locator("[data-household='text'] [data-says]")).to_contain_text("What you wrote is still here")
    expect(page.locator("#text")).to_have_value("الموقد مكسور. One ring does not light")
    link.down = False
    page.reload()
    expect(page.locator("#text")).to_have_value("الموقد مكسور. One ring does not light")
    page.get_by_role("button", name="Send this", exact=True).click()
    expect(page.locator("#said")).to_contain_text("One ring does not light")
    expect(page.locator("#text")).to_have_value("")
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": fresh()}
    page.set_input_files("#file", photo)
    page.get_by_role("button", name="Send this photo").click()
    expect(page.locator("#said .photo img")).to_have_count(1)
    look_everywhere(page)

    asha.page.reload()
    expect(asha.page.locator("#inventory")).to_contain_text("1 comment, 1 photo, 7 days left")
    place = walk.item(asha.page, HOB)
    expect(place).to_contain_text("One ring does not light")
    expect(place.locator("[href*='inventory/photos']")).to_have_count(1)
    assert anna.console == [] and asha.console == []
    told = {one.all_headers().get("referer", "") for one in asked}
    assert told <= {"", anna.url + "/"}, "no address, to us either"
    assert anna.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert office.rows("SELECT path FROM receipt WHERE path LIKE '/inventory%'") == []
    assert theirs.rpartition("/")[2] not in office.log.read_text()


def test_the_reply_to_a_comment_is_lost_and_pressed_again_it_is_said_once(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    asha = new_phone("asha")
    moved_in(asha, office.ids["linden"])
    asha.saved(lambda: send(asha, "anna@example.org", "email"))
    asha.all_sent()
    theirs = newest_link(new_phone, office)
    page = new_phone().open(f"{theirs}/items/whole")
    link.fault = lambda asked: lost_after if asked.writes else None
    tell(page, "It is damp")
    expect(page.locator("[data-household='text'] [data-says]")).to_contain_text("still here")
    link.mend()
    page.get_by_role("button", name="Send this", exact=True).click()
    expect(page.locator("#said article")).to_have_count(1)
    link.fault = lambda asked: lost_after if asked.writes else None
    tell(page, "And cold")
    expect(page.locator("[data-household='text'] [data-says]")).to_contain_text("still here")
    link.mend()
    page.reload()
    expect(page.locator("#said article")).to_have_count(2)
    expect(page.locator("#text")).to_have_value("")
    assert len(office.rows("SELECT * FROM inventory_comment WHERE text = 'It is damp'")) == 1


def test_without_a_script_the_pages_are_plain_forms_that_keep_what_was_typed(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha = new_phone("asha")
    moved_in(asha, office.ids["quay"])
    asha.saved(lambda: send(asha, "07700 900 123"))
    asha.all_sent()
    page = new_phone(java_script_enabled=False).open(newest_link(new_phone, office))
    page.locator(f"#item-{HOB} a", has_text="Tell us about this").click()
    page.get_by_role("button", name="Send this", exact=True).click()
    expect(page.locator("[data-sentence]")).to_contain_text("Write what you want to tell us.")
    tell(page, "Cracked when we came")
    expect(page.locator("#said")).to_contain_text("Cracked when we came")
    page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": fresh()})
    page.get_by_role("button", name="Send this photo").click()
    expect(page.locator("#said img")).to_have_count(1)
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"not a photo"})
    page.get_by_role("button", name="Send this photo").click()
    expect(page.locator("[data-sentence]")).to_contain_text(re.compile("did not arrive whole|Send a JPEG"))


def test_taken_back_the_link_opens_nothing_and_another_shows_nothing_of_it(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha = new_phone("asha")
    path = moved_in(asha, office.ids["saltmarsh"])
    asha.saved(lambda: send(asha, "07700 900 123"))
    asha.all_sent()
    first = newest_link(new_phone, office)
    anna = new_phone()
    tell(anna.open(f"{first}/items/whole"), "Only by the first link")
    expect(anna.page.locator("#said")).to_contain_text("Only by the first link")
    asha.open(f"{path}#finish")
    asha.saved(lambda: send(asha, "07700 900 456"))
    asha.all_sent()
    second = newest_link(new_phone, office)
    page = anna.open(second)
    expect(page.locator("h1")).to_have_text("What is in your home")
    expect(page.locator("main")).not_to_contain_text("Only by the first link")
    expect(anna.open(first).locator("h1")).to_have_text("This link does not open anything")
    asha.open(f"{path}#finish")
    asha.page.on("dialog", lambda box: box.accept())
    asha.saved(lambda: asha.page.get_by_role("button", name="Take the link back").click())
    asha.all_sent()
    expect(anna.open(second).locator("h1")).to_have_text("This link does not open anything")
    expect(asha.open(f"{path}#finish").locator("#inventory")).to_contain_text("taken back")


def test_on_the_eighth_day_the_link_is_closed_and_the_office_reads_what_came_or_no_reply(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha = new_phone("asha")
    path = moved_in(asha, office.ids["linden"])
    asha.saved(lambda: send(asha, "07700 900 123"))
    asha.all_sent()
    page = new_phone().open(newest_link(new_phone, office))
    expect(page.locator("h1")).to_have_text("What is in your home")
    office.long_ago(9)
    page.reload()
    expect(page.locator("h1")).to_have_text("This link does not open anything")
    asha.page.reload()
    asha.open(f"{path}#finish")
    expect(asha.page.locator("#inventory")).to_contain_text("No reply. That is not a yes.")
