"""Indexes that Piccolo cannot describe. A migration of its own: raw statements run before columns are added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T10:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Whose step has still to be looked after"

INDEXES = (
    # asked every second
    "CREATE INDEX alarm_check ON alarm (check_at) WHERE check_at IS NOT NULL",
    # asked every minute: is there one that is marked and has no alarm?
    "CREATE INDEX lone_session_alarmed ON lone_session (due_at) WHERE state = 'active' AND alarmed = true",
)


async def add_indexes():
    for index in INDEXES:
        await engine_finder().run_ddl(index)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="lone_working", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
