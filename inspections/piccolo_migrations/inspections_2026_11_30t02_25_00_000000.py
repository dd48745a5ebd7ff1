"""Indexes that Piccolo cannot describe."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The newest inspections of a team and of a person"

# so that the list costs the same after years: whoever sorts them all to show thirty waits for all of them
INDEXES = (
    "CREATE INDEX inspection_of_team ON inspection (team, received_at)",
    "CREATE INDEX inspection_of_person ON inspection (started_by, received_at)",
)


async def add_indexes():
    for index in INDEXES:
        await engine_finder().run_ddl(index)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="inspections", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
