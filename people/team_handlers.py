"""Teams and contractor firms: make one, give one another name. For administrators."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from people import staff_commands, staff_queries
from pwa.answers import Refused
from pwa.forms import Name, form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
ADMINISTERS = may("administrator")


class NameForm(msgspec.Struct):
    name: Name = ""


class OfficeForm(msgspec.Struct):
    office: Name = ""


async def _teams_page(
    request: Asked, wrong: str = "", typed: str = "", which: Any = None, office: str | None = None
) -> Response[str]:
    """`wrong` is about the name; about the office when that was sent."""
    said = {"wrong": wrong, "typed": typed, "which": str(which or ""), "office": office}
    return page(request, "people/teams.html", 422 if wrong else 200, teams=await staff_queries.teams(), **said)


async def _firms_page(request: Asked, wrong: str = "", typed: str = "", which: Any = None) -> Response[str]:
    status = 422 if wrong else 200
    firms = await staff_queries.firms()
    said = {"wrong": wrong, "typed": typed, "which": str(which or ""), "office": None}
    return page(request, "people/firms.html", status, firms=firms, **said)


@get("/teams", opt=ADMINISTERS)
async def teams(request: Asked) -> Response[str]:
    return await _teams_page(request)


@post("/teams", opt=ADMINISTERS)
async def new_team(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, NameForm)
    try:
        await once(sent, staff_commands.add_team, data.name)
    except Refused as error:
        return await _teams_page(request, str(error), data.name)
    return go(request, "/teams")


@post("/teams/{team_id:uuid}", opt=ADMINISTERS)
async def rename_team(request: Asked, sent: NamedDependency[Sent], team_id: FromPath[UUID]) -> Response[Any]:
    team = await staff_queries.team_named(team_id)
    data = await form(request, NameForm)
    try:
        await once(sent, staff_commands.rename_team, team, data.name)
    except Refused as error:
        return await _teams_page(request, str(error), data.name, team_id)
    return go(request, "/teams")


@post("/teams/{team_id:uuid}/office", opt=ADMINISTERS)
async def place_office(request: Asked, sent: NamedDependency[Sent], team_id: FromPath[UUID]) -> Response[Any]:
    team = await staff_queries.team_named(team_id)
    data = await form(request, OfficeForm)
    try:
        await once(sent, staff_commands.place_office, team, data.office)
    except Refused as error:
        return await _teams_page(request, str(error), which=team_id, office=data.office)
    return go(request, "/teams")


@get("/firms", opt=ADMINISTERS)
async def firms(request: Asked) -> Response[str]:
    return await _firms_page(request)


@post("/firms", opt=ADMINISTERS)
async def new_firm(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, NameForm)
    try:
        await once(sent, staff_commands.add_firm, data.name)
    except Refused as error:
        return await _firms_page(request, str(error), data.name)
    return go(request, "/firms")


@post("/firms/{firm_id:uuid}", opt=ADMINISTERS)
async def rename_firm(request: Asked, sent: NamedDependency[Sent], firm_id: FromPath[UUID]) -> Response[Any]:
    firm = await staff_queries.firm_named(firm_id)
    data = await form(request, NameForm)
    try:
        await once(sent, staff_commands.rename_firm, firm, data.name)
    except Refused as error:
        return await _firms_page(request, str(error), data.name, firm_id)
    return go(request, "/firms")


HANDLERS = [teams, new_team, rename_team, place_office, firms, new_firm, rename_firm]
