"""The forms that change a property, and what they mean once read."""

from datetime import date
from uuid import UUID

import msgspec

from people.rules import SignedIn
from properties import position, rules
from properties.facts import Facts, placed
from properties.tables import Property
from pwa.answers import Refused
from pwa.forms import Name, Text

MOST_BEDROOMS = 30
NOT_A_POSTCODE = "That is not a postcode. Enter one like HW4 2QD."
NOT_A_UPRN = "A UPRN is 1 to 12 digits."
HALF_A_POSITION = "Enter both the latitude and the longitude, or neither."


class PropertyForm(msgspec.Struct):
    address: Name
    postcode: Name
    street: Name = ""
    town: Name = ""
    uprn: Name = ""
    kind: rules.Kind | None = None
    bedrooms: int | None = None
    use: rules.Use | None = None
    owner: Name = ""
    access_notes: Text = ""
    team: UUID | None = None
    latitude: float | None = None
    longitude: float | None = None
    id: UUID | None = None


class WarningForm(msgspec.Struct):
    code: Name
    review_on: date
    text: Text = ""
    id: UUID | None = None


class CertificateForm(msgspec.Struct):
    kind: Name
    issued_on: date
    expires_on: date | None = None
    reference: Name = ""
    id: UUID | None = None


class Nothing(msgspec.Struct):
    """A button without fields."""


def facts_from(data: PropertyForm) -> Facts:
    """The form's facts, normalised. Refused with a sentence for each field that is wrong."""
    reasons: dict[str, str] = {}
    uprn, postcode = rules.normalise_uprn(data.uprn), rules.normalise_postcode(data.postcode)
    if not data.address:
        reasons["address"] = "Enter the door and the street, like 22 Saltmarsh Road."
    if postcode is None:
        reasons["postcode"] = NOT_A_POSTCODE
    if data.uprn and uprn is None:
        reasons["uprn"] = NOT_A_UPRN
    if data.bedrooms is not None and not 0 <= data.bedrooms <= MOST_BEDROOMS:
        reasons["bedrooms"] = f"Enter a number from 0 to {MOST_BEDROOMS}."
    if problem := _position_mistake(data.latitude, data.longitude):
        reasons["latitude"] = problem
    if reasons:
        raise Refused(reasons)
    facts = Facts(
        uprn=uprn,
        address=data.address,
        street=data.street,
        town=data.town,
        postcode=postcode or "",
        kind=data.kind or "",
        bedrooms=data.bedrooms,
        use=data.use or "",
        owner=data.owner,
        access_notes=data.access_notes,
        team=data.team,
    )
    return placed(facts, data.latitude, data.longitude, rules.PositionSource.HAND)


def _position_mistake(latitude: float | None, longitude: float | None) -> str:
    if latitude is None and longitude is None:
        return ""
    if latitude is None or longitude is None:
        return HALF_A_POSITION
    return "" if position.in_range(latitude, longitude) else position.OFF_RANGE


def filled_in(found: Property) -> dict[str, str]:
    """What the form shows of a stored property, as text."""
    row = found.to_dict()
    return {name: _as_text(row[name]) for name in PropertyForm.__struct_fields__ if name != "id"}


def _as_text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def blank(person: SignedIn) -> dict[str, str]:
    fields = {name: "" for name in PropertyForm.__struct_fields__ if name != "id"}
    return {**fields, "use": rules.Use.TEMPORARY.value, "team": str(person.team_id or "")}
