"""A queue as a build of some day left it on a phone: recorded once, and put on fresh phones ever after.

One command of each kind is recorded, with the places of ids marked; a phone that was out for long is made of them
by repeating. What is repeated is never reworded: the later build has to send just what the older one wrote.
"""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from pwa.ids import uuid7
from tests.phone.shots import fresh

FOLDER = Path(__file__).with_name("old_builds")
BLANK = "/manifest.webmanifest"
WORDS, PHOTOS = 50, 60

DUMP = """async () => {
  const opened = (r) => new Promise((ok, no) => {
    r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error);
  });
  const db = await opened(indexedDB.open('doorstep'));
  const stores = {};
  for (const name of db.objectStoreNames) {
    const one = () => db.transaction(name).objectStore(name), store = one();
    const indexes = Object.fromEntries([...store.indexNames].map((key) => [key, store.index(key).keyPath]));
    const rows = await opened(one().getAll()), keys = await opened(one().getAllKeys());
    const named = store.keyPath ? rows : rows.map((value, at) => ({ key: keys[at], value }));
    stores[name] = { keyPath: store.keyPath, indexes, rows: named };
  }
  const found = { version: db.version, stores };
  db.close();
  return JSON.parse(JSON.stringify(found, (_, value) => (value instanceof ArrayBuffer ? 'bytes' : value)));
}"""

LOAD = """async ({ version, stores }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const db = await new Promise((ok, no) => {
    const r = indexedDB.open('doorstep', version);
    r.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(stores)) {
        const store = r.result.createObjectStore(name, keyPath ? { keyPath } : undefined);
        for (const [index, path] of Object.entries(indexes)) store.createIndex(index, path);
      }
    };
    r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error);
  });
  for (const [name, { keyPath, rows }] of Object.entries(stores)) {
    const tx = db.transaction(name, 'readwrite', { durability: 'strict' });
    for (const row of rows) {
      for (const field of ['bytes', 'thumb']) if (typeof row[field] === 'string') row[field] = bytes(row[field]);
      keyPath ? tx.objectStore(name).put(row) : tx.objectStore(name).put(row.value, row.key);
    }
    await new Promise((ok, no) => { tx.oncomplete = ok; tx.onabort = () => no(tx.error); });
  }
  db.close();
}"""


IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASHES = re.compile(r"[0-9a-f]{64}")
# Once in an inspection; all others are repeated.
SINGLE = ("/rooms", "/rooms/satisfactory", "/photos/change")


def recorded(found: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    """As it goes into a file: what was named (a person, a phone) by its {name}, and nothing that was sent."""
    text = json.dumps(found, indent=1)
    for name, value in named.items():
        text = text.replace(value, "{" + name + "}")
    kept: dict[str, Any] = json.loads(text)
    for name in ("drafts", "sent"):
        kept["stores"][name]["rows"] = []
    return kept


def shape(build: dict[str, Any]) -> Any:
    """What a build writes, without the values: when this changes, the new build is recorded too."""
    fields = ("method", "type", "swap", "v")
    ops = {
        json.dumps([op["url"], op["body"] and [name for name, _ in parse_qsl(op["body"], True)], sorted(op)])
        + json.dumps([op[name] for name in fields])
        for op in build["stores"]["ops"]["rows"]
    }
    stores = {
        name: [store["keyPath"], store["indexes"], sorted({key for row in store["rows"] for key in row})]
        for name, store in build["stores"].items()
    }
    return build["version"], stores, sorted(HASHES.sub("", op) for op in ops)


@dataclass
class Queue:
    """Rows by store for a phone that was out for long, with bytes as base64."""

    stores: dict[str, Any]

    @property
    def ops(self) -> list[dict[str, Any]]:
        return list(self.stores["ops"]["rows"])

    @property
    def photos(self) -> list[str]:
        return [row["sha256"] for row in self.stores["photos"]["rows"]]


def made_of(build: dict[str, Any], named: dict[str, str], words: int = WORDS, photos: int = PHOTOS) -> Queue:
    """So many commands of words and so many photographs, each with ids and bytes of its own."""
    text = json.dumps(build["stores"])
    for name, value in {**named, "device": str(uuid7())}.items():
        text = text.replace("{" + name + "}", value)
    stores = json.loads(text)
    ops, of_photo = stores["ops"]["rows"], {name: stores[name]["rows"] for name in ("blobs", "photos")}
    spoken = [op for op in ops if not about_photo(op)]
    single = [op for op in spoken if op["url"].endswith(SINGLE)]
    often = cycle([op for op in spoken if not op["url"].endswith(SINGLE)])
    made = [again([op], named)[0] for op in [*single, *islice(often, words - len(single))]]
    for name in of_photo:
        stores[name]["rows"] = []
    for number in range(photos):
        parts = [op for op in ops if about_photo(op) and (number == 0 or not op["url"].endswith(SINGLE))]
        data = fresh(320, 240)
        copied = again([*parts, *of_photo["blobs"], *of_photo["photos"]], named, sha256(data).hexdigest())
        made += sorted(copied[: len(parts)], key=lambda op: int(op["sequence"]))
        blob, row = copied[len(parts) :]
        stores["blobs"]["rows"].append({**blob, "bytes": b64encode(data).decode()})
        stores["photos"]["rows"].append({**row, "thumb": b64encode(data).decode(), "size": len(data)})
    for number, op in enumerate(made):
        op["sequence"] = number + 1
    stores["ops"]["rows"] = made
    for row in stores["meta"]["rows"]:
        row["value"] = len(made) if row["key"] == "sequence" else row["value"]
    return Queue(stores)


def about_photo(op: dict[str, Any]) -> bool:
    return op["method"] == "PUT" or "/photos" in op["url"]


def again(rows: list[dict[str, Any]], named: dict[str, str], photo: str = "") -> list[dict[str, Any]]:
    """The same rows under ids of their own; the ids in them that are somebody's stay."""
    text = json.dumps(rows)
    theirs = {*named.values(), *(row["device"] for row in rows if "device" in row)}
    for id in set(IDS.findall(text)) - theirs:
        text = text.replace(id, str(uuid7()))
    made: list[dict[str, Any]] = json.loads(text)
    old = {row["blob"] for row in made if row.get("blob")}
    made = json.loads(json.dumps(made).replace(old.pop(), photo)) if old else made
    for row in made:
        if row.get("body"):
            row["sha256"] = sha256(row["body"].encode()).hexdigest()
    return made
