"""The gate every request passes: who is asking, and may this role use this route."""

from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from people import commands, queries
from pwa.policy import EVERYONE

COOKIE = "__Host-sid"


def token_of(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return None
            return found.value if found else None
    return None


class WhoIsAsking:
    """ASGI middleware: puts the signed-in person, or None, in `scope["user"]`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and "user" not in scope:
            token = token_of(scope)
            at = datetime.now(UTC)
            scope["user"] = await queries.signed_in(token, at) if token else None
            if scope["user"]:
                await commands.keep_alive(scope["user"], at)
        await self.app(scope, receive, send)


def gate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """App-level guard. The policy is the route's own `opt["may"]`."""
    allowed = handler.opt["may"]
    if EVERYONE in allowed:
        return
    person = connection.scope.get("user")
    if person is None:
        raise NotAuthorizedException
    if person.role not in allowed:
        raise PermissionDeniedException


__all__ = ["COOKIE", "WhoIsAsking", "gate", "token_of"]
