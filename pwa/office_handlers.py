"""What the office sees of the phones: which hold unsent work, and what came too late to be applied."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from pwa import commands, held_homes, held_queries, queries
from pwa.forms import Name, Text, form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
OFFICE = may("manager", "administrator")


class DecisionForm(msgspec.Struct):
    decision: Name = ""
    reason: Text = ""


@get("/devices", opt=OFFICE)
async def devices(request: Asked) -> Response[str]:
    phones = await queries.phones_for(request.user)
    return page(request, "pwa/devices.html", phones=phones, holding=sum(bool(phone.waits) for phone in phones))


@get("/held", opt=OFFICE)
async def held_list(request: Asked) -> Response[str]:
    late, twice, decided = await held_queries.held_list(request.user)
    nobodys = await held_homes.nobodys() if request.user.role == "administrator" else 0
    return page(request, "pwa/held.html", late=late, twice=twice, decided=decided, nobodys=nobodys)


@get("/held/{held_id:uuid}", opt=OFFICE)
async def held(request: Asked, held_id: FromPath[UUID]) -> Response[str]:
    item = await held_queries.held_for(request.user, held_id)
    return page(request, "pwa/held_item.html", item=item, words=held_queries.DECISIONS)


@post("/held/{held_id:uuid}", opt=OFFICE)
async def decide(request: Asked, held_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    item = await held_queries.held_for(request.user, held_id)
    data = await form(request, DecisionForm)
    await once(sent, commands.decide_held, item, data.decision, data.reason)
    now = await held_queries.held_for(request.user, held_id)
    return answer(request, "pwa/held_item.html#state", to="/held", item=now, words=held_queries.DECISIONS)


router = Router("/", route_handlers=[devices, held_list, held, decide])
