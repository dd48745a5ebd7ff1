"""What the office, or somebody in its place, may answer: parked, paused or tried again, and never lost."""

import re
from typing import Any

import pytest

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Asked, Link
from tests.phone.proof import Ledger, everything_once, hashes, in_the_office, proved
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
OPEN = """const opening = indexedDB.open('doorstep');
const db = await new Promise((ok) => { opening.onsuccess = () => ok(opening.result); });
const store = db.transaction('ops', 'readwrite').objectStore('ops');
const all = await new Promise((ok) => { const r = store.getAll(); r.onsuccess = () => ok(r.result); });
const put = (row) => new Promise((ok) => { store.put(row).onsuccess = () => ok(null); });"""
REWRITE = (
    "async ([id, body]) => { const bytes = new TextEncoder().encode(body);"
    "const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))];"
    + OPEN
    + "const row = all.find((one) => one.id === id); row.body = body;"
    "row.sha256 = hash.map((b) => b.toString(16).padStart(2, '0')).join(''); await put(row); db.close(); }"
)
IMPATIENT = (
    "async () => {"
    + OPEN
    + "for (const row of all) { row.nextTry = 0; row.askedToWait = false; await put(row); } db.close(); }"
)

ASKED_TO_WAIT = net.says(503, b"<p data-sentence>In half an hour.</p>", Retry_After="1800")


def is_finding(asked: Asked) -> bool:
    return asked.path.endswith("/findings")


def test_the_same_command_with_other_words_is_set_aside_and_neither_copy_is_lost(
    phone: Device, office: Doorstep, link: Link, inspection: str
) -> None:
    link.fault = lambda asked: net.lost_after if is_finding(asked) else None
    (op,) = phone.saved(lambda: walk.finding(phone.page, HOB, "As first said", "repair"))
    until(lambda: bool(office.rows("SELECT id FROM receipt WHERE id = ?", op["id"])))
    link.fault = lambda asked: ASKED_TO_WAIT if is_finding(asked) else None
    until(lambda: (phone.send_now(), phone.rows("ops")[0]["askedToWait"])[1])
    # Nothing is under way now, and nothing goes before the half hour is over: its words can be changed in peace.
    phone.page.evaluate(REWRITE, [op["id"], op["body"].replace("As+first+said", "As+said+later")])
    link.mend()
    phone.page.evaluate(IMPATIENT)
    phone.send_now()
    phone.chip(re.compile("needs? you"))
    (parked,) = phone.rows("ops")
    assert parked["status"] == "parked" and "As+said+later" in parked["body"]
    (conflict,) = office.rows("SELECT body FROM conflict WHERE receipt = ?", op["id"])
    assert b"As+said+later" in bytes(conflict["body"])
    in_the_office(office, inspection.rsplit("/", 1)[-1], Ledger(notes=["As first said"]))
    phone.saved(lambda: walk.read(phone.page, "kitchen_sink"))
    until(lambda: len(phone.rows("ops")) == 1)  # it holds up nothing behind it


def test_a_session_that_ended_stops_the_sending_and_not_the_work(
    phone: Device, office: Doorstep, inspection: str, signed_in: dict[str, list[Any]]
) -> None:
    signed_in.clear()  # for the tests after this one
    office.end_sessions(office.ids["asha"])
    phone.saved(lambda: walk.finding(phone.page, HOB, "After the session", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    expect(phone.page.locator("[data-toasts]")).to_contain_text("Nothing is lost")
    phone.saved(lambda: walk.read(phone.page, "kitchen_sink"))
    assert len(phone.waiting()) == 4
    phone.sign_in("asha")
    phone.open(inspection)
    proved(phone, office, inspection, Ledger(notes=["After the session"], photos=hashes(phone)))


CAFE = b"<!doctype html><title>Cafe wifi</title><p>Please accept our terms"
PORTALS = {
    "a page": net.says(200, CAFE, Content_Type="text/html"),
    "a redirect": net.says(302, b"", Location="/sign-in"),
    "nothing": net.says(204),
    "garbage": net.says(200, b"\x1f\x8bnot gzip at all", Content_Type="text/html", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("portal", PORTALS)
def test_what_a_cafes_wifi_answers_is_never_taken_for_the_office(
    phone: Device, office: Doorstep, link: Link, inspection: str, portal: str
) -> None:
    link.fault = lambda asked: PORTALS[portal] if asked.writes else None
    phone.saved(lambda: walk.finding(phone.page, HOB, "By the wifi", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    until(lambda: len(link.writes()) > 0)
    assert len(phone.waiting()) == 3
    phone.chip("waiting")
    link.mend()
    proved(phone, office, inspection, Ledger(notes=["By the wifi"], photos=hashes(phone)))


def test_while_the_store_of_photographs_is_away_words_arrive_and_photos_wait(
    phone: Device, office: Doorstep, inspection: str
) -> None:
    away = office.store_away()
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.saved(lambda: walk.finding(phone.page, HOB, "Words go first", "repair"))
    until(lambda: [op["method"] for op in phone.rows("ops")] == ["PUT"], 20)
    phone.chip("1 waiting")
    expect(walk.tiles(phone.page, HOB)).to_contain_text("On this phone")
    office.store_back(away)
    until(lambda: tried_again(phone), 40)
    proved(phone, office, inspection, Ledger(notes=["Words go first"], photos=hashes(phone)))


def tried_again(phone: Device) -> bool:
    """The office asked for half a minute's patience; the button is not waited for."""
    phone.page.evaluate(IMPATIENT)
    phone.send_now()
    return not phone.waiting()


def test_a_server_killed_twice_while_a_full_phone_empties_itself_keeps_all_it_acknowledged(
    phone: Device, office: Doorstep, link: Link, inspection: str
) -> None:
    phone.offline()
    for number in range(12):
        phone.saved(lambda n=number: walk.meter(phone.page, "meters_electric", f"{1000 + n}"))
    walk.photos(phone.page, HOB, [fresh() for _ in range(3)])
    until(lambda: len(hashes(phone)) == 3, 30)
    ledger = Ledger(values=[f"{1000 + n}" for n in range(12)], photos=hashes(phone))
    phone.offline(False)
    for part in (3, 9):
        until(lambda p=part: (phone.send_now(), len(phone.rows("sent")) > p)[1], 30)
        office.kill()
        office.start()
    proved(phone, office, inspection, ledger)


def test_what_was_recorded_before_somebody_else_completed_it_is_held_for_the_office(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha, ben, dina = new_phone("asha"), new_phone("ben"), new_phone("dina")
    path = walk.start(asha, office.ids["quay"])
    asha.offline()
    asha.saved(lambda: walk.finding(asha.page, HOB, "Seen before it was closed", "repair"))
    ben.open(path)
    ben.saved(lambda: walk.complete(ben.page, "Had to leave"))
    ben.all_sent()
    asha.offline(False)
    asha.all_sent()
    everything_once(asha, office)
    (receipt,) = office.rows("SELECT id, outcome FROM receipt WHERE path = ?", f"{path}/findings")
    assert receipt["outcome"] == "held"
    (kept,) = office.rows("SELECT body FROM held WHERE receipt = ?", receipt["id"])
    assert b"Seen+before+it+was+closed" in bytes(kept["body"])
    page = dina.open("/held")
    page.locator("main a[href^='/held/']").first.click()
    expect(page.locator("main")).to_contain_text("Seen before it was closed")
