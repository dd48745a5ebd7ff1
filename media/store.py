"""Where photographs are kept: one small interface, a folder or an S3-compatible service behind it.

Keys: `photos/<sha256>` for the bytes as sent, `clean/<sha256>/<side>.jpg` for what we made of them. No
names, no ids of people: whoever reads a listing learns nothing.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

ORIGINALS = "photos/"
COPIES = "clean/"
# Originals nobody has claimed yet wait here for one more look before they go.
ORPHANS = "orphans/"


@dataclass(frozen=True)
class Stored:
    """One thing in the store, with the store's own clock."""

    key: str
    size: int
    stored_at: datetime


class StoreUnavailable(Exception):
    """The store cannot be used just now; nothing was lost and the same call may be made again."""


class Store(Protocol):
    """What both stores can do. Every method raises StoreUnavailable when the store cannot answer."""

    async def put(self, key: str, data: bytes) -> bool:
        """Keep `data` under `key` for good before returning; False when the key was already there.

        What is there is never replaced, but for one case: an original whose bytes no longer match the
        SHA-256 it is named by is put right.
        """

    async def get(self, key: str) -> bytes | None:
        """The bytes, or None."""

    async def exists(self, key: str) -> bool:
        """Whether the key is there."""

    async def delete(self, key: str) -> None:
        """Remove a copy or an orphan; an original cannot be removed, only set aside."""

    async def set_aside(self, key: str) -> None:
        """Move an original to the orphans."""

    def walk(self, prefix: str) -> AsyncIterator[Stored]:
        """Everything whose key begins with `prefix`."""


def is_original(key: str, data: bytes) -> bool:
    """Whether `key` is the name that these very bytes have as an original."""
    return key == ORIGINALS + sha256(data).hexdigest()


def refuse_original(key: str) -> None:
    """Guard of `delete`."""
    if key.startswith(ORIGINALS):
        raise ValueError(f"{key} is evidence and is not deleted")


_used: list[Store] = []


def use(chosen: Store) -> None:
    """Name the store of this process, once, at start-up."""
    _used[:] = [chosen]


def store() -> Store:
    """The store of this process."""
    if not _used:
        raise RuntimeError("media.store.use(...) was not called at start-up")
    return _used[0]
