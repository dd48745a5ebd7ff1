"""A reply that is later than the phone's patience: the command is asked for again, and the first receipt comes."""

import threading

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, until
from tests.phone.link import Asked, Link
from tests.phone.proof import Ledger, proved
from tests.servers.doorstep import Doorstep

PAST_PATIENCE_MS = 61_000


def is_finding(asked: Asked) -> bool:
    return asked.path.endswith("/findings")


def test_a_reply_later_than_the_phone_waits_is_given_up_and_the_command_is_done_once(
    phone: Device, office: Doorstep, link: Link, inspection: str
) -> None:
    phone.page.clock.install()
    phone.open(inspection)
    gate = threading.Event()
    link.fault = net.once(net.late(gate), is_finding)
    (op,) = phone.saved(lambda: walk.finding(phone.page, "kitchen_hob", "Said once", "repair"))
    until(lambda: bool(office.rows("SELECT id FROM receipt WHERE id = ?", op["id"])))
    phone.page.clock.fast_forward(PAST_PATIENCE_MS)
    proved(phone, office, inspection, Ledger(notes=["Said once"]))
    assert sum(map(is_finding, link.log)) >= 2
    gate.set()
    proved(phone, office, inspection, Ledger(notes=["Said once"]))
