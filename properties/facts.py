"""What is known of one property, in the form every door gives it: a form, an import, the demo council."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from properties import position, wording
from properties.rules import PositionSource

PLACE = ("address", "street", "town", "postcode")


@dataclass(frozen=True)
class Facts:
    """Normalised. The fields are columns of the table."""

    uprn: str | None
    address: str
    street: str
    town: str
    postcode: str
    kind: str = ""
    bedrooms: int | None = None
    use: str = ""
    owner: str = ""
    access_notes: str = ""
    team: UUID | None = None
    latitude: float | None = None
    longitude: float | None = None
    position_source: str = ""
    position_problem: str = ""


def rounded(degrees: float | None) -> float | None:
    """To a tenth of a metre, so that a position read back from a form or a file is the same position."""
    return None if degrees is None else round(degrees, 6)


def facts_of(row: Mapping[str, Any]) -> Facts:
    """The facts of a stored row, to be changed with `dataclasses.replace`."""
    return Facts(**{name: row[name] for name in Facts.__dataclass_fields__})


def placed(
    facts: Facts, latitude: float | None, longitude: float | None, source: PositionSource, problem: str = ""
) -> Facts:
    """With a position to a tenth of a metre and what is doubtful about it; without one when either is None."""
    if latitude is None or longitude is None:
        return replace(facts, latitude=None, longitude=None, position_source="", position_problem="")
    return replace(
        facts,
        latitude=rounded(latitude),
        longitude=rounded(longitude),
        position_source=source.value,
        position_problem=position.problem(latitude, longitude) or problem,
    )


def settled(before: Facts, after: Facts) -> Facts:
    """`after`, but a position that stayed keeps its source, and an address put right is looked for again."""
    stands = (rounded(before.latitude), rounded(before.longitude))
    if (rounded(after.latitude), rounded(after.longitude)) != stands:
        return after
    moved = any(getattr(after, name) != getattr(before, name) for name in PLACE)
    asked_again = moved and before.latitude is None
    return replace(
        after,
        latitude=before.latitude,
        longitude=before.longitude,
        position_source=before.position_source,
        position_problem="" if asked_again else before.position_problem,
    )


def columns(facts: Facts) -> dict[str, Any]:
    """Everything to store: the facts and the words they are found by."""
    return {
        **asdict(facts),
        "latitude": rounded(facts.latitude),
        "longitude": rounded(facts.longitude),
        "search_text": wording.search_text(facts.address, facts.street, facts.town, facts.postcode, facts.uprn),
        "place_words": wording.place_words(facts.address, facts.street, facts.town),
        "sort_key": wording.sort_key(facts.address, facts.street),
    }
