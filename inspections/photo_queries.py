"""Photographs of an inspection, for the person asking: which may be shown, and which must be taken again."""

from typing import Any
from uuid import UUID

from inspections.queries import Opened
from inspections.tables import InspectionPhoto
from media import queries as media
from people.rules import SignedIn
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
    """Photographs this person sent for an inspection that cannot be opened: they can take them again."""
    broken = await media.not_opened(person.id)
    if not broken:
        return []
    return await (
        InspectionPhoto.select(
            InspectionPhoto.inspection,
            InspectionPhoto.item,
            InspectionPhoto.inspection.property.address.as_alias("address"),  # type: ignore[union-attr]
        )
        .where(InspectionPhoto.person == person.id)
        .where(InspectionPhoto.sha256.is_in([photo.sha256 for photo in broken]))
    )


async def item_of_photo(inspection: Opened, photo: UUID) -> str:
    """The item a photograph is attached to; empty when this inspection has no such photograph."""
    row = await (
        InspectionPhoto.select(InspectionPhoto.item)
        .where((InspectionPhoto.inspection == inspection.id) & (InspectionPhoto.id == photo))
        .first()
    )
    return row["item"] if row else ""
