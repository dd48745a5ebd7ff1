"""Routes of the way home."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from lone_working import rules
from lone_working.forms import HomeForm
from lone_working.sessions import home, ready_rules
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")


@get("/lone-working/home", opt=FIELD)
async def home_page(request: Asked) -> Response[str]:
    return _shown(request, 200, {}, rules.HOME_USUAL)


def _shown(request: Asked, status: int, reasons: dict[str, str], minutes: int) -> Response[str]:
    block = "#home" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"lone_working/home.html{block}", status, reasons=reasons, minutes=minutes)


@post("/lone-working/home", opt=queued(FIELD), status_code=200)
async def begin(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, HomeForm)
    try:
        await once(sent, _begin, request.user, data)
    except Refused as refused:
        return _shown(request, 422, refused.reasons, data.minutes)
    return go(request, "/today")


async def _begin(sent: Sent, me: SignedIn, data: HomeForm) -> None:
    await home.begin(sent, me, data.minutes, ready_rules.level(data.battery))


HANDLERS = [home_page, begin]
