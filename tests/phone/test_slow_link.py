"""50 kbit/s that loses some, and the link breaks again and again: each time something arrives, and goes once."""

import itertools
import threading
from collections.abc import Callable

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, until
from tests.phone.link import Asked, Fault, Link
from tests.phone.proof import Ledger, hashes, proved
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
# Bytes a second, and milliseconds for a request to get there and back.
SLOW = {"offline": False, "downloadThroughput": 6_400, "uploadThroughput": 6_400}
TRIPS = pytest.mark.parametrize("latency", [400, 2_000])
SMALL_PHOTO = (320, 240)
FLAPS = 4


def slow(phone: Device, latency: int) -> None:
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**SLOW, "latency": latency})


def acked(phone: Device) -> set[str]:
    return {str(row["id"]) for row in phone.rows("sent")}


def works_with_no_signal(phone: Device) -> Ledger:
    """Words and two photographs, all on the phone."""
    ledger = Ledger()
    for number in range(3):
        ledger.notes.append(f"Seen as number {number}")
        phone.saved(lambda: walk.finding(phone.page, HOB, ledger.notes[-1], "repair"))
    walk.photos(phone.page, HOB, [fresh(*SMALL_PHOTO), fresh(*SMALL_PHOTO)])
    until(lambda: len(hashes(phone)) == 2)
    ledger.photos = hashes(phone)
    return ledger


def lossy() -> Callable[[Asked], Fault | None]:
    """What loss comes to where the line does not get over it: one request in five is cut off, worse than the row's
    one packet in twenty, half of them after the office has done what it asked."""
    count = itertools.count(1)

    def fault(asked: Asked) -> Fault | None:
        number = next(count)
        return None if number % 5 else (net.lost_before if number % 10 else net.lost_after)

    return fault


@TRIPS
def test_on_a_slow_link_that_flaps_each_flap_gets_further_and_nothing_received_is_sent_again(
    phone: Device, office: Doorstep, link: Link, inspection: str, latency: int
) -> None:
    phone.all_sent()
    link.down = True
    ledger = works_with_no_signal(phone)
    slow(phone, latency)
    link.log.clear()
    link.fault = lossy()
    had = acked(phone)
    known: list[tuple[int, set[str]]] = []
    for _ in range(FLAPS):
        link.down = False
        phone.send_now()
        until(lambda before=had: acked(phone) > before, 20)
        link.down = True
        # What is on its way now has no answer any more; what has one is written down.
        had = acked(phone)
        known.append((len(link.log), had))
    link.mend()
    link.down = False
    proved(phone, office, inspection, ledger)
    for until_then, received in known:
        again = [asked for asked in link.log[until_then:] if asked.writes and asked.command in received]
        assert again == [], "the phone had its receipt and sent it again"


@TRIPS
def test_a_photo_cut_off_half_way_on_a_slow_link_costs_the_words_before_it_nothing(
    phone: Device, office: Doorstep, link: Link, inspection: str, latency: int
) -> None:
    phone.all_sent()
    link.down = True
    ledger = works_with_no_signal(phone)
    slow(phone, latency)
    link.log.clear()
    reached = threading.Event()
    link.fault = net.once(net.stuck_at(0.5, reached), lambda asked: asked.method == "PUT")
    link.down = False
    phone.send_now()
    assert reached.wait(30)
    until(lambda: len([op for op in phone.rows("ops") if op["method"] == "POST" and not op["photo"]]) == 0, 20)
    link.mend()
    proved(phone, office, inspection, ledger)
    sent = [asked.command for asked in link.writes()]
    cut_off = [asked for asked in link.writes() if asked.method == "PUT" and asked.sent < asked.size]
    assert len(sent) == len(set(sent)) + len(cut_off) and len(cut_off) == 1
    assert {asked.method for asked in link.writes() if sent.count(asked.command) > 1} == {"PUT"}
