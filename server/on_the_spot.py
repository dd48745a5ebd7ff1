"""SQLite statements run in the event loop itself: handing them to a thread takes longer. See pwa.prepared."""

import sqlite3
from typing import Any

PRAGMAS = ("query_only=ON", "trusted_schema=OFF", "cache_size=-16000")
Rows = list[dict[str, Any]]


def rows_of(connection: sqlite3.Connection, query: str, args: list[Any]) -> Rows:
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute(query, args).fetchall()
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]


class Reader:
    """A connection that reads and never waits: a thread may wait for a lock, the loop may not."""

    def __init__(self, **how: Any) -> None:
        self._how = {**how, "timeout": 0, "check_same_thread": False}
        self._connection: sqlite3.Connection | None = None

    def read(self, query: str, args: list[Any]) -> Rows | None:
        """The rows; None when it would have to wait, because another process recovers the file, say."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(**self._how)
                self._connection.executescript("; ".join(f"PRAGMA {pragma}" for pragma in PRAGMAS))
            return rows_of(self._connection, query, args)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return None

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None
