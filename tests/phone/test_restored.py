"""The office is put back to an older backup. What came after it is on the phones, and comes back once."""

import subprocess
import sys
from pathlib import Path

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import Ledger, effects_once, everything_once, hashes, in_the_office, photographs_whole
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep
from tests.servers.running import ROOT

HOB, WALLS, SINK = "kitchen_hob", "kitchen_walls", "kitchen_sink"


def doorstep(office: Doorstep, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "server", *words], env=office.env(), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_came_after_the_backup_comes_back_from_the_phones_exactly_once(
    new_phone: NewPhone, office: Doorstep, tmp_path: Path
) -> None:
    phone = new_phone()  # with a session of its own, because no session survives here
    phone.sign_in("asha")
    path = walk.start(phone, office.ids["saltmarsh"])
    page, inspection = phone.page, path.rsplit("/", 1)[-1]
    walk.meter(page, "meters_electric", "48210")
    phone.saved(lambda: walk.finding(page, WALLS, "Damp patch above the window"))
    walk.photos(page, WALLS, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.all_sent()
    doorstep(office, "backup", str(tmp_path / "backup"))

    # More comes in after the backup: in this inspection, and in one that the backup knows nothing of.
    phone.saved(lambda: walk.finding(page, HOB, "Smell of gas at the hob"))
    walk.photos(page, HOB, [fresh(), fresh(orientation=6)])
    until(lambda: len(hashes(phone)) == 3)
    phone.saved(lambda: walk.caption(page, HOB, "The left ring"))
    phone.saved(lambda: walk.read(page, SINK, "F"))
    phone.all_sent()
    of_saltmarsh = Ledger(["Damp patch above the window", "Smell of gas at the hob"], ["48210"], hashes(phone))
    second_path = walk.start(phone, office.ids["quay"])
    second = second_path.rsplit("/", 1)[-1]
    phone.saved(lambda: walk.finding(page, HOB, "Ring does not light", "repair"))
    walk.photos(page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 4)
    phone.saved(lambda: walk.complete(page, "Nobody had the key to the loft"))
    phone.all_sent()
    of_quay = Ledger(["Ring does not light"], [], [sha for sha in hashes(phone) if sha not in of_saltmarsh.photos])
    was = everything_once(phone, office)
    held_before = office.rows("SELECT count(*) AS n FROM receipt WHERE outcome = 'held'")

    # The disk dies, and the office is put back.
    office.kill()
    said = doorstep(office, "restore", str(tmp_path / "backup"), "--replace")
    assert "Phones send again what they sent since" in said
    office.start()
    assert office.rows("SELECT id FROM inspection WHERE id = ?", second) == []
    assert not set(of_quay.photos) & office.stored().keys()

    # Asha opens Doorstep. Her session is gone with the disk, so she signs in.
    phone.open(path)
    phone.page.wait_for_url("**/sign-in**")
    phone.sign_in("asha")
    phone.open(path)
    phone.all_sent()
    assert [one["id"] for one in everything_once(phone, office)] == [one["id"] for one in was]
    for record, ledger in ((inspection, of_saltmarsh), (second, of_quay)):
        effects_once(office, record)
        in_the_office(office, record, ledger)
        photographs_whole(office, ledger.photos)
    assert office.rows("SELECT count(*) AS n FROM receipt WHERE outcome = 'held'") == held_before
    assert len(office.rows("SELECT id FROM completion WHERE inspection = ?", second)) == 1
    seen = phone.open(path)
    walk.item(seen, HOB)
    expect(walk.tiles(seen, HOB)).to_have_count(2)
    expect(walk.tiles(seen, HOB).first).to_contain_text("Received")
    expect(seen.locator(f"#photos-{HOB} .shot__caption").first).to_contain_text("The left ring")
    assert "The chain is whole" in doorstep(office, "audit", "verify")
    assert phone.console == []


def test_put_back_again_to_the_same_backup_with_two_tabs_open_nothing_is_lost_and_nothing_doubles(
    new_phone: NewPhone, office: Doorstep, tmp_path: Path
) -> None:
    phone = new_phone()  # with a session of its own, because no session survives here
    phone.sign_in("asha")
    doorstep(office, "backup", str(tmp_path / "backup"))
    path = walk.start(phone, office.ids["linden"])
    inspection = path.rsplit("/", 1)[-1]
    phone.saved(lambda: walk.finding(phone.page, HOB, "Loose tap", "repair"))
    walk.photos(phone.page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    phone.all_sent()
    ledger = Ledger(["Loose tap"], [], hashes(phone))
    other = phone.context.new_page()
    for _ in range(2):
        office.kill()
        doorstep(office, "restore", str(tmp_path / "backup"), "--replace")
        office.start()
        phone.sign_in("asha")
        for tab in (phone.page, other):
            phone.open(path, tab)
        came_back(phone, office, inspection, ledger)


def came_back(phone: Device, office: Doorstep, inspection: str, ledger: Ledger) -> None:
    until(lambda: bool(office.rows("SELECT id FROM inspection WHERE id = ?", inspection)))
    phone.all_sent()
    everything_once(phone, office)
    effects_once(office, inspection)
    in_the_office(office, inspection, ledger)
