"""Routes of what helps whoever comes: one's own page, and what those read who were called."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.forms import HelpForm, HelpPhotoForm, Nothing
from lone_working.sessions import helping
from media.handlers import picture_response
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")
CALLED = may("officer", "manager", "administrator", "contractor")
SIDE = 400


async def _mine(me: SignedIn) -> dict[str, Any]:
    photo_id, sha256 = await helping.photo_of(me.id)
    looks = await helping.looks_at(me, datetime.now(UTC))
    here = await helping.arrived(me.id, sha256)
    return {
        "card": await helping.card_of(me.id),
        "photo_id": photo_id,
        "sha256": sha256,
        "here": here,
        "looks": looks,
    }


@get("/you/helpers", opt=FIELD)
async def helpers_page(request: Asked) -> Response[str]:
    return page(request, "lone_working/helpers.html", reasons={}, saved=False, **await _mine(request.user))


@post("/you/helpers", opt=queued(FIELD), status_code=200)
async def save(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, HelpForm)
    await once(sent, helping.save, request.user, helping.Card(**msgspec.structs.asdict(data)))
    mine = await _mine(request.user)
    return answer(request, "lone_working/helpers.html#card", to="/you/helpers", reasons={}, saved=True, **mine)


@post("/you/helpers/photo", opt=queued(FIELD), status_code=200)
async def set_photo(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, HelpPhotoForm)
    await once(sent, helping.set_photo, request.user, data.sha256)
    return answer(request, "lone_working/helpers.html#photo", to="/you/helpers", **await _mine(request.user))


@post("/you/helpers/photo/remove", opt=queued(FIELD), status_code=200)
async def remove_photo(request: Asked, sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, helping.set_photo, request.user, "")
    return answer(request, "lone_working/helpers.html#photo", to="/you/helpers", **await _mine(request.user))


@get("/lone-working/helpers/{photo_id:uuid}/photos/{sha256:str}", opt=FIELD)
async def own_photo(request: Asked, photo_id: FromPath[UUID], sha256: FromPath[str]) -> Response[bytes]:
    await helping.own_photo(request.user, photo_id, sha256)
    return await picture_response(request, sha256, SIDE)


async def _looked_for(request: Asked, alarm_id: UUID, status: int, reasons: dict[str, str]) -> Response[str]:
    one = await helping.to_look_for(request.user, alarm_id)
    block = "#person" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"lone_working/looked-for.html{block}", status, one=one, reasons=reasons)


@get("/lone-working/alarms/{alarm_id:uuid}/person", opt=CALLED)
async def looked_for(request: Asked, alarm_id: FromPath[UUID]) -> Response[str]:
    """A part of the alarm's page, and a page of its own without script."""
    return await _looked_for(request, alarm_id, 200, {})


@post("/lone-working/alarms/{alarm_id:uuid}/contact", opt=may("manager"), status_code=200)
async def read_contact(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    try:
        await once(sent, helping.read_contact, request.user, alarm_id)
    except Refused as refused:
        return await _looked_for(request, alarm_id, 422, refused.reasons)
    one = await helping.to_look_for(request.user, alarm_id)
    to = f"/lone-working/alarms/{alarm_id}/person"
    return answer(request, "lone_working/looked-for.html#person", to=to, one=one, reasons={})


@get("/lone-working/alarms/{alarm_id:uuid}/photos/{sha256:str}", opt=CALLED)
async def alarm_photo(request: Asked, alarm_id: FromPath[UUID], sha256: FromPath[str]) -> Response[bytes]:
    await helping.alarm_photo(request.user, alarm_id, sha256)
    return await picture_response(request, sha256, SIDE)


HANDLERS = [helpers_page, save, set_photo, remove_photo, own_photo, looked_for, read_contact, alarm_photo]
