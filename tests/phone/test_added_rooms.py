"""A room added with no signal is a room like any other: worked in at once, and in the office once."""

import re

import pytest
from playwright.sync_api import Page

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.proof import Ledger, effects_once, everything_once, hashes, in_the_office, of_whole_rooms
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

MOULD = "Mould in the corner, 30 cm"


def added(phone: Device, name: str, kind: str = "other") -> str:
    """Add a room and go into it, as the pill in the row leads there. Gives the room's key."""
    phone.saved(lambda: walk.add_room(phone.page, name, kind))
    pill = phone.page.locator("#pills a", has_text=name)
    expect(pill).to_have_count(1)
    return str(pill.get_attribute("href")).removeprefix("#room-")


def go_on(page: Page, words: str) -> None:
    """By the one button at the bottom."""
    page.locator(".dock a", has_text=words).click()
    expect(page.locator("[data-panel]:visible h2").first).to_have_text(words.removeprefix("Next room: "))


def filled_in(phone: Device, key: str) -> None:
    """A reading, a finding, a photograph with its caption, and then the rest at once."""
    page = phone.page
    phone.saved(lambda: walk.read(page, f"{key}_walls", "P"))
    phone.saved(lambda: walk.finding(page, f"{key}_walls", MOULD))
    before = len(hashes(phone))
    walk.photos(page, f"{key}_walls", [fresh()])
    until(lambda: len(hashes(phone)) == before + 1)
    phone.saved(lambda: walk.caption(page, f"{key}_walls", "By the door"))
    phone.saved(lambda: walk.satisfactory(page, key))


def looks_filled_in(page: Page, key: str) -> None:
    expect(page.locator("#pills a", has_text="Box room")).to_have_class("is-tick")
    expect(page.locator(f"#state-{key}_walls")).to_contain_text("Poor")
    expect(page.locator(f"#findings-{key}_walls")).to_contain_text(MOULD)
    expect(walk.tiles(page, f"{key}_walls")).to_have_count(1)
    expect(page.locator(f"#photos-{key}_walls .shot__caption")).to_contain_text("By the door")
    expect(page.locator(f"#items-{key} [data-unseen]")).to_have_count(0)


