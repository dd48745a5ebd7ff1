"""What a phone draws before the office has it: words written from the right turn nothing round there either."""

import re

from tests.phone import walk
from tests.phone.device import Device, expect, until
from tests.phone.proof import hashes
from tests.phone.shots import fresh
from tests.phone.test_added_rooms import added
from tests.server.right_to_left import Eye

ROOM, NOTE, CAPTION = "שלום7", "שלום8", "שלום9"


def seen(phone: Device) -> set[int]:
    """The numbers on the page, none of which stands beside other words."""
    eye = Eye(phone.page.content())
    assert eye.loose == []
    return eye.seen


def test_words_written_from_the_right_stand_apart_before_the_office_has_them(
    phone: Device, inspection: str
) -> None:
    page = phone.page
    phone.offline()
    key = added(phone, ROOM)
    wall = f"{key}_walls"
    phone.saved(lambda: walk.read(page, wall, "P"))
    phone.saved(lambda: walk.finding(page, wall, f"{NOTE}\u202e"))
    walk.photos(page, wall, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.saved(lambda: walk.caption(page, wall, CAPTION))
    assert seen(phone) >= {7, 8, 9}
    expect(page.locator(f"#label-{key}")).to_have_value(ROOM)
    phone.offline(False)
    phone.open("/outbox")
    phone.all_sent()


def test_what_waits_in_a_room_named_from_the_right_is_listed_and_then_shown_by_the_office(
    phone: Device, inspection: str
) -> None:
    page = phone.page
    key = added(phone, ROOM)
    phone.all_sent()
    page = phone.open(inspection)
    phone.offline()
    phone.saved(lambda: walk.read(page, f"{key}_walls", "P"))
    expect(page.locator(f"#state-{key}_walls")).to_contain_text("Poor")
    assert seen(phone) >= {7}
    page.route(re.compile("/readings$"), lambda route: route.abort())
    phone.offline(False)
    phone.open("/outbox")
    expect(page.locator(".waiting__what").first).to_contain_text(ROOM)
    assert seen(phone) >= {7}
    page.unroute(re.compile("/readings$"))
    phone.all_sent()
