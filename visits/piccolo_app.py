from pathlib import Path

from piccolo.conf.apps import AppConfig

from visits.occupancy_tables import OccupancyCheck
from visits.tables import Visit, VisitEvent, VisitPhoto

APP_CONFIG = AppConfig(
    app_name="visits",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Visit, VisitEvent, VisitPhoto, OccupancyCheck],
    migration_dependencies=["properties.piccolo_app"],
    commands=[],
)
