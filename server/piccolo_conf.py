"""Which database, and which packages have tables in it. One line a package."""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

from server.database import PooledSQLiteEngine
from server.settings import settings

DB: PooledSQLiteEngine | PostgresEngine
if settings.database_url:
    # Without both timeouts a frozen server hangs the app for ever.
    DB = PostgresEngine(config={"dsn": settings.database_url, "command_timeout": 5, "timeout": 5})
else:
    settings.data.mkdir(parents=True, exist_ok=True)
    DB = PooledSQLiteEngine(path=str(settings.sqlite_file))

APP_REGISTRY = AppRegistry(
    apps=[
        "pwa.piccolo_app",
        "people.piccolo_app",
        "media.piccolo_app",
    ]
)
