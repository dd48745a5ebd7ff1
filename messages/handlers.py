"""Routes of messages: the page of what went out, and where the provider tells what became of it."""

import hmac
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post

from messages import commands, queries, received, sending
from messages.push_handlers import HANDLERS as PUSH
from pwa.answers import NotFound, Turned, Unreadable
from pwa.forms import page_number
from pwa.pages import page
from pwa.policy import anyone, may

Asked = Request[Any, Any, Any]
NOT_KNOWN = "This callback does not carry our token."


class Callback(msgspec.Struct):
    """What of GOV.UK Notify's delivery receipt is read. The number in it is not."""

    id: str
    status: str
    reference: str | None = None


@get("/messages", opt=may("manager", "administrator"))
async def messages(request: Asked) -> Response[str]:
    number = page_number(request.query_params.get("page"))
    shown = await queries.messages_of(request.user, number)
    more = len(shown) == queries.PAGE
    return page(
        request, "messages/list.html", messages=shown, number=number, more=more, settings=sending.settings()
    )


@get("/messages/received", opt=may("manager", "administrator"))
async def texts(request: Asked) -> Response[str]:
    number = page_number(request.query_params.get("page"))
    shown = await queries.texts_of(request.user, number)
    more, hears = len(shown) == queries.PAGE, sending.settings().hears
    return page(request, "messages/received.html", texts=shown, number=number, more=more, hears=hears)


# Open: the provider has no account here. It carries a token that only it and we know.
@post("/messages/notify/callback", opt=anyone(), status_code=200)
async def notify_callback(request: Asked) -> Response[str]:
    """Told again or late it changes nothing. What we do not know is taken too, or it would be told for ever."""
    _from_notify(request)
    said, reference = _read(await request.body())
    if reference:
        await commands.became(reference, said.id, said.status, datetime.now(UTC))
    return Response("", media_type="text/plain")


# Open for the same reason. Who wrote is known by their number alone, as Notify gives it.
@post("/messages/notify/received", opt=anyone(), status_code=200)
async def text_received(request: Asked) -> Response[str]:
    """A text that came in at the council's number. Anything but 200 and Notify tells it again."""
    _from_notify(request)
    if not sending.settings().hears:
        raise NotFound
    await received.take(await request.body(), datetime.now(UTC))
    return Response("", media_type="text/plain")


def _from_notify(request: Asked) -> None:
    token = sending.settings().token
    if not token:
        raise NotFound
    carried = request.headers.get("authorization", "")
    if not hmac.compare_digest(carried.encode(), f"Bearer {token}".encode()):
        raise Turned(401, NOT_KNOWN)


def _read(body: bytes) -> tuple[Callback, UUID | None]:
    try:
        said = msgspec.json.decode(body, type=Callback)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unreadable from wrong
    try:
        return said, UUID(said.reference or "")
    except ValueError:
        return said, None


router = Router("/", route_handlers=[messages, texts, notify_callback, text_received, *PUSH])
