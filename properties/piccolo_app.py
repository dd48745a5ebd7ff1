from pathlib import Path

from piccolo.conf.apps import AppConfig

from properties.tables import (
    Certificate,
    ImportChunk,
    ImportRun,
    LegalHold,
    PersonAlert,
    Property,
    PropertyChange,
)

APP_CONFIG = AppConfig(
    app_name="properties",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Property, PropertyChange, PersonAlert, Certificate, LegalHold, ImportRun, ImportChunk],
    migration_dependencies=["people.piccolo_app"],
    commands=[],
)
