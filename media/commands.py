"""Taking in a photograph whose bytes the store already holds."""

from media.rules import Picture
from media.tables import Photo
from pwa.outbox import Sent
from pwa.prepared import Adding

_ADD_PHOTO = Adding(Photo, Photo.sha256, Photo.person)


async def receive_photo(sent: Sent, picture: Picture) -> None:
    """Record that this person sent these bytes, and that copies of them are due.

    Called through `once` after the store has said that it keeps the bytes, so that no row ever points at
    nothing. The same bytes from the same person again are the same photograph.
    """
    assert sent.person_id is not None
    photo = Photo(
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
    await _ADD_PHOTO(photo)
    sent.note = "photo received"
