"""Routes of lone working for those who watch: who is out, and alarms."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working import commands, queries
from lone_working.forms import Nothing, OutcomeForm
from lone_working.pin_handlers import HANDLERS as PINS
from lone_working.safety_handlers import HANDLERS as SAFETY
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import may, polled

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")
# Where a team has nobody else, the ladder calls administrators: those who were told may look, and take it on.
CALLED = may("officer", "manager", "administrator")


@get("/lone-working", opt=FIELD)
async def wall(request: Asked) -> Response[str]:
    return await _wall(request, "lone_working/wall.html")


@get("/lone-working/now", opt=polled(FIELD))
async def wall_now(request: Asked) -> Response[str]:
    """The part of the wall that asks for itself again, every five seconds."""
    return await _wall(request, "lone_working/wall.html#now")


async def _wall(request: Asked, template: str) -> Response[str]:
    return page(request, template, wall=await queries.wall(request.user, datetime.now(UTC)))


@get("/lone-working/limits", opt=FIELD)
async def limits(request: Asked) -> Response[str]:
    return page(request, "lone_working/limits.html", replies_to=queries.replies_to())


@get("/lone-working/alarms/{alarm_id:uuid}", opt=CALLED)
async def show_alarm(request: Asked, alarm_id: FromPath[UUID]) -> Response[str]:
    alarm = await queries.alarm_for(request.user, alarm_id, datetime.now(UTC))
    return page(request, "lone_working/alarm.html", alarm=alarm, reasons={}, typed="")


async def _shown(request: Asked, alarm_id: UUID) -> Response[Any]:
    alarm = await queries.alarm_for(request.user, alarm_id, datetime.now(UTC))
    to = f"/lone-working/alarms/{alarm_id}"
    return answer(request, "lone_working/alarm.html#alarm", to=to, alarm=alarm, reasons={}, typed="")


async def _refused(request: Asked, alarm_id: UUID, reasons: dict[str, str], typed: str) -> Response[str]:
    block = "#alarm" if request.headers.get("hx-request") == "true" else ""
    alarm = await queries.alarm_for(request.user, alarm_id, datetime.now(UTC))
    return page(request, f"lone_working/alarm.html{block}", 422, alarm=alarm, reasons=reasons, typed=typed)


@post("/lone-working/alarms/{alarm_id:uuid}/acknowledge", opt=CALLED, status_code=200)
async def acknowledge(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, commands.acknowledge, request.user, alarm_id)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/calling", opt=CALLED, status_code=200)
async def calling(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """Doorstep never dials: this is for the others to see who does."""
    await form(request, Nothing)
    await once(sent, commands.calling_999, request.user, alarm_id)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/outcome", opt=CALLED, status_code=200)
async def outcome(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, OutcomeForm)
    given = (data.words, data.spoken_to, data.close_session)
    try:
        await once(sent, commands.outcome, request.user, alarm_id, *given)
    except Refused as refused:
        return await _refused(request, alarm_id, refused.reasons, data.words)
    return await _shown(request, alarm_id)


router = Router(
    "/",
    route_handlers=[wall, wall_now, limits, show_alarm, acknowledge, calling, outcome, *SAFETY, *PINS],
)
