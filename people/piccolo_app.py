from pathlib import Path

from piccolo.conf.apps import AppConfig

from people.tables import CalendarAddress, Firm, Invitation, Person, Session, Tally, Team

APP_CONFIG = AppConfig(
    app_name="people",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[Team, Firm, Person, Session, Invitation, CalendarAddress, Tally],
    migration_dependencies=["pwa.piccolo_app"],
    commands=[],
)
