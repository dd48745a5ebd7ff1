"""What was completed before there was a review does not wait for one. A migration of its own: raw statements run
before tables are made."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Completed before there was a review"

# or an office that updates would find years of inspections in its queue on that morning
BEFORE = """INSERT INTO review_event
    (id, inspection, after, what, together, person, captured_at, received_at, skew_seconds)
    SELECT id, inspection, inspection, 'before', false, person, captured_at, received_at, skew_seconds FROM completion"""


async def add_before():
    await engine_finder().run_ddl(BEFORE)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="inspections", description=DESCRIPTION)
    manager.add_raw(add_before)
    return manager
