"""Turning what is typed, and what is searched, into the same plain words."""

import re
import unicodedata
from difflib import get_close_matches

from properties.rules import normalise_postcode, normalise_uprn

# Written short on envelopes and in old systems; both sides of a search are written out.
SHORT = {
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "ct": "court",
    "crt": "court",
    "cl": "close",
    "cres": "crescent",
    "dr": "drive",
    "gdns": "gardens",
    "gdn": "garden",
    "grn": "green",
    "gr": "grove",
    "hse": "house",
    "pl": "place",
    "sq": "square",
    "ter": "terrace",
    "terr": "terrace",
    "wlk": "walk",
    "yd": "yard",
    "bldgs": "buildings",
    "apt": "apartment",
}
UNITS = frozenset({"flat", "apartment", "room", "unit", "bedsit", "studio", "maisonette"})
MOST_WORDS = 8
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_LIKE_ENOUGH = 0.72


def words(text: str) -> list[str]:
    """`Flat 3, 14 Tanner’s Yd.` as flat, 3, 14, tanners, yard."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("'", "").replace("’", ""))
    plain = plain.encode("ascii", "ignore").decode()
    return [SHORT.get(word, word) for word in _NOT_A_WORD.split(plain) if word]


def search_text(address: str, street: str, town: str, postcode: str, uprn: str | None) -> str:
    """One line with a space before and after every word, so that ` lin` finds a beginning and `lin` any part."""
    parts = [*words(address), *words(street), *words(town), *words(postcode)]
    if postcode:
        parts.append(postcode.replace(" ", "").lower())
    if uprn:
        parts.append(uprn)
    return f" {' '.join(parts)} "


def place_words(address: str, street: str, town: str) -> str:
    """The words of an address that are names, once each: few for a whole council, for putting typing right."""
    found = words(f"{address} {street} {town}")
    return " ".join(sorted({word for word in found if len(word) > 3 and word.isalpha()}))


def sort_key(address: str, street: str) -> str:
    """Street by street and door by door: numbers are padded so that 9 comes before 14."""
    parts = words(address)
    names = [word for word in parts if not word[0].isdigit() and word not in UNITS]
    numbers = [re.sub(r"[0-9]+", lambda digits: digits[0].zfill(5), word) for word in parts if word[0].isdigit()]
    return " ".join([*words(street), *names, *reversed(numbers)])[:200]


def typed(text: str) -> list[str]:
    """The words to look for. A whole postcode or UPRN counts as one word, however it was spaced."""
    if postcode := normalise_postcode(text):
        return [postcode.replace(" ", "").lower()]
    if len(text.replace(" ", "")) > 5 and (uprn := normalise_uprn(text)):
        return [uprn]
    return words(text)[:MOST_WORDS]


def put_right(wanted: list[str], known: set[str]) -> list[str]:
    """Each word that no address has, as the nearest one that an address has: `saltmrsh` as `saltmarsh`."""
    return [word if _fits(word, known) else _nearest(word, known) for word in wanted]


def _fits(word: str, known: set[str]) -> bool:
    return len(word) < 4 or not word.isalpha() or any(word in one for one in known)


def _nearest(word: str, known: set[str]) -> str:
    near = [one for one in known if abs(len(one) - len(word)) <= 2]
    return next(iter(get_close_matches(word, near, n=1, cutoff=_LIKE_ENOUGH)), word)
