"""The PostgreSQL engine: a pool that never waits for ever and gets over a dead or frozen server by itself.

Piccolo's own transaction keeps its place in the pool when BEGIN or ROLLBACK fails, so ten failures
during one restart of PostgreSQL would leave the app without any connection until it is restarted too.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from server.noticing import in_postgres
from server.transactions import EndsWhole

# Without both timeouts a frozen server hangs the app for ever.
TIMEOUT_SECONDS = 5
POOL = {"min_size": 2, "max_size": 10, "max_inactive_connection_lifetime": 300.0}


class _Transaction(EndsWhole, PostgresTransaction):
    """Gives the connection back whatever happens; one that did not end its transaction is cut off."""

    __slots__ = ()
    engine: "PooledPostgresEngine"
    _parent: PostgresTransaction | None

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.engine.take()
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException:
            await asyncio.shield(self.engine.give_back(self.connection, broken=True))
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def _finish(self, failed: bool) -> None:
        broken = True
        try:
            if failed and not self._rolled_back:
                await self.transaction.rollback()
            elif not failed and not self._committed and not self._rolled_back:
                await self.transaction.commit()
            broken = False
        finally:
            await self.engine.give_back(self.connection, broken=broken)


class PooledPostgresEngine(PostgresEngine):
    __slots__ = ()

    def __init__(self, url: str) -> None:
        super().__init__({"dsn": url, "command_timeout": TIMEOUT_SECONDS, "timeout": TIMEOUT_SECONDS})

    async def check_version(self) -> None:
        """Piccolo would connect for this while being imported, before anybody can be told why it failed."""

    async def open(self) -> None:
        await self.start_connection_pool(**POOL)

    async def shut(self) -> None:
        if self.pool:
            await self.close_connection_pool()

    async def noticing(self, channel: str, tell: Callable[[], None]) -> None:
        await in_postgres(self.get_new_connection, channel, tell)

    async def clear_log(self) -> bool:
        """Nothing to do: autovacuum frees what was deleted, and the server recycles its log by itself."""
        return True

    async def take(self) -> Any:
        if self.pool:
            return await self.pool.acquire(timeout=TIMEOUT_SECONDS)
        return await self.get_new_connection()

    async def give_back(self, connection: Any, broken: bool) -> None:
        if broken:
            connection.terminate()
        if self.pool:
            await self.pool.release(connection, timeout=TIMEOUT_SECONDS)
        elif not broken:
            await connection.close()

    def transaction(self, allow_nested: bool = True) -> PostgresTransaction:
        return _Transaction(engine=self, allow_nested=allow_nested)

    async def run_prepared(self, query: str, args: list[Any]) -> list[dict[str, Any]]:
        """See pwa.prepared: here asyncpg keeps the statement prepared in each connection."""
        transaction = self.current_transaction.get()
        rows = await (
            transaction.connection.fetch(query, *args) if transaction else self._run_in_pool(query, args)
        )
        return [dict(row) for row in rows]

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        connection = await self.take()
        broken = True
        try:
            rows = await connection.fetch(query, *(args or []))
            broken = False
        finally:
            await asyncio.shield(self.give_back(connection, broken=broken and connection.is_closed()))
        return rows
