"""What is still missing at the end of an inspection, as the phone knows it with no signal."""

from tests.phone import walk
from tests.phone.device import Device, expect

HOB = "kitchen_hob"


def test_with_no_signal_a_room_of_which_one_thing_was_seen_is_not_called_unseen(
    phone: Device, inspection: str
) -> None:
    page = phone.page
    walk.worker_ready(phone)
    page.locator("#pills a[href='#finish']").click()
    line = page.locator("#missing-room-kitchen")
    expect(line).to_contain_text("nothing seen yet")
    with phone.no_signal():
        phone.saved(lambda: walk.read(page, HOB, "G"))
        page.locator("#pills a[href='#finish']").click()
        expect(line).not_to_contain_text("nothing seen yet")
        left = page.locator("#items-kitchen [data-unseen]").count()
        expect(line).to_contain_text(f"{left} things not seen yet")
    phone.all_sent()
