"""The proof at the end of every journey: what the office holds is what the phone sent, each exactly once."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.phone.device import Device
from tests.servers.doorstep import Doorstep

# Where each kind of command leaves its row, and which receipts stand for it.
EFFECTS = {
    "reading": ("/readings", "%/readings"),
    "finding": ("/findings", "%/findings"),
    "room": ("/rooms", "%/rooms"),
    "inspection_photo": ("/photos", "%/photos"),
    "photo_change": ("/photos/change", "%/photos/change"),
    "completion": ("/complete", "%/complete"),
}


@dataclass
class Ledger:
    """What an officer saw called saved, written down at once. Nothing in it may ever be missing or double."""

    notes: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


def everything_once(phone: Device, office: Doorstep, page: Page | None = None) -> list[dict[str, Any]]:
    """Server commands == phone commands, each once, hashes equal, outbox empty. Gives the phone's commands."""
    assert phone.waiting(page) == []
    commands = [copy["op"] for copy in phone.rows("sent", page)]
    asked = ",".join("?" * len(commands))
    held = {
        row["id"]: row
        for row in office.rows(f"SELECT * FROM receipt WHERE id IN ({asked})", *[c["id"] for c in commands])
    }
    for command in commands:
        receipt = held.get(command["id"])
        assert receipt, f"the phone let go of {command['what']} and the office has no receipt for it"
        assert receipt["body_sha256"] == command["sha256"]
        assert (receipt["method"], receipt["path"]) == (command["method"], command["url"])
        assert receipt["sequence"] == command["sequence"]
    devices = {command["device"] for command in commands}
    theirs = office.rows(f"SELECT id FROM receipt WHERE device IN ({','.join('?' * len(devices))})", *devices)
    assert {row["id"] for row in theirs} <= {c["id"] for c in commands}, "the office has what no phone ever sent"
    photographs_whole(office, [c["sha256"] for c in commands if c["method"] == "PUT"])
    return commands


def photographs_whole(office: Doorstep, hashes: list[str]) -> None:
    stored = office.stored()
    for name in hashes:
        assert stored.get(name) == name, f"photo {name[:8]} is not whole in the store"
        assert len(office.rows("SELECT id FROM photo WHERE sha256 = ?", name)) == 1


def effects_once(office: Doorstep, inspection: str) -> dict[str, int]:
    """Every receipt that says done has its one row, and no row stands without a receipt."""
    found = {}
    for table, (ending, _like) in EFFECTS.items():
        path = f"/inspections/{inspection}{ending}"
        done = office.rows("SELECT id FROM receipt WHERE path = ? AND outcome = 'done'", path)
        rows = office.rows(f"SELECT * FROM {table} WHERE inspection = ?", inspection)
        if table == "room":
            rows = [row for row in rows if row["position"] == 1000]
        if table == "reading":
            of_rooms = of_whole_rooms(office, inspection)
            rows = [row for row in rows if row not in of_rooms]
        assert len(rows) == len(done), f"{len(done)} receipts for {ending}, {len(rows)} rows in {table}"
        found[table] = len(rows)
    return found


def of_whole_rooms(office: Doorstep, inspection: str) -> list[dict[str, Any]]:
    """The readings that "all satisfactory" made: one of each item, however often it was sent."""
    path = f"/inspections/{inspection}/rooms/satisfactory"
    when = "SELECT received_at FROM receipt WHERE path = ?"
    made = office.rows(f"SELECT * FROM reading WHERE inspection = ? AND received_at IN ({when})", inspection, path)
    assert len({row["item"] for row in made}) == len(made), "all satisfactory was done twice"
    return made


def in_the_office(office: Doorstep, inspection: str, ledger: Ledger) -> None:
    """All that was ever called saved is there, once."""
    notes = office.rows("SELECT note FROM finding WHERE inspection = ?", inspection)
    values = office.rows("SELECT value FROM reading WHERE inspection = ? AND value != ''", inspection)
    photos = office.rows("SELECT sha256 FROM inspection_photo WHERE inspection = ?", inspection)
    assert Counter(row["note"] for row in notes) == Counter(ledger.notes)
    assert Counter(row["value"] for row in values) == Counter(ledger.values)
    assert Counter(row["sha256"] for row in photos) == Counter(ledger.photos)


def hashes(phone: Device) -> list[str]:
    return [str(row["sha256"]) for row in phone.rows("photos")]


def proved(phone: Device, office: Doorstep, path: str, ledger: Ledger) -> None:
    phone.all_sent()
    everything_once(phone, office)
    inspection = path.rsplit("/", 1)[-1]
    effects_once(office, inspection)
    in_the_office(office, inspection, ledger)
