from pathlib import Path

from piccolo.conf.apps import AppConfig

from pwa.tables import Conflict, Device, Held, Receipt, Restoration, Seal, Unsealed

APP_CONFIG = AppConfig(
    app_name="pwa",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Receipt, Held, Conflict, Seal, Unsealed, Device, Restoration],
    migration_dependencies=[],
    commands=[],
)
