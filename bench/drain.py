"""Sixty photographs over a slow link: the share of what it can carry that draining the phone's queue uses."""

import asyncio
import io
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import CDPSession, Page

from bench.chromium import phone
from bench.phone import started
from bench.running import doorstep
from bench.table import Row

PHOTOS = 60
RATE = 125_000
"""Bytes a second: 1 Mbit/s."""
TRIP = 100
"""Milliseconds to the office and back."""
PATIENCE = 400
"""Seconds for all of them, on a machine that is busy."""

STORES = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open('doorstep'); asked.onsuccess = () => done(asked.result); });
  const all = (store) => new Promise((done) => {
    const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result);
  });
  const [ops, blobs] = [await all('ops'), await all('blobs')];
  db.close();
  window.shots = blobs.filter((row) => !row.raw).map((row) => row.bytes);
  return { ops: ops.length, raw: blobs.filter((row) => row.raw).length, photos: window.shots.length,
           bytes: window.shots.reduce((sum, one) => sum + one.byteLength, 0) };
}"""

# The same bytes one after the other, as a page without a queue sends them: no disk, no receipts, nothing to attach.
PLAIN = """async () => {
  const began = performance.now();
  for (const bytes of window.kept) {
    const hash = await crypto.subtle.digest('SHA-256', bytes);
    const name = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const answer = await fetch(`/media/photos/${name}`, { method: 'PUT', headers: { 'Content-Type': 'image/jpeg' }, body: bytes });
    if (!answer.ok) throw new Error(String(answer.status));
  }
  return (performance.now() - began) / 1000;
}"""


def shots(folder: str) -> list[Path]:
    """No two alike, of some 160 KB once the phone made them small."""
    files = []
    for number in range(PHOTOS):
        made = io.BytesIO()
        Image.effect_noise((720, 540), 60).convert("RGB").save(made, "JPEG", quality=80)
        files.append(Path(folder) / f"{number}.jpg")
        files[-1].write_bytes(made.getvalue())
    return files


def slow(session: CDPSession) -> None:
    link = {"offline": False, "downloadThroughput": RATE, "uploadThroughput": RATE, "latency": TRIP}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", link)


def until(page: Page, wanted: Any) -> dict[str, int]:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found: dict[str, int] = page.evaluate(STORES)
        if wanted(found):
            return found
        page.wait_for_timeout(250)
    raise RuntimeError("the photographs did not get there")


def measured(page: Page, url: str, folder: str) -> tuple[int, float, float]:
    page.goto(url + "#room-kitchen", wait_until="networkidle")
    page.click("#item-kitchen_sink summary")
    page.context.set_offline(True)
    page.set_input_files("#photo-kitchen_sink", shots(folder))  # type: ignore[arg-type]
    held = until(page, lambda found: found["photos"] == PHOTOS and not found["raw"])
    page.evaluate("window.kept = window.shots, undefined")
    page.context.set_offline(False)
    slow(page.context.new_cdp_session(page))
    began = time.monotonic()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda found: not found["ops"])
    ours = time.monotonic() - began
    return held["bytes"], ours, float(page.evaluate(PLAIN))


def main() -> list[Row]:
    with doorstep() as server, tempfile.TemporaryDirectory() as folder:
        url = asyncio.run(started(server))
        with phone(server) as page:
            size, ours, plain = measured(page, url, folder)
    share = f"{size / RATE / ours:.0%} of the link ({ours:.0f} s)"
    beside = f"the same bytes by a plain loop of fetch, same run: {size / RATE / plain:.0%} ({plain:.0f} s)"
    return [
        Row(f"{PHOTOS} photographs, {size / 1e6:.1f} MB, over 1 Mbit/s and {TRIP} ms", share, beside, "≥ 90 %")
    ]
