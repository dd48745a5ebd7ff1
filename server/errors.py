"""Every way to fail, turned into a page or a fragment, once and here."""

import logging
import sqlite3
from typing import Any
from urllib.parse import quote

import asyncpg
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.response import Redirect

from pwa.answers import Mismatch, NotFound, Refused, Turned, Unreadable
from pwa.pages import page

log = logging.getLogger("doorstep")
Failed = Response[Any]
Asked = Request[Any, Any, Any]

NOT_FOUND = "We cannot find that."
FORBIDDEN = "You cannot do this. Ask your team leader."
UNREADABLE = "Some of that could not be read."
MISMATCH = "This was already saved differently. Both copies are kept."
SIGN_IN = "Sign in to continue. Nothing is lost."
TOO_LARGE = "That file is over 20 MB."
BUSY = "The office cannot save this just now. It is kept on your phone and will be sent again."
BROKEN = "Something went wrong at our end. Nothing is lost. Try again in a minute."


def say(request: Asked, status: int, sentence: str, **more: Any) -> Failed:
    """The sentence as a fragment for the script, as a page for a person."""
    block = "#sentence" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"pwa/error.html{block}", status=status, sentence=sentence, reasons={}, **more)


def not_found(request: Asked, _: Exception) -> Failed:
    return say(request, 404, NOT_FOUND)


def not_signed_in(request: Asked, _: Exception) -> Failed:
    if request.headers.get("hx-request") == "true" or request.method not in ("GET", "HEAD"):
        return say(request, 401, SIGN_IN)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Redirect(f"/sign-in?next={quote(asked, safe='')}", status_code=303)


def forbidden(request: Asked, _: Exception) -> Failed:
    return say(request, 403, FORBIDDEN)


def refused(request: Asked, error: Refused) -> Failed:
    """The mistakes, each by its field; the page keeps what was typed."""
    block = "#reasons" if request.headers.get("hx-request") == "true" else ""
    sentence = "Nothing is lost. Go back, put this right and save again."
    response = page(request, f"pwa/error.html{block}", status=422, sentence=sentence, reasons=error.reasons)
    if block:
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = "doorstep:refused"
    return response


def mismatch(request: Asked, _: Exception) -> Failed:
    return say(request, 409, MISMATCH)


def unreadable(request: Asked, error: Unreadable) -> Failed:
    return say(request, 400, error.sentence)


def turned(request: Asked, error: Turned) -> Failed:
    response = say(request, error.status, error.sentence)
    response.headers.update(error.headers)
    return response


def method_not_allowed(request: Asked, error: MethodNotAllowedException) -> Failed:
    response = say(request, 405, "That is not something this page does.")
    response.headers.update(error.headers or {})
    return response


def by_status(request: Asked, error: HTTPException) -> Failed:
    """Litestar's own refusals (bad path value, body over limit), in our words."""
    words = {400: UNREADABLE, 404: NOT_FOUND, 413: TOO_LARGE}
    return say(request, error.status_code, words.get(error.status_code, BROKEN))


def database_down(request: Asked, error: Exception) -> Failed:
    log.error("database: %s", type(error).__name__)
    response = say(request, 503, BUSY)
    response.headers["Retry-After"] = "5"
    return response


def broken(request: Asked, error: Exception) -> Failed:
    log.exception("unexpected %s at %s", type(error).__name__, request.route_handler.name or "?", exc_info=error)
    return say(request, 500, BROKEN)


HANDLERS: dict[Any, Any] = {
    NotFound: not_found,
    NotFoundException: not_found,
    NotAuthorizedException: not_signed_in,
    PermissionDeniedException: forbidden,
    Refused: refused,
    Mismatch: mismatch,
    Unreadable: unreadable,
    Turned: turned,
    MethodNotAllowedException: method_not_allowed,
    ClientException: by_status,
    HTTPException: by_status,
    sqlite3.OperationalError: database_down,
    asyncpg.PostgresConnectionError: database_down,
    asyncpg.InterfaceError: database_down,
    ConnectionError: database_down,
    TimeoutError: database_down,
    Exception: broken,
}
