"""The sweep: bytes in the store that no photograph claims, because their row never came or was erased.

A phone may send the same bytes again at the very moment we clear them away. So an unclaimed original is
first set aside and looked for once more, and only a later sweep deletes it; the other half of the promise
is in handlers.py, which looks for the bytes again after its row is in.
"""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from media.rules import original_key
from media.store import COPIES, ORIGINALS, ORPHANS, Stored, StoreUnavailable, store
from media.tables import Photo

log = logging.getLogger("doorstep.media")
UNCLAIMED = timedelta(hours=48)
EVERY = timedelta(days=1)
BATCH = 200
PAUSE = timedelta(minutes=10)


async def _claimed(hashes: list[str]) -> set[str]:
    rows = await Photo.select(Photo.sha256).where(Photo.sha256.is_in(hashes)) if hashes else []
    return {row["sha256"] for row in rows}


def _hash(stored: Stored) -> str:
    return stored.key.rpartition("/")[2]


async def _restore(sha: str) -> None:
    data = await store().get(ORPHANS + sha)
    if data is not None:
        await store().put(original_key(sha), data)
        await store().delete(ORPHANS + sha)


async def _end_orphans(orphans: list[Stored]) -> None:
    claimed = await _claimed([_hash(one) for one in orphans])
    for one in orphans:
        if _hash(one) in claimed:
            await _restore(_hash(one))
        else:
            await store().delete(one.key)


async def _set_aside(originals: list[Stored], at: datetime) -> None:
    old = [_hash(one) for one in originals if one.stored_at < at - UNCLAIMED]
    unclaimed = set(old) - await _claimed(old)
    for sha in unclaimed:
        await store().set_aside(original_key(sha))
        log.warning("photograph %s is in the store and nobody's; set aside", sha)
    for sha in await _claimed(sorted(unclaimed)):
        await _restore(sha)


async def _end_copies(copies: list[Stored]) -> None:
    """Of photographs that were erased. A copy is only ever made of one that has a row, and can be made anew."""
    hashes = {one.key: one.key.split("/")[1] for one in copies}
    claimed = await _claimed(sorted(set(hashes.values())))
    for key, sha in hashes.items():
        if sha not in claimed:
            await store().delete(key)


class Sweep:
    """Walks the whole store once a day, a few hundred keys at each call."""

    def __init__(self) -> None:
        self._left: AsyncIterator[Stored] | None = None
        self._next: datetime | None = None

    async def turn(self, at: datetime) -> None:
        """Do a little of today's sweep, if there is any left."""
        if self._left is None:
            if self._next is not None and at < self._next:
                return
            self._left, self._next = self._walk(), at + EVERY
        try:
            batch = await self._some()
            await _end_orphans([one for one in batch if one.key.startswith(ORPHANS)])
            await _end_copies([one for one in batch if one.key.startswith(COPIES)])
            await _set_aside([one for one in batch if one.key.startswith(ORIGINALS)], at)
        except StoreUnavailable:
            self._left, self._next = None, at + PAUSE

    @staticmethod
    async def _walk() -> AsyncIterator[Stored]:
        # Orphans first, so that what this sweep sets aside is left for the next one.
        for prefix in (ORPHANS, COPIES, ORIGINALS):
            async for stored in store().walk(prefix):
                yield stored

    async def _some(self) -> list[Stored]:
        batch: list[Stored] = []
        assert self._left is not None
        async for stored in self._left:
            batch.append(stored)
            if len(batch) == BATCH:
                return batch
        self._left = None
        return batch
