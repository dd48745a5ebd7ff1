"""Statements that nearly every request needs, put together once and short enough to be run on the spot.

Piccolo builds a query anew each time it runs, which costs many times what the database needs to answer it.
A `Prepared` is written as any other query, as a function of the values it is asked with; it is called once
with a stand-in for each value, and what it built is kept. Only for reads by key and for single rows: on
SQLite it runs in the event loop itself, because handing it to a thread would take longer than it does.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from inspect import signature
from typing import Any

from piccolo.columns import Column
from piccolo.engine import engine_finder
from piccolo.query.base import Query
from piccolo.table import Table

Rows = list[dict[str, Any]]
CONSTANT = (str, int, float, bool, type(None))


class Adding:
    """`ADD = Adding(Reading)`, then `await ADD(item="hob", ...)`: one new row, as `Reading.insert` would.

    With `once_by`, a row whose value in that column is already there is left out: False.
    """

    def __init__(self, table: type[Table], *once_by: Column) -> None:
        self._table = table
        self._once_by = once_by
        self._made: tuple[Any, str, dict[str, Callable[[], Any]]] | None = None

    async def __call__(self, **values: Any) -> bool:
        engine, sql, defaults = self._made or self._make()
        if unknown := values.keys() - defaults.keys():
            raise TypeError(f"{self._table.__name__} has no {', '.join(sorted(unknown))}")
        # Not through a row object: making one costs several times what the database needs to store it.
        args = [_plain(values[name] if name in values else default()) for name, default in defaults.items()]
        added = await engine.run_prepared(sql, args)
        return bool(added)

    def _make(self) -> tuple[Any, str, dict[str, Callable[[], Any]]]:
        stand_in = self._table(_ignore_missing=True)
        insert = self._table.insert(stand_in).returning(self._table._meta.primary_key)
        if self._once_by:
            insert = insert.on_conflict(target=self._once_by, action="DO NOTHING")
        engine, sql, _ = _compiled(insert)
        columns = self._table._meta.columns
        self._made = (engine, sql, {column._meta.name: column.get_default_value for column in columns})
        return self._made


class _Place:
    """Stands where the value with this number will be."""

    def __init__(self, number: int) -> None:
        self.number = number


class Prepared:
    """`ONE = Prepared(lambda id: Room.select(Room.label).where(Room.id == id))`, then `await ONE(room_id)`.

    `places` says how many values there are when the function takes any number of them.
    """

    def __init__(self, build: Callable[..., Query[Any, Any]], places: int = 0) -> None:
        self._build = build
        self._places = places or len(signature(build).parameters)
        self._made: tuple[Any, str, list[Any]] | None = None

    async def __call__(self, *values: Any) -> Rows:
        """The rows it finds, or that RETURNING names, asked with as many values as the function takes."""
        engine, sql, wanted = self._made or self._make()
        args = [_plain(values[one.number]) if isinstance(one, _Place) else one for one in wanted]
        rows: Rows = await engine.run_prepared(sql, args)
        return rows

    async def one(self, *values: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        rows = await self(*values)
        return rows[0] if rows else None

    def _make(self) -> tuple[Any, str, list[Any]]:
        self._made = _compiled(self._build(*map(_Place, range(self._places))))
        for one in self._made[2]:
            # An id or a moment made now would be the same one for ever after.
            if not isinstance(one, (_Place, *CONSTANT)):
                raise TypeError(f"{one!r} must come from outside")
        return self._made


class PreparedFor:
    """`OF = PreparedFor(lambda rooms, kind: Room.select().where(Room.id.is_in(rooms), Room.kind == kind))`, then
    `await OF(ids, "kitchen")`: as `Prepared`, with a list of keys first, of any length.

    It is kept for 1, 2, 4 ... keys, and the places left over are asked with null, which no key equals. More than
    AT_ONCE are no short question any more: those are put together anew and answered off the loop.
    """

    AT_ONCE = 64

    def __init__(self, build: Callable[..., Query[Any, Any]]) -> None:
        self._build = build
        self._more = len(signature(build).parameters) - 1
        self._made: dict[int, Prepared] = {}

    async def __call__(self, keys: Iterable[Any], *values: Any) -> Rows:
        """No keys find nothing, without asking."""
        wanted = list(keys)
        if not wanted:
            return []
        if len(wanted) > self.AT_ONCE:
            rows: Rows = await self._build(wanted, *values)
            return rows
        places = 1 << (len(wanted) - 1).bit_length()
        return await self._for(places)(*wanted, *[None] * (places - len(wanted)), *values)

    def _for(self, places: int) -> Prepared:
        if places not in self._made:

            def build(*given: Any) -> Query[Any, Any]:
                return self._build(list(given[:places]), *given[places:])

            self._made[places] = Prepared(build, places=places + self._more)
        return self._made[places]


def _compiled(query: Query[Any, Any]) -> tuple[Any, str, list[Any]]:
    engine = engine_finder()
    assert engine is not None
    (querystring,) = query.querystrings
    return (engine, *querystring.compile_string(engine_type=engine.engine_type))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