def test_a_room_added_with_no_signal_is_worked_in_at_once_and_arrives_whole_and_once(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    path = walk.start(phone, office.ids["saltmarsh"])
    walk.kept(phone, path)
    phone.offline()
    page = phone.page
    key = added(phone, "Box room")
    page.locator("#pills a[href='#room-outside']").click()
    go_on(page, "Next room: Box room")
    expect(page.locator("#finish-list .missing")).to_contain_text("Box room: not all seen yet")
    expect(page.locator(f"#room-{key} p[data-waits]")).to_contain_text("Saved on this phone")
    filled_in(phone, key)
    looks_filled_in(page, key)
    go_on(page, "Finish")
    expect(page.locator("#missing-room-" + key)).to_be_hidden()

    page = phone.open(path)
    looks_filled_in(page, key)
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(path)
    looks_filled_in(page, key)
    phone.saved(lambda: walk.rename_room(page, key, "Study"))
    second = added(phone, "Loft", "bedroom")
    assert second != key
    phone.saved(lambda: walk.satisfactory(page, second))
    walk.fill_finding(page, f"{key}_floor", "Half typed", "repair")
    expect(page.locator(f"#item-{key}_floor .saved").last).to_contain_text("Kept on this phone")

    # Signal: the room stays as it is, with what is being typed in it.
    phone.offline(False)
    phone.all_sent()
    expect(page.locator("p[data-waits]")).to_have_count(0)
    expect(page.locator(f"#item-{key}_floor")).to_have_attribute("open", "")
    expect(page.locator(f"#wrong-{key}_floor textarea")).to_have_value("Half typed")
    phone.saved(lambda: page.locator(f"#wrong-{key}_floor").get_by_role("button", name="Save finding").click())
    phone.all_sent()
    everything_once(phone, office)
    inspection = path.rsplit("/", 1)[-1]
    assert effects_once(office, inspection)["room"] == 2
    assert len(of_whole_rooms(office, inspection)) == 5 + 8
    in_the_office(office, inspection, Ledger(notes=[MOULD, "Half typed"], photos=hashes(phone)))
    page = phone.open(path)
    expect(page.locator("#pills a", has_text="Study")).to_have_class("is-tick")
    expect(page.locator("#pills a", has_text="Loft")).to_have_class("is-tick")
    expect(page.locator(f"#room-{key}")).to_have_count(1)
    assert phone.console == []


def test_a_room_added_to_an_inspection_that_no_office_knows_yet_survives_a_dead_phone(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    path = walk.start_offline(phone, office.ids["linden"])
    key = added(phone, "Box room")
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(path)
    expect(page.locator("#pills a", has_text="Box room")).to_have_count(1)
    filled_in(phone, key)
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(path)
    looks_filled_in(page, key)
    phone.saved(lambda: walk.complete(page, "No time for the rest today"))
    phone.offline(False)
    phone.all_sent()
    everything_once(phone, office)
    inspection = path.rsplit("/", 1)[-1]
    counts = effects_once(office, inspection)
    assert (counts["room"], counts["completion"]) == (1, 1)
    in_the_office(office, inspection, Ledger(notes=[MOULD], photos=hashes(phone)))
    seen = phone.open(path)
    expect(seen.locator("body")).to_contain_text("Completed")
    expect(seen.locator("#pills a", has_text="Box room")).to_have_class("is-tick")


def test_two_officers_who_each_add_a_room_both_find_both(new_phone: NewPhone, office: Doorstep) -> None:
    asha, ben = new_phone("asha"), new_phone("ben")
    path = walk.start(asha, office.ids["saltmarsh"])
    ben.open(path)
    for phone, name in ((asha, "Box room"), (ben, "Larder")):
        phone.offline()
        key = added(phone, name)
        phone.saved(lambda phone=phone, key=key: walk.read(phone.page, f"{key}_walls", "F"))
    for phone in (asha, ben):
        phone.offline(False)
        phone.all_sent()
        everything_once(phone, office)
    for phone in (asha, ben):
        page = phone.open(path)
        for name in ("Box room", "Larder"):
            expect(page.locator("#pills a", has_text=name)).to_contain_text("1 of 6")
    counts = effects_once(office, path.rsplit("/", 1)[-1])
    assert (counts["room"], counts["reading"]) == (2, 2)


def test_a_room_the_office_has_is_still_there_on_a_copy_of_the_page_from_before_it(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    path = walk.start(phone, office.ids["saltmarsh"])
    walk.kept(phone, path)
    link.fault = lambda asked: net.lost_before if asked.method == "GET" else None
    key = added(phone, "Box room")
    phone.all_sent()
    phone.offline()
    page = phone.open(path)
    expect(page.locator("html")).to_have_attribute("data-copy", re.compile("20"))
    expect(page.locator(f"#room-{key} p[data-waits]")).to_have_count(0)
    phone.saved(lambda: walk.satisfactory(page, key))
    link.mend()
    phone.offline(False)
    phone.all_sent()
    everything_once(phone, office)
    page = phone.open(path)
    expect(page.locator("#pills a", has_text="Box room")).to_have_class("is-tick")
    expect(page.locator(f"#room-{key}")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 360])
def test_the_one_thing_to_do_is_at_the_bottom_and_covers_nothing(
    new_phone: NewPhone, office: Doorstep, width: int
) -> None:
    phone = new_phone("asha", viewport={"width": width, "height": 640})
    walk.start(phone, office.ids["saltmarsh"])
    page = phone.page
    for words in ("Next room: ", "Next room: "):
        expect(page.locator(".dock .btn--main:visible")).to_have_count(1)
        expect(page.locator(".dock a")).to_contain_text(words)
        covers_nothing(page)
        page.locator(".dock a").click()
    page.locator("#pills a[href='#finish']").click()
    expect(page.locator(".dock a")).to_be_hidden()
    expect(page.locator(".dock button")).to_have_text("Complete the inspection")
    expect(page.locator("main .btn--main:visible")).to_have_count(1)
    covers_nothing(page)


def covers_nothing(page: Page) -> None:
    """At the end of the page all is above the bar; and what has the focus comes out from under it."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    top = page.locator(".dock").bounding_box()["y"]  # type: ignore[index]
    panel = page.locator("[data-panel]:visible").bounding_box()
    assert panel and panel["y"] + panel["height"] <= top
    last = page.locator("[data-panel]:visible").locator("summary, textarea").last
    page.evaluate("scrollTo(0, 0)")
    last.focus()
    box = last.bounding_box()
    assert box and box["y"] + box["height"] <= top
