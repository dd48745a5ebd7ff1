"""On PostgreSQL each commit that a wall may show is said to every process. SQLite has another way (server/noticing.py)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The wall hears of what is committed"

SAY = """
CREATE FUNCTION lone_working_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lone_working', '');
    RETURN NULL;
END $$
"""
TABLES = ("lone_session", "session_event", "alarm", "pin_failure")


async def add_triggers():
    engine = engine_finder()
    if engine.engine_type != "postgres":
        return
    await engine.run_ddl(SAY)
    for table in TABLES:
        await engine.run_ddl(
            f"CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION lone_working_changed()"
        )


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="lone_working", description=DESCRIPTION)
    manager.add_raw(add_triggers)
    return manager
