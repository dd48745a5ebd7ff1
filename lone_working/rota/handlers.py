"""Routes of the rota: two weeks at a glance, and changing them."""

from calendar import day_name
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from lone_working.rota import commands as rota_commands
from lone_working.rota import queries as rota_queries
from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import Duty, Each, Hours, Wish
from people.rules import Role
from pwa.answers import Refused
from pwa.forms import Name, form, pairs
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
READS = may("officer", "manager", "administrator")
CHANGES = may("manager", "administrator")
WORDS = {
    "duties": [(one.value, words) for one, words in rota_rules.DUTY_WORDS.items()],
    "each": [(one.value, words) for one, words in rota_rules.EACH_WORDS.items()],
    "days": [(str(place), name) for place, name in enumerate(day_name)],
}
ROTA = ["/lone-working/rota/council", "/lone-working/rota/{team_id:uuid}"]


class DutyForm(msgspec.Struct):
    """`until` empty is the first day itself."""

    person: UUID
    duty: Duty
    day: date
    starts: Name
    ends: Name
    until: date | None = None
    each: Each = Each.ONCE
    weeks: int = 1


class OffForm(msgspec.Struct):
    shift: list[UUID] = msgspec.field(default_factory=list)


class HoursForm(msgspec.Struct):
    opens: Name
    closes: Name
    days: list[int] = msgspec.field(default_factory=list)


def whole(request: Asked, template: str) -> str:
    """The page, or for a form that our script sent all that stands on it."""
    return f"{template}#whole" if request.headers.get("hx-request") == "true" else template


def _paths(more: str = "") -> list[str]:
    return [f"{path}{more}" for path in ROTA]


@get("/lone-working/rota", opt=READS)
async def my_rota(request: Asked) -> Response[Any]:
    """My own team's; for an administrator the list of all."""
    if request.user.role is Role.ADMINISTRATOR:
        return page(request, "lone_working/rotas.html", teams=await rota_queries.overview(datetime.now(UTC)))
    return await _shown(request, request.user.team_id)


@get(ROTA, opt=READS)
async def rota(request: Asked) -> Response[str]:
    return await _shown(request, _team(request))


def _team(request: Asked) -> UUID | None:
    """Whose rota the address names; None for the whole council's."""
    team: UUID | None = request.path_params.get("team_id")
    return team


async def _shown(request: Asked, team: UUID | None, reasons: dict[str, str] | None = None) -> Response[str]:
    first = rota_rules.shown(request.query_params.get("from", ""), datetime.now(UTC))
    seen = await rota_queries.rota_for(request.user, team, first, datetime.now(UTC))
    typed = dict(pairs(await request.body())) if reasons else {}
    shown = {"rota": seen, "reasons": reasons or {}, "typed": typed, "words": WORDS}
    return page(request, whole(request, "lone_working/rota.html"), 422 if reasons else 200, **shown)


@post(_paths(), opt=CHANGES)
async def put_on(request: Asked, sent: Sending) -> Response[Any]:
    team = _team(request)
    try:
        data = await form(request, DutyForm)
        await once(sent, rota_commands.put_on, request.user, team, data.person, data.duty, _wish(data))
    except Refused as refused:
        return await _shown(request, team, refused.reasons)
    return go(request, _back(team))


def _wish(data: DutyForm) -> Wish:
    starts, ends = rota_rules.clock(data.starts), rota_rules.clock(data.ends)
    if starts is None or ends is None:
        given = {"starts": starts, "ends": ends}
        raise Refused({name: rota_rules.NO_TIME for name, value in given.items() if value is None})
    return Wish(data.day, starts, data.until or data.day, ends, data.each, data.weeks)


def _back(team: UUID | None) -> str:
    return f"/lone-working/rota/{team or 'council'}"


@post(_paths("/off"), opt=CHANGES)
async def take_off(request: Asked, sent: Sending) -> Response[Any]:
    team, data = _team(request), await form(request, OffForm)
    try:
        await once(sent, rota_commands.take_off, request.user, team, data.shift)
    except Refused as refused:
        return await _shown(request, team, refused.reasons)
    return go(request, _back(team))


@post("/lone-working/rota/{team_id:uuid}/hours", opt=CHANGES)
async def set_hours(request: Asked, sent: Sending, team_id: FromPath[UUID]) -> Response[Any]:
    try:
        await once(sent, rota_commands.set_hours, request.user, team_id, _hours(await form(request, HoursForm)))
    except Refused as refused:
        return await _shown(request, team_id, refused.reasons)
    return go(request, _back(team_id))


def _hours(data: HoursForm) -> Hours:
    opens, closes = rota_rules.clock(data.opens), rota_rules.clock(data.closes)
    if opens is None or closes is None:
        raise Refused({"opens" if opens is None else "closes": rota_rules.NO_TIME})
    return Hours(tuple(day for day in data.days if 0 <= day <= 6), opens, closes)


HANDLERS = [my_rota, rota, put_on, take_off, set_hours]
