"""The household's own pages: no account, one inventory, for seven days. The secret in the address is all.

Without a script they are ordinary pages and forms. What is refused comes back with what was typed.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from inspections import household_commands, inventory_queries, inventory_rules, inventory_view
from inspections.inventory_forms import NothingForm, SayForm
from inspections.inventory_queries import Link
from media import commands as media
from media import imaging
from media import queries as photographs
from media import rules as media_rules
from media.handlers import picture_response
from media.store import StoreUnavailable
from people import limits
from people.rules import Limit
from pwa.answers import NotFound, Refused, Turned, Unreadable
from pwa.forms import COMMAND_FIELD, form, pairs
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.pages import page
from pwa.policy import anyone
from pwa.sent import id_of
from pwa.uploads import Upload, uploaded

Asked = Request[Any, Any, Any]
Said = Response[Any]
# Open: a household has no account. Whoever has the secret sees one inventory and nothing else.
HOUSEHOLD = anyone()
FORM_BYTES = 64 * 1024
STORE_AWAY = "Photos cannot be taken in just now. Yours is still on your phone. Try again in a few minutes."


@get("/inventory/{token:str}", opt=HOUSEHOLD)
async def inventory(request: Asked, token: FromPath[str]) -> Said:
    link = await looked_up(request, token, inventory_rules.LOOKS_OF_LINK)
    if link.answered.opened_at is None:
        await once(sent_by(request, link, "opened"), household_commands.note_opened, link)
    return page(request, "inspections/household.html", token=token, **await inventory_view.household(link))


@get("/inventory/{token:str}/items/{item:str}", opt=HOUSEHOLD)
async def item_page(request: Asked, token: FromPath[str], item: FromPath[str]) -> Said:
    return await shown(request, await looked_up(request, token, inventory_rules.LOOKS_OF_LINK), token, item)


@post("/inventory/{token:str}/items/{item:str}/comments", opt=HOUSEHOLD)
async def add_comment(request: Asked, token: FromPath[str], item: FromPath[str]) -> Said:
    link, body = await inventory_queries.link_by_token(token, datetime.now(UTC)), await request.body()
    try:
        await not_too_often(request, token, inventory_rules.WRITES_OF_LINK)
        data = await form(request, SayForm)
        await inventory_view.household_item(link, item)
        await once(sent_by(request, link, "comments", body), household_commands.comment, link, item, data.text)
    except (Refused, Turned) as wrong:
        return await shown(request, link, token, item, wrong, dict(pairs(body)).get("text", ""))
    return Redirect(f"/inventory/{token}/items/{item}#said", status_code=303)


@post(
    "/inventory/{token:str}/items/{item:str}/photos",
    opt=HOUSEHOLD,
    request_max_body_size=media_rules.MAX_BYTES + FORM_BYTES,
)
async def add_photo(request: Asked, token: FromPath[str], item: FromPath[str]) -> Said:
    link = await inventory_queries.link_by_token(token, datetime.now(UTC))
    try:
        await not_too_often(request, token, inventory_rules.WRITES_OF_LINK)
        await inventory_view.household_item(link, item)
        await has_room(link)
        async with uploaded(request) as upload:
            await take_in(request, link, item, upload)
    except (Refused, Turned) as wrong:
        return await shown(request, link, token, item, wrong)
    return Redirect(f"/inventory/{token}/items/{item}#said", status_code=303)


@post("/inventory/{token:str}/nothing-to-add", opt=HOUSEHOLD)
async def nothing_to_add(request: Asked, token: FromPath[str]) -> Said:
    link = await looked_up(request, token, inventory_rules.WRITES_OF_LINK)
    await form(request, NothingForm)
    await once(sent_by(request, link, "nothing", await request.body()), household_commands.nothing_to_add, link)
    return Redirect(f"/inventory/{token}#said", status_code=303)


@get("/inventory/{token:str}/photos/{sha256:str}", opt=HOUSEHOLD)
async def photo(request: Asked, token: FromPath[str], sha256: FromPath[str]) -> Response[bytes]:
    link = await looked_up(request, token, inventory_rules.PICTURES_OF_LINK, inventory_rules.PICTURES)
    await inventory_view.picture_for(link, sha256)
    return await picture_response(request, sha256, 400 if request.query_params.get("size") == "400" else 1600)


async def nobody(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: an officer who presses the link sees what the household sees, as the household sees it."""
    connection.scope["user"] = None


