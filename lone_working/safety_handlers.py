"""Routes of whoever is out: the safety bar's buttons, more time, and the end; and how the bar gets onto a page."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from lone_working import commands, contractors, queries, ready, ready_rules
from lone_working.forms import BeginForm, CheckInForm, ExtendForm, PinForm
from lone_working.unwatched_handlers import after
from people import passwords
from people.rules import Role, SignedIn
from pwa.answers import Refused, Turned, Unreadable
from pwa.forms import form
from pwa.ids import uuid7
from pwa.outbox import Sent, once, provide_sent
from pwa.pages import go, page
from pwa.policy import EVERYONE, POLLED, may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
# Contractors where their firm has asked (contractors.py): others of them are told so, and begin nothing.
FIELD = may("officer", "manager", "contractor")
GO_OUT = (Role.OFFICER, Role.MANAGER, Role.CONTRACTOR)


def first_page(me: SignedIn) -> str:
    return "/you" if me.role is Role.CONTRACTOR else "/today"


async def carry(request: Asked) -> None:
    """Before every whole page: the session that its reader is out on, for the bar in pwa/templates/base.html.

    Or that there ought to be one."""
    me, route = request.scope.get("user"), request.scope["route_handler"]
    parts = (
        request.headers.get("hx-request") == "true"
        or route.opt.get(POLLED)
        or EVERYONE in route.opt.get("may", ())
    )
    if me is not None and me.role in GO_OUT and not parts:
        request.scope["safety"] = await queries.bar_for(me, datetime.now(UTC))  # type: ignore[typeddict-unknown-key]


@get("/lone-working/new", opt=FIELD)
async def new(request: Asked) -> Response[str]:
    return await _new(request, 200, {}, {})


async def _new(request: Asked, status: int, reasons: dict[str, str], typed: object) -> Response[str]:
    block = "#begin" if request.headers.get("hx-request") == "true" else ""
    me = request.user
    shown: dict[str, Any] = {"buddies": await queries.buddies_for(me), "chosen": await queries.buddy_of(me)}
    shown["firm"] = firm = await contractors.standing(me) if me.role is Role.CONTRACTOR else None
    buddy = firm.supervisor if firm else shown["chosen"]
    shown["lines"] = await ready.lines_for(me, buddy, datetime.now(UTC))
    return page(request, f"lone_working/new.html{block}", status, reasons=reasons, typed=typed, **shown)


async def _begin(sent: Sent, me: SignedIn, data: BeginForm) -> None:
    battery = ready_rules.level(data.battery)
    if me.role is Role.CONTRACTOR:
        await contractors.begin(sent, me, data.place, data.minutes, battery)
    else:
        await commands.begin_own(sent, me, data.place, data.minutes, data.buddy, battery)


@post("/lone-working", opt=FIELD)
async def begin(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, BeginForm)
    try:
        await once(sent, _begin, request.user, data)
    except Refused as refused:
        return await _new(request, 422, refused.reasons, data)
    return go(request, first_page(request.user))


@post("/lone-working/{session_id:uuid}/check-in", opt=queued(FIELD))
async def check_in(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, CheckInForm)
    await commands.check_in(sent, request.user, session_id, battery=ready_rules.level(data.battery))
    return await after(request)


@post("/lone-working/{session_id:uuid}/extend", opt=queued(FIELD))
async def extend(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, ExtendForm)
    (pin,) = passwords.take(sent, "pin") if data.pin else ("",)
    try:
        await commands.extend(sent, request.user, session_id, data.minutes, pin or None)
    except Refused as refused:
        if not pin and "command-id" in request.headers:  # from the bar: the phone puts it aside and says why
            raise
        return await _ask(request, "more", session_id, 422, refused.reasons, data.minutes)
    return go(request, first_page(request.user)) if pin else await after(request)


@get("/lone-working/{session_id:uuid}/more", opt=FIELD)
async def more(request: Asked, session_id: FromPath[UUID]) -> Response[str]:
    minutes = 30 if request.query_params.get("minutes") == "30" else 15
    return await _ask(request, "more", session_id, 200, {}, minutes)


@get("/lone-working/{session_id:uuid}/end", opt=FIELD)
async def ask_pin(request: Asked, session_id: FromPath[UUID]) -> Response[str]:
    return await _ask(request, "end", session_id, 200, {})


async def _ask(
    request: Asked, name: str, session_id: UUID, status: int, reasons: dict[str, str], minutes: int = 15
) -> Response[str]:
    """The page that asks for a PIN; after a wrong one its form alone, in the place of the one that was sent."""
    block = "#pin" if request.headers.get("hx-request") == "true" else ""
    session = await queries.own_session(request.user, session_id, datetime.now(UTC))
    shown = {"session": session, "reasons": reasons, "minutes": minutes}
    return page(request, f"lone_working/{name}.html{block}", status, **shown)


@post("/lone-working/{session_id:uuid}/end", opt=FIELD)
async def end(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """The same for either PIN, to the byte: what it meant is the office's to know."""
    await form(request, PinForm)
    (pin,) = passwords.take(sent, "pin")
    try:
        await commands.end(sent, request.user, session_id, pin)
    except Refused as refused:
        return await _ask(request, "end", session_id, 422, refused.reasons)
    return go(request, first_page(request.user))


async def whatever_came(request: Asked) -> Sent:
    """`provide_sent`, but a call for help is not turned away for what is wrong with its envelope."""
    try:
        return await provide_sent(request)
    except Unreadable:
        pass
    except Turned as turned:
        if turned.status == 401:  # somebody else's, and it waits for them
            raise
    now, me, body = datetime.now(UTC), request.user, await request.body()
    sent = Sent(
        id=uuid7(),
        person_id=me.id,
        person_name=me.name,
        team_id=me.team_id,
        device_id=None,
        sequence=None,
        method=request.method,
        path=request.url.path,
        content_type="",
        body=b"",
        body_sha256=hashlib.sha256(body).hexdigest(),
        captured_at=now,
        received_at=now,
    )
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return sent


@post("/lone-working/{session_id:uuid}/panic", opt=queued(FIELD), dependencies={"sent": Provide(whatever_came)})
async def panic(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """Nothing of the body is read: junk is no reason. The answer looks like that to "I'm safe"."""
    await commands.call_for_help(sent, request.user, session_id)
    return await after(request)


HANDLERS = [new, begin, check_in, extend, more, ask_pin, end, panic]
