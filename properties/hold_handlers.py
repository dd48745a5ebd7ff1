"""Legal holds: set and released on a page of the home's, and listed for whoever looks after them."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from properties import hold_commands, hold_queries, queries, rules
from properties.change_handlers import OFFICE, typed, wrong
from pwa.answers import Refused
from pwa.forms import Text, form, page_number
from pwa.outbox import Sent, once
from pwa.pages import answer, page

Asked = Request[Any, Any, Any]
HOLDS = "properties/legal-holds.html"


class ReasonForm(msgspec.Struct):
    reason: Text = ""


async def about(request: Asked, found: queries.Property, **more: Any) -> dict[str, Any]:
    return {
        "home": await queries.home_of_property(request.user, found),
        "holds": await hold_queries.in_force(request.user, found.id),
        "released": await hold_queries.released(found),
        "erased": await hold_queries.erased(found),
        "lasted": rules.lasted,
        "errors": {},
        "values": {},
        "wrong_at": None,
        **more,
    }


@get("/properties/legal-holds", opt=OFFICE)
async def list_holds(request: Asked) -> Response[str]:
    number = page_number(request.query_params.get("page"))
    holds, pages = await hold_queries.holds_of(request.user, number)
    context: dict[str, Any] = {"holds": holds, "number": number, "pages": pages, "lasted": rules.lasted}
    return page(request, "properties/legal-hold-list.html", **context)


@get("/properties/{property_id:uuid}/legal-holds", opt=OFFICE)
async def show_holds(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    found = await hold_queries.property_to_hold(request.user, property_id)
    return page(request, HOLDS, **await about(request, found))


# Neither form is queued on a phone: a hold that only waits there holds nothing.
@post("/properties/{property_id:uuid}/legal-holds", opt=OFFICE)
async def set_hold(request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]) -> Response[Any]:
    found = await hold_queries.property_to_hold(request.user, property_id)
    try:
        data = await form(request, ReasonForm)
        await once(sent, hold_commands.set_hold, request.user, found, data.reason)
    except Refused as refused:
        more = {"errors": refused.reasons, "values": await typed(request)}
        return wrong(request, HOLDS, "holds", **await about(request, found, **more))
    to = f"/properties/{property_id}/legal-holds"
    return answer(request, f"{HOLDS}#holds", to=to, **await about(request, found))


@post("/properties/{property_id:uuid}/legal-holds/{hold_id:uuid}/release", opt=OFFICE)
async def release_hold(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID], hold_id: FromPath[UUID]
) -> Response[Any]:
    found = await hold_queries.property_to_hold(request.user, property_id)
    try:
        data = await form(request, ReasonForm)
        await once(sent, hold_commands.release_hold, request.user, found, hold_id, data.reason)
    except Refused as refused:
        more = {"errors": refused.reasons, "values": await typed(request), "wrong_at": hold_id}
        return wrong(request, HOLDS, "holds", **await about(request, found, **more))
    to = f"/properties/{property_id}/legal-holds"
    return answer(request, f"{HOLDS}#holds", to=to, **await about(request, found))


handlers = [list_holds, show_holds, set_hold, release_hold]
