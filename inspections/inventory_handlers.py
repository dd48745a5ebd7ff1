"""Routes of an inventory for the officers of the inspection: send it, take it back, see what came."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import inventory_commands, inventory_queries, inventory_view, queries
from inspections.commands import GONE
from inspections.inventory_forms import LinkForm, NothingForm
from media.handlers import picture_response
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OFFICE = may("officer", "manager")


@post("/inspections/{inspection_id:uuid}/inventory/links", opt=queued(OFFICE))
async def send_link(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, LinkForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, inventory_commands.send_link, request.user, inspection, data)
    return await shown(request, inspection)


@post("/inspections/{inspection_id:uuid}/inventory/links/end", opt=queued(OFFICE))
async def take_back(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    await form(request, NothingForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, inventory_commands.take_back, request.user, inspection)
    return await shown(request, inspection)


async def shown(request: Asked, inspection: queries.Opened) -> Response[Any]:
    """The officer's part as it is now."""
    if inspection.gone:
        return answer(request, "inspections/after.html#held", to="/inspections", sentence=GONE)
    inventory = await inventory_view.panel(request.user, inspection)
    to = f"/inspections/{inspection.id}#inventory"
    return answer(request, "inspections/after.html#inventory", to=to, inspection=inspection, inventory=inventory)


@get("/inspections/{inspection_id:uuid}/inventory/photos/{sha256:str}", opt=OFFICE)
async def photo(request: Asked, inspection_id: FromPath[UUID], sha256: FromPath[str]) -> Response[bytes]:
    inspection = await queries.inspection_for(request.user, inspection_id)
    await inventory_queries.photo_of_household(inspection, sha256)
    return await picture_response(request, sha256, 400 if request.query_params.get("size") == "400" else 1600)


router = Router("/", route_handlers=[send_link, take_back, photo])
