"""A manager sends back with a note; the phone leads to its place, with no signal; the answer comes back."""

import re

from playwright.sync_api import Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.lived import post
from tests.phone.proof import everything_once
from tests.phone.shots import fresh
from tests.phone.test_pack import packed, with_worker
from tests.phone.test_pages import look_everywhere
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
NOTE = "Which ring is it? Show me the whole hob."


def completed(phone: Device, home: str) -> str:
    path = walk.start(phone, home)
    phone.saved(lambda: walk.read(phone.page, HOB, "F"))
    phone.saved(lambda: walk.complete(phone.page, "The rest was locked"))
    phone.all_sent()
    return path


def send_back(dina: Device, path: str) -> None:
    page = dina.open("/review")
    page.locator(f"a[href='{path}/review']").click()
    page.locator("summary", has_text="Kitchen:").click()
    box = page.locator(f"#note-item-{HOB}")
    page.locator("details.more", has=box).last.locator(":scope > summary").click()
    box.fill(NOTE)
    page.get_by_role("button", name="Send it back with your notes").click()
    page.wait_for_url(re.compile(r":[0-9]+/review$"))


def test_what_is_sent_back_leads_to_its_place_and_is_answered_with_no_signal(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha, dina = new_phone("asha"), new_phone("dina")
    path = completed(asha, office.ids["linden"])
    send_back(dina, path)
    with_worker(asha)
    plan(asha, office.ids["quay"], "any")
    assert path in packed(asha)
    above_the_fold(asha)
    with asha.no_signal():
        page = asha.open("/today")
        above_the_fold(asha)
        page.get_by_role("link", name="1 sent back").click()
        expect(page.locator("#sent-back")).to_be_in_viewport()
        page.locator(".notice a", has_text="Kitchen: Cooker and hob").click()
        page.wait_for_url(f"**{path}#item-{HOB}")
        item = page.locator(f"#item-{HOB}")
        expect(item).to_have_attribute("open", "")
        expect(item.get_by_text(NOTE)).to_be_in_viewport()
        expect(page.locator("#room-bathroom")).to_be_hidden()
        asha.saved(lambda: answer(item, page))
        item.locator("input[type=file]").set_input_files(
            {"name": "hob.jpg", "mimeType": "image/jpeg", "buffer": fresh()}
        )
        until(lambda: len([op for op in asha.rows("ops") if op["url"].endswith("/review/photos")]) == 1)
        drawn_again(asha, path)
        look_everywhere(asha.page)
    asha.open("/today")
    asha.all_sent()
    everything_once(asha, office)
    whats = office.rows("SELECT what FROM review_event WHERE inspection = ? ORDER BY id", path.rsplit("/", 1)[1])
    assert [row["what"] for row in whats] == ["sent back", "answered"]
    approved(dina, path)
    page = dina.open(path)  # Asha's phone still has its packed copy, and says of when it is
    expect(page.locator("#review")).to_contain_text("Approved. By Dina Test")
    assert not page.locator("form[action$='/review/answers']").count()


def above_the_fold(asha: Device) -> None:
    """The first visit's button is on the first screen of a small phone, whatever else waits."""
    page = asha.page
    page.evaluate("window.scrollTo(0, 0)")
    button, places = (
        page.locator("#day .btn--main").first.bounding_box(),
        page.locator("nav.places").bounding_box(),
    )
    assert button and places and button["y"] + button["height"] <= places["y"], (button, places)


def answer(item: object, page: Page) -> None:
    page.locator(f"#item-{HOB} textarea[name='text']").fill("The left one, at the back")
    page.locator(f"#item-{HOB}").get_by_role("button", name="Send the answer").click()


def drawn_again(asha: Device, path: str) -> None:
    """The page from the pack, opened anew, shows in its place what waits on the phone."""
    page = asha.open(f"{path}#item-{HOB}")
    place = page.locator(f"#item-{HOB} [id^='answers-']")
    expect(place).to_contain_text("The left one, at the back")
    expect(place).to_contain_text("Saved on this phone")
    expect(place.locator("figure.photo")).to_have_count(1)


def approved(dina: Device, path: str) -> None:
    page = dina.open("/review")
    row = page.locator("li.row", has=page.locator(f"a[href='{path}/review']"))
    expect(row).to_contain_text("Answered")
    look_everywhere(page)
    row.get_by_role("link").click()
    page.wait_for_url(f"**{path}/review")
    expect(page.get_by_role("main")).to_contain_text("The left one, at the back")
    expect(page.locator("figure.photo img[src]")).to_have_count(1)
    look_everywhere(page)
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(re.compile(r":[0-9]+/review$"))
    expect(page.get_by_role("main")).not_to_contain_text("Answered")


def test_the_second_of_two_managers_keeps_what_they_wrote_and_is_told_who_decided(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha, dina = new_phone("asha"), new_phone("dina")
    path = completed(asha, office.ids["saltmarsh"])
    page = dina.open(f"{path}/review")
    other = dina.open(f"{path}/review", dina.context.new_page())
    other.get_by_role("button", name="Approve").click()
    other.wait_for_url(re.compile(r":[0-9]+/review$"))
    page.locator("summary", has_text="Note about the whole inspection").click()
    page.fill("#note-whole", "Why was it locked?")
    page.get_by_role("button", name="Send it back with your notes").click()
    expect(page.locator("#back .refused")).to_contain_text("Dina Test approved this already")
    expect(page.locator("#note-whole")).to_have_value("Why was it locked?")


def test_the_clean_ones_are_approved_together(new_phone: NewPhone, office: Doorstep) -> None:
    asha, dina = new_phone("asha"), new_phone("dina")
    clean = [an_ordinary_one(asha, office.ids[home]) for home in ("quay", "linden")]
    page = dina.open("/review?kind=inspections")
    look_everywhere(page)
    page.get_by_role("button", name="Approve these 2").click()
    expect(page.get_by_role("heading", name="2 approved")).to_be_visible()
    look_everywhere(page)
    page.get_by_role("link", name="Back to the queue").click()
    for path in clean:
        expect(page.locator(f"a[href='{path}/review']")).to_have_count(0)
        assert "nothing stood out" in dina.open(path).locator("#review").inner_text()
        dina.open("/review")


def an_ordinary_one(asha: Device, home: str) -> str:
    """Every room as it should be and every number read."""
    path = walk.start(asha, home, "Occupancy check")
    page = asha.page
    keys = page.eval_on_selector_all("section.room[id^='room-']", "all => all.map((one) => one.id.slice(5))")
    numbers = page.eval_on_selector_all(
        "details.item:has([data-clone='forms-tested'], [data-clone='forms-count'], [data-clone='forms-meter'])",
        "all => all.map((one) => one.id.slice(5))",
    )
    for number in numbers:
        post(page, f"{path}/readings", {"item": number, "answer": "not here"})
    for key in keys:
        post(page, f"{path}/rooms/satisfactory", {"room": key})
    post(page, f"{path}/complete", {})
    return path


def test_a_note_that_came_after_the_day_was_packed_is_in_its_inspection_with_no_signal(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha, dina = new_phone("asha"), new_phone("dina")
    path = completed(asha, office.ids["saltmarsh"])
    with_worker(asha)
    plan(asha, office.ids["saltmarsh"], "any")
    assert path in packed(asha)
    send_back(dina, path)
    page = asha.open("/today")
    expect(page.locator(f"[data-sent-back='{path}']")).to_contain_text(NOTE)
    until(lambda: NOTE in str(page.evaluate(PACKED, path)))
    with asha.no_signal():
        page = asha.open(f"{path}#item-{HOB}")
        expect(page.locator(f"#item-{HOB}").get_by_text(NOTE)).to_be_visible()


PACKED = """async (url) => {
  const name = (await caches.keys()).find((one) => one.startsWith('pack-'));
  return (await (await caches.open(name)).match(url, { ignoreVary: true })).text();
}"""
