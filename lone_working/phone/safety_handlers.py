"""Routes of whoever is out: the safety bar's buttons, more time, and the end; and how the bar gets onto a page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from lone_working.forms import BeginForm, ExtendForm, HereForm, PinForm
from lone_working.phone import points, sealing
from lone_working.phone.signed_out import as_shown, doubt_of, pin_of, still_good
from lone_working.phone.unwatched_handlers import after
from lone_working.point_rules import Why
from lone_working.sessions import beginning, buddies, commands, contractors, queries, ready, ready_rules
from people.rules import Role, SignedIn
from pwa.answers import Refused
from pwa.first import first
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, keep, page
from pwa.policy import EVERYONE, POLLED, by_token, may, queued
from pwa.sent import provide_anyhow

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
# Contractors where their firm has asked (contractors.py): others of them are told so, and begin nothing.
FIELD = may("officer", "manager", "contractor")
# Whoever was made an administrator while out is still out.
OUT = may("officer", "manager", "administrator", "contractor")
GO_OUT = (Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR, Role.CONTRACTOR)


def first_page(me: SignedIn) -> str:
    return "/today" if me.role in (Role.OFFICER, Role.MANAGER) else "/you"


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
    shown: dict[str, Any] = {"buddies": await buddies.buddies_for(me), "chosen": await buddies.buddy_of(me)}
    shown["firm"] = firm = await contractors.standing(me) if me.role is Role.CONTRACTOR else None
    buddy = firm.supervisor if firm else shown["chosen"]
    shown["lines"] = await ready.lines_for(me, buddy, datetime.now(UTC))
    shown["place_says"] = beginning.SAY_WHERE
    able = [buddy] if firm and buddy else [id for id, _ in shown["buddies"]]
    shown["to_ring"] = await buddies.to_ring(able, firm.team if firm else me.team_id)
    shown["key"] = await sealing.public_key(datetime.now(UTC))
    return keep(page(request, f"lone_working/new.html{block}", status, reasons=reasons, typed=typed, **shown))


async def _begin(sent: Sent, me: SignedIn, data: BeginForm) -> None:
    battery = ready_rules.level(data.battery)
    if me.role is Role.CONTRACTOR:
        await contractors.begin(sent, me, data.place, data.minutes, battery)
    else:
        await beginning.begin_own(sent, me, data.place, data.minutes, data.buddy, battery)


@post("/lone-working", opt=queued(FIELD), status_code=200)
async def begin(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, BeginForm)
    try:
        await once(sent, _begin, request.user, data)
    except Refused as refused:
        return await _new(request, 422, refused.reasons, data)
    return go(request, first_page(request.user))


@post("/lone-working/{session_id:uuid}/check-in", opt=by_token(queued(OUT)))
async def check_in(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """With a PIN by choice."""
    still_good(request)
    data = await form(request, HereForm)
    pin = await pin_of(sent, "check-in", session_id, data)
    battery = ready_rules.level(data.battery)
    await commands.check_in(sent, request.user, session_id, pin or None, battery)
    await points.with_act(sent, request.user, session_id, Why.CHECK_IN)
    return await after(request)


@post("/lone-working/{session_id:uuid}/extend", opt=queued(OUT))
async def extend(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, ExtendForm)
    pin = await pin_of(sent, "extend", session_id, data)
    try:
        await commands.extend(sent, request.user, session_id, data.minutes, pin or None)
    except Refused as refused:
        if data.sealed or (not pin and "command-id" in request.headers):  # the phone puts it aside and says why
            raise
        return await _ask(request, "more", session_id, 422, refused.reasons, data.minutes)
    if data.sealed:
        return await as_shown(request)
    return go(request, first_page(request.user)) if pin else await after(request)


@get("/lone-working/{session_id:uuid}/more", opt=OUT)
async def more(request: Asked, session_id: FromPath[UUID]) -> Response[str]:
    minutes = 30 if request.query_params.get("minutes") == "30" else 15
    return await _ask(request, "more", session_id, 200, {}, minutes)


@get("/lone-working/{session_id:uuid}/end", opt=OUT)
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


@post("/lone-working/{session_id:uuid}/end", opt=by_token(queued(OUT)))
async def end(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """The same for either PIN, to the byte: what it meant is the office's to know."""
    still_good(request)
    data = await form(request, PinForm)
    try:
        await commands.end(sent, request.user, session_id, await pin_of(sent, "end", session_id, data))
    except Refused as refused:
        if data.sealed:  # from a phone's queue: it says why itself
            raise
        return await _ask(request, "end", session_id, 422, refused.reasons)
    await points.with_act(sent, request.user, session_id, Why.END)
    return await as_shown(request) if data.sealed else go(request, first_page(request.user))


@post(
    "/lone-working/{session_id:uuid}/panic",
    opt=by_token(queued(OUT)),
    dependencies={"sent": Provide(provide_anyhow)},
)
async def panic(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """Junk in the body is no reason. The answer looks like that to "I'm safe"."""
    with first():
        await commands.call_for_help(sent, request.user, session_id, doubt_of(request))
    await points.with_act(sent, request.user, session_id, Why.PANIC)
    still_good(request, or_over=True)
    return await after(request)


HANDLERS = [new, begin, check_in, extend, more, ask_pin, end, panic]
