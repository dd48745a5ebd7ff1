"""Routes of a person's code word."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from lone_working.code_word import commands as word_commands
from people import commands as people
from people import passwords, queries
from people.entering import came_from
from pwa.answers import Refused, Turned
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import page
from pwa.policy import may

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager", "contractor")


class WordForm(msgspec.Struct):
    word: str = ""
    password: str = ""


@get("/you/word", opt=FIELD)
async def word_page(request: Asked) -> Response[str]:
    return await _shown(request)


@post("/you/word", opt=FIELD)
async def set_word(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, WordForm)
    password, word = passwords.take(sent, "password", "word")
    try:
        email = (await queries.about(request.user))["email"]
        await people.know_again(sent, request.user, password, email, came_from(request), "password")
        await once(sent, word_commands.set_word, request.user, word)
    except Refused as refused:
        return await _shown(request, 422, refused.reasons)
    except Turned as turned:
        response = await _shown(request, turned.status, {"password": turned.sentence})
        response.headers.update(turned.headers)
        return response
    return Redirect("/you/word?saved", status_code=303)


async def _shown(request: Asked, status: int = 200, reasons: dict[str, str] | None = None) -> Response[str]:
    shown = {"saved": "saved" in request.query_params, "has": await word_commands.has_word(request.user.id)}
    return page(request, "lone_working/word.html", status, reasons=reasons or {}, **shown)


HANDLERS = [word_page, set_word]
