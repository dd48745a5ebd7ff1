"""Indexes that Piccolo cannot describe. A migration of its own: raw statements run before tables are made."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T11:55:24:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes over two columns, and over what is due"

INDEXES = (
    # create-only: the same bytes from the same person are one photograph
    "CREATE UNIQUE INDEX photo_once ON photo (sha256, person)",
    # the engine asks every second, so that it must not look through what is done
    "CREATE INDEX photo_due ON photo (try_after) WHERE state = 'received'",
    # what one person sent today, added up at every photograph without looking at the rows
    "CREATE INDEX photo_sender ON photo (person, received_at, bytes_size)",
)


async def add_indexes():
    for index in INDEXES:
        await engine_finder().run_ddl(index)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="media", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
