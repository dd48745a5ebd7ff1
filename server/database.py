"""The SQLite engine: kept-open WAL connections, one writer at a time, and every transaction IMMEDIATE.

Piccolo opens a connection for each query and leaves SQLite in rollback-journal mode with deferred
transactions, in which 39 of 40 concurrent writers fail. Here readers share a small pool and writers
queue fairly in this process for one connection, so `busy_timeout` is only for other processes.
"""

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import aiosqlite
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString

from server.noticing import in_file
from server.on_the_spot import Reader, rows_of
from server.transactions import EndsWhole

log = logging.getLogger("doorstep.database")

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
READS = ("SELECT", "WITH", "EXPLAIN")
# After a failed fsync the kernel may call the lost pages clean: a later success would be a lie.
UNTRUSTWORTHY = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})


class _Transaction(EndsWhole, SQLiteTransaction):
    """Gives the writer back whatever happens, and gives up a connection it could not roll back."""

    __slots__ = ()
    engine: "PooledSQLiteEngine"
    _parent: SQLiteTransaction | None

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.engine.take_writer(self.transaction_type)
        self.context = self.engine.current_transaction.set(self)
        return self

    async def _finish(self, failed: bool) -> None:
        broken = True
        try:
            # A full disk makes SQLite roll back by itself; then there is nothing left to end.
            if self.connection.in_transaction:
                await self.connection.execute("ROLLBACK" if failed else "COMMIT")
            elif not failed and not self._committed and not self._rolled_back:
                raise sqlite3.OperationalError("the transaction ended before its commit")
            broken = False
        except sqlite3.OperationalError as error:
            _stop_if_untrustworthy(error)
            raise
        finally:
            await self.engine.give_back_writer(broken=broken)


def _stop_if_untrustworthy(error: sqlite3.OperationalError) -> None:
    if getattr(error, "sqlite_errorcode", None) in UNTRUSTWORTHY:
        log.critical("the disk could not store a commit; stopping so that nothing is promised wrongly")
        os._exit(74)


class PooledSQLiteEngine(SQLiteEngine):
    __slots__ = ("_here", "_loop", "_readers", "_writer", "_writing")

    def __init__(self, path: str) -> None:
        super().__init__(path=path, timeout=10)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: aiosqlite.Connection | None = None
        self._here = Reader(**self.connection_kwargs)
        self._readers: asyncio.Queue[aiosqlite.Connection | None] = asyncio.Queue()
        self._writing = asyncio.Lock()

    def _settle(self) -> None:
        """Start afresh when the event loop is another one (tests, migrations before the server)."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        left = [self._writer]
        while not self._readers.empty():
            left.append(self._readers.get_nowait())
        for connection in left:
            if connection is not None:
                connection.stop()
        self._here.close()
        self._loop, self._writer, self._writing = loop, None, asyncio.Lock()
        self._readers = asyncio.Queue()
        for _ in range(READERS):
            self._readers.put_nowait(None)

    async def _open(self, *pragmas: str) -> aiosqlite.Connection:
        connection = aiosqlite.connect(**self.connection_kwargs, check_same_thread=False)
        connection._thread.daemon = True  # a forgotten connection must not keep the process alive
        await connection
        try:
            connection.row_factory = dict_factory  # type: ignore[assignment]
            await connection.executescript("; ".join(f"PRAGMA {pragma}" for pragma in PRAGMAS + pragmas))
        except BaseException:
            connection.stop()
            raise
        return connection

    async def take_writer(self, kind: TransactionType) -> aiosqlite.Connection:
        """The one writer with a transaction begun. At most ten seconds in the queue and at the lock."""
        self._settle()
        came = time.monotonic()
        try:
            async with asyncio.timeout(MAX_WAITING_SECONDS):
                await self._writing.acquire()
        except TimeoutError as error:
            raise sqlite3.OperationalError("database is locked") from error
        try:
            if self._writer is None:
                self._writer = await self._open("busy_timeout=0")
            await self._begin(self._writer, kind, MAX_WAITING_SECONDS - (time.monotonic() - came))
        except BaseException:
            await asyncio.shield(self.give_back_writer(broken=True))
            raise
        return self._writer

    @staticmethod
    async def _begin(writer: aiosqlite.Connection, kind: TransactionType, seconds: float) -> None:
        """Nobody else in this process writes now, so it hardly ever waits; if it must, a thread does."""
        try:
            writer._conn.execute(f"BEGIN {kind.value}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await writer.execute(f"PRAGMA busy_timeout={max(int(seconds * 1000), 100)}")
            await writer.execute(f"BEGIN {kind.value}")
            await writer.execute("PRAGMA busy_timeout=0")

    async def clear_log(self) -> bool:
        """Move the write-ahead log into the file and empty it, so that what was erased is in neither.

        False when somebody was reading just then, whom the log still serves.
        """
        self._settle()
        async with self._writing:
            if self._writer is None:
                self._writer = await self._open("busy_timeout=0")
            (said,) = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not said["busy"]

    async def give_back_writer(self, broken: bool) -> None:
        writer = self._writer
        try:
            if broken and writer is not None:
                self._writer = None
                await writer.close()
        finally:
            self._writing.release()

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> SQLiteTransaction:
        return _Transaction(self, transaction_type=transaction_type, allow_nested=allow_nested)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        query, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(query, args)

    async def run_prepared(self, query: str, args: list[Any]) -> list[dict[str, Any]]:
        """A statement that takes less time than handing it to the connection's thread: run in this one."""
        transaction = self.current_transaction.get()
        if transaction:
            return rows_of(transaction.connection._conn, query, args)
        if not query.startswith(READS):
            async with self.transaction() as alone:
                return rows_of(alone.connection._conn, query, args)
        self._settle()
        found = self._here.read(query, args)
        if found is None:
            found = await self._read(query, args)
        return found

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        return await self._run(ddl, [])

    async def _run(self, query: str, args: list[Any]) -> Any:
        transaction = self.current_transaction.get()
        if transaction:
            return await transaction.connection.execute_fetchall(query, args)
        if query.lstrip()[:8].upper().startswith(READS):
            return await self._read(query, args)
        async with self.transaction() as alone:
            return await alone.connection.execute_fetchall(query, args)

    async def _read(self, query: str, args: list[Any]) -> Any:
        self._settle()
        reader, readers = await self._readers.get(), self._readers
        try:
            if reader is None:
                reader = await self._open("query_only=ON")
            rows = await reader.execute_fetchall(query, args)
        except BaseException:
            # Also when the asker went away: a half-read cursor would hold an old snapshot for the next.
            readers.put_nowait(None)
            if reader is not None:
                reader.stop()
            raise
        readers.put_nowait(reader)
        return rows

    async def noticing(self, channel: str, tell: Callable[[], None]) -> None:
        await in_file(tell, **self.connection_kwargs)

    async def open(self) -> None:
        """Nothing to do beforehand: connections open at their first use."""

    async def shut(self) -> None:
        """Close every connection; the last one checkpoints the WAL."""
        self._settle()
        while not self._readers.empty():
            if reader := self._readers.get_nowait():
                await reader.close()
        if self._writer:
            await self._writer.close()
        self._here.close()
        self._loop, self._writer = None, None
