"""What every phone is given before anything about housing: statics, the worker, the list of what waits."""

import gzip
from datetime import UTC, datetime
from functools import cache
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from pwa import pages
from pwa.answers import NotFound
from pwa.policy import anyone
from pwa.reports import Counted

Asked = Request[Any, Any, Any]
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


def _file(request: Asked, name: str, kept: str) -> Response[bytes]:
    ending = name.rsplit(".", 1)[-1]
    kind = TYPES.get(ending)
    if kind is None:
        raise NotFound
    headers = {"Cache-Control": kept}
    if ending == "png" or "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(pages.static_file(name), media_type=kind, headers=headers)
    more = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_packed(name), media_type=kind, headers=headers | more)


@cache
def _packed(name: str) -> bytes:
    """As small as it gets, once: a phone on a bad link fetches it, and it does not change while we run."""
    return gzip.compress(pages.static_file(name), 9, mtime=0)


@get("/static/{name:str}", opt=anyone())
async def static(request: Asked, name: FromPath[str]) -> Response[bytes]:
    return _file(request, name, FOREVER)


@get("/sw.js", opt=anyone())
async def service_worker(request: Asked) -> Response[bytes]:
    """One stable address and no caching, so that a broken worker can always be replaced."""
    return _file(request, "sw.js", "no-cache")


@get("/manifest.webmanifest", opt=anyone())
async def manifest(request: Asked) -> Response[bytes]:
    return _file(request, "manifest.webmanifest", "no-cache")


@get("/favicon.ico", opt=anyone())
async def favicon(request: Asked) -> Response[bytes]:
    return _file(request, pages.built().get("icon.svg", "icon.svg"), "public, max-age=86400")


@get("/offline", opt=anyone())
async def offline(request: Asked) -> Response[str]:
    """Shown by the worker when a page was not kept. It is cached in everybody's name, so it names nobody."""
    request.scope["user"] = None
    return pages.page(request, "pwa/offline.html")


@get("/outbox", opt=anyone())
async def outbox(request: Asked) -> Response[str]:
    return pages.keep(pages.page(request, "pwa/outbox.html"))


@post("/csp-report", opt=anyone(), request_max_body_size=MAX_REPORT, status_code=204)
async def csp_report(request: Asked) -> None:
    """A browser tells that the policy stopped something. Counted in the log, never its contents."""
    await request.body()
    if count := REPORTS.due(datetime.now(UTC)):
        pages.log.warning("browsers reported content-security-policy violations: %d in this minute", count)


router = Router("/", route_handlers=[static, service_worker, manifest, favicon, offline, outbox, csp_report])
