"""Which database, and which packages have tables in it. One line a package."""

from piccolo.conf.apps import AppRegistry

from pwa.disk import make_folder
from server.database import PooledSQLiteEngine
from server.postgres import PooledPostgresEngine
from server.settings import settings

DB: PooledSQLiteEngine | PooledPostgresEngine
if settings.database_url:
    DB = PooledPostgresEngine(settings.database_url)
else:
    make_folder(settings.data)
    DB = PooledSQLiteEngine(path=str(settings.sqlite_file))

APP_REGISTRY = AppRegistry(
    apps=[
        "pwa.piccolo_app",
        "people.piccolo_app",
        "properties.piccolo_app",
        "messages.piccolo_app",
        "media.piccolo_app",
        "documents.piccolo_app",
        "tasks.piccolo_app",
        "visits.piccolo_app",
        "lone_working.piccolo_app",
        "inspections.piccolo_app",
        "today.piccolo_app",
    ]
)
