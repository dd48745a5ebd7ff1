from pathlib import Path

from piccolo.conf.apps import AppConfig

from tasks.tables import Task, TaskEvent

APP_CONFIG = AppConfig(
    app_name="tasks",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Task, TaskEvent],
    migration_dependencies=["properties.piccolo_app"],
    commands=[],
)
