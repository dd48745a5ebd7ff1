"""Routes of the bar by itself, and of dealing with a start that nobody looks out for."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.forms import Nothing
from lone_working.phone.signed_out import as_shown
from lone_working.sessions import queries, unwatched
from people.entering import own_path
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")


async def after(request: Asked) -> Response[Any]:
    """The bar as it now is; without script the page it was pressed on; to a token how it stands, and no more."""
    if "token" in request.scope:
        return await as_shown(request)
    current = await queries.bar_for(request.user, datetime.now(UTC))
    came = own_path(urlsplit(request.headers.get("referer", "")).path or "/")
    response = answer(request, "lone_working/after.html#bar", to=came, current=current)
    response.status_code = 303 if response.status_code == 303 else 201
    return response


@get("/lone-working/bar", opt=may("officer", "manager", "contractor"))
async def bar(request: Asked) -> Response[str]:
    """For a page that stands open when a start is received at last."""
    current = await queries.bar_for(request.user, datetime.now(UTC))
    return page(request, "lone_working/after.html#bar", current=current)


@post("/lone-working/unwatched/{unwatched_id:uuid}/told", opt=queued(FIELD))
async def told(request: Asked, unwatched_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, unwatched.told, request.user, unwatched_id)
    return await after(request)


HANDLERS = [bar, told]
