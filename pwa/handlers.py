"""What every phone is given before anything about housing: statics, the worker, the list of what waits."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from pwa import pages
from pwa.answers import NotFound
from pwa.policy import anyone
from pwa.reports import Counted

FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webmanifest": "application/manifest+json",
    "map": "application/json",
}
MAX_REPORT = 16 * 1024
REPORTS = Counted()

# All of these are open before sign-in: the app must start, and say what waits on it, with no session at
# all. None of them holds anything about a home or a person.


def _file(name: str, cache: str) -> Response[bytes]:
    kind = TYPES.get(name.rsplit(".", 1)[-1])
    if kind is None:
        raise NotFound
    return Response(pages.static_file(name), media_type=kind, headers={"Cache-Control": cache})


@get("/static/{name:str}", opt=anyone())
async def static(name: FromPath[str]) -> Response[bytes]:
    return _file(name, FOREVER)


@get("/sw.js", opt=anyone())
async def service_worker() -> Response[bytes]:
    """One stable address and no caching, so that a broken worker can always be replaced."""
    return _file("sw.js", "no-cache")


@get("/manifest.webmanifest", opt=anyone())
async def manifest() -> Response[bytes]:
    return _file("manifest.webmanifest", "no-cache")


@get("/favicon.ico", opt=anyone())
async def favicon() -> Response[bytes]:
    return _file(pages.built().get("icon.svg", "icon.svg"), "public, max-age=86400")


@get("/offline", opt=anyone())
async def offline(request: Request[Any, Any, Any]) -> Response[str]:
    """Shown by the worker when a page was not kept. It is cached in everybody's name, so it names nobody."""
    request.scope["user"] = None
    return pages.page(request, "pwa/offline.html")


@get("/outbox", opt=anyone())
async def outbox(request: Request[Any, Any, Any]) -> Response[str]:
    return pages.keep(pages.page(request, "pwa/outbox.html"))


@post("/csp-report", opt=anyone(), request_max_body_size=MAX_REPORT, status_code=204)
async def csp_report(request: Request[Any, Any, Any]) -> None:
    """A browser tells that the policy stopped something. Counted in the log, never its contents."""
    await request.body()
    if count := REPORTS.due(datetime.now(UTC)):
        pages.log.warning("browsers reported content-security-policy violations: %d in this minute", count)


router = Router("/", route_handlers=[static, service_worker, manifest, favicon, offline, outbox, csp_report])
