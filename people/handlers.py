"""The way in and out: signing in, signing out, and the invitation with which somebody comes the first time."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency

from people import commands, passwords, session_queries, staff_handlers, strength, you_handlers
from people.demo import DEMO_PASSWORD, DEMO_PINS, demo_accounts
from people.entering import browser_of, came_from, enter, known_of, leave, own_path
from pwa import lost
from pwa.answers import Refused, Turned
from pwa.forms import Name, form
from pwa.outbox import Sent, once
from pwa.pages import environment, page
from pwa.policy import anyone

Asked = Request[Any, Any, Any]


class SignInForm(msgspec.Struct):
    email: Name = ""
    password: str = ""
    next: str = "/"


class InvitationForm(msgspec.Struct):
    token: Name = ""
    password: str = ""


async def _door(request: Asked, next: str, email: str, sentence: str = "", status: int = 200) -> Response[str]:
    demo = environment.globals["demo"]
    return page(
        request,
        "people/sign_in.html",
        status=status,
        next=own_path(next),
        email=email,
        sentence=sentence,
        lost=lost.is_lost(request.scope["headers"]),
        accounts=await demo_accounts() if demo else [],
        demo_password=DEMO_PASSWORD if demo else "",
        demo_pins=DEMO_PINS,
    )


# Open before sign-in: it is the way in.
@get("/sign-in", opt=anyone())
async def sign_in_page(request: Asked) -> Response[str]:
    return await _door(request, request.query_params.get("next", "/"), request.query_params.get("email", ""))


@post("/sign-in", opt=anyone())
async def sign_in(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, SignInForm)
    (password,) = passwords.take(sent, "password")
    issued: list[str] = []
    try:
        who = await commands.admit(sent, data.email, password, came_from(request))
        await once(sent, commands.sign_in, who, request.user, browser_of(request), issued)
    except (Refused, Turned) as error:
        return await _door_again(request, data, error)
    return enter(data.next, issued)


async def _door_again(request: Asked, data: SignInForm, error: Refused | Turned) -> Response[str]:
    """The same page and words for a wrong password and for too many; only the status tells a machine."""
    status = error.status if isinstance(error, Turned) else 422
    response = await _door(request, data.next, data.email, str(error), status)
    response.headers.update(error.headers if isinstance(error, Turned) else {})
    return response


# Open, because a session that has already ended must still be wiped from the browser.
@post("/sign-out", opt=anyone())
async def sign_out(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    if request.user:
        await once(sent, commands.sign_out, request.user)
    return leave("/sign-in")


# Open: whoever holds an invitation has no password yet. The link's secret is what lets them in.
@get("/invitation", opt=anyone())
async def invitation(request: Asked) -> Response[str]:
    token = request.query_params.get("token", "")
    invited = await session_queries.invitation(token, datetime.now(UTC))
    if invited is None:
        return page(request, "people/invitation_ended.html", status=400)
    return page(request, "people/invitation.html", invited=invited, token=token, reasons={})


@post("/invitation", opt=anyone())
async def accept_invitation(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, InvitationForm)
    password, _ = passwords.take(sent, "password", "token")
    invited = await session_queries.invitation(data.token, sent.received_at)
    if invited is None:
        return page(request, "people/invitation_ended.html", status=400)
    wrong = strength.complaint(password, known_of(invited.name, invited.email))
    if wrong:
        again = {"invited": invited, "token": data.token, "reasons": {"password": wrong}}
        return page(request, "people/invitation.html", 422, **again)
    new_hash, issued = await passwords.hashed(password), list[str]()
    await once(invited.by(sent), commands.accept_invitation, invited, new_hash, browser_of(request), issued)
    return enter("/", issued)


router = Router(
    "/",
    route_handlers=[
        sign_in_page,
        sign_in,
        sign_out,
        invitation,
        accept_invitation,
        *you_handlers.HANDLERS,
        *staff_handlers.HANDLERS,
    ],
)