async def looked_up(request: Asked, token: str, limit: Limit, of_address: Limit = inventory_rules.LOOKS) -> Link:
    """The link, counted first. NotFound once it is closed."""
    await not_too_often(request, token, limit, of_address)
    return await inventory_queries.link_by_token(token, datetime.now(UTC))


async def not_too_often(
    request: Asked, token: str, limit: Limit, of_address: Limit = inventory_rules.LOOKS
) -> None:
    address = limits.network(request.client.host if request.client else "")
    places = [(of_address, address), (limit, token)]
    await limits.count_at(places, datetime.now(UTC), inventory_rules.TOO_OFTEN)


async def shown(
    request: Asked, link: Link, token: str, item: str, wrong: Refused | Turned | None = None, typed: str = ""
) -> Said:
    """The page of one item; after a mistake with its sentence, and with what was typed."""
    context = await inventory_view.household_item(link, item)
    reasons = wrong.reasons if isinstance(wrong, Refused) else {"": wrong.sentence} if wrong else {}
    status = wrong.status if isinstance(wrong, Turned) else 422 if wrong else 200
    response = page(
        request, "inspections/household-item.html", status, token=token, reasons=reasons, typed=typed, **context
    )
    response.headers.update(wrong.headers if isinstance(wrong, Turned) else {})
    return response


async def has_room(link: Link) -> None:
    """Before anything is read. What comes at the same moment is counted again in the transaction."""
    size = await photographs.bytes_of(link.id)
    if link.answered.photos >= inventory_rules.MOST_PHOTOS or size >= inventory_rules.MOST_BYTES:
        raise Refused({"file": inventory_rules.TOO_MANY_PHOTOS})


async def take_in(request: Asked, link: Link, item: str, upload: Upload) -> None:
    """Judged by its bytes, stored, then told: as a photograph of an officer's."""
    data = upload.file.read_bytes()
    picture = media_rules.look_at(data, imaging.HEIC)
    if isinstance(picture, media_rules.Refusal):
        raise Turned(picture.status, picture.sentence)
    sent = sent_by(request, link, "photos", data, upload.sha256, upload.command_id)
    try:
        await media.keep(sent, household_commands.add_photo, link, item, picture)
    except StoreUnavailable as wrong:
        raise Turned(503, STORE_AWAY, {"Retry-After": "30"}) from wrong


def sent_by(
    request: Asked, link: Link, what: str, body: bytes = b"", sha256: str = "", command: str | None = None
) -> Sent:
    """A command of the household's. Its receipt names the inspection and never the secret in the address."""
    now = datetime.now(UTC)
    typed = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    command = command or (dict(pairs(body)).get(COMMAND_FIELD) if typed else None)
    return Sent(
        id=id_of(command) or uuid7(),
        person_id=link.id,
        person_name=inventory_queries.HOUSEHOLD,
        team_id=None,
        device_id=None,
        sequence=None,
        method=request.method,
        path=f"/inspections/{link.inspection}/inventory/{what}",
        content_type=request.headers.get("content-type", "")[:200],
        body=body,
        body_sha256=sha256 or hashlib.sha256(body).hexdigest(),
        captured_at=now,
        received_at=now,
    )


def closed(request: Asked, _: NotFound) -> Said:
    """One page for a secret that never was, was taken back or is over: the same bytes."""
    return page(request, "inspections/household-closed.html", 404)


def turned(request: Asked, wrong: Turned) -> Said:
    response = page(request, "inspections/household-closed.html", wrong.status, sentence=wrong.sentence)
    response.headers.update(wrong.headers)
    return response


def unreadable(request: Asked, wrong: Unreadable) -> Said:
    return turned(request, Turned(400, wrong.sentence))


def too_large(request: Asked, _: Exception) -> Said:
    photo = request.url.path.endswith("/photos")
    return turned(request, Turned(413, media_rules.TOO_BIG.sentence if photo else inventory_rules.TOO_LONG))


router = Router(
    "/",
    guards=[nobody],
    route_handlers=[inventory, item_page, add_comment, add_photo, nothing_to_add, photo],
    exception_handlers={NotFound: closed, Turned: turned, Unreadable: unreadable, 413: too_large},
)
