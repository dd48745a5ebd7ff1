"""Routes of what ought to be in place before somebody goes: the list, the warnings, and trying out a phone."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.forms import CodeForm, Nothing, ReadForm
from lone_working.sessions import buddies, phone_test, ready
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.forms import form
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.pages import answer, go, keep, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")
OUT = may("officer", "manager", "contractor")


@get("/lone-working/ready", opt=FIELD)
async def ready_page(request: Asked) -> Response[str]:
    me, at = request.user, datetime.now(UTC)
    lines = await ready.lines_for(me, await buddies.buddy_of(me), at)
    return keep(page(request, "lone_working/ready.html", lines=lines))


@post("/lone-working/visits/{visit_id:uuid}/read", opt=queued(FIELD), status_code=200)
async def read_warnings(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, ReadForm)
    await once(sent, _read, request.user, visit_id, data.shown)
    reading = ready.Reading(visit_id, data.shown, read=True)
    return answer(request, "lone_working/reading.html#reading", to=f"/visits/{visit_id}", reading=reading)


async def _read(sent: Sent, me: SignedIn, visit_id: UUID, shown: str) -> None:
    await ready.read_warnings(sent, me, visit_id, shown)
    await ready.again(me, sent.received_at)


@get("/lone-working/test", opt=OUT)
async def test_page(request: Asked) -> Response[str]:
    return await _test(request, 200, {})


async def _test(request: Asked, status: int, reasons: dict[str, str]) -> Response[str]:
    me, at = request.user, datetime.now(UTC)
    block = "#test" if request.headers.get("hx-request") == "true" else ""
    shown = {
        "phone": await phone_test.mobile_of(me.id),
        "waits": await phone_test.code_waits(me, at),
        "tested": await phone_test.tested_at(me),
        "checked": await phone_test.number_checked(me.id),
        "saved": "saved" in request.query_params,
    }
    return page(request, f"lone_working/test.html{block}", status, reasons=reasons, **shown)


@post("/lone-working/test", opt=OUT)
async def send_code(request: Asked, sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    try:
        await once(sent, phone_test.send_code, request.user)
    except Refused as refused:
        return await _test(request, 422, refused.reasons)
    return go(request, "/lone-working/test")


@post("/lone-working/test/answer", opt=OUT)
async def answer_code(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, CodeForm)
    try:
        await once(sent, _answered, request.user, data.code)
    except Refused as refused:
        await once(replace(sent, id=uuid7()), phone_test.slip, request.user)
        return await _test(request, 422, refused.reasons)
    return go(request, "/lone-working/test?saved")


async def _answered(sent: Sent, me: SignedIn, code: str) -> None:
    await phone_test.answer(sent, me, code.replace(" ", ""))
    await ready.again(me, sent.received_at)


HANDLERS = [ready_page, read_warnings, test_page, send_code, answer_code]
