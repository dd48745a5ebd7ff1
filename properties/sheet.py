"""A CSV file of properties, read row by row: what each cell says, and what is wrong with it and where.

Nothing here stops at a mistake: a row is good or it carries its mistakes, and the rest of the file is read on.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from properties.cells import READERS, column_of
from properties.changing import HALF_A_POSITION
from properties.guarding import unguarded
from pwa.direction import apart
from pwa.forms import clean

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
NEEDED = ("address", "postcode")
NO_HEADINGS = "The first row must name the columns. It must have one called address and one called postcode."
NOT_TEXT = "That is not a CSV file. Save the spreadsheet as CSV and choose it again."
EMPTY = "That file is empty."
NO_ROWS = "That file has headings and no rows under them."


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
    columns = [column_of(heading) for heading in headings]
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
        line.mistakes.append(Mistake(name, f"{error} It says “{apart(text[:40])}”."))
