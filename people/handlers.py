"""Signing in and out, and the page about yourself."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect

from people import commands
from people.guards import COOKIE
from pwa.forms import Name, form
from pwa.outbox import Sent, once
from pwa.pages import page
from pwa.policy import anyone, signed_in

Asked = Request[Any, Any, Any]


class SignInForm(msgspec.Struct):
    email: Name
    password: Name
    next: Name = "/"


def own_path(path: str) -> str:
    """Where to go after sign-in: a path of ours only."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and "%" not in path
    return path if plain and ":" not in path.split("?")[0] else "/"


# Open before sign-in: it is the way in.
@get("/sign-in", opt=anyone())
async def sign_in_page(request: Asked) -> Response[str]:
    return page(
        request,
        "people/sign_in.html",
        next=own_path(request.query_params.get("next", "/")),
        reasons={},
        email="",
    )


@post("/sign-in", opt=anyone())
async def sign_in(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, SignInForm)
    issued: list[str] = []
    await once(sent, commands.sign_in, data.email, data.password, request.headers.get("user-agent", ""), issued)
    response: Response[Any] = Redirect(own_path(data.next), status_code=303)
    for token in issued:
        response.cookies.append(
            Cookie(key=COOKIE, value=token, path="/", secure=True, httponly=True, samesite="lax")
        )
    return response


@post("/sign-out", opt=signed_in())
async def sign_out(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await once(sent, commands.sign_out, request.user)
    response: Response[Any] = Redirect("/sign-in", status_code=303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return response


@get("/", opt=signed_in())
async def home(request: Asked) -> Redirect:
    return Redirect("/you", status_code=303)


@get("/you", opt=signed_in())
async def you(request: Asked) -> Response[str]:
    return page(request, "people/you.html")


router = Router("/", route_handlers=[sign_in_page, sign_in, sign_out, home, you])
