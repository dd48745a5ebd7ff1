"""Routes of a team's ladders, and of tests of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.forms import HeardForm, Nothing
from lone_working.ladders import commands as ladder_commands
from lone_working.ladders import drill_commands, drill_queries, floor_rules
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Which
from lone_working.rota.handlers import whole
from pwa.answers import Refused
from pwa.forms import form, pairs
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
LEADS = may("manager", "administrator")
TOLD = may("officer", "manager", "administrator")


class LadderForm(msgspec.Struct):
    """Minutes from the deadline, or from the call for help. Which are asked for depends on the ladder."""

    ladder: Which
    police: int
    last: int
    repeat: int
    reminder: int = 0
    buddy: int = 0
    duty: int = 0
    managers: int = 0


@get("/lone-working/ladders/{team_id:uuid}", opt=LEADS)
async def ladders(request: Asked, team_id: FromPath[UUID]) -> Response[str]:
    return await _ladders(request, team_id, {})


async def _ladders(request: Asked, team: UUID, reasons: dict[str, str]) -> Response[str]:
    seen = await ladder_queries.ladders_of(request.user, team, datetime.now(UTC))
    typed = dict(pairs(await request.body())) if reasons else {}
    shown = {"seen": seen, "reasons": reasons, "typed": typed, "says": floor_rules.OFFSET_WORDS}
    return page(request, whole(request, "lone_working/ladders.html"), 422 if reasons else 200, **shown)


@post("/lone-working/ladders/{team_id:uuid}", opt=may("administrator"))
async def set_ladder(request: Asked, sent: Sending, team_id: FromPath[UUID]) -> Response[Any]:
    try:
        data = await form(request, LadderForm)
        minutes = {name: getattr(data, name) for name in floor_rules.OFFSETS[data.ladder]}
        await once(sent, ladder_commands.set_ladder, request.user, team_id, data.ladder, minutes)
    except Refused as refused:
        return await _ladders(request, team_id, refused.reasons)
    return go(request, f"/lone-working/ladders/{team_id}")


@get("/lone-working/drills/of/{team_id:uuid}", opt=LEADS)
async def drills(request: Asked, team_id: FromPath[UUID]) -> Response[str]:
    return await _drills(request, team_id, {})


async def _drills(request: Asked, team: UUID, reasons: dict[str, str]) -> Response[str]:
    seen = await drill_queries.drills_of(request.user, team)
    return page(
        request, whole(request, "lone_working/drills.html"), 422 if reasons else 200, seen=seen, reasons=reasons
    )


@post("/lone-working/drills/of/{team_id:uuid}", opt=LEADS)
async def begin(request: Asked, sent: Sending, team_id: FromPath[UUID]) -> Response[Any]:
    await form(request, Nothing)
    try:
        await once(sent, drill_commands.begin, request.user, team_id)
    except Refused as refused:
        return await _drills(request, team_id, refused.reasons)
    return go(request, f"/lone-working/drills/{sent.id}")


@get("/lone-working/drills/{drill_id:uuid}", opt=TOLD)
async def drill(request: Asked, drill_id: FromPath[UUID]) -> Response[str]:
    return page(
        request,
        whole(request, "lone_working/drill.html"),
        drill=await drill_queries.drill_for(request.user, drill_id),
    )


@post("/lone-working/drills/{drill_id:uuid}/heard", opt=TOLD)
async def heard(request: Asked, sent: Sending, drill_id: FromPath[UUID]) -> Response[Any]:
    data = await form(request, HeardForm)
    await once(sent, drill_commands.heard, request.user, drill_id, data.way)
    return go(request, f"/lone-working/drills/{drill_id}")


HANDLERS = [ladders, set_ladder, drills, begin, drill, heard]
