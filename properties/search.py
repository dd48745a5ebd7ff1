"""Finding a home by part of its address, its postcode or its UPRN, typed as people type, nearest first if asked.

The database does the looking: every home has one line of plain words (`search_text`), scanned with LIKE, which
takes a few milliseconds for 20,000 homes on SQLite and PostgreSQL alike. Only when nothing fits are the council's
distinct street names read, and the words typed put right by likeness.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from people.rules import SignedIn
from properties import rules, wording
from properties.cards import Home, homes
from properties.clearing import open_to
from properties.position import Point, metres_between, scale
from properties.tables import Property

PAGE = 25
MOST_PAGES = 400


class Show(StrEnum):
    ALL = "all"
    TEAM = "team"
    NO_POSITION = "no-position"


@dataclass(frozen=True)
class Found:
    homes: list[Home]
    total: int
    page: int
    pages: int
    instead: str = ""  # what was looked for when nothing fitted what was typed


@dataclass(frozen=True)
class _Clause:
    """A piece of SQL and the values for its placeholders."""

    sql: str
    values: tuple[Any, ...] = ()


async def search(
    person: SignedIn, text: str = "", near: Point | None = None, page: int = 1, show: Show = Show.ALL
) -> Found:
    """Homes in the council's care that fit `text`, a page at a time; all of them when it is empty."""
    if not rules.sees_properties(person.role):
        return Found([], 0, 1, 1)
    wanted, instead = wording.typed(text), ""
    if text.strip() and not wanted:
        return Found([], 0, 1, 1)
    page = min(max(page, 1), MOST_PAGES)
    ids, total = await _page(person, wanted, show, near, page)
    if not total and wanted:
        wanted, instead = await _instead(person, wanted)
        ids, total = await _page(person, wanted, show, near, page) if instead else ([], 0)
    known = await homes(person, [id for id, _ in ids])
    rows = [replace(known[id], metres=metres) for id, metres in ids if id in known]
    pages = min(_pages(total), MOST_PAGES)
    return Found(rows, total, min(page, pages), pages, instead if total else "")


async def nearest(person: SignedIn, latitude: float, longitude: float, most: int = PAGE) -> list[Home]:
    """Homes with a position, the nearest first over the ground, with their distances."""
    found = await search(person, near=(latitude, longitude))
    return [home for home in found.homes if home.metres is not None][:most]


async def point_of_postcode(person: SignedIn, text: str) -> Point | None:
    """About where a postcode is, from our own homes there: the whole of it, else its sector, else its district."""
    bare = "".join(wording.words(text))
    for part in dict.fromkeys((bare, bare[:-2], bare[:-3])):
        if len(part) < 2:
            continue
        (row,) = await Property.raw(
            "SELECT AVG(latitude) AS latitude, AVG(longitude) AS longitude FROM property "
            "WHERE latitude IS NOT NULL AND LOWER(REPLACE(postcode, ' ', '')) LIKE {} AND {}",
            f"{part}%",
            open_to(person, Property.id).querystring,
        )
        if row["latitude"] is not None:
            return row["latitude"], row["longitude"]
    return None


def _where(person: SignedIn, wanted: list[str], show: Show) -> _Clause:
    parts = [_Clause("retired_at IS NULL"), _open(person)]
    for word in wanted:
        # A number is looked for from its beginning only: 3 is not part of 13.
        start = " " if not word.isalpha() or len(word) < 3 else ""
        parts.append(_Clause("search_text LIKE {}", (f"%{start}{word}%",)))
    if show is Show.TEAM:
        parts.append(_Clause("team = {}", (person.team_id,)) if person.team_id else _Clause("team IS NULL"))
    if show is Show.NO_POSITION:
        parts.append(_Clause("(latitude IS NULL OR position_problem <> '')"))
    return _Clause(
        " AND ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values)
    )


def _open(person: SignedIn) -> _Clause:
    """A home that somebody may not know of is neither found nor counted."""
    where = open_to(person, Property.id)
    return _Clause("({})", (where.querystring,))


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE))


