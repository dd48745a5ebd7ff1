"""Routes of comparisons and recharges. They are for a desk: no phone keeps them to send later."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import queries, recharge_commands, recharge_export, recharge_queries, recharge_view, view
from inspections.recharge_forms import CommentForm, CostForm, DecisionForm, RechargeForm, RegisterForm
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OFFICE = may("officer", "manager")
MANAGER = may("manager")


@get("/inspections/{inspection_id:uuid}/comparison", opt=OFFICE)
async def comparison(request: Asked, inspection_id: FromPath[UUID]) -> Response[str]:
    inspection = await queries.inspection_for(request.user, inspection_id)
    context = await recharge_view.show(request.user, inspection)
    return page(request, "inspections/comparison.html", **context)


@get("/inspections/{inspection_id:uuid}/comparison/{item:str}", opt=OFFICE)
async def cost_of_item(request: Asked, inspection_id: FromPath[UUID], item: FromPath[str]) -> Response[str]:
    """One changed thing: both photographs large, and what it costs."""
    inspection = await queries.inspection_for(request.user, inspection_id)
    context = await recharge_view.show_item(request.user, inspection, item)
    return page(request, "inspections/comparison-item.html", **context)


@post("/inspections/{inspection_id:uuid}/recharge/costs", opt=OFFICE)
async def record_cost(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, CostForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, recharge_commands.record_cost, request.user, inspection, data)
    return go(request, f"/inspections/{inspection_id}/comparison#item-{data.item}")


@post("/inspections/{inspection_id:uuid}/recharge/comments", opt=OFFICE)
async def add_comment(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, CommentForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, recharge_commands.add_comment, request.user, inspection, data.text)
    return go(request, f"/inspections/{inspection_id}/comparison")


@post("/inspections/{inspection_id:uuid}/recharge", opt=OFFICE)
async def propose(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, RechargeForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, recharge_commands.propose, request.user, inspection, data)
    return go(request, f"/inspections/{inspection_id}/comparison")


@post("/inspections/{inspection_id:uuid}/recharge/{recharge_id:uuid}/decision", opt=MANAGER)
async def decide(
    request: Asked, inspection_id: FromPath[UUID], recharge_id: FromPath[UUID], sent: Sending
) -> Response[Any]:
    data = await form(request, DecisionForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, recharge_commands.decide, request.user, inspection, recharge_id, data)
    return go(request, f"/inspections/{inspection_id}/comparison")


@post("/inspections/{inspection_id:uuid}/register", opt=MANAGER)
async def decide_register(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, RegisterForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, recharge_commands.decide_register, request.user, inspection, data)
    return go(request, f"/inspections/{inspection_id}/comparison")


@get("/recharges", opt=OFFICE)
async def recharges(request: Asked) -> Response[str]:
    rows = await recharge_queries.recharges_of(request.user)
    return page(request, "inspections/recharges.html", rows=rows, words=recharge_view.WORDS, view=view.VIEW)


# Of the whole team at once, so for who looks after the team; the reading itself has a receipt.
@get("/recharges/register.csv", opt=MANAGER)
async def register_file(request: Asked, sent: Sending) -> Response[bytes]:
    await once(sent, recharge_commands.note_export)
    headers = {"Content-Disposition": f'attachment; filename="{recharge_export.name(sent.received_at)}"'}
    body = recharge_export.written_rows(await recharge_queries.register_rows(request.user))
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def told_in_the_form(request: Asked, error: Refused) -> Response[Any]:
    """The mistakes inside the form itself, which keeps what was typed: none of it is in the phone's store."""
    block = "#reasons" if request.headers.get("hx-request") == "true" else ""
    sentence = "Nothing was kept yet. Go back: what you typed is still there."
    return page(request, f"pwa/error.html{block}", status=422, sentence=sentence, reasons=error.reasons)


router = Router(
    "/",
    route_handlers=[
        comparison,
        cost_of_item,
        record_cost,
        add_comment,
        propose,
        decide,
        decide_register,
        recharges,
        register_file,
    ],
    exception_handlers={Refused: told_in_the_form},
)
