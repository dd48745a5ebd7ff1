"""The main job: a home inspected with photographs, with and without signal, nothing lost and nothing doubled."""

import re
import threading

from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.proof import Ledger, effects_once, everything_once, hashes, in_the_office
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB, WALLS, SINK = "kitchen_hob", "kitchen_walls", "kitchen_sink"
DAMP = "Damp patch above the window, 60 cm wide"
GAS = "Smell of gas at the hob"


def find_and_start(phone: Device, words: str) -> str:
    """By search, as an officer does who stands before the door."""
    page = phone.open("/properties")
    page.get_by_label("Address, postcode or UPRN").fill(words)
    page.get_by_role("link", name="22 Saltmarsh Road").click()
    page.get_by_role("link", name="Start an inspection").click()
    page.get_by_label("Void inspection").check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    return page.url.split("#")[0].removeprefix(phone.url)


def held(office: Doorstep, path: str) -> list[str]:
    return [
        row["path"]
        for row in office.rows("SELECT path FROM receipt WHERE outcome = 'held' AND path LIKE ?", f"{path}%")
    ]


def captions(office: Doorstep, inspection: str) -> list[str]:
    """Those that stand at a photograph of this inspection."""
    ours = "SELECT id FROM inspection_photo WHERE inspection = ?"
    return [
        row["caption"]
        for row in office.rows(f"SELECT caption FROM photo_change WHERE photo IN ({ours})", inspection)
    ]


