"""A CSV file of properties, read row by row: what each cell says, and what is wrong with it and where.

Nothing here stops at a mistake: a row is good or it carries its mistakes, and the rest of the file is read on.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from properties import position, rules
from properties.changing import HALF_A_POSITION, MOST_BEDROOMS, NOT_A_POSTCODE, NOT_A_UPRN
from properties.guarding import unguarded
from pwa.forms import clean

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
NEEDED = ("address", "postcode")
NO_HEADINGS = "The first row must name the columns. It must have one called address and one called postcode."
NOT_TEXT = "That is not a CSV file. Save the spreadsheet as CSV and choose it again."
EMPTY = "That file is empty."
NO_ROWS = "That file has headings and no rows under them."

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


class NotASheet(Exception):
    """The file as a whole cannot be read. Carries the sentence for the person."""


class TooLong(Exception):
    """More rows than one import takes."""


@dataclass(frozen=True)
class Mistake:
    column: str
    sentence: str


@dataclass
class Line:
    """One row: the cells that say something, normalised, and what is wrong with the others."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.values.get("address") or "No address"


@dataclass(frozen=True)
class Sheet:
    lines: list[Line]
    ignored: list[str]


def read(body: bytes) -> Sheet:
    """The whole file. Raises NotASheet, or TooLong above MOST_ROWS rows."""
    text = decoded(body)
    rows = _rows(text)
    headings = [heading.strip() for heading in next(rows, [])]
    columns = [_column(heading) for heading in headings]
    if any(name not in columns for name in NEEDED):
        raise NotASheet(NO_HEADINGS)
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise NotASheet(f"Two columns mean {sorted(twice)[0]}. Keep one of them.")
    lines = []
    for number, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            lines.append(_line(number, columns, cells))
        if len(lines) > MOST_ROWS:
            raise TooLong
    if not lines:
        raise NotASheet(NO_ROWS)
    return Sheet(lines, [heading for heading, name in zip(headings, columns, strict=True) if heading and not name])


def decoded(body: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, or what Windows spreadsheets write."""
    if not body.strip():
        raise NotASheet(EMPTY)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(body, "utf-16")
    if b"\x00" in body:
        raise NotASheet(NOT_TEXT)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _as(body, "cp1252")


def _as(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotASheet(NOT_TEXT) from error


def _rows(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error as error:
        raise NotASheet(
            "A quotation mark in this file has no partner, so its rows cannot be told apart."
        ) from error


def _column(heading: str) -> str:
    plain = " ".join(heading.lower().replace("_", " ").replace("-", " ").split())
    name = ALSO.get(plain, plain.replace(" ", "_"))
    return name if name in READERS else ""


def _line(number: int, columns: list[str], cells: list[str]) -> Line:
    line = Line(number)
    if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
        cell = "cell" if len(cells) == 1 else "cells"
        counted = f"This row has {len(cells)} {cell} and the headings are {len(columns)}."
        line.mistakes.append(Mistake("", counted))
    for name, cell in zip(columns, cells, strict=False):
        text = clean(unguarded(cell)).strip()
        if name and text:
            _read_cell(line, name, text)
    for name in NEEDED:
        if name not in line.values and not any(mistake.column == name for mistake in line.mistakes):
            line.mistakes.append(Mistake(name, "This is missing."))
    if ("latitude" in line.values) != ("longitude" in line.values):
        line.mistakes.append(Mistake("latitude", HALF_A_POSITION))
    return line


def _read_cell(line: Line, name: str, text: str) -> None:
    try:
        line.values[name] = READERS[name](text)
    except ValueError as error:
        line.mistakes.append(Mistake(name, f"{error} It says “{text[:40]}”."))


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
