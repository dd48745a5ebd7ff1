"""An index that Piccolo cannot describe. A migration of its own: raw statements run before columns are added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T10:27:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Who is to be reminded before their time is up"

# Whoever was reminded of the deadline they have leaves it, so that it stays as small as a few minutes are.
INDEX = (
    "CREATE INDEX lone_session_nudge ON lone_session (high_risk, due_at) "
    "WHERE state = 'active' AND alarmed = false AND (nudged_for IS NULL OR nudged_for <> due_at)"
)


async def add_index():
    await engine_finder().run_ddl(INDEX)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="lone_working", description=DESCRIPTION)
    manager.add_raw(add_index)
    return manager