def test_an_inspection_goes_on_through_no_signal_and_a_dead_phone_and_arrives_whole_and_once(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    path = find_and_start(phone, "saltmarsh")
    page, inspection = phone.page, path.rsplit("/", 1)[-1]

    # With signal.
    walk.meter(page, "meters_electric", "48210")
    walk.satisfactory(page, "hall")
    walk.read(page, WALLS, "P")
    phone.saved(lambda: walk.finding(page, WALLS, DAMP))
    walk.photos(page, WALLS, [fresh(4000, 3000), fresh()])
    until(lambda: len(hashes(phone)) == 2)
    phone.all_sent()
    walk.kept(phone, path)

    # The signal goes, and so does the office.
    phone.offline()
    office.kill()
    phone.saved(lambda: walk.read(page, SINK, "F"))
    phone.saved(lambda: walk.finding(page, HOB, GAS))
    walk.photos(page, HOB, [fresh(orientation=6)])
    until(lambda: len(hashes(phone)) == 3)
    phone.saved(lambda: walk.caption(page, HOB, "The left ring"))
    phone.saved(lambda: walk.add_room(page, "Box room"))
    walk.fill_finding(page, SINK, "Tap drips, half typed", "repair")
    phone.chip(re.compile("waiting"))
    expect(page.locator("#item-kitchen_sink .saved").last).to_contain_text("Kept on this phone")

    # The battery goes too; later it is opened again at the same page, still with no signal.
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(path)
    expect(page.locator("body")).to_contain_text("Copy from")
    phone.chip(re.compile("waiting"))
    walk.item(page, HOB)
    expect(page.locator("#findings-" + HOB)).to_contain_text(GAS)
    expect(walk.tiles(page, HOB)).to_have_count(1)
    expect(walk.tiles(page, HOB).locator("img")).to_have_js_property("complete", True)
    expect(walk.tiles(page, HOB)).to_contain_text("On this phone")
    expect(page.locator(f"#photos-{HOB} .shot__caption")).to_contain_text("The left ring")
    walk.item(page, SINK)
    expect(page.locator(f"#state-{SINK}")).to_contain_text("Fair")
    expect(page.locator("#wrong-kitchen_sink textarea")).to_have_value("Tap drips, half typed")
    expect(page.locator("body")).to_contain_text("Box room")
    page.locator(f"#wrong-{SINK} > summary").click()
    phone.saved(lambda: page.locator(f"#wrong-{SINK}").get_by_role("button", name="Save finding").click())

    # Signal again.
    office.start()
    phone.offline(False)
    phone.all_sent()
    commands = everything_once(phone, office)
    assert len(commands) >= 14
    ledger = Ledger(notes=[DAMP, GAS, "Tap drips, half typed"], values=["48210"], photos=hashes(phone))
    in_the_office(office, inspection, ledger)
    assert effects_once(office, inspection)["room"] == 1
    assert held(office, path) == []
    assert captions(office, inspection) == ["The left ring"]

    # Dina, at her desk, sees all of it once.
    desk = new_phone("dina", viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    seen = desk.open(path)
    for note in ledger.notes:
        expect(seen.locator(".finding__note", has_text=note)).to_have_count(1)
    for sha in ledger.photos:
        expect(seen.locator(f".photo[data-sha256='{sha}']")).to_have_count(1)
    expect(seen.locator("#pills")).to_contain_text("Box room")
    expect(seen.locator(f"#state-{SINK}")).to_contain_text("finding")
    assert phone.console == [] and desk.console == []


def test_an_inspection_started_with_no_signal_at_all_is_whole_when_it_arrives(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    path = walk.start_offline(phone, office.ids["linden"])
    inspection = path.rsplit("/", 1)[-1]
    phone.saved(lambda: walk.meter(phone.page, "meters_gas", "1234"))
    phone.saved(lambda: walk.satisfactory(phone.page, "hall"))
    phone.saved(lambda: walk.finding(phone.page, HOB, "Left ring dead", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.saved(lambda: walk.caption(phone.page, HOB, "Here"))
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(path)
    walk.item(page, HOB)
    expect(page.locator("#findings-" + HOB)).to_contain_text("Left ring dead")
    expect(walk.tiles(page, HOB)).to_have_count(1)
    phone.saved(lambda: walk.complete(page, "No time for the rest today"))
    expect(page.locator("#finish")).to_contain_text(
        "Completed. It goes to the office by itself. Saved on this phone"
    )
    expect(page.locator("#complete-act").get_by_role("link")).to_contain_text("Back to")
    expect(page.get_by_role("button", name="Complete the inspection")).to_have_count(0)
    phone.offline(False)
    phone.all_sent()
    everything_once(phone, office)
    counts = effects_once(office, inspection)
    assert counts["completion"] == 1
    assert (
        office.rows("SELECT id FROM held WHERE receipt IN (SELECT id FROM receipt WHERE path LIKE ?)", f"{path}%")
        == []
    )
    in_the_office(office, inspection, Ledger(notes=["Left ring dead"], values=["1234"], photos=hashes(phone)))
    promised = office.rows("SELECT promised FROM completion WHERE inspection = ?", inspection)[0]["promised"]
    assert promised.split() == hashes(phone)
    phone.open(path)
    expect(phone.page.locator("body")).to_contain_text("Completed")


def test_what_is_recorded_in_a_new_inspection_never_overtakes_its_beginning(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    path = walk.start_offline(phone, office.ids["quay"])
    phone.saved(lambda: walk.read(phone.page, HOB, "V"))
    begun, gate = [], threading.Event()

    def beginning_is_slow(asked: net.Asked) -> net.Fault | None:
        if asked.method == "POST" and asked.path == "/inspections":
            begun.append(asked)
            return lambda crossing: (gate.wait(3), net.answer_as_it_is(crossing))[1]
        return None

    link.fault = beginning_is_slow
    phone.offline(False)
    phone.send_now()
    until(lambda: bool(begun))
    gate.set()
    phone.all_sent()
    everything_once(phone, office)
    assert effects_once(office, path.rsplit("/", 1)[-1])["reading"] == 1


def test_two_officers_in_one_home_add_to_it_and_both_answers_are_shown(
    new_phone: NewPhone, office: Doorstep
) -> None:
    asha, ben = new_phone("asha"), new_phone("ben")
    path = walk.start(asha, office.ids["saltmarsh"])
    ben.open(path)
    asha.offline()
    ben.offline()
    asha.saved(lambda: walk.read(asha.page, HOB, "G"))
    ben.saved(lambda: walk.read(ben.page, HOB, "V"))
    ben.saved(lambda: walk.finding(ben.page, HOB, "Door seal torn", "replace"))
    for phone in (asha, ben):
        phone.offline(False)
        phone.all_sent()
        everything_once(phone, office)
    for phone in (asha, ben):
        phone.open(path)
        expect(phone.page.locator(f"#state-{HOB}")).to_contain_text("2 answers")
        place = walk.item(phone.page, HOB)
        expect(place).to_contain_text("Asha Test: Good")
        expect(place).to_contain_text("Ben Test: Very poor")
        expect(place).to_contain_text("Door seal torn")


def test_what_waits_is_hidden_from_the_next_officer_and_goes_when_its_author_is_back(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    path = walk.start(phone, office.ids["saltmarsh"])
    link.fault = lambda asked: (
        net.lost_before if ("/inspections/" in asked.path and asked.writes) or asked.method == "PUT" else None
    )
    phone.saved(lambda: walk.finding(phone.page, HOB, "A secret of Asha's", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    waiting = phone.waiting()
    phone.open("/you")
    phone.page.get_by_role("button", name="Sign out", exact=True).click()
    phone.page.get_by_role("button", name="Sign out, keep them here").click()
    phone.page.wait_for_url(re.compile("/sign-in"))
    expect(phone.page.locator("body")).to_contain_text("wait on this phone")
    assert not [name for name in phone.page.evaluate("caches.keys()") if name.startswith("kept-")]

    link.mend()
    phone.sign_in("carol")
    phone.send_now()
    for place in ("/visits", "/outbox", path):
        phone.open(place)
        expect(phone.page.locator("body")).not_to_contain_text("A secret of Asha's")
        expect(phone.page.locator("img[src^='blob:']")).to_have_count(0)
    phone.open("/outbox")
    phone.page.get_by_role("button", name="Send now").click()
    assert phone.waiting() == waiting
    ours = office.rows(
        "SELECT person, path FROM receipt WHERE device IS NOT NULL AND person = ?", office.ids["carol"]
    )
    assert [row for row in ours if path in row["path"]] == []

    phone.open("/you")
    phone.page.get_by_role("button", name="Sign out", exact=True).click()
    phone.page.wait_for_url(re.compile("/sign-in"))
    phone.sign_in("asha")
    phone.all_sent()
    everything_once(phone, office)
    in_the_office(office, path.rsplit("/", 1)[-1], Ledger(notes=["A secret of Asha's"], photos=hashes(phone)))
    authors = office.rows("SELECT DISTINCT person FROM receipt WHERE path LIKE ?", f"{path}/%")
    assert [row["person"] for row in authors] == [office.ids["asha"]]
