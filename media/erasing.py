"""Photographs whose record was erased, erased too when nothing else names them.

Only their rows go here. Nothing shows a photograph that no record names, so from then on its bytes are
unclaimed like any others, and the daily sweep clears them away: first aside, then for good. That is what
finishes the work after a crash half-way, and what a phone sending the same bytes at that moment is safe from.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from media.tables import Photo
from pwa.outbox import writing

# A phone may have sent the bytes again, for a new record that is still on its way.
REST = timedelta(days=7)
BATCH = 20

Named = Callable[[Collection[str]], Awaitable[set[str]]]


async def erase_unnamed(at: datetime, *named: Named) -> int:
    """Erase up to BATCH photographs let go of REST ago or longer; how many it dealt with.

    Each of `named` says which of some hashes its package's records still name. Safe to run twice at once.
    """
    leaving = Photo.leaving_at <= at - REST
    rows = await Photo.select(Photo.sha256).where(leaving).order_by(Photo.leaving_at).limit(BATCH)
    hashes = {row["sha256"] for row in rows}
    if not hashes:
        return 0
    kept = {sha for ask in named for sha in await ask(hashes)}
    async with writing():
        if kept:
            await Photo.update({Photo.leaving_at: None}).where(Photo.sha256.is_in(sorted(kept)))
        # Asked again whether it is leaving: its bytes may have come anew since.
        if gone := sorted(hashes - kept):
            await Photo.delete().where(Photo.sha256.is_in(gone) & leaving)
    return len(hashes)
