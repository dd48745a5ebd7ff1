"""The SQLite engine: kept-open WAL connections, one writer at a time, and every transaction IMMEDIATE.

Piccolo opens a connection for each query and leaves SQLite in rollback-journal mode with deferred
transactions, in which 39 of 40 concurrent writers fail. Here readers share a small pool and writers
queue fairly in this process for one connection, so `busy_timeout` is only for other processes.
"""

import asyncio
import sqlite3
from typing import Any

import aiosqlite
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",
    "cache_size=-16000",
)
READERS = 4
MAX_WAITING_SECONDS = 10


class _Transaction(SQLiteTransaction):
    """Gives the writer back whatever happens, and gives up a connection it could not roll back."""

    __slots__ = ()

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.engine.get_connection()
        try:
            await self.begin()
        except BaseException:
            await self.engine.release_writer(broken=True)
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        # Shielded: a client that goes away must not leave a transaction open behind it.
        await asyncio.shield(self._finish(failed=exception is not None))
        return exception is None

    async def _finish(self, failed: bool) -> None:
        broken = True
        try:
            if failed and not self._rolled_back:
                await self.rollback()
            elif not failed and not self._committed and not self._rolled_back:
                await self.commit()
            broken = False
        finally:
            await self.engine.release_writer(broken=broken)


class PooledSQLiteEngine(SQLiteEngine):
    __slots__ = ("_loop", "_readers", "_writer", "_writing")

    def __init__(self, path: str) -> None:
        super().__init__(path=path, timeout=10)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: aiosqlite.Connection | None = None
        self._readers: asyncio.Queue[aiosqlite.Connection | None] = asyncio.Queue()
        self._writing = asyncio.Lock()

    def _settle(self) -> None:
        """Start afresh when the event loop is another one (tests, migrations before the server)."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._writer, self._writing = loop, None, asyncio.Lock()
            self._readers = asyncio.Queue()
            for _ in range(READERS):
                self._readers.put_nowait(None)

    async def _open(self) -> aiosqlite.Connection:
        connection = aiosqlite.connect(**self.connection_kwargs)
        connection._thread.daemon = True  # a forgotten connection must not keep the process alive
        await connection
        connection.row_factory = dict_factory  # type: ignore[assignment]
        for pragma in PRAGMAS:
            await connection.execute(f"PRAGMA {pragma}")
        return connection

    async def get_connection(self) -> Any:
        """The one writer, for a transaction. Waits its turn; SQLite allows no second writer anyway."""
        self._settle()
        try:
            await asyncio.wait_for(self._writing.acquire(), MAX_WAITING_SECONDS)
        except TimeoutError as error:
            raise sqlite3.OperationalError("database is locked") from error
        try:
            if self._writer is None:
                self._writer = await self._open()
        except BaseException:
            self._writing.release()
            raise
        return self._writer

    async def release_writer(self, broken: bool) -> None:
        writer = self._writer
        if broken:
            self._writer = None
        self._writing.release()
        if broken and writer is not None:
            await writer.close()

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> SQLiteTransaction:
        return _Transaction(self, transaction_type=transaction_type, allow_nested=allow_nested)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        query, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(query, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        return await self._run(ddl, [])

    async def _run(self, query: str, args: list[Any]) -> Any:
        transaction = self.current_transaction.get()
        if transaction:
            return await _fetch(transaction.connection, query, args)
        if not query.lstrip().upper().startswith("SELECT"):
            async with self.transaction() as alone:
                return await _fetch(alone.connection, query, args)
        self._settle()
        reader = await self._readers.get() or await self._open()
        try:
            return await _fetch(reader, query, args)
        finally:
            self._readers.put_nowait(reader)

    async def shut(self) -> None:
        """Close every connection; the last one checkpoints the WAL."""
        self._settle()
        while not self._readers.empty():
            if reader := self._readers.get_nowait():
                await reader.close()
        if self._writer:
            await self._writer.close()
        self._loop = None


async def _fetch(connection: Any, query: str, args: list[Any]) -> Any:
    async with connection.execute(query, args) as cursor:
        return await cursor.fetchall()
