"""Photographs in and out. Pictures are given out only through the pages of the records they hang on."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, Router, get, put
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from media import commands, imaging, queries, rules
from media.store import StoreUnavailable
from pwa.answers import NotFound, Turned
from pwa.held_queries import held_for
from pwa.outbox import Sent
from pwa.policy import may, queued
from pwa.sent import sent_with

PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}
ELSEWHERE = "Photos open only inside Doorstep."
ENDINGS = {rules.Kind.jpeg: "jpg", rules.Kind.png: "png", rules.Kind.webp: "webp", rules.Kind.heic: "heic"}


def _turned(refusal: rules.Refusal, **headers: str) -> Turned:
    return Turned(
        refusal.status, refusal.sentence, {name.replace("_", "-"): each for name, each in headers.items()}
    )


async def within_the_day(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: nobody sends more than 2 GB a day. Runs before the body is read."""
    coming = connection.headers.get("content-length", "0")
    if coming.isdigit() and int(coming) > rules.MAX_BYTES:
        raise _turned(rules.TOO_BIG)
    sent = await queries.sent_lately(connection.scope["user"].id, datetime.now(UTC))
    if sent + (int(coming) if coming.isdigit() else 0) > rules.BYTES_A_DAY:
        raise _turned(rules.TOO_MANY_TODAY, Retry_After="3600")


async def provide_picture(request: Request[Any, Any, Any], sha256: FromPath[str]) -> rules.Picture:
    """Dependency `picture`: what arrived is whole, is what it was named by, and is a photograph."""
    if not rules.is_sha256(sha256):
        raise NotFound
    data = await request.body()
    picture = rules.look_at(data, imaging.HEIC)
    if isinstance(picture, rules.Refusal):
        raise _turned(picture)
    if not rules.is_named(data, sha256):
        raise _turned(rules.NOT_WHOLE)
    return picture


async def provide_photo(
    request: Request[Any, Any, Any], picture: NamedDependency[rules.Picture], sha256: FromPath[str]
) -> Sent:
    """Dependency `sent`, after the bytes were looked at, so that a photo cut short is told so in its own words.

    They were found to be what they are named by, so they need not be hashed again.
    """
    sent = sent_with(request, await request.body(), sha256)
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return sent


@put(
    "/media/photos/{sha256:str}",
    opt=queued(may("officer", "manager")),
    guards=[within_the_day],
    dependencies={"picture": Provide(provide_picture), "sent": Provide(provide_photo)},
    request_max_body_size=rules.MAX_BYTES,
)
async def take_in(
    sent: NamedDependency[Sent], picture: NamedDependency[rules.Picture], sha256: FromPath[str]
) -> Response[bytes]:
    """Store first, then the row and the receipt: what is acknowledged is there."""
    try:
        await commands.keep(sent, commands.receive_photo, picture)
    except StoreUnavailable as wrong:
        sent.receipt = None
        raise _turned(rules.STORE_AWAY, Retry_After="30") from wrong
    known = sent.receipt is not None and sent.receipt.replayed
    return Response(b"", status_code=200 if known else 201, media_type="text/plain")


def ours(request: Request[Any, Any, Any]) -> bool:
    """Whether a page of ours asks for the picture, as a picture: not another site, not a script tag."""
    site, purpose = request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-dest", "image")
    if site is not None:
        return site == "same-origin" and purpose in ("image", "empty", "document")
    return urlsplit(request.headers.get("referer", "")).netloc == request.headers.get("host")


async def picture_response(request: Request[Any, Any, Any], sha256: str, side: int) -> Response[bytes]:
    """The clean copy (1600 or 400 px) for a person whom the caller has found entitled to it."""
    if not ours(request):
        raise Turned(403, ELSEWHERE)
    data = await queries.clean_copy(sha256, side)
    named = {"Content-Disposition": 'inline; filename="photo.jpg"'}
    return Response(data, media_type="image/jpeg", headers=PICTURE_HEADERS | named)


async def original_response(request: Request[Any, Any, Any], sha256: str) -> Response[bytes]:
    """The bytes as sent, only ever as a download, for a person whom the caller has found entitled to them."""
    if not ours(request):
        raise Turned(403, ELSEWHERE)
    data, kind = await queries.original(sha256)
    named = {"Content-Disposition": f'attachment; filename="photo-{sha256[:8]}.{ENDINGS[kind]}"'}
    return Response(data, media_type="application/octet-stream", headers=PICTURE_HEADERS | named)


@get("/held/{held_id:uuid}/photos/{sha256:str}", opt=may("manager", "administrator"))
async def held_photo(
    request: Request[Any, Any, Any], held_id: FromPath[UUID], sha256: FromPath[str]
) -> Response[bytes]:
    """A photograph that was held, for who reviews it: no record shows it yet."""
    item = await held_for(request.user, held_id)
    if not any(picture.sha256 == sha256 and picture.here for picture in item.pictures):
        raise NotFound
    return await picture_response(request, sha256, 400 if request.query_params.get("size") == "400" else 1600)


router = Router("/", route_handlers=[take_in, held_photo])
