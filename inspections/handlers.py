"""Routes of inspections: may they, do it once, show what is now true."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from documents import commands as documents
from inspections import (
    commands,
    comparison_report,
    finding_commands,
    forms,
    household_handlers,
    inventory_handlers,
    inventory_view,
    list_queries,
    photo_commands,
    photo_queries,
    queries,
    recharge_handlers,
    report,
    review_handlers,
    room_commands,
    rules,
    task_handlers,
    view,
    walk_handlers,
)
from media.handlers import original_response, picture_response
from properties import queries as properties
from properties.rules import Use
from pwa.answers import KEPT, NotFound
from pwa.forms import form, page_number
from pwa.outbox import Sent, once
from pwa.pages import answer, go, keep, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OFFICE = may("officer", "manager")


@get("/inspections", opt=OFFICE)
async def inspections(request: Asked) -> Response[str]:
    number = page_number(request.query_params.get("page"))
    rows = await list_queries.inspections_of(request.user, number)
    more: dict[str, Any] = {
        "broken": await photo_queries.photos_not_opened(request.user),
        "replies": await inventory_view.replies_to(rows),
        "kept": KEPT if "kept" in request.query_params else "",
    }
    return page(request, "inspections/list.html", inspections=rows, number=number, view=view.VIEW, **more)


@get("/properties/{property_id:uuid}/inspections", opt=OFFICE)
async def of_property(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    home = await properties.property_for(request.user, property_id)
    rows = await list_queries.inspections_of(request.user, property_id=property_id)
    block = "#rows" if request.headers.get("hx-request") == "true" else ""
    more: dict[str, Any] = {"home": home, "replies": await inventory_view.replies_to(rows)}
    return page(request, f"inspections/list.html{block}", inspections=rows, number=1, view=view.VIEW, **more)


@get("/properties/{property_id:uuid}/inspections/new", opt=OFFICE)
async def new(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    home = await properties.property_for(request.user, property_id)
    context: dict[str, Any] = {
        "home": home,
        "open_here": await list_queries.open_here(request.user, property_id),
        "kind": rules.likely_kind(request.query_params.get("kind", ""), home.use == Use.TEMPORARY),
        "visit": request.query_params.get("visit", ""),
    }
    return keep(page(request, "inspections/new.html", view=view.VIEW, **context))


@get("/properties/{property_id:uuid}/inspections/blank/{kind:str}", opt=OFFICE)
async def blank(request: Asked, property_id: FromPath[UUID], kind: FromPath[str]) -> Response[str]:
    """The page of an inspection nobody has started, for a phone that starts one with no signal."""
    home = await properties.property_for(request.user, property_id)
    inspection, sheet = await view.blank_inspection(request.user, home, kind)
    return keep(page(request, "inspections/show.html", **await view.show(request.user, inspection, sheet)))


@post("/inspections", opt=queued(OFFICE))
async def start_inspection(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, forms.StartForm)
    proof = await once(sent, commands.start_inspection, request.user, data)
    return go(request, "/inspections?kept" if proof.outcome == "held" else f"/inspections/{data.id}")


@get("/inspections/{inspection_id:uuid}", opt=OFFICE)
async def show(request: Asked, inspection_id: FromPath[UUID]) -> Response[str]:
    inspection = await queries.inspection_for(request.user, inspection_id)
    return keep(page(request, "inspections/show.html", **await view.show(request.user, inspection)))


@get("/inspections/{inspection_id:uuid}/missing", opt=OFFICE)
async def missing(request: Asked, inspection_id: FromPath[UUID]) -> Response[Any]:
    """What is still missing, asked for when the officer comes to the end."""
    inspection = await queries.inspection_for(request.user, inspection_id)
    context = await view.show(request.user, inspection)
    return answer(request, "inspections/after.html#missing", to=f"/inspections/{inspection_id}#finish", **context)


@get("/inspections/{inspection_id:uuid}/items/{item:str}", opt=OFFICE)
async def show_item(request: Asked, inspection_id: FromPath[UUID], item: FromPath[str]) -> Response[str]:
    """One item on a page of its own: how it works without script."""
    inspection = await queries.inspection_for(request.user, inspection_id)
    context = view.one(await view.show(request.user, inspection), item)
    if context["item"] is None:
        raise NotFound
    return page(request, "inspections/item.html", **context)


def held(request: Asked) -> Response[Any]:
    """What is said of an inspection that is out of this person's sight: only that the office has what was sent."""
    return answer(request, "inspections/after.html#held", to="/inspections", sentence=commands.GONE)


async def shown_item(
    request: Asked, inspection: queries.Opened, block: str, item: str, wanted: UUID | None = None, **more: Any
) -> Response[Any]:
    """The block that shows what is now true of one item."""
    if inspection.gone:
        return held(request)
    context = await view.of_item(inspection, item)
    to = f"/inspections/{inspection.id}/items/{item}"
    return answer(request, f"inspections/after.html#{block}", to=to, wanted=wanted, **more, **context)


async def shown_room(
    request: Asked, inspection: queries.Opened, block: str, room: str = "", answered: UUID | None = None
) -> Response[Any]:
    """The block that shows what is now true of a room, or of the whole."""
    if inspection.gone:
        return held(request)
    context = view.one(await view.show(request.user, inspection), "", room)
    to = f"/inspections/{inspection.id}" + (f"#room-{room}" if room else "")
    return answer(request, f"inspections/after.html#{block}", to=to, answered=answered, **context)


