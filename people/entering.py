"""Coming in and going out, as answers to a browser: the cookie, and where to go next."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from people.guards import COOKIE
from pwa.pages import environment

# A phone that closes the app to save memory must not sign its officer out in the middle of a day. The
# server's own limits are shorter for most roles, and decide.
KEPT_SECONDS = 12 * 60 * 60


def own_path(path: str) -> str:
    """Where to go after sign-in: a path of ours only, and nothing a browser could read in another way."""
    plain = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    odd = any(sign in path for sign in "\\%") or ":" in path.split("?")[0]
    return path if plain and not odd else "/"


def enter(to: str, issued: Sequence[str]) -> Response[Any]:
    """Go there with the new session. A replay has issued nothing: the first answer carried the cookie."""
    response: Response[Any] = Redirect(own_path(to), status_code=303)
    for token in issued:
        response.cookies.append(_cookie(token, KEPT_SECONDS))
    return response


def leave(to: str) -> Response[Any]:
    """Never "storage": that would delete what still waits on this phone to be sent."""
    response: Response[Any] = Redirect(to, status_code=303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    response.cookies.append(_cookie("", 0))
    return response


def _cookie(value: str, seconds: int) -> Cookie:
    return Cookie(key=COOKIE, value=value, path="/", secure=True, httponly=True, samesite="lax", max_age=seconds)


def came_from(request: Request[Any, Any, Any]) -> str:
    """The address that counts for the limits. Behind a proxy the server's start has put the right one here."""
    return request.client.host if request.client else ""


def browser_of(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("user-agent", "")


def known_of(name: str, email: str) -> list[str]:
    """What a guess at this person's password would start with."""
    return [name, email, str(environment.globals["council"])]
