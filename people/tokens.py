"""A token that a phone was given for one record opens the few routes that say so (`pwa.policy.by_token`), also
when nobody is signed in there, or somebody whose role may not. Whose it is, the package of that record knows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from people.rules import SignedIn
from pwa import lost
from pwa.policy import BY_TOKEN

HEADER = "visit-token"
MOST = 100


class Standing(StrEnum):
    GOOD = "good"
    OVER = "over"
    """What it was for has ended."""
    UNTRUSTED = "untrusted"
    """Its phone was lost, or its holder has left."""


@dataclass(frozen=True)
class Holder:
    person: SignedIn
    standing: Standing


Finder = Callable[[str, UUID, UUID, datetime], Awaitable[Holder | None]]
_find: list[Finder] = []


def use_tokens(find: Finder) -> None:
    """Said once at the start (server/app.py). `find` is given token, phone and record."""
    _find[:] = [find]


async def holder(
    connection: ASGIConnection[Any, Any, Any, Any],
    handler: BaseRouteHandler,
    person: SignedIn | None,
    at: datetime,
) -> SignedIn | None:
    """Who holds the token that came, for a route that takes one. None where the sign-in does, or it is nothing."""
    text = connection.headers.get(HEADER, "")[:MOST]
    if not text or not handler.opt.get(BY_TOKEN):
        return None
    author = connection.headers.get("command-author") or getattr(person, "id", None)
    if person and person.role in handler.opt["may"] and author in (person.id, str(person.id)):
        return None
    device, record = lost.device_of(connection.scope["headers"]), next(iter(connection.path_params.values()), None)
    found = await _find[0](text, device, record, at) if device and isinstance(record, UUID) else None
    if found is None:
        return None
    told: dict[str, Any] = {"user": found.person, "token": found.standing, "device": device}
    connection.scope.update(told)  # type: ignore[typeddict-item]
    return found.person
