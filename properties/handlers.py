"""Pages about properties: finding one, reading it before you knock, and keeping it right."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.params import FromPath

from properties import change_handlers, hold_handlers, hold_queries, import_handlers, queries, record_handlers
from properties.asking import Question, question
from properties.record_handlers import about_certificates
from properties.rules import FIELD_WORDS
from pwa.pages import keep, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
READERS = may("officer", "manager", "administrator")


@get("/properties", opt=READERS)
async def list_properties(request: Asked) -> Response[str]:
    asked = await question(request.user, request.query_params)
    found = await queries.search(request.user, asked.text, asked.near, asked.page, asked.show)
    block = "#found" if request.headers.get("hx-target") == "div#found" else ""
    return page(request, f"properties/list.html{block}", asked=asked, found=found, link=address_of(asked))


def address_of(asked: Question) -> str:
    """The list's own address up to its page number."""
    return f"/properties?{urlencode({**asked.kept(), 'page': ''})}"


@get("/properties/{property_id:uuid}", opt=READERS)
async def show_property(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    found = await queries.property_for(request.user, property_id)
    context = await about_certificates(request, found, property=found, team=await queries.team_name(found))
    context |= {
        "holds": await hold_queries.in_force(request.user, found.id),
        "may_hold": hold_queries.may_hold(request.user, found),
    }
    return keep(page(request, "properties/show.html", **context))


@get("/properties/{property_id:uuid}/history", opt=READERS)
async def show_history(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    found = await queries.property_for(request.user, property_id)
    home = await queries.home_of_property(request.user, found)
    changes = await queries.changes_of(request.user, found)
    return page(request, "properties/history.html", home=home, property=found, changes=changes, fields=FIELD_WORDS)


router = Router(
    "/",
    route_handlers=[
        list_properties,
        show_property,
        show_history,
        *change_handlers.handlers,
        *record_handlers.handlers,
        *hold_handlers.handlers,
        *import_handlers.handlers,
    ],
)
