"""Adding a property, changing it, and taking it out of use."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from properties import commands, queries
from properties.changing import Nothing, PropertyForm, blank, facts_from, filled_in
from properties.rules import KIND_WORDS, USE_WORDS
from pwa.answers import Refused
from pwa.forms import form, pairs
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import RECORDS, may, queued

Asked = Request[Any, Any, Any]
OFFICE = may("manager", "administrator")
WRITERS = may("officer", "manager", "administrator")


def wrong(request: Asked, template: str, block: str, **context: Any) -> Response[str]:
    """The form again with its mistakes: as a fragment for the script, as a page without it."""
    fragment = f"#{block}" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"{template}{fragment}", status=422, **context)


async def typed(request: Asked, **under: str) -> dict[str, str]:
    return {**under, **dict(pairs(await request.body()))}


async def edit_context(
    request: Asked, values: dict[str, str], found: queries.Property | None = None
) -> dict[str, Any]:
    return {
        "property": found,
        "values": values,
        "kinds": list(KIND_WORDS.items()),
        "uses": list(USE_WORDS.items()),
        "teams": await queries.teams_to_give(request.user, found),
        "address": f"/properties/{found.id}/edit" if found else "/properties/new",
    }


@get("/properties/new", opt=OFFICE)
async def new_property(request: Asked) -> Response[str]:
    return page(request, "properties/edit.html", errors={}, **await edit_context(request, blank(request.user)))


@post("/properties/new", opt=queued(OFFICE, RECORDS))
async def add_property(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    try:
        data = await form(request, PropertyForm)
        made = data.id or uuid7()
        await once(sent, commands.add_property, request.user, made, facts_from(data))
    except Refused as refused:
        values = await typed(request, **blank(request.user))
        context = await edit_context(request, values)
        return wrong(request, "properties/edit.html", "form", errors=refused.reasons, **context)
    return go(request, f"/properties/{made}")


@get("/properties/{property_id:uuid}/edit", opt=WRITERS)
async def edit_property(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    found = await queries.property_to_change(request.user, property_id)
    context = await edit_context(request, filled_in(found), found)
    return page(request, "properties/edit.html", errors={}, **context)


@post("/properties/{property_id:uuid}/edit", opt=queued(WRITERS, RECORDS))
async def change_property(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]
) -> Response[Any]:
    found = await queries.property_to_change(request.user, property_id)
    try:
        data = await form(request, PropertyForm)
        await once(sent, commands.change_property, request.user, found, facts_from(data))
    except Refused as refused:
        context = await edit_context(request, await typed(request, **filled_in(found)), found)
        return wrong(request, "properties/edit.html", "form", errors=refused.reasons, **context)
    return go(request, f"/properties/{property_id}")


@post("/properties/{property_id:uuid}/retire", opt=queued(OFFICE, RECORDS))
async def retire_property(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]
) -> Response[Any]:
    found = await queries.property_to_change(request.user, property_id)
    await form(request, Nothing)
    await once(sent, commands.retire_property, request.user, found)
    return go(request, f"/properties/{property_id}")


@post("/properties/{property_id:uuid}/restore", opt=queued(OFFICE, RECORDS))
async def restore_property(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]
) -> Response[Any]:
    found = await queries.property_to_change(request.user, property_id)
    await form(request, Nothing)
    await once(sent, commands.restore_property, request.user, found)
    return go(request, f"/properties/{property_id}")


handlers = [
    new_property,
    add_property,
    edit_property,
    change_property,
    retire_property,
    restore_property,
]
