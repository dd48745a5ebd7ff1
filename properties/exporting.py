"""The council's list as a CSV file that can be read in again. Never a word of a warning."""

from typing import Any

from people.rules import SignedIn
from properties.clearing import open_to
from properties.guarding import written
from properties.rules import USE_WORDS, sees_properties
from properties.tables import Property
from pwa.answers import NotFound

HEADINGS = (
    "uprn", "address", "street", "town", "postcode", "type", "bedrooms", "use", "owner", "access notes", "team",
    "latitude", "longitude",
)  # fmt: skip


async def every_property(person: SignedIn) -> bytes:
    """Homes in use, street by street."""
    if not sees_properties(person.role):
        raise NotFound
    rows = await (
        Property.select(
            Property.uprn,
            Property.address,
            Property.street,
            Property.town,
            Property.postcode,
            Property.kind,
            Property.bedrooms,
            Property.use,
            Property.owner,
            Property.access_notes,
            Property.team.name.as_alias("team_name"),
            Property.latitude,
            Property.longitude,
        )
        .where(Property.retired_at.is_null(), open_to(person, Property.id))
        .order_by(Property.sort_key, Property.id)
    )
    return written(HEADINGS, (_cells(row) for row in rows))


def _cells(row: dict[str, Any]) -> list[object]:
    use = USE_WORDS.get(row["use"], "")
    return [use.lower() if name == "use" else value for name, value in row.items()]
