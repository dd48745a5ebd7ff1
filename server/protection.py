"""What stands before every handler: host names, cross-site posts, slow bodies, and headers on every answer."""

import logging
from collections.abc import Iterable
from html import escape
from typing import cast
from urllib.parse import unquote_to_bytes, urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from server import words
from server.faults import DATABASE_DOWN, while_down
from server.logs import Request
from server.slow import Pace, paced

log = logging.getLogger("doorstep")

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
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=(), display-capture=()"
    ),
    "Cache-Control": "no-store",
    "Vary": "Cookie, HX-Request, Sec-Fetch-Site",
    "X-Robots-Tag": "noindex",
}
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
VARY = HEADERS["Vary"].encode()
# TRACE changes nothing and no route has it: the router says 405 with what the path does have.
FIELD = ("officer", "manager", "administrator", "contractor")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MAX_HEADERS, MAX_HEADER_BYTES = 100, 8192
# The browser itself posts violation reports, without our cookie and with its own fetch metadata.
# GOV.UK Notify is no browser: what it tells carries a token of its own (messages/handlers.py).
CROSS_SITE_EXEMPT = frozenset({"/csp-report", "/messages/notify/callback", "/messages/notify/received"})
# The path is the secret, so no address on these pages is told to anybody, ourselves included. Not `no-referrer`:
# with it a browser says `Origin: null` of our own forms, and one that knows no Sec-Fetch-Site is then turned away.
TOLD_BY_PATH = ("/inventory/", "/a/")
NO_ADDRESS = b"strict-origin"


class Protection:
    """Outermost ASGI middleware. Refuses before the body is read and before anybody is looked up."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], pace: Pace | None = None, tiles: str = "") -> None:
        self.app = app
        self.policy_with_map = with_tiles(tiles)
        self.hosts = frozenset(hosts)
        self.pace = pace or Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        # A HEAD is answered as the GET would be; the server below drops the body.
        scope = cast("HTTPScope", {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope)
        request = Request(scope)
        policy = self.policy_with_map if shows_map(scope["path"]) else None
        send = with_headers(request.watch(send), scope, policy)
        try:
            refusal = self._refusal(scope)
            if refusal:
                await say(send, *refusal)
            else:
                await self.app(scope, paced(receive, self.pace), send)
        except Exception as error:
            # Also what fails outside the router: looking up who is asking while the database is away.
            if request.status:
                raise
            down = isinstance(error, DATABASE_DOWN)
            log.error("failed before the router", exc_info=error)
            await say(send, *((503, while_down(scope)) if down else (500, words.BROKEN)))
        finally:
            request.write()

    def _refusal(self, scope: HTTPScope) -> tuple[int, str] | None:
        headers = list(scope["headers"])
        if len(headers) > MAX_HEADERS or any(len(k) + len(v) > MAX_HEADER_BYTES for k, v in headers):
            return 431, words.HEADERS
        if not self._host_known(headers):
            return 400, words.UNREADABLE
        if "\x00" in scope["path"] or "\ufffd" in scope["path"]:
            return 404, words.NOT_FOUND
        if not readable(scope.get("query_string", b"")):
            return 400, words.UNREADABLE
        if scope["method"] not in SAFE_METHODS and not same_site(scope):
            return 403, words.CROSS_SITE
        return None

    def _host_known(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        given = [value for name, value in headers if name == b"host"]
        # A proxy names the host it was asked for, which is ours. Nothing here reads it; another's is no slip.
        forwarded = [value for name, value in headers if name == b"x-forwarded-host"]
        return len(given) == 1 and all(_name_of(value) in self.hosts for value in given + forwarded)


# Pages of the app with nobody signed in, on which the bar of a session may stand.
SIGNED_OUT = frozenset({"/sign-in", "/sign-out", "/offline"})
WITH_PLACE = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)").encode()


def may_ask_where(scope: Scope) -> bool:
    """Only pages of whoever goes out to homes, and those on which their session's bar may stand, ask a phone
    where it is. Never a household's."""
    role = getattr(scope.get("user"), "role", "")
    return role in FIELD or scope["path"] in SIGNED_OUT


def _name_of(raw: bytes) -> str:
    """A host without its port."""
    host = raw.decode("latin-1").lower()
    return host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host


def readable(query: bytes) -> bool:
    """UTF-8 without NUL once the percent signs are undone. A lone surrogate is not UTF-8."""
    try:
        return b"\x00" not in unquote_to_bytes(query) and bool(unquote_to_bytes(query).decode("utf-8") or True)
    except UnicodeDecodeError:
        return False


def same_site(scope: HTTPScope) -> bool:
    """Sec-Fetch-Site decides; without it the Origin must be ours; with neither the answer is no."""
    if scope["path"] in CROSS_SITE_EXEMPT:
        return True
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    return bool(origin) and urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1").lower()


def shows_map(path: str) -> bool:
    """The wall and an alarm: the only pages that may load anything from another host, and only pictures."""
    return path == "/lone-working" or path.startswith("/lone-working/alarms/")


def with_tiles(address: str) -> bytes:
    """The policy of those pages: ours, and pictures from the host of the council's map."""
    parts = urlsplit(address)
    host = f" {parts.scheme}://{parts.netloc}" if address else ""
    return CSP.replace("img-src 'self' blob:", f"img-src 'self' blob:{host}").encode()


def with_headers(send: Send, scope: Scope, policy: bytes | None = None) -> Send:
    """Add ours to every answer; one that a handler set itself stays."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message["headers"]]
            given += [(b"referrer-policy", NO_ADDRESS)] if scope["path"].startswith(TOLD_BY_PATH) else []
            given += [(b"permissions-policy", WITH_PLACE)] if may_ask_where(scope) else []
            given += [(b"content-security-policy", policy)] if policy else []
            present = {name for name, _ in given}
            added = [pair for pair in RAW_HEADERS if pair[0] not in present]
            # Compression says Vary: Accept-Encoding; ours must still be said beside it.
            message["headers"] = [(n, v + b", " + VARY if n == b"vary" else v) for n, v in given] + added
        await send(message)

    return sending


MORE = {503: [(b"retry-after", b"5")]}


async def say(send: Send, status: int, sentence: str) -> None:
    """One sentence without a template, for what is refused before there is a page to show it on."""
    page = f'<!doctype html><html lang="en-GB"><title>Doorstep</title><p data-sentence>{escape(sentence)}</p>'
    body = page.encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/html; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                *MORE.get(status, []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
