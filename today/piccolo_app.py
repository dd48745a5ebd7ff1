from pathlib import Path

from piccolo.conf.apps import AppConfig

from today.tables import DayOrder

APP_CONFIG = AppConfig(
    app_name="today",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[DayOrder],
    migration_dependencies=["visits.piccolo_app"],
    commands=[],
)
