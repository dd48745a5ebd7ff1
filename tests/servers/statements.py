"""Something happens before each statement that this process gives its database: a test counts, kills or raises.

BEGIN and COMMIT count too, and so does the moment after a commit, when nobody has been answered yet. Only what is
done within, and in the tasks it begins: not what runs beside it.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from server import database, postgres
from server.piccolo_conf import DB

Before = Callable[[str], Awaitable[None]]
_before: ContextVar[Before | None] = ContextVar("before", default=None)
ENGINES: tuple[tuple[type[Any], type[Any]], ...] = (
    (database.PooledSQLiteEngine, database._Transaction),
    (postgres.PooledPostgresEngine, postgres._Transaction),
)


@contextmanager
def watched(before: Before) -> Iterator[None]:
    """`before` is awaited with each statement's text. What it raises comes instead of the statement."""
    engine, transaction = next(pair for pair in ENGINES if isinstance(DB, pair[0]))
    kept = [(engine, "run_querystring"), (engine, "run_prepared"), (transaction, "__aenter__"),
            (transaction, "_finish")]  # fmt: skip
    theirs = [(owner, name, getattr(owner, name)) for owner, name in kept]
    query, prepared, enter, finish = (was for *_, was in theirs)

    async def tell(sql: str) -> None:
        if within := _before.get():
            await within(sql)

    async def run_querystring(self: Any, querystring: Any, *more: Any, **how: Any) -> Any:
        await tell(str(querystring))
        return await query(self, querystring, *more, **how)

    async def run_prepared(self: Any, sql: str, args: list[Any]) -> Any:
        await tell(sql)
        return await prepared(self, sql, args)

    async def __aenter__(self: Any) -> Any:
        if self._parent is None:
            await tell("BEGIN")
        return await enter(self)

    async def _finish(self: Any, failed: bool) -> None:
        if failed:
            await finish(self, failed=True)
            return
        try:
            await tell("COMMIT")
        except BaseException:
            await finish(self, failed=True)
            raise
        await finish(self, failed=False)
        await tell("COMMITTED")

    for (owner, name), mine in zip(kept, (run_querystring, run_prepared, __aenter__, _finish), strict=True):
        setattr(owner, name, mine)
    token = _before.set(before)
    try:
        yield
    finally:
        _before.reset(token)
        for owner, name, was in theirs:
            setattr(owner, name, was)
