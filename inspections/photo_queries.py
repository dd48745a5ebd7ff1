"""Photographs of an inspection, for the person asking: which may be shown, and which must be taken again."""

from typing import Any
from uuid import UUID

from inspections.compare_rules import Shot
from inspections.queries import Opened, inspection_for
from inspections.tables import Addendum, Completion, InspectionPhoto, PhotoChange
from media import queries as media
from people.rules import SignedIn
from properties import queries as properties
from pwa.answers import NotFound


async def photo_shown(inspection: Opened, sha256: str) -> None:
    """NotFound unless somebody attached this photograph to this inspection and sent its bytes themselves.

    Knowing a hash is not enough: whoever attaches a picture must have had it.
    """
    rows = await InspectionPhoto.select(InspectionPhoto.person).where(
        (InspectionPhoto.inspection == inspection.id) & (InspectionPhoto.sha256 == sha256)
    )
    if not await media.photos([sha256], {row["person"] for row in rows}):
        raise NotFound


async def photos_not_opened(person: SignedIn) -> list[dict[str, Any]]:
    """Photographs this person sent for an inspection that cannot be opened: they can take them again.

    Not one that was taken again or put out of sight since, nor one of which there are other bytes, as the
    camera made it or made small.
    """
    broken = [photo.sha256 for photo in await media.not_opened(person.id)]
    if not broken:
        return []
    table = InspectionPhoto
    rows = await (
        table.select(
            table.id,
            table.same_as,
            table.inspection,
            table.item,
            table.inspection.property.address.as_alias("address"),  # type: ignore[union-attr]
        )
        .where(table.person == person.id)
        .where(table.sha256.is_in(broken))
        .where(properties.open_to(person, table.inspection.property))
    )
    if not rows:
        return []
    photos = list({_photo(row) for row in rows})
    others = await (
        table.select(table.id, table.same_as)
        .where(table.id.is_in(photos) | table.same_as.is_in(photos))
        .where(table.sha256.not_in(broken))
    )
    settled = {_photo(row) for row in others} | await _out_of_sight(photos) | await _answered_for(photos)
    left = [row for row in rows if row["same_as"] is None and row["id"] not in settled]
    if not left:
        return []
    ended = Completion.inspection.is_in([row["inspection"] for row in left])
    completed = {row["inspection"] for row in await Completion.select(Completion.inspection).where(ended)}
    return [{**row, "completed": row["inspection"] in completed} for row in left]


async def _out_of_sight(photos: list[UUID]) -> set[UUID]:
    """Those taken again while the inspection was open, or taken out of sight: by their last change."""
    changes = PhotoChange.select(PhotoChange.photo, PhotoChange.withdrawn).where(PhotoChange.photo.is_in(photos))
    last = {row["photo"]: row["withdrawn"] for row in await changes.order_by(PhotoChange.received_at)}
    return {photo for photo, withdrawn in last.items() if withdrawn}


async def _answered_for(photos: list[UUID]) -> set[UUID]:
    """Those taken again after the end, or said to be past taking again."""
    rows = await Addendum.select(Addendum.about).where(Addendum.about.is_in(photos))
    return {row["about"] for row in rows}


def _photo(row: dict[str, Any]) -> UUID:
    return UUID(str(row["same_as"] or row["id"]))


async def item_of_photo(inspection: Opened, photo: UUID) -> str:
    """The item a photograph is attached to; empty when this inspection has no such photograph."""
    row = await (
        InspectionPhoto.select(InspectionPhoto.item)
        .where((InspectionPhoto.inspection == inspection.id) & (InspectionPhoto.id == photo))
        .first()
    )
    return row["item"] if row else ""


async def shot_of(person: SignedIn, photo: UUID) -> Shot | None:
    """Where a photograph belongs. None for one that is not here, or of an inspection this person may not see."""
    table = InspectionPhoto
    row = await table.select(table.inspection, table.item, table.captured_at).where(table.id == photo).first()
    if row is None:
        return None
    try:
        inspection = await inspection_for(person, row["inspection"])
    except NotFound:
        return None
    return Shot(inspection.id, inspection.property, row["item"], inspection.received_at, row["captured_at"])
