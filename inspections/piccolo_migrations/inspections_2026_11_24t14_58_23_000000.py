"""An index that Piccolo cannot describe. A migration of its own: raw statements run before columns are added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T14:58:23:000000"
VERSION = "1.38.0"
DESCRIPTION = "Inspections by age"

# the engine asks every second what is due, so that it must not look through what is not
INDEX = "CREATE INDEX inspection_received ON inspection (received_at)"


async def add_index():
    await engine_finder().run_ddl(INDEX)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="inspections", description=DESCRIPTION)
    manager.add_raw(add_index)
    return manager
