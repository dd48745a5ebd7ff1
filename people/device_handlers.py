"""A phone that was lost, and found again. For administrators."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from people import staff_commands
from pwa import commands, lost, queries
from pwa.forms import Text, form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
ADMINISTERS = may("administrator")


class ReasonForm(msgspec.Struct):
    reason: Text = ""


@get("/devices/{device_id:uuid}", opt=ADMINISTERS)
async def device(request: Asked, device_id: FromPath[UUID]) -> Response[str]:
    return page(request, "people/device.html", phone=await queries.phone_for(request.user, device_id))


@post("/devices/{device_id:uuid}/lost", opt=ADMINISTERS)
async def mark_lost(request: Asked, device_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, ReasonForm)
    phone = await queries.phone_for(request.user, device_id)
    # As this session said first, whatever it says now.
    here: Any = request.user.device_id or request.scope.get("device")
    await once(sent, staff_commands.mark_lost, phone, data.reason, here)
    await lost.run_due(sent.received_at)
    return go(request, f"/devices/{device_id}")


@post("/devices/{device_id:uuid}/found", opt=ADMINISTERS)
async def mark_found(request: Asked, device_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, ReasonForm)
    phone = await queries.phone_for(request.user, device_id)
    await once(sent, commands.call_found, phone, data.reason)
    await lost.run_due(sent.received_at)
    return go(request, f"/devices/{device_id}")


HANDLERS = [device, mark_lost, mark_found]
