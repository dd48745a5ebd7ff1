"""Taking in a photograph whose bytes the store already holds, and letting one go whose record is erased."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Concatenate, ParamSpec

from media import rules
from media.rules import Picture
from media.store import store
from media.tables import Photo
from pwa.outbox import Sent, once
from pwa.prepared import Adding

Args = ParamSpec("Args")
_ADD_PHOTO = Adding(Photo, Photo.sha256, Photo.person)


async def receive_photo(sent: Sent, picture: Picture) -> None:
    """Record that this person sent these bytes, and that copies of them are due.

    Called through `once` after the store has said that it keeps the bytes, so that no row ever points at
    nothing. The same bytes from the same person again are the same photograph.
    """
    assert sent.person_id is not None
    added = await _ADD_PHOTO(
        sha256=sent.body_sha256,
        person=sent.person_id,
        bytes_size=len(sent.body),
        mime=picture.kind.value,
        width=picture.width,
        height=picture.height,
        captured_at=sent.captured_at,
        received_at=sent.received_at,
        try_after=sent.received_at,
    )
    if not added:
        # Somebody has a use for it again, though the record that wants it may come later than its bytes.
        again = (Photo.sha256 == sent.body_sha256) & Photo.leaving_at.is_not_null()
        await Photo.update({Photo.leaving_at: None}).where(again)
    sent.note = "photo received"


async def keep(
    sent: Sent,
    command: Callable[Concatenate[Sent, Args], Awaitable[None]],
    *args: Args.args,
    **kwargs: Args.kwargs,
) -> None:
    """The one way in: the bytes into the store, then the command that receives them, so that what is acknowledged
    is there. Raises StoreUnavailable.
    """
    key = rules.original_key(sent.body_sha256)
    created = await store().put(key, sent.body)
    await once(sent, command, *args, **kwargs)
    # What was there before may have been swept away as unclaimed just before the row came (sweep.py).
    if not created and not await store().exists(key):
        await store().put(key, sent.body)


async def let_go(hashes: Collection[str], at: datetime) -> None:
    """Say, in the transaction that erases a record, that it does not need these photographs any more.

    Whoever else names one of them keeps it: see `erasing.py`, which looks before it erases.
    """
    if hashes:
        await Photo.update({Photo.leaving_at: at}).where(Photo.sha256.is_in(sorted(hashes)))
