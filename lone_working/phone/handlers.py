"""Routes of the phone itself while its officer is out: its token, where it is; and who looked there."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.alarms import page as alarm_page
from lone_working.forms import Nothing, PointForm
from lone_working.phone import points, sealing, tokens
from lone_working.phone.signed_out import still_good
from lone_working.point_rules import position_in
from lone_working.wall import boards
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import by_token, may, polled

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OUT = may("officer", "manager", "administrator", "contractor")


@post("/lone-working/{session_id:uuid}/token", opt=OUT, status_code=201)
async def token(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[str]:
    """For this phone, once; and the key to seal a PIN to. A phone that has not said which it is has no token."""
    await form(request, Nothing)
    made: list[str] = []
    device: Any = request.scope.get("device")
    await once(sent, tokens.issue, request.user, session_id, device, made)
    given = {"token": next(iter(made), ""), "key": await sealing.public_key(datetime.now(UTC))}
    return Response(json.dumps(given), status_code=201, media_type="application/json")


@post("/lone-working/{session_id:uuid}/point", opt=polled(by_token(OUT)), status_code=201)
async def point(request: Asked, session_id: FromPath[UUID], sent: Sending) -> Response[str]:
    """Answered alike whether it may be kept or not."""
    still_good(request, or_over=True)
    data = await form(request, PointForm)
    given = {"latitude": data.latitude, "longitude": data.longitude, "accuracy": data.accuracy}
    await once(sent, points.note, request.user, session_id, data.why, position_in(given))
    return Response("", status_code=201, headers={"HX-Reswap": "none"}, media_type="text/html")


@post("/lone-working/alarms/{alarm_id:uuid}/where", opt=OUT, status_code=200)
async def where(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """A press, so that nobody looks without it being written down. On the wall it is answered with the board."""
    await form(request, Nothing)
    await once(sent, points.look, request.user, alarm_id)
    at = datetime.now(UTC)
    if request.headers.get("hx-target", "").endswith("board"):
        return page(request, "lone_working/wall.html#board", wall=await boards.wall(request.user, at))
    alarm, to = await alarm_page.alarm_for(request.user, alarm_id, at), f"/lone-working/alarms/{alarm_id}"
    return answer(request, "lone_working/where.html#where", to=to, alarm=alarm)


@get("/lone-working/looks", opt=OUT)
async def looks(request: Asked) -> Response[str]:
    """Who looked where I was."""
    return page(request, "lone_working/looks.html", looks=await points.looks_at(request.user, datetime.now(UTC)))


HANDLERS = [token, point, where, looks]
