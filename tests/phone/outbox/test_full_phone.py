"""A phone with no room left, on a disk that is really full."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.phone.outbox import pages, pictures
from tests.phone.outbox.phone import Phone, until
from tests.phone.outbox.standin import Standin, World

# Random bytes, which no database can pack; rows that look like photos, received or not.
FILL = """async ([receivedAt]) => {
  const db = await new Promise((ok) => {
    const r = indexedDB.open('doorstep'); r.onsuccess = () => ok(r.result);
  });
  for (let i = 0, refused = 0; i < 300 && refused < 2; i += 1) {
    const bytes = new Uint8Array(1e6);
    for (let at = 0; at < 1e6; at += 50_000) crypto.getRandomValues(bytes.subarray(at, at + 50_000));
    const tx = db.transaction(['blobs', 'photos'], 'readwrite', { durability: 'strict' });
    const key = `filler ${i}`;
    tx.objectStore('blobs').put({ key, bytes: bytes.buffer, type: 'image/jpeg', raw: null });
    const row = { sha256: key, thumb: null, type: 'image/jpeg', size: 1e6, meta: {}, receivedAt };
    tx.objectStore('photos').put(row);
    refused += await new Promise((ok) => { tx.oncomplete = () => ok(0); tx.onabort = () => ok(1); });
  }
  db.close();
}"""


@pytest.fixture
def small_phone(playwright: Playwright, office: Standin, tmp_path: Path) -> Iterator[Phone]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("a small disk can only be made by root")
    phone = Phone(playwright, office.url, disk / "profile")
    phone.switch_on()
    yield phone
    phone.switch_off()
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_phone_says_so_at_once_and_keeps_what_it_had(
    small_phone: Phone, world: World, tmp_path: Path
) -> None:
    phone = small_phone
    phone.open()
    phone.chip("All sent")
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    phone.note("Saved before")
    phone.chip("1 waiting")
    phone.page.evaluate(FILL, [None])
    big = pictures.put(tmp_path / "camera", "big.jpg", pictures.photo(4000, 3000) + bytes(2_000_000))
    phone.page.locator("#camera").set_input_files(big)
    expect(phone.page.locator(".toast", has_text="Your phone is full")).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_contain_text("This phone is getting full: no room left")
    assert phone.page.locator("#photos .photo").count() == 0
    assert [row["what"] for row in phone.rows("ops")] == ["Note a"]
    world.fault = lambda _request: None
    phone.open("/today")
    until(lambda: world.of("notes", "text") == ["Saved before"])


def test_on_a_full_phone_copies_of_what_was_received_go_first(
    small_phone: Phone, world: World, tmp_path: Path
) -> None:
    phone = small_phone
    phone.open()
    phone.chip("All sent")
    world.fault = lambda request: "503" if request.command in ("POST", "PUT") else None
    phone.note("Saved before")
    phone.chip("1 waiting")
    phone.page.evaluate("caches.open('kept-x').then(c => c.put('/x', new Response('x')))")
    phone.page.evaluate(FILL, ["2026-11-24T10:00:00Z"])
    big = pictures.put(tmp_path / "camera", "big.jpg", pictures.photo(4000, 3000))
    phone.page.locator("#camera").set_input_files(big)
    until(lambda: len([row for row in phone.rows("ops") if row["method"] == "PUT"]) == 1, 20)
    assert not [row for row in phone.rows("photos") if row["receivedAt"]]
    world.fault = lambda _request: None
    phone.open(f"/inspections/{pages.INSPECTION}")
    phone.all_sent()
    assert world.of("notes", "text") == ["Saved before"]
    assert len(world.photos) == 1
