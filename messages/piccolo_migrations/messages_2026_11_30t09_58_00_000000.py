"""Indexes that Piccolo cannot describe. A migration of its own: raw statements run before columns are added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T09:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What is urgent, in the order in which it goes"

INDEXES = (
    # calls for help are looked for by themselves, however many others wait
    "CREATE INDEX message_urgent ON message (rank, next_try_at) WHERE urgent = true AND next_try_at IS NOT NULL",
    # what a later message about the same takes the place of
    "CREATE INDEX message_waiting ON message (record) WHERE urgent = true AND state = 'waiting'",
)


async def add_indexes():
    for index in INDEXES:
        await engine_finder().run_ddl(index)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="messages", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
