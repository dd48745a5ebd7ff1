from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="inspections",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(
        [
            "inspections.tables",
            "inspections.inventory_tables",
            "inspections.recharge_tables",
            "inspections.review_tables",
        ],
        exclude_imported=True,
    ),
    migration_dependencies=["people.piccolo_app", "properties.piccolo_app"],
    commands=[],
)
