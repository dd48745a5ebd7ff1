from pathlib import Path

from piccolo.conf.apps import AppConfig

from lone_working.link_tables import AlarmLink
from lone_working.tables import (
    Alarm,
    AlarmStep,
    AlarmTold,
    EngineHeartbeat,
    LoneSession,
    PinFailure,
    SafePin,
    SessionEvent,
)

APP_CONFIG = AppConfig(
    app_name="lone_working",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        LoneSession,
        SessionEvent,
        Alarm,
        AlarmStep,
        AlarmTold,
        SafePin,
        PinFailure,
        EngineHeartbeat,
        AlarmLink,
    ],
    migration_dependencies=["visits.piccolo_app", "messages.piccolo_app"],
    commands=[],
)
