"""What is known of photographs. Who may see one is decided above, by the record it hangs on."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from piccolo.query.functions import Sum

from media import copies, rules
from media.imaging import CannotOpen, NotNow
from media.store import StoreUnavailable, store
from media.tables import Photo
from pwa.answers import NotFound, Turned
from pwa.owners import Picture
from pwa.prepared import Prepared

PREPARING = "This photo is being prepared. Look again in a moment."
AT_ONCE = 500
_SENT_SINCE = Prepared(
    lambda person, since: (
        Photo.select(Sum(Photo.bytes_size)).where(Photo.person == person).where(Photo.received_at > since)
    )
)
_NOT_OPENED = Prepared(
    lambda person: (
        Photo.select()
        .where(Photo.person == person)
        .where(Photo.state == rules.State.unreadable.value)
        .order_by(Photo.received_at, ascending=False)
    )
)


async def photos(hashes: Collection[str], people: Collection[UUID] | None = None) -> dict[str, rules.Photograph]:
    """Photographs received, by SHA-256; a hash that is missing has not arrived.

    With `people`, only what one of them sent. When several sent the same bytes, the one that is furthest.
    """
    found: dict[str, rules.Photograph] = {}
    wanted = sorted(set(hashes)) if people is None or people else []
    for start in range(0, len(wanted), AT_ONCE):
        query = Photo.select().where(Photo.sha256.is_in(wanted[start : start + AT_ONCE]))
        if people is not None:
            query = query.where(Photo.person.is_in(list(people)))
        for row in await query.order_by(Photo.received_at):
            if row["sha256"] not in found or row["state"] == rules.State.ready:
                found[row["sha256"]] = _photograph(row)
    return found


async def photo(sha: str) -> rules.Photograph:
    """One photograph; raises NotFound."""
    found = await photos([sha])
    if sha not in found:
        raise NotFound
    return found[sha]


async def picture(sha: str, person: UUID) -> Picture:
    """For a review: shown only if who named it sent its bytes, because knowing a hash is not enough."""
    found = (await photos([sha], {person})).get(sha)
    return Picture(sha, found is not None and found.state is not rules.State.unreadable)


async def not_opened(person: UUID) -> list[rules.Photograph]:
    """What this person sent that cannot be opened, newest first: they are the ones who can take it again."""
    return [_photograph(row) for row in await _NOT_OPENED(person)]


async def sent_lately(person: UUID, at: datetime) -> int:
    """Bytes this person sent in the 24 hours before `at`."""
    row = await _SENT_SINCE.one(person, at - timedelta(days=1))
    return int(row["sum"] or 0) if row else 0


async def bytes_of(sender: UUID) -> int:
    """All that this sender ever sent."""
    row = await Photo.select(Sum(Photo.bytes_size)).where(Photo.person == sender).first()
    return int(row["sum"] or 0) if row else 0


async def clean_copy(sha: str, side: int) -> bytes:
    """A JPEG of at most `side` pixels (1600 or 400), made now if need be.

    Raises NotFound, and Turned with a sentence when the picture cannot be opened or the store is away.
    """
    seen = await photo(sha)
    if seen.state is rules.State.unreadable:
        raise Turned(404, seen.problem)
    try:
        return await copies.copy_of(sha, seen.kind, side)
    except CannotOpen as wrong:
        raise Turned(404, wrong.sentence) from wrong
    except (NotNow, copies.OriginalMissing) as wrong:
        raise Turned(503, PREPARING, {"Retry-After": "5"}) from wrong
    except StoreUnavailable as wrong:
        raise Turned(503, rules.STORE_AWAY_READING, {"Retry-After": "30"}) from wrong


async def original(sha: str) -> tuple[bytes, rules.Kind]:
    """The bytes as sent and what they are; raises NotFound, and Turned when the store is away."""
    seen = await photo(sha)
    try:
        data = await store().get(rules.original_key(sha))
    except StoreUnavailable as wrong:
        raise Turned(503, rules.STORE_AWAY_READING, {"Retry-After": "30"}) from wrong
    if data is None:
        raise Turned(503, rules.STORE_AWAY_READING, {"Retry-After": "30"})
    return data, seen.kind


def _photograph(row: dict[str, object]) -> rules.Photograph:
    known = {name: row[name] for name in rules.Photograph.__annotations__ if name in row}
    known["state"] = rules.State(str(row["state"]))
    known["kind"] = rules.Kind(str(row["mime"]))
    return rules.Photograph(**known)  # type: ignore[arg-type]
