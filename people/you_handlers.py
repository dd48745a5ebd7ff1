"""Where a person starts, and the pages about themselves: where they are signed in, and their password."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from people import commands, passwords, queries, session_queries, strength
from people.entering import browser_of, came_from, enter, known_of
from people.rules import Role
from pwa import queries as office
from pwa.answers import Refused, Turned
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, page, places
from pwa.policy import may, signed_in

Asked = Request[Any, Any, Any]
GOES_OUT = may("officer", "manager")


class Nothing(msgspec.Struct):
    """A button: no fields."""


class PasswordForm(msgspec.Struct):
    current: str = ""
    password: str = ""


@get("/", opt=signed_in())
async def home(request: Asked) -> Redirect:
    """The first of the person's places."""
    return Redirect(places(request.user, "/")[0]["href"], status_code=303)


@get("/you", opt=signed_in())
async def you(request: Asked) -> Response[str]:
    me = request.user
    sessions = await session_queries.sessions_of(me.id, me.role, datetime.now(UTC))
    news = await office.news_for(me) if me.role in (Role.MANAGER, Role.ADMINISTRATOR) else None
    since = await session_queries.calendar_since(me)
    about = await queries.about(me)
    return page(request, "people/you.html", about=about, sessions=sessions, news=news, calendar_since=since)


@post("/you/sessions/{session_id:uuid}/end", opt=signed_in())
async def end_session(request: Asked, sent: NamedDependency[Sent], session_id: FromPath[UUID]) -> Response[Any]:
    await form(request, Nothing)
    session = await session_queries.session_for(request.user, session_id)
    await once(sent, commands.end_session, session)
    return go(request, "/you#sessions")


@post("/you/sessions/end-others", opt=signed_in())
async def end_other_sessions(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, commands.end_other_sessions, request.user)
    return go(request, "/you#sessions")


@post("/you/calendar", opt=GOES_OUT, status_code=200)
async def make_calendar(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    """The one page that shows the address. Sent again it made nothing new, and there is nothing left to show."""
    await form(request, Nothing)
    made: list[str] = []
    await once(sent, commands.make_calendar_address, request.user, made)
    address = f"{str(request.base_url).rstrip('/')}/calendar/{made[0]}.ics" if made else ""
    return page(request, "people/calendar.html", address=address)


@post("/you/calendar/end", opt=GOES_OUT)
async def end_calendar(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, commands.end_calendar_address, request.user.id)
    return go(request, "/you#calendar")


@get("/you/password", opt=signed_in())
async def password_page(request: Asked) -> Response[str]:
    return page(request, "people/password.html", about=await queries.about(request.user), reasons={})


@post("/you/password", opt=signed_in())
async def change_password(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, PasswordForm)
    current, new = passwords.take(sent, "current", "password")
    about = await queries.about(request.user)
    issued: list[str] = []
    try:
        _refuse_weak(new, about)
        attempt = await commands.know_again(sent, request.user, current, about["email"], came_from(request))
        new_hash = await passwords.hashed(new)
        await once(sent, commands.change_password, request.user, attempt, new_hash, browser_of(request), issued)
    except (Refused, Turned) as error:
        return _password_again(request, about, error)
    return enter("/you", issued)


def _refuse_weak(new: str, about: dict[str, Any]) -> None:
    wrong = strength.complaint(new, known_of(about["name"], about["email"]))
    if wrong:
        raise Refused({"password": wrong})


def _password_again(request: Asked, about: dict[str, Any], error: Refused | Turned) -> Response[str]:
    reasons = error.reasons if isinstance(error, Refused) else {"current": error.sentence}
    status = 422 if isinstance(error, Refused) else error.status
    response = page(request, "people/password.html", status, about=about, reasons=reasons)
    if isinstance(error, Turned):
        response.headers.update(error.headers)
    return response


HANDLERS = [
    home,
    you,
    make_calendar,
    end_calendar,
    end_session,
    end_other_sessions,
    password_page,
    change_password,
]
