"""Indexes that Piccolo cannot describe. A migration of its own: raw statements run before columns are added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T07:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What is due, and what is there only once"

INDEXES = (
    # the engine asks every second what is due, so that it must not look through what is not
    "CREATE INDEX lone_session_due ON lone_session (due_at) WHERE state = 'active' AND alarmed = false",
    "CREATE UNIQUE INDEX alarm_open ON alarm (session) WHERE state <> 'resolved'",
    "CREATE UNIQUE INDEX alarm_step_once ON alarm_step (alarm, cycle, n)",
    "CREATE UNIQUE INDEX alarm_told_once ON alarm_told (step, person, channel, what)",
    "CREATE UNIQUE INDEX session_event_seq ON session_event (session, seq)",
)


async def add_indexes():
    for index in INDEXES:
        await engine_finder().run_ddl(index)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="lone_working", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
