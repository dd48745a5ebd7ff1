"""What a property is called, where it stands, and what may be said of it to whom."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from people.rules import Role
from pwa.direction import apart


class Kind(StrEnum):
    HOUSE = "house"
    FLAT = "flat"
    MAISONETTE = "maisonette"
    BUNGALOW = "bungalow"
    BEDSIT = "bedsit"
    ROOM = "room"


class Use(StrEnum):
    """What the council lets it as."""

    TEMPORARY = "temporary"
    GENERAL = "general"
    SUPPORTED = "supported"


class PositionSource(StrEnum):
    NONE = ""
    IMPORT = "import"
    GEOCODED = "geocoded"
    HAND = "hand"


# A safeguarding alert, and the two whose reason is only in words: where such a home is stays in this program.
CONFIDENTIAL = frozenset({"20-70", "1", "0"})
NO_LONGER = "You do not see this home any more. What you sent is kept, and somebody who may will look at it."
# "Do not visit alone", for whatever reason (HACT UKHDS 3.5).
TWO_PEOPLE = frozenset({"10", "10-10"})
KIND_WORDS: Mapping[str, str] = {kind: kind.value.capitalize() for kind in Kind}
USE_WORDS: Mapping[str, str] = {
    Use.TEMPORARY: "Temporary accommodation",
    Use.GENERAL: "General needs",
    Use.SUPPORTED: "Supported",
}
SOURCE_WORDS: Mapping[str, str] = {
    PositionSource.IMPORT: "from the import file",
    PositionSource.GEOCODED: "found from the address",
    PositionSource.HAND: "put in by hand",
}
FIELD_WORDS: Mapping[str, str] = {
    "uprn": "UPRN",
    "address": "Address",
    "street": "Street",
    "town": "Town",
    "postcode": "Postcode",
    "kind": "Type",
    "bedrooms": "Bedrooms",
    "use": "Use",
    "owner": "Owner",
    "access_notes": "Getting in",
    "team": "Team",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "position_source": "Where the position came from",
    "position_problem": "What is doubtful about the position",
    "in use": "In use",
    "erased": "Erased",
}

# The six outward shapes, then the inward 9AA (GeoPlace; uk_formats.json).
_POSTCODE = re.compile(r"([A-Z][0-9]{1,2}|[A-Z][0-9][A-Z]|[A-Z]{2}[0-9]{1,2}|[A-Z]{2}[0-9][A-Z])([0-9][A-Z]{2})")
_AS_DIGIT = str.maketrans("OIL", "011")
_AS_LETTER = str.maketrans("01", "OI")
_UNIT = re.compile(
    r"\b(?:flat|apartment|apt|room|unit|bedsit|studio|maisonette|plot)\.?\s+(?:no\.?\s*)?([0-9]+[a-z]?|[a-z][0-9]*)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b([0-9]+[a-z]?)\b", re.IGNORECASE)


def normalise_uprn(text: str) -> str | None:
    """A UPRN without spaces and leading zeros, or None if it is not 1 to 12 digits (GeoPlace)."""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) or len(digits.lstrip("0")) > 12 or not digits.lstrip("0"):
        return None
    return digits.lstrip("0")


def normalise_postcode(text: str) -> str | None:
    """`hw42qd` as `HW4 2QD`, or None. The letter O where a digit must stand, and the reverse, are put right."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    for candidate in (bare, _mended(bare)):
        if found := _POSTCODE.fullmatch(candidate):
            return f"{found[1]} {found[2]}"
    return None


def _mended(bare: str) -> str:
    """Only the inward part has one shape, so only there is a slip certain."""
    if len(bare) < 5:
        return bare
    return bare[:-3] + bare[-3].translate(_AS_DIGIT) + bare[-2:].translate(_AS_LETTER)


def door_number(address: str) -> str:
    """What is on the door: `Flat 3, 14 Linden Court` is 3, `22 Saltmarsh Road` is 22, a name alone is nothing."""
    found = _UNIT.search(address) or _NUMBER.search(address)
    return found[1].upper()[:4] if found else ""


def label(address: str) -> str:
    """What a property is called on every screen."""
    return address


def where(street: str, postcode: str) -> str:
    return ", ".join(apart(part) for part in (street, postcode) if part)


def size_words(kind: str, bedrooms: int | None) -> str:
    """`2-bed flat`, `House`, `Room`."""
    word = KIND_WORDS.get(kind, "")
    if not bedrooms or kind in (Kind.BEDSIT, Kind.ROOM):
        return word
    return f"{bedrooms}-bed {word.lower() or 'home'}"


def sees_properties(role: Role) -> bool:
    """Everybody but contractors, who are shown a home only through a job of theirs (security.md §3)."""
    return role is not Role.CONTRACTOR


def sees_warnings(role: Role) -> bool:
    """The coded tags: officers and managers, whichever home they may be sent to (security.md §3)."""
    return role in (Role.OFFICER, Role.MANAGER)


def is_cleared(role: Role, team: UUID | None, home_team: UUID | None) -> bool:
    """Who may know what is to be done at a confidential home: officers and managers of the team that looks
    after it; one without a team has only managers (security.md §3, "flagged")."""
    if not sees_warnings(role):
        return False
    return role is Role.MANAGER if home_team is None else team == home_team


def reads_warning_text(
    role: Role, person: UUID, team: UUID | None, owner: UUID | None, home_team: UUID | None
) -> bool:
    """The words of a warning: officers and managers of the property's own team, and whoever owns the warning.

    A property without a team has only managers and the owner. Nobody else, administrators and contractors
    least of all: they ask the office (security.md §3, T4).
    """
    if not sees_warnings(role):
        return False
    if owner == person:
        return True
    if home_team is None:
        return role is Role.MANAGER
    return team == home_team


def may_change(role: Role, team: UUID | None, home_team: UUID | None) -> bool:
    """Administrators any property; officers and managers their own team's and those without a team."""
    if role is Role.ADMINISTRATOR:
        return True
    return role in (Role.OFFICER, Role.MANAGER) and home_team in (None, team)


def may_hold(role: Role, team: UUID | None, home_team: UUID | None) -> bool:
    """Legal holds: administrators any property's; managers their own team's and those without a team."""
    return role is not Role.OFFICER and may_change(role, team, home_team)


def lasted(since: datetime, at: datetime) -> str:
    """How long something has been so, in whole days: `less than a day`, `1 day`, `400 days`."""
    days = (at - since).days
    return "less than a day" if days < 1 else f"{days:,} day{'' if days == 1 else 's'}"
