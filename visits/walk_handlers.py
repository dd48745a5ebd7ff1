"""Routes of a visit's walk beyond its beginning and end: handing it over, and planning the next on the way out."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from pwa.answers import KEPT
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer
from pwa.policy import may, queued
from visits import commands, forms, queries

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")


@post("/visits/{visit_id:uuid}/again", opt=queued(FIELD), status_code=200)
async def plan_again(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.AgainForm)
    proof = await once(sent, commands.plan_again, request.user, visit_id, data.plan)
    held = (proof.reason or KEPT) if proof.outcome == "held" else ""
    planned = [one for one in await queries.planned_after(request.user, visit_id) if one.id == data.id]
    to = f"/visits/{visit_id}#leave"
    return answer(request, "visits/after.html#again", to=to, planned=planned, sentence=held)
