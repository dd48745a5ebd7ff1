"""What stands before every handler: host names, cross-site posts, body limits, and headers on every answer."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from litestar.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; report-to csp; report-uri /csp-report"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Reporting-Endpoints": 'csp="/csp-report"',
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), bluetooth=(), serial=(), "
        "display-capture=()"
    ),
    "Cache-Control": "no-store",
    "Vary": "Cookie, HX-Request, Sec-Fetch-Site",
    "X-Robots-Tag": "noindex",
}
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_HEADERS, MAX_HEADER_BYTES = 100, 8192
# The browser itself posts violation reports, without our cookie and with its own fetch metadata.
CROSS_SITE_EXEMPT = frozenset({"/csp-report"})

CROSS_SITE = "Reload the page and try again. Nothing is lost."


class Protection:
    """Outermost ASGI middleware. Refuses before the body is read and before anybody is looked up."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = with_headers(send)
        refusal = self._refusal(scope)
        if refusal:
            await _say(send, *refusal)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = scope["headers"]
        if len(headers) > MAX_HEADERS or any(len(k) + len(v) > MAX_HEADER_BYTES for k, v in headers):
            return 431, "That request is too large to read."
        if not self._host_known(headers):
            return 400, "Some of that could not be read."
        if b"\x00" in scope.get("raw_path", b"") or "\x00" in scope["path"] or "\ufffd" in scope["path"]:
            return 404, "We cannot find that."
        if scope["method"] == "TRACE":
            return 405, "That is not something this page does."
        if scope["method"] not in SAFE_METHODS and not same_site(scope):
            return 403, CROSS_SITE
        return None

    def _host_known(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        given = [value for name, value in headers if name == b"host"]
        if len(given) != 1:
            return False
        host = given[0].decode("latin-1").lower()
        name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
        return name in self.hosts


def same_site(scope: Scope) -> bool:
    """Sec-Fetch-Site decides; without it the Origin must be ours; with neither the answer is no."""
    if scope["path"] in CROSS_SITE_EXEMPT:
        return True
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    return bool(origin) and urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1").lower()


def with_headers(send: Send) -> Send:
    """Add ours to every answer; one that a handler set itself stays."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message["headers"])
            present = {name.lower() for name, _ in given}
            message["headers"] = given + [pair for pair in RAW_HEADERS if pair[0] not in present]
        await send(message)

    return sending


async def _say(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                *([(b"allow", b"GET, POST")] if status == 405 else []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