async def _page(
    person: SignedIn, wanted: list[str], show: Show, near: Point | None, page: int
) -> tuple[list[tuple[UUID, float | None]], int]:
    """The asked page, or the last one when there are not so many, and how many fit in all."""
    rows = await _rows(person, wanted, show, near, page)
    if not rows and page > 1:
        total = await _count(person, wanted, show)
        page = _pages(total)
        rows = await _rows(person, wanted, show, near, page) if total else []
    total = rows[0]["total"] if rows else 0
    if near is None:
        return [(row["id"], None) for row in rows], total
    return _truly_nearest(rows, near, min(page, _pages(total))), total


async def _count(person: SignedIn, wanted: list[str], show: Show) -> int:
    where = _where(person, wanted, show)
    (row,) = await Property.raw(f"SELECT COUNT(*) AS n FROM property WHERE {where.sql}", *where.values)  # noqa: S608
    return int(row["n"])


async def _rows(
    person: SignedIn, wanted: list[str], show: Show, near: Point | None, page: int
) -> list[dict[str, Any]]:
    """Candidates for a page with the number of all that fit; for the nearest, all up to the page and some more."""
    where = _where(person, wanted, show)
    order = _by_distance(near) if near else _by_fit(wanted)
    limit, offset = (page * PAGE + PAGE + page, 0) if near else (PAGE, (page - 1) * PAGE)
    # Counting beside the looking reads the words once; without words the plain count is quicker.
    total = _Clause("COUNT(*) OVER ()")
    if not wanted:
        total = _Clause(f"(SELECT COUNT(*) FROM property WHERE {where.sql})", where.values)  # noqa: S608
    rows: list[dict[str, Any]] = await Property.raw(
        f"SELECT id, latitude, longitude, {total.sql} AS total FROM property WHERE {where.sql} "  # noqa: S608
        f"ORDER BY {order.sql}, sort_key, id LIMIT {{}} OFFSET {{}}",
        *total.values,
        *where.values,
        *order.values,
        limit,
        offset,
    )
    return rows


def _truly_nearest(rows: list[dict[str, Any]], near: Point, page: int) -> list[tuple[UUID, float | None]]:
    """The asked page in true order. Rows long before it need no exact distance: they cannot move that far."""
    begin = max(0, (page - 1) * PAGE - PAGE)
    measured = [
        (row["id"], metres_between(near, (row["latitude"], row["longitude"])))
        for row in rows[begin:]
        if row["latitude"] is not None
    ]
    measured.sort(key=lambda one: one[1])
    placeless = [(row["id"], None) for row in rows[begin:] if row["latitude"] is None]
    start = (page - 1) * PAGE - begin
    return [*measured, *placeless][start : start + PAGE]


def _by_distance(near: Point) -> _Clause:
    up, along = scale(near)
    return _Clause(
        "CASE WHEN latitude IS NULL THEN 1 ELSE 0 END, "
        "(latitude - {}) * (latitude - {}) + (longitude - {}) * (longitude - {}) * {}",
        (near[0], near[0], near[1], near[1], (along / up) ** 2),
    )


def _by_fit(wanted: list[str]) -> _Clause:
    """Homes with most of the words whole come first."""
    if not wanted:
        return _Clause("sort_key")
    return _Clause(
        " + ".join("CASE WHEN search_text LIKE {} THEN 0 ELSE 1 END" for _ in wanted),
        tuple(f"% {word} %" for word in wanted),
    )


async def _instead(person: SignedIn, wanted: list[str]) -> tuple[list[str], str]:
    """What to look for when nothing fits: the postcode's neighbours, the words put right, or the street alone."""
    if len(wanted) == 1 and (postcode := rules.normalise_postcode(wanted[0])):
        return [wanted[0][:-2]], f"other homes in {postcode[:-2]}"
    where = _where(person, [], Show.ALL)
    rows = await Property.raw(f"SELECT DISTINCT place_words FROM property WHERE {where.sql}", *where.values)  # noqa: S608
    known = {word for row in rows for word in row["place_words"].split()}
    right = wording.put_right(wanted, known)
    if right == wanted:
        right = [word for word in wanted if word.isalpha()]
    return right, " ".join(right) if right != wanted else ""
