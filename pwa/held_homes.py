"""What the office has to decide about that is of a confidential home: only who is cleared for it decides.

Homes are not known here: whoever knows them is asked by the ids in addresses and forms.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

from pwa import plain
from pwa.sent import id_of
from pwa.tables import Conflict, Held

Sorted = tuple[set[UUID], set[UUID]]
SortOut = Callable[[Any, set[UUID]], Awaitable[Sorted]]
Nobodys = Callable[[set[UUID]], Awaitable[set[UUID]]]


async def _all_open(_: Any, __: set[UUID]) -> Sorted:
    return set(), set()


async def _none(_: set[UUID]) -> set[UUID]:
    return set()


_sort_out: list[SortOut] = [_all_open]
_nobodys: list[Nobodys] = [_none]


def use_confidential(sort_out: SortOut, nobodys: Nobodys) -> None:
    """Which of some records and homes are at confidential homes: those this person may not know of, and those
    they may. And those at homes that no manager may know of. Said once at the start."""
    _sort_out[:] = [sort_out]
    _nobodys[:] = [nobodys]


async def nobodys() -> int:
    """How much is undecided that no manager may see, so that an administrator gives the home's team one. They are
    told that there is something, and not of which home."""
    found = [id for table in (Held, Conflict) for id in (await _about(table, table.decided_at.is_null())).values()]
    stuck = await _nobodys[0](set(found)) if found else set()
    return sum(id in stuck for id in found)


async def confidential(person: Any, which: Callable[[Any], Any]) -> dict[Any, Sorted]:
    """By table, of the things `which` finds: the ids to keep from this person, and those that are theirs."""
    about = {table: await _about(table, which(table)) for table in (Held, Conflict)}
    wanted = {id for found in about.values() for id in found.values()}
    kept, open_now = await _sort_out[0](person, wanted) if wanted else (set(), set())
    return {
        table: (
            {row for row, id in found.items() if id in kept},
            {row for row, id in found.items() if id in open_now},
        )
        for table, found in about.items()
    }


async def _about(table: Any, which: Any) -> dict[UUID, UUID]:
    """The record each thing is for, or the home that is named in the form where there is no record yet."""
    path = [Held.receipt.path.as_alias("path"), Held.home] if table is Held else [Conflict.path]
    rows = await table.select(table.id, *path).where(which)
    found = {row["id"]: row.get("home") or _last(plain.record_of(row["path"])) for row in rows}
    if table is Conflict and found:
        found |= await _where_the_first_was(list(found))
    new = [id for id, record in found.items() if record is None]
    return {id: about for id, about in {**found, **await _homes(table, new)}.items() if about}


async def _where_the_first_was(ids: list[UUID]) -> dict[UUID, UUID | None]:
    """What came twice is of the home of its first copy, when that was held."""
    rows = await Conflict.select(Conflict.id, Conflict.receipt).where(Conflict.id.is_in(ids))
    firsts: Any = Held.receipt.is_in([row["receipt"] for row in rows]) & Held.home.is_not_null()
    homes = {row["receipt"]: row["home"] for row in await Held.select(Held.receipt, Held.home).where(firsts)}
    return {row["id"]: homes[row["receipt"]] for row in rows if row["receipt"] in homes}


def _last(record: str) -> UUID | None:
    return id_of(record.rsplit("/", 1)[1]) if record else None


async def _homes(table: Any, ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await table.select(table.id, table.content_type, table.body).where(table.id.is_in(wanted))
    given = {row["id"]: dict(plain.given(row["content_type"], bytes(row["body"]))) for row in rows}
    return {id: id_of(fields.get("property")) for id, fields in given.items()}
