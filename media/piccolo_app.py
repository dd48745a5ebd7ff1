from pathlib import Path

from piccolo.conf.apps import AppConfig

from media.tables import Photo

APP_CONFIG = AppConfig(
    app_name="media",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Photo],
    migration_dependencies=["pwa.piccolo_app"],
    commands=[],
)
