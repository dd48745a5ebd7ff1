"""Routes of a person's two PINs."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from lone_working.forms import PinsForm
from lone_working.sessions import pins
from people import commands as people
from people import passwords, queries
from people.entering import came_from
from pwa.answers import Refused, Turned
from pwa.forms import form
from pwa.outbox import Sent
from pwa.pages import page
from pwa.policy import may

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager", "contractor")
AGAIN = "This is not the same as above. Type it again."


@get("/you/pin", opt=FIELD)
async def pin_page(request: Asked) -> Response[str]:
    return await _shown(request)


@post("/you/pin", opt=FIELD)
async def set_pins(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, PinsForm)
    password, *typed = passwords.take(sent, "password", "safe", "safe_again", "duress", "duress_again")
    try:
        safe, duress = _same(*typed)
        email = (await queries.about(request.user))["email"]
        await people.know_again(sent, request.user, password, email, came_from(request), "password")
        await pins.set_pins(sent, request.user, safe, duress)
    except Refused as refused:
        return await _shown(request, 422, refused.reasons)
    except Turned as turned:
        response = await _shown(request, turned.status, {"password": turned.sentence})
        response.headers.update(turned.headers)
        return response
    return Redirect("/you/pin?saved", status_code=303)


def _same(safe: str, safe_again: str, duress: str, duress_again: str) -> tuple[str, str]:
    wrong = {"safe_again": AGAIN} if safe != safe_again else {}
    wrong |= {"duress_again": AGAIN} if duress != duress_again else {}
    if wrong:
        raise Refused(wrong)
    return safe, duress


async def _shown(request: Asked, status: int = 200, reasons: dict[str, str] | None = None) -> Response[str]:
    saved = "saved" in request.query_params
    return page(request, "lone_working/pin.html", status, reasons=reasons or {}, saved=saved)


HANDLERS = [pin_page, set_pins]
