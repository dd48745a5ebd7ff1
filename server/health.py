"""/health/live: the process answers. /health/ready: the database, the store and the engine do too."""

import threading
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, Router, get

from lone_working.alarms import canary
from lone_working.watch import clock
from lone_working.watch.clock_rules import APART_MOST
from people.queries import database_answers
from pwa.policy import anyone

# Set on SIGTERM, so that a load balancer sends nothing more here while the rest is finished.
leaving = threading.Event()

# Open before sign-in: a load balancer has no account. They say yes or no, and which due work is stuck.


@get("/live", opt=anyone())
async def live() -> dict[str, str]:
    return {"state": "live"}


@get("/ready", opt=anyone())
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    state, now = request.app.state, datetime.now(UTC)
    stuck = state.news.stuck(now) + (state.engine.stuck(now) if state.settings.engine else [])
    answers, right = await database_answers(), True
    if answers:
        right = abs(await clock.apart()) <= APART_MOST
        if state.settings.engine and await canary.failing(now):
            stuck.append("canary")
    parts = {"database": answers, "clock": right, "engine": not stuck, "open": not leaving.is_set()}
    return Response({**parts, "stuck": stuck}, status_code=200 if all(parts.values()) else 503)


router = Router("/health", route_handlers=[live, ready])
