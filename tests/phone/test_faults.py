"""Lost before, lost after, broken and killed: each ends with the office's commands == the phone's, each once."""

import re
import threading

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, expect, until
from tests.phone.link import Asked, Link
from tests.phone.proof import Ledger, hashes, proved
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"


def is_photo(asked: Asked) -> bool:
    return asked.method == "PUT"


def is_attaching(asked: Asked) -> bool:
    return asked.path.endswith("/photos")


def is_finding(asked: Asked) -> bool:
    return asked.path.endswith("/findings")


def received(office: Doorstep, path: str) -> list[str]:
    of_this = "SELECT sha256 FROM inspection_photo WHERE inspection = ?"
    rows = office.rows(f"SELECT sha256 FROM photo WHERE sha256 IN ({of_this})", path.rsplit("/", 1)[-1])
    return [row["sha256"] for row in rows]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_browser_killed_while_a_photo_is_going_sends_it_whole_when_it_is_opened_again(
    phone: Device, office: Doorstep, link: Link, inspection: str, share: float
) -> None:
    reached = threading.Event()
    link.fault = net.once(net.stuck_at(share, reached), is_photo)
    walk.photos(phone.page, HOB, [fresh()])
    assert reached.wait(20)
    phone.kill()
    link.mend()
    assert received(office, inspection) == []
    phone.switch_on()
    phone.open(inspection)
    phone.all_sent()
    assert sum(is_photo(asked) for asked in link.log[-20:]) >= 1
    proved(phone, office, inspection, Ledger(photos=hashes(phone)))
    walk.item(phone.page, HOB)
    expect(walk.tiles(phone.page, HOB)).to_have_count(1)


@pytest.mark.parametrize("fault", [net.lost_before, net.lost_after, net.broken_after], ids=lambda f: f.__name__)
def test_a_command_whose_reply_never_came_is_sent_again_and_done_once(
    phone: Device, office: Doorstep, link: Link, inspection: str, fault: net.Fault
) -> None:
    link.fault = net.once(fault, is_finding)
    phone.saved(lambda: walk.finding(phone.page, HOB, "Ring does not light", "repair"))
    until(lambda: sum(map(is_finding, link.log)) >= 1)
    proved(phone, office, inspection, Ledger(notes=["Ring does not light"]))
    expect(phone.page.locator("#findings-" + HOB + " .finding")).to_have_count(1)
    expect(phone.page.locator("#findings-" + HOB + " [data-op-state]")).to_have_count(0)


@pytest.mark.parametrize("fault", [net.lost_before, net.lost_after, net.broken_after], ids=lambda f: f.__name__)
def test_a_photo_whose_reply_never_came_is_there_once(
    phone: Device, office: Doorstep, link: Link, inspection: str, fault: net.Fault
) -> None:
    link.fault = net.once(fault, is_photo)
    walk.photos(phone.page, HOB, [fresh(orientation=6)])
    expect(walk.tiles(phone.page, HOB)).to_have_count(1)
    until(lambda: len(hashes(phone)) == 1)
    proved(phone, office, inspection, Ledger(photos=hashes(phone)))
    expect(walk.tiles(phone.page, HOB)).to_have_count(1)


@pytest.mark.parametrize("kind", ["finding", "photo"])
def test_what_the_office_shows_already_is_not_drawn_a_second_time(
    phone: Device, office: Doorstep, link: Link, inspection: str, kind: str
) -> None:
    link.fault = lambda asked: net.lost_after if is_finding(asked) or is_attaching(asked) else None
    ledger = Ledger()
    if kind == "finding":
        ledger.notes.append("Door hangs")
        phone.saved(lambda: walk.finding(phone.page, HOB, "Door hangs", "repair"))
    else:
        walk.photos(phone.page, HOB, [fresh()])
        until(lambda: len(hashes(phone)) == 1)
        ledger.photos = hashes(phone)
    until(lambda: bool(office.rows("SELECT id FROM receipt WHERE path LIKE ?", f"{inspection}/%")))
    phone.open(inspection)
    phone.chip("waiting")
    place = walk.item(phone.page, HOB)
    shown = place.locator(".findings > .finding, .photos > .shot")
    expect(shown).to_have_count(1)
    link.mend()
    proved(phone, office, inspection, ledger)
    expect(shown).to_have_count(1)


def test_a_start_whose_answer_is_late_still_leads_to_the_inspection(
    phone: Device, office: Doorstep, link: Link
) -> None:
    gate = threading.Event()

    def slow_start_and_nothing_kept(asked: Asked) -> net.Fault | None:
        if "/blank/" in asked.path:
            return net.lost_before
        return net.late(gate) if asked.method == "POST" and asked.path == "/inspections" else None

    link.fault = slow_start_and_nothing_kept
    page = phone.open(f"/properties/{office.ids['linden']}/inspections/new")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("[data-toasts]")).to_contain_text("Saved on this phone")
    gate.set()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    link.mend()
    proved(phone, office, page.url.split("#")[0], Ledger())
