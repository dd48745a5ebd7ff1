"""/health/live: the process answers. /health/ready: the database, the store and the engine do too."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request, Response, Router, get

from people.queries import database_answers
from pwa.policy import anyone

# Set on SIGTERM, so that a load balancer sends nothing more here while the rest is finished.
leaving = threading.Event()
ENGINE_SILENT = timedelta(seconds=15)

# Open before sign-in: a load balancer has no account. They say nothing but yes or no.


@get("/live", opt=anyone())
async def live() -> dict[str, str]:
    return {"state": "live"}


@get("/ready", opt=anyone())
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, bool]]:
    engine = request.app.state.engine
    here = request.app.state.settings.engine
    seen = engine.last_turn is not None and datetime.now(UTC) - engine.last_turn < ENGINE_SILENT
    parts = {"database": await database_answers(), "engine": seen or not here, "open": not leaving.is_set()}
    return Response(parts, status_code=200 if all(parts.values()) else 503)


router = Router("/health", route_handlers=[live, ready])
