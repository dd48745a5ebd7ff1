"""Every byte a phone keeps for Doorstep, to look for words in."""

import re
from pathlib import Path
from zipfile import ZipFile

from tests.phone.device import Device

ALL = """async () => {
  const text = async (value) => {
    if (value instanceof Blob) return new TextDecoder('latin1').decode(await value.arrayBuffer());
    if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
    if (value === null || typeof value !== 'object') return String(value);
    const parts = Object.entries(value).map(async ([k, v]) => k + ' ' + (await text(v)));
    return (await Promise.all(parts)).join('\\n');
  };
  const asked = (r) => new Promise((ok, no) => {
    r.onsuccess = () => ok(r.result);
    r.onerror = () => no(r.error);
  });
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await asked(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      const [values, keys] = await Promise.all([asked(rows.getAll()), asked(rows.getAllKeys())]);
      found[name + '/' + store] = (await text(values)) + '\\n' + (await text(keys));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request, { ignoreVary: true });
      found[name + ' ' + request.url] = (await text(await kept.arrayBuffer())) + (await text([...kept.headers]));
    }
  }
  found.local = await text({ ...localStorage });
  found.session = await text({ ...sessionStorage });
  return found;
}"""
STORES = ("blobs", "drafts", "meta", "ops", "photos", "sent")


def places_with(phone: Device, words: str) -> list[str]:
    """Where in the phone's stores these words are: every store of IndexedDB, Cache Storage, local and session."""
    found: dict[str, str] = phone.page.evaluate(ALL)
    assert {f"doorstep/{store}" for store in STORES} <= set(found)
    return sorted(name for name, text in found.items() if words in text)


def saved_copy(phone: Device, to: Path) -> str:
    """All of the zip that "Save a copy" makes, unpacked."""
    phone.open("/outbox")
    with phone.page.expect_download() as saved:
        phone.page.get_by_role("button", name="Save a copy").first.click()
    saved.value.save_as(to)
    with ZipFile(to) as copy:
        return "\n".join(copy.read(name).decode("latin1") for name in copy.namelist())


def sign_out(phone: Device) -> None:
    phone.open("/you")
    phone.page.get_by_role("button", name="Sign out", exact=True).click()
    phone.page.wait_for_url(re.compile("/sign-in"))
