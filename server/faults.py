"""Which exceptions mean that the database or the disk is away for now, and not that we are wrong."""

import sqlite3

import asyncpg
from litestar.types import HTTPScope

from server import words

DATABASE_DOWN: tuple[type[Exception], ...] = (
    sqlite3.OperationalError,
    sqlite3.DatabaseError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.TransactionRollbackError,
    asyncpg.exceptions.PostgresSystemError,
    TimeoutError,
    OSError,
)


def while_down(scope: HTTPScope) -> str:
    """What is true of this request then: only the phone's outbox sends again, and it names its commands."""
    if scope["method"] in ("GET", "HEAD"):
        return words.NOT_SHOWN
    return words.BUSY if any(name == b"command-id" for name, _ in scope["headers"]) else words.NOT_SAVED
