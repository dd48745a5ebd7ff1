from pathlib import Path

from piccolo.conf.apps import AppConfig

from lone_working.ladder_tables import CodeWord, Drill, DrillTold, TeamLadder
from lone_working.rota_tables import DutyGap, DutyHours, DutyShift
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
        *(LoneSession, SessionEvent, Alarm, AlarmStep, AlarmTold, SafePin, PinFailure, EngineHeartbeat),
        *(DutyShift, DutyHours, DutyGap, TeamLadder, CodeWord, Drill, DrillTold),
    ],
    migration_dependencies=["visits.piccolo_app", "messages.piccolo_app"],
    commands=[],
)
