"""What one cell of an imported file may say: the column it stands in, and its text read and normalised.

A reader raises ValueError with the sentence for the person.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from properties import position, rules
from properties.changing import MOST_BEDROOMS, NOT_A_POSTCODE, NOT_A_UPRN

# The names councils' systems give their columns, besides our own.
ALSO = {
    "address 1": "address",
    "address line 1": "address",
    "address line 2": "street",
    "address 2": "street",
    "locality": "street",
    "post town": "town",
    "city": "town",
    "post code": "postcode",
    "lat": "latitude",
    "lng": "longitude",
    "lon": "longitude",
    "long": "longitude",
    "type": "kind",
    "property type": "kind",
    "beds": "bedrooms",
    "bedroom count": "bedrooms",
    "number of bedrooms": "bedrooms",
    "tenure": "use",
    "tenure use": "use",
    "landlord": "owner",
    "access": "access_notes",
    "access notes": "access_notes",
    "getting in": "access_notes",
}
USES = {
    "ta": rules.Use.TEMPORARY,
    "temporary accommodation": rules.Use.TEMPORARY,
    "general needs": rules.Use.GENERAL,
    "supported housing": rules.Use.SUPPORTED,
}
KINDS = {"apartment": rules.Kind.FLAT, "studio": rules.Kind.BEDSIT, "bed sit": rules.Kind.BEDSIT}


def _words(most: int, lines: bool = False) -> Callable[[str], str]:
    def read_words(text: str) -> str:
        text = text if lines else " ".join(text.split())
        if len(text) > most:
            raise ValueError(f"Keep this under {most:,} characters.")
        return text

    return read_words


def _uprn(text: str) -> str:
    # Excel writes long numbers as 1.00012E+11: the digits are gone, and nobody can bring them back.
    if uprn := rules.normalise_uprn(text):
        return uprn
    raise ValueError(NOT_A_UPRN)


def _postcode(text: str) -> str:
    if postcode := rules.normalise_postcode(text):
        return postcode
    raise ValueError(NOT_A_POSTCODE)


def _bedrooms(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= MOST_BEDROOMS:
        return str(int(text))
    raise ValueError(f"Enter a number from 0 to {MOST_BEDROOMS}.")


def _degrees(most: int) -> Callable[[str], str]:
    def read_degrees(text: str) -> str:
        try:
            degrees = float(text) if text.isascii() else float("nan")
        except ValueError:
            degrees = float("nan")
        if not -most <= degrees <= most:
            raise ValueError(position.OFF_RANGE)
        return str(round(degrees, 6))

    return read_degrees


def _one_of(kind: type[StrEnum], also: Mapping[str, StrEnum]) -> Callable[[str], str]:
    known = {**{one.value: one.value for one in kind}, **{word: one.value for word, one in also.items()}}
    choices = ", ".join(one.value for one in kind)

    def read_choice(text: str) -> str:
        found = known.get(" ".join(text.lower().replace("-", " ").split()))
        if not found:
            raise ValueError(f"Use one of: {choices}.")
        return found

    return read_choice


READERS: dict[str, Callable[[str], str]] = {
    "uprn": _uprn,
    "address": _words(200),
    "street": _words(200),
    "town": _words(200),
    "postcode": _postcode,
    "kind": _one_of(rules.Kind, KINDS),
    "bedrooms": _bedrooms,
    "use": _one_of(rules.Use, USES),
    "owner": _words(200),
    "access_notes": _words(4000, lines=True),
    "team": _words(200),
    "latitude": _degrees(90),
    "longitude": _degrees(180),
}


def column_of(heading: str) -> str:
    """The column a heading means, or nothing."""
    plain = " ".join(heading.lower().replace("_", " ").replace("-", " ").split())
    name = ALSO.get(plain, plain.replace(" ", "_"))
    return name if name in READERS else ""
