"""Every way to fail, turned into a page or a fragment, once and here."""

import logging
import sqlite3
from typing import Any
from urllib.parse import quote

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
from server import words
from server.faults import DATABASE_DOWN, while_down

log = logging.getLogger("doorstep")
Failed = Response[Any]
Asked = Request[Any, Any, Any]


def say(request: Asked, status: int, sentence: str, **more: Any) -> Failed:
    """The sentence as a fragment for the script, as a page for a person."""
    block = "#sentence" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"pwa/error.html{block}", status=status, sentence=sentence, reasons={}, **more)


def not_found(request: Asked, _: Exception) -> Failed:
    return say(request, 404, words.NOT_FOUND)


def no_such_route(request: Asked, error: Exception) -> Failed:
    return unknown_command(request, error) if "command-id" in request.headers else not_found(request, error)


def unknown_command(request: Asked, error: Exception) -> Failed:
    """What a phone queued goes to a route an older or newer build had: put aside with its sentence, never lost."""
    if request.scope.get("user") is None:
        return not_signed_in(request, error)
    return say(request, 409, words.UNKNOWN_COMMAND)


def not_signed_in(request: Asked, _: Exception) -> Failed:
    told = "text/event-stream" in request.headers.get("accept", "")
    if told or request.headers.get("hx-request") == "true" or request.method not in ("GET", "HEAD"):
        return say(request, 401, words.SIGN_IN)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Redirect(f"/sign-in?next={quote(asked, safe='')}", status_code=303)


def forbidden(request: Asked, _: Exception) -> Failed:
    return say(request, 403, words.FORBIDDEN)


def refused(request: Asked, error: Refused) -> Failed:
    """The mistakes, each by its field; the page keeps what was typed."""
    block = "#reasons" if request.headers.get("hx-request") == "true" else ""
    response = page(request, f"pwa/error.html{block}", status=422, sentence=words.REFUSED, reasons=error.reasons)
    if block:
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = "doorstep:refused"
    return response


def mismatch(request: Asked, _: Exception) -> Failed:
    return say(request, 409, words.MISMATCH)


def unreadable(request: Asked, error: Unreadable) -> Failed:
    return say(request, 400, error.sentence)


def turned(request: Asked, error: Turned) -> Failed:
    response = say(request, error.status, error.sentence)
    response.headers.update(error.headers)
    return response


def method_not_allowed(request: Asked, error: MethodNotAllowedException) -> Failed:
    if "command-id" in request.headers and request.method not in ("GET", "HEAD"):
        return unknown_command(request, error)
    response = say(request, 405, words.NOT_DONE_HERE)
    response.headers.update(error.headers or {})
    return response


def by_status(request: Asked, error: HTTPException) -> Failed:
    """Litestar's own refusals (bad path value, body over limit), in our words."""
    said = {400: words.UNREADABLE, 404: words.NOT_FOUND, 413: _too_large(request)}
    return say(request, error.status_code, said.get(error.status_code, words.BROKEN))


def _too_large(request: Asked) -> str:
    typed = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return words.TOO_LONG if typed else words.FILE_TOO_LARGE


def database_down(request: Asked, error: Exception) -> Failed:
    log.error("the database or the disk did not answer", exc_info=error)
    response = say(request, 503, while_down(request.scope))
    response.headers["Retry-After"] = "5"
    return response


def broken(request: Asked, error: Exception) -> Failed:
    log.error("unexpected", exc_info=error)
    return say(request, 500, words.BROKEN)


HANDLERS: dict[Any, Any] = {
    NotFound: not_found,
    NotFoundException: no_such_route,
    NotAuthorizedException: not_signed_in,
    PermissionDeniedException: forbidden,
    Refused: refused,
    Mismatch: mismatch,
    Unreadable: unreadable,
    Turned: turned,
    MethodNotAllowedException: method_not_allowed,
    ClientException: by_status,
    HTTPException: by_status,
    Exception: broken,
    **dict.fromkeys(DATABASE_DOWN, database_down),
    # A constraint that stopped a wrong row is our mistake, not the database's absence.
    sqlite3.IntegrityError: broken,
}
