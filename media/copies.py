"""Making the clean copies of one photograph and putting them in the store. Safe to do twice."""

import asyncio
from weakref import WeakValueDictionary

from media import imaging, rules
from media.store import store

_making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class OriginalMissing(Exception):
    """The store has no bytes under this name."""


async def make(sha: str, kind: rules.Kind) -> imaging.Said:
    """Decode the original and keep both copies; raises OriginalMissing, CannotOpen, NotNow, StoreUnavailable."""
    # One at a time for each photograph: a page asks for both sizes while the engine is at it too.
    async with _making.setdefault(sha, asyncio.Lock()):
        data = await store().get(rules.original_key(sha))
        if data is None or not rules.is_named(data, sha):
            raise OriginalMissing(sha)
        said, copies = await imaging.decoder.open(data, kind)
        for side, copy in zip(rules.COPY_SIDES, copies, strict=True):
            await store().put(rules.copy_key(sha, side), copy)
        return said


async def copy_of(sha: str, kind: rules.Kind, side: int) -> bytes:
    """The clean copy, made now when nobody has yet; raises what `make` raises."""
    key = rules.copy_key(sha, side)
    kept = await store().get(key)
    if kept is None:
        await make(sha, kind)
        kept = await store().get(key)
    if kept is None:
        raise OriginalMissing(sha)
    return kept
