"""Routes of the firms whose people the council looks out for. For administrators, who agree it with a firm."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.forms import FirmForm
from lone_working.sessions import contractors
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
ADMINISTERS = may("administrator")


@get("/firms/alone", opt=ADMINISTERS)
async def firms_page(request: Asked) -> Response[str]:
    return await _shown(request, 200, "", None)


async def _shown(request: Asked, status: int, wrong: str, which: UUID | None) -> Response[str]:
    firms = await contractors.firms()
    return page(request, "lone_working/firms.html", status, firms=firms, wrong=wrong, which=which)


@post("/firms/{firm_id:uuid}/alone", opt=ADMINISTERS)
async def look_out(request: Asked, sent: NamedDependency[Sent], firm_id: FromPath[UUID]) -> Response[Any]:
    data = await form(request, FirmForm)
    try:
        await once(sent, contractors.look_out, request.user, firm_id, data.supervisor)
    except Refused as refused:
        return await _shown(request, 422, str(refused), firm_id)
    return go(request, "/firms/alone")


HANDLERS = [firms_page, look_out]
