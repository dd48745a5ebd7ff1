"""Looking after people: find, invite, change, switch off. For administrators, and managers within their team."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from people import rules, staff_commands, staff_queries
from people.device_handlers import HANDLERS as DEVICE_HANDLERS
from people.rules import Role
from people.staff_commands import Details
from people.staff_queries import PAGE, Search
from people.team_handlers import HANDLERS as TEAM_HANDLERS
from people.you_handlers import Nothing
from pwa.answers import Refused
from pwa.forms import Name, form, page_number
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
LOOKS_AFTER = may("manager", "administrator")


class PersonForm(msgspec.Struct):
    name: Name = ""
    email: Name = ""
    phone: Name = ""
    role: Role | None = None
    team: UUID | None = None
    firm: UUID | None = None

    def details(self) -> Details:
        if self.role is None:
            raise Refused({"role": "Choose what they do."})
        return Details(self.name, self.email, self.phone, self.role, self.team, self.firm)


def _search(request: Asked) -> Search:
    """What the address bar asks for. What cannot be read there is not asked for."""
    asked = request.query_params
    return Search(
        words=asked.get("q", "")[:200],
        team=_uuid(asked.get("team", "")),
        firm=_uuid(asked.get("firm", "")),
        switched_off=asked.get("off") == "1",
        page=page_number(asked.get("page")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _choices(request: Asked) -> dict[str, Any]:
    """What the form offers: a manager invites only contractors, for the own team."""
    me = request.user
    roles = [role for role in Role if rules.may_invite(me, role)]
    teams = await staff_queries.teams()
    if me.role == Role.MANAGER:
        teams = [team for team in teams if str(team["id"]) == str(me.team_id)]
    return {"roles": roles, "role_words": rules.ROLE_WORDS, "teams": teams, "firms": await staff_queries.firms()}


@get("/people", opt=LOOKS_AFTER)
async def people(request: Asked) -> Response[str]:
    search = _search(request)
    found, total = await staff_queries.people(request.user, search)
    names = await staff_queries.teams()
    pages = max(1, -(-total // PAGE))
    return page(request, "people/people.html", found=found, total=total, pages=pages, search=search, teams=names)


@get("/people/new", opt=LOOKS_AFTER)
async def new_person(request: Asked) -> Response[str]:
    return await _form_page(request, msgspec.structs.asdict(PersonForm()), {})


async def _form_page(
    request: Asked, given: dict[str, Any], reasons: dict[str, str], person: Any = None
) -> Response[str]:
    choices = await _choices(request)
    status = 422 if reasons else 200
    return page(request, "people/person_form.html", status, given=given, reasons=reasons, person=person, **choices)


@post("/people", opt=LOOKS_AFTER)
async def invite_person(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, PersonForm)
    made: list[tuple[UUID, str]] = []
    if request.user.role == Role.MANAGER:
        data.team = request.user.team_id
    try:
        await once(sent, staff_commands.invite_person, request.user, data.details(), made)
    except Refused as error:
        return await _form_page(request, msgspec.structs.asdict(data), error.reasons)
    # A replay has made nothing: the person is found, and their page offers another invitation.
    return await _link_page(request, *made[0]) if made else go(request, f"/people?q={quote(data.email)}")


async def _link_page(request: Asked, person_id: UUID, token: str) -> Response[Any]:
    """The link is shown this once: only its hash is kept."""
    person = await staff_queries.person_for(request.user, person_id)
    until = datetime.now(UTC) + rules.INVITATION_LASTS
    link = f"{str(request.base_url).rstrip('/')}/invitation?token={token}"
    return page(request, "people/invited.html", person=person, link=link, until=until)


@get("/people/{person_id:uuid}", opt=LOOKS_AFTER)
async def person_page(request: Asked, person_id: FromPath[UUID]) -> Response[str]:
    person = await staff_queries.person_for(request.user, person_id)
    standing = await staff_queries.standing(request.user, person, datetime.now(UTC))
    return page(request, "people/person.html", person=person, **standing)


@get("/people/{person_id:uuid}/change", opt=may("administrator"))
async def change_page(request: Asked, person_id: FromPath[UUID]) -> Response[str]:
    person = await staff_queries.person_for(request.user, person_id)
    return await _form_page(request, _given(person), {}, person)


def _given(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "team": person["team_id"] or person["looked_after_by"], "firm": person["firm_id"]}


@post("/people/{person_id:uuid}/change", opt=may("administrator"))
async def change_person(request: Asked, sent: NamedDependency[Sent], person_id: FromPath[UUID]) -> Response[Any]:
    person = await staff_queries.person_for(request.user, person_id)
    data = await form(request, PersonForm)
    try:
        await once(sent, staff_commands.change_person, request.user, person, data.details())
    except Refused as error:
        return await _form_page(request, msgspec.structs.asdict(data), error.reasons, person)
    return go(request, f"/people/{person_id}")


@post("/people/{person_id:uuid}/invitation", opt=LOOKS_AFTER)
async def invite_again(request: Asked, sent: NamedDependency[Sent], person_id: FromPath[UUID]) -> Response[Any]:
    person = await staff_queries.person_for(request.user, person_id)
    await form(request, Nothing)
    links: list[str] = []
    await once(sent, staff_commands.invite_again, request.user, person, links)
    return await _link_page(request, person_id, links[0]) if links else go(request, f"/people/{person_id}")


async def _do(request: Asked, sent: Sent, person_id: UUID, command: Any) -> Response[Any]:
    person = await staff_queries.person_for(request.user, person_id)
    await form(request, Nothing)
    await once(sent, command, request.user, person)
    return go(request, f"/people/{person_id}")


@post("/people/{person_id:uuid}/switch-off", opt=LOOKS_AFTER)
async def switch_off(request: Asked, sent: NamedDependency[Sent], person_id: FromPath[UUID]) -> Response[Any]:
    return await _do(request, sent, person_id, staff_commands.switch_off)


@post("/people/{person_id:uuid}/switch-on", opt=LOOKS_AFTER)
async def switch_on(request: Asked, sent: NamedDependency[Sent], person_id: FromPath[UUID]) -> Response[Any]:
    return await _do(request, sent, person_id, staff_commands.switch_on)


@post("/people/{person_id:uuid}/sign-out", opt=LOOKS_AFTER)
async def sign_out_everywhere(
    request: Asked, sent: NamedDependency[Sent], person_id: FromPath[UUID]
) -> Response[Any]:
    return await _do(request, sent, person_id, staff_commands.sign_out_everywhere)


HANDLERS = [
    people, new_person, invite_person, person_page, change_page, change_person, invite_again,
    switch_off, switch_on, sign_out_everywhere, *TEAM_HANDLERS, *DEVICE_HANDLERS,
]  # fmt: skip