@post("/inspections/{inspection_id:uuid}/readings", opt=queued(OFFICE))
async def record_reading(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.ReadingForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, room_commands.record_reading, request.user, inspection, data)
    return await shown_item(request, inspection, "reading", data.item)


@post("/inspections/{inspection_id:uuid}/rooms/satisfactory", opt=queued(OFFICE))
async def mark_room_satisfactory(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.RoomForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, room_commands.mark_room_satisfactory, request.user, inspection, data.room)
    return await shown_room(request, inspection, "room_items", data.room)


@post("/inspections/{inspection_id:uuid}/rooms", opt=queued(OFFICE))
async def add_room(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.NewRoomForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, room_commands.add_room, request.user, inspection, data)
    return await shown_room(request, inspection, "room", f"room-{data.id}")


@post("/inspections/{inspection_id:uuid}/rooms/change", opt=queued(OFFICE))
async def change_room(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.RoomChangeForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, room_commands.change_room, request.user, inspection, data)
    return await shown_room(request, inspection, "room", data.room)


@post("/inspections/{inspection_id:uuid}/findings", opt=queued(OFFICE))
async def record_finding(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.FindingForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, finding_commands.record_finding, request.user, inspection, data)
    return await shown_item(request, inspection, "finding", data.item, data.id)


@post("/inspections/{inspection_id:uuid}/findings/withdraw", opt=queued(OFFICE))
async def withdraw_finding(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.FindingIdForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, finding_commands.withdraw_finding, request.user, inspection, data.finding)
    return await shown_room(request, inspection, "withdrawn")


@post("/inspections/{inspection_id:uuid}/photos", opt=queued(OFFICE))
async def attach_photo(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.PhotoForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, photo_commands.attach_photo, request.user, inspection, data)
    return await shown_item(request, inspection, "photo", data.item, data.id, replaces=data.replaces)


@post("/inspections/{inspection_id:uuid}/photos/change", opt=queued(OFFICE))
async def change_photo(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.PhotoChangeForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, photo_commands.change_photo, request.user, inspection, data.photo, data)
    item = await photo_queries.item_of_photo(inspection, data.photo)
    return await shown_item(request, inspection, "caption", item, data.photo)


@get("/inspections/{inspection_id:uuid}/photos/{sha256:str}", opt=OFFICE)
async def photo(request: Asked, inspection_id: FromPath[UUID], sha256: FromPath[str]) -> Response[bytes]:
    inspection = await queries.inspection_for(request.user, inspection_id)
    await photo_queries.photo_shown(inspection, sha256)
    small = request.query_params.get("size") == "400"
    picture = await picture_response(request, sha256, 400 if small else 1600)
    return keep(picture) if small else picture


@post("/inspections/{inspection_id:uuid}/photos/{sha256:str}/original", opt=may("manager"), status_code=200)
async def take_original(
    request: Asked, inspection_id: FromPath[UUID], sha256: FromPath[str], sent: Sending
) -> Response[bytes]:
    """The bytes as they were sent, as a download, for a reason that is kept."""
    data = await form(request, forms.OriginalForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await photo_queries.photo_shown(inspection, sha256)
    await once(sent, photo_commands.take_original, data.reason)
    return await original_response(request, sha256)


@post("/inspections/{inspection_id:uuid}/complete", opt=queued(OFFICE))
async def complete_inspection(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.CompleteForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, commands.complete_inspection, request.user, inspection, data)
    if inspection.gone:
        return held(request)
    return go(request, f"/inspections/{inspection_id}")


@post("/inspections/{inspection_id:uuid}/addenda", opt=queued(OFFICE))
async def add_addendum(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.AddendumForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, commands.add_addendum, request.user, inspection, data.text, data.about)
    return await shown_room(request, inspection, "addenda", answered=data.about)


@post("/inspections/{inspection_id:uuid}/addenda/photo", opt=queued(OFFICE))
async def add_photo(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.PhotoForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, photo_commands.add_photo, request.user, inspection, data)
    return await shown_room(request, inspection, "addenda", answered=data.replaces)


@post("/inspections/{inspection_id:uuid}/documents", opt=OFFICE)
async def ask_for_document(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.DocumentForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    of = comparison_report if data.kind in comparison_report.KINDS else report
    wanted = await of.wanted(request.user, inspection, data.kind)
    await once(sent, documents.ask_for, request.user, wanted)
    return go(request, f"/documents/{await documents.existing(request.user, wanted)}")


router = Router(
    "/",
    route_handlers=[
        inspections,
        of_property,
        new,
        blank,
        start_inspection,
        show,
        missing,
        show_item,
        record_reading,
        mark_room_satisfactory,
        add_room,
        change_room,
        record_finding,
        withdraw_finding,
        attach_photo,
        change_photo,
        photo,
        take_original,
        complete_inspection,
        add_addendum,
        add_photo,
        ask_for_document,
        *task_handlers.HANDLERS,
        recharge_handlers.router,
        walk_handlers.router,
        review_handlers.router,
        inventory_handlers.router,
        household_handlers.router,
    ],
)
