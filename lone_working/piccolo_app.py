from pathlib import Path

from piccolo.conf.apps import AppConfig

from lone_working.alarms.tables import AlarmLink
from lone_working.ladders.tables import CodeWord, Drill, DrillTold, TeamLadder
from lone_working.phone_tables import LoneLook, LonePoint, SealingKey, VisitToken
from lone_working.rota.tables import DutyGap, DutyHours, DutyShift
from lone_working.sessions.tables import (
    BuddyChoice,
    ContactRead,
    FirmWatch,
    HelpCard,
    HelpPhoto,
    PhoneCode,
    PhoneProved,
    Unwatched,
    WarningsRead,
)
from lone_working.tables import (
    Alarm,
    AlarmStep,
    AlarmTold,
    Canary,
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
        *(
            Unwatched,
            BuddyChoice,
            WarningsRead,
            PhoneCode,
            PhoneProved,
            HelpCard,
            HelpPhoto,
            ContactRead,
            FirmWatch,
        ),
        *(VisitToken, SealingKey, LonePoint, LoneLook),
        *(Canary, AlarmLink),
        *(DutyShift, DutyHours, DutyGap, TeamLadder, CodeWord, Drill, DrillTold),
    ],
    migration_dependencies=["visits.piccolo_app", "messages.piccolo_app"],
    commands=[],
)
