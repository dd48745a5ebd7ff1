"""Which exceptions mean that the database or the disk is away for now, and not that we are wrong."""

import sqlite3

import asyncpg

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
