"""The application, on one screen. A new package is one line here and one in piccolo_conf.py."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar_htmx import HTMXRequest

from documents.handlers import router as documents
from documents.queries import keep_documents
from inspections.handlers import router as inspections
from inspections.held import OWNER as held_inspections
from inspections.kept import kept_inspections, kept_messages
from inspections.passing import end as end_passing
from lone_working.alarms.standing_down import refused as look_again
from lone_working.answers.handlers import router as lone_links
from lone_working.answers.texts import follow as follow_texts
from lone_working.beside import kept_messages as messages_beside
from lone_working.beside import with_them
from lone_working.handlers import router as lone_working
from lone_working.phone.safety_handlers import carry
from lone_working.phone.tokens import find as find_token
from lone_working.phone.tokens import forget_phone
from lone_working.sessions.beginning import follow as follow_lone_working
from media.handlers import router as media
from messages.commands import follow_refused
from messages.handlers import router as messages
from messages.queries import keep_messages, keep_texts_of
from people.guards import WhoIsAsking, gate
from people.handlers import router as people
from people.queries import managed_teams
from people.tokens import use_tokens
from properties.clearing import use_sent
from properties.handlers import router as properties
from pwa import contact, lost, pages, restored
from pwa.handlers import router as pwa
from pwa.held_homes import use_confidential
from pwa.held_queries import use_managed
from pwa.office_handlers import router as pwa_office
from pwa.outbox import prove, provide_sent
from pwa.owners import use_owners
from pwa.styleguide import styleguide
from server import copy_handlers, errors, health
from server.confidential import nobodys, sort_out
from server.dead_man import watched
from server.engine import CLOCK, Due, Engine
from server.navigation import places
from server.opened import opened
from server.protection import Protection
from server.settings import Settings, settings
from tasks.handlers import router as tasks
from tasks.held import OWNER as held_tasks
from today.handlers import router as today
from today.walk import walk_of
from visits.handlers import router as visits
from visits.held import OWNER as held_visits
from visits.queries import sent_to
from visits.sessions import Followers, follow_visits
from visits.walk import fill_walks

ROUTERS = [
    pwa,
    pwa_office,
    people,
    messages,
    media,
    documents,
    properties,
    tasks,
    visits,
    lone_working,
    lone_links,
    inspections,
    today,
]
FOLDERS = (
    "pwa",
    "people",
    "messages",
    "properties",
    "documents",
    "tasks",
    "visits",
    "lone_working",
    "inspections",
    "today",
)
FORM_LIMIT = 256 * 1024
# Photographs are small already, and our own files are packed once for all (pwa/handlers.py).
# What is told as it happens must not wait until there is enough of it to pack.
PACKED = ["/photos", "/media", "^/static/", "^/sw.js", "^/manifest.webmanifest", "^/favicon.ico", "/events$"]


class Doorstep(Litestar):
    """Litestar without its plugins for Pydantic and attrs: our forms are msgspec, and they cost half a second."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(config: Settings = settings) -> Litestar:
    root = Path(__file__).parent.parent
    pages.furnish(
        [root / name for name in FOLDERS],
        council=config.council,
        council_phone=config.phone,
        places_for=places,
        demo=config.demo,
        safety_bar="lone_working/bar.html",
        map_tiles=config.map_tiles,
        map_credit=config.map_credit,
    )
    use_managed(managed_teams)
    use_sent(sent_to)
    use_confidential(sort_out, nobodys)
    keep_documents(kept_inspections)
    keep_messages(kept_messages, messages_beside)
    keep_texts_of(with_them)
    fill_walks(walk_of)
    follow_visits(passing=Followers(end=end_passing))
    follow_lone_working()
    use_tokens(find_token)
    lost.follow_lost(lone_working=forget_phone)
    follow_texts()
    follow_refused(look_again)
    use_owners(inspections=held_inspections, tasks=held_tasks, visits=held_visits)
    app = Doorstep(
        route_handlers=[
            *ROUTERS,
            health.router,
            copy_handlers.router,
            *([styleguide] if config.styleguide else []),
        ],
        request_class=HTMXRequest,
        guards=[gate],
        dependencies={"sent": Provide(provide_sent)},
        exception_handlers=errors.HANDLERS,
        before_request=carry,
        before_send=[prove],
        lifespan=[running],
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, exclude=PACKED),
        request_max_body_size=FORM_LIMIT,
        openapi_config=None,
        logging_config=None,  # server.logs says how, for the whole process
        debug=False,
    )
    # Around the router, not inside it: a path that is not there must carry the headers too.
    app.asgi_handler = Protection(WhoIsAsking(app.asgi_handler), hosts=config.hosts, tiles=config.map_tiles)
    app.state.settings = config
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if "may" not in handler.opt and handler.http_methods != {"OPTIONS"}:
                raise RuntimeError(f"{route.path} declares no policy")
    return app


@asynccontextmanager
async def running(app: Litestar) -> AsyncGenerator[None, None]:
    config: Settings = app.state.settings
    app.state.engine = watched(Engine(), config)
    # Here in every process, wherever the due work runs.
    app.state.news = Engine(
        (
            Due("phones", contact.run_due),
            Due("restorations", restored.run_due),
            Due("lost phones", lost.run_due),
            CLOCK,
        )
    )
    async with opened(config):
        await restored.run_due(datetime.now(UTC))  # before anybody asks
        await lost.run_due(datetime.now(UTC))
        app.state.news.start()
        if config.engine:
            app.state.engine.start()
        yield
        await app.state.engine.stop()
        await app.state.news.stop()
