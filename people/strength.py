"""Which passwords are refused, and the sentence that says why. No passwords are listed: they are made out.

Guessing programs try a common word, a name or a walk over the keys, with a year or a few signs at the end and
some letters swapped. What is left after taking all of that away must still be hard to guess. Three ordinary
words that have nothing to do with each other are fine, as the NCSC advises.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

LEAST, MOST = 12, 128
OWN_LETTERS = 6
WORDS_ENOUGH = 3

COMMON = (
    "That password is easy to guess. Try three words that have nothing to do with each other, "
    "and leave out your name and the council's."
)
_SWAPS = (str.maketrans("@431!0$57+8", "aaeliossttb"), str.maketrans("@431!0$57+8", "aaeiiossttb"))
_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_SHIFTED = str.maketrans('!"@£#$%^&*()', "122334567890")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
WALK = 4


def plain(password: str) -> str:
    """What is hashed and measured: the same characters whichever keyboard they came from."""
    return unicodedata.normalize("NFC", password)


def complaint(password: str, about: Iterable[str] = ()) -> str:
    """Why this password is refused, or nothing. `about`: the person's name and e-mail, the council's name."""
    password = plain(password)
    if len(password) < LEAST:
        return f"Use at least {LEAST} characters. This has {len(password)}."
    if len(password) > MOST:
        return f"Use at most {MOST} characters. This has {len(password)}."
    return COMMON if guessable(password, about) else ""


def guessable(password: str, about: Iterable[str] = ()) -> bool:
    text = password.lower()
    if len(text) != len(password):  # a few letters grow when made small; positions must stay the same
        text = password
    own = {word for phrase in about for word in re.findall(r"[a-z]{3,}", phrase.lower())}
    known = [False] * len(text)
    found = _mark_words(text, known, common_words() | own)
    _mark_walks(text, known)
    _mark_repeats(text, known)
    _mark_ends(text, known)
    left = {text[i] for i, seen in enumerate(known) if not seen and not text[i].isspace()}
    counted = found - _never_enough() - own
    famous = re.sub(r"[^a-z]", "", text) in common_words()
    return famous or (len(left) < OWN_LETTERS and len(counted) < WORDS_ENOUGH)


@cache
def _lines() -> list[str]:
    lines = (Path(__file__).parent / "data" / "common_words.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@cache
def common_words() -> frozenset[str]:
    return frozenset(word for line in _lines() for word in line.removeprefix("- ").split())


@cache
def _never_enough() -> frozenset[str]:
    """Words about passwords and about the work here: a guess at this council starts with them."""
    return frozenset(word for line in _lines() if line.startswith("- ") for word in line[2:].split())


def _mark_words(text: str, known: list[bool], words: frozenset[str]) -> set[str]:
    """Mark every common word, longest first. Returns those that do not overlap a longer one."""
    found: set[str] = set()
    for length in range(min(len(text), max(map(len, words))), 2, -1):
        for start in range(len(text) - length + 1):
            if any(known[start : start + length]):
                continue
            here = text[start : start + length]
            word = next((w for w in (here, *(here.translate(s) for s in _SWAPS)) if w in words), None)
            if word:
                found.add(word)
                known[start : start + length] = [True] * length
    return found


def _mark_walks(text: str, known: list[bool]) -> None:
    """Neighbours on the keyboard or in the alphabet, at least WALK in a row, either way."""
    text, start = text.translate(_SHIFTED), 0
    for i in range(1, len(text) + 1):
        if i < len(text) and text[i] in _neighbours().get(text[i - 1], ""):
            continue
        if i - start >= WALK:
            known[start:i] = [True] * (i - start)
        start = i


@cache
def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for y, row in enumerate(_ROWS):
        for x, key in enumerate(row):
            # Each row of keys lies half a key to the right of the one above it.
            around = [(y, x - 1), (y, x), (y, x + 1), (y - 1, x), (y - 1, x + 1), (y + 1, x), (y + 1, x - 1)]
            near[key] = "".join(_ROWS[b][a] for b, a in around if 0 <= b < 4 and 0 <= a < len(_ROWS[b]))
    for first, second in pairwise(_ALPHABET):
        near[first] += second
        near[second] += first
    return near


def _mark_repeats(text: str, known: list[bool]) -> None:
    """The second and later copies of anything said again at once."""
    for match in re.finditer(r"(.+?)\1+", text):
        first = match.start() + len(match.group(1))
        known[first : match.end()] = [True] * (match.end() - first)


def _mark_ends(text: str, known: list[bool]) -> None:
    """Figures and signs before the first and after the last letter, and dates and numbers anywhere."""
    for match in re.finditer(r"^[^\w]*[\d\W_]+|[\d\W_]+$|\d{2,}", text, re.ASCII):
        for i in range(match.start(), match.end()):
            known[i] = known[i] or text[i].isascii()
