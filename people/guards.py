"""The gate every request passes: who is asking, and may this role use this route."""

import asyncio
import logging
import sqlite3
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any
from uuid import UUID

import asyncpg
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from people import commands, devices, session_queries, tokens
from people.rules import SignedIn
from pwa import contact, lost
from pwa.answers import Turned
from pwa.policy import EVERYONE, POLLED, QUEUED

log = logging.getLogger("doorstep.people")
COOKIE = "__Host-sid"
RENEWAL_SECONDS = 2
NOT_BROUGHT = "A saved copy cannot bring this in. It stays on the phone."
DATABASE_DOWN = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


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
            scope["user"] = None
            if lost.is_lost(scope["headers"]):
                token = None
            try:
                person = await session_queries.signed_in(token, datetime.now(UTC)) if token else None
                # Also when it says that it is another phone now.
                scope["user"] = None if person and lost.is_one(person.device_id) else person
            except DATABASE_DOWN as error:
                # Raised again by the gate, where it becomes a page like every other failure.
                scope["not_looked_up"] = error
        await self.app(scope, receive, send)


async def gate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """App-level guard. The policy is the route's own `opt["may"]`."""
    if connection.scope.get("method") == "OPTIONS":  # the framework's own answer: which methods there are
        return
    allowed = handler.opt["may"]
    brings = connection.scope.get("brings")  # only server/taking_in.py puts it there
    if isinstance(brings, frozenset) and handler.opt.get(QUEUED) not in brings:
        raise Turned(403, NOT_BROUGHT)
    now, person = datetime.now(UTC), connection.scope.get("user")
    if brings is None and await tokens.holder(connection, handler, person, now):
        return
    device = await _device(connection, person, now) if person and brings is None else None
    connection.scope["device"] = device  # type: ignore[typeddict-unknown-key]
    if EVERYONE in allowed:
        return
    error = connection.scope.get("not_looked_up")
    if isinstance(error, Exception):
        raise error
    if person is None:
        raise NotAuthorizedException
    if person.role not in allowed:
        raise PermissionDeniedException
    if connection.scope.get("method") == "GET":  # what is sent says more, and is heard by itself
        contact.seen(device, person, now)
    if not handler.opt.get(POLLED) and commands.to_renew(person, now):
        await _renew(person, now)


async def _device(connection: ASGIConnection[Any, Any, Any, Any], person: SignedIn, at: datetime) -> UUID | None:
    """The phone this session is on. While that cannot be written down, no phone is heard of."""
    named = lost.device_of(connection.scope["headers"])
    if devices.settled(person, named):
        return await devices.believed(person, named, at)
    try:
        return await asyncio.wait_for(devices.believed(person, named, at), RENEWAL_SECONDS)
    except DATABASE_DOWN as error:
        log.warning("a phone was not noted: %s", type(error).__name__)
        return None


async def _renew(person: SignedIn, at: datetime) -> None:
    """Somebody who only reads must not be stopped by a database that is busy writing, or by a full disk."""
    try:
        await asyncio.wait_for(commands.keep_alive(person, at), RENEWAL_SECONDS)
    except DATABASE_DOWN as error:
        log.warning("a session was not renewed: %s", type(error).__name__)


__all__ = ["COOKIE", "WhoIsAsking", "gate", "token_of"]
