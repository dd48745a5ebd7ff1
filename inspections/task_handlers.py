"""Routes of what is to be done after an inspection."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import queries, view
from properties import queries as properties
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import keep, page
from pwa.policy import may, queued
from tasks import commands as tasks
from tasks import queries as to_do
from tasks.forms import RaiseForm
from tasks.handlers import after_raising, today

Asked = Request[Any, Any, Any]
OFFICE = may("officer", "manager")


@get("/inspections/{inspection_id:uuid}/tasks", opt=OFFICE)
async def of_inspection(request: Asked, inspection_id: FromPath[UUID]) -> Response[str]:
    """On a page of its own, so that the inspection's stays as small as a weak signal needs."""
    me, inspection = request.user, await queries.inspection_for(request.user, inspection_id)
    home = await properties.home_for(me, inspection.property)
    context: dict[str, Any] = {
        "inspection": inspection,
        "home": home,
        "raised": await to_do.raised_from(me, inspection=inspection_id),
        "raising": await to_do.raising_for(me),
    }
    response = page(request, "inspections/tasks.html", today=today(), view=view.VIEW, **context)
    return response if home.confidential else keep(response)


@post("/inspections/{inspection_id:uuid}/tasks", opt=queued(OFFICE), status_code=200)
async def raise_task(request: Asked, inspection_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, RaiseForm)
    found = await queries.inspection_from_field(request.user, inspection_id)
    wanted = tasks.Raise(
        **msgspec.structs.asdict(data), property=found.property, inspection=found.id if found.begun else None
    )
    proof = await once(sent, tasks.raise_task, request.user, wanted)
    return await after_raising(request, data.id, proof, f"/inspections/{inspection_id}/tasks")


HANDLERS = [of_inspection, raise_task]
