"""Routes of the review. Deciding is for a desk; answering is field work, which a phone keeps and sends."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import commands, queries, review_commands, review_forms, review_queries, review_view, view
from inspections.recharge_handlers import told_in_the_form
from pwa.answers import Refused
from pwa.forms import form, page_number
from pwa.outbox import Sent, once
from pwa.pages import answer, go, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OFFICE = may("officer", "manager")
MANAGER = may("manager")


@get("/review", opt=MANAGER)
async def review(request: Asked) -> Response[str]:
    asked = request.query_params
    context = await review_view.queue(request.user, asked.get("kind", ""), page_number(asked.get("page")))
    return page(request, "inspections/review.html", **context)


@post("/review/approve", opt=MANAGER, status_code=200)
async def approve_clean(request: Asked, sent: Sending) -> Response[str]:
    data = await form(request, review_forms.CleanForm)
    await once(sent, review_commands.approve_clean, request.user, data.ids)
    context = await review_view.outcome(request.user, data.ids)
    return page(request, "inspections/review-together.html", **context)


@get("/inspections/{inspection_id:uuid}/review", opt=MANAGER)
async def review_one(request: Asked, inspection_id: FromPath[UUID]) -> Response[str]:
    inspection = await queries.inspection_for(request.user, inspection_id)
    context = await review_view.show(request.user, inspection)
    return page(request, "inspections/review-one.html", **context)


@post("/inspections/{inspection_id:uuid}/review/approve", opt=MANAGER)
async def approve(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, review_forms.ApproveForm)
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, review_commands.approve, request.user, inspection, data.seen)
    return go(request, "/review")


@post("/inspections/{inspection_id:uuid}/review/back", opt=MANAGER)
async def send_back(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = review_forms.bind_back(await request.body())
    inspection = await queries.inspection_for(request.user, inspection_id)
    await once(sent, review_commands.send_back, request.user, inspection, data.seen, data.notes)
    return go(request, "/review")


async def shown_note(request: Asked, inspection: queries.Opened, note: UUID) -> Response[Any]:
    """What is now true of one note, and of the whole sending back."""
    if inspection.gone:
        return answer(request, "inspections/after.html#held", to="/inspections", sentence=commands.GONE)
    found = await review_queries.review_of(inspection)
    one = found.note(note)
    to = f"/inspections/{inspection.id}#{one.spot.anchor if one else 'summary'}"
    context: dict[str, Any] = {"inspection": inspection, "review": found, "one": one, "view": view.VIEW}
    return answer(request, "inspections/review-after.html#note", to=to, **context)


@post("/inspections/{inspection_id:uuid}/review/answers", opt=queued(OFFICE))
async def answer_in_words(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, review_forms.AnswerForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, review_commands.answer_in_words, request.user, inspection, data.note, data.text)
    return await shown_note(request, inspection, data.note)


@post("/inspections/{inspection_id:uuid}/review/photos", opt=queued(OFFICE))
async def answer_with_photo(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, review_forms.AnswerPhotoForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    await once(sent, review_commands.answer_with_photo, request.user, inspection, data)
    return await shown_note(request, inspection, data.note)


# A decision's mistakes are said inside its form. An answer is the outbox's, which has a way of its own.
_decisions = Router(
    "/", route_handlers=[approve_clean, approve, send_back], exception_handlers={Refused: told_in_the_form}
)
router = Router("/", route_handlers=[review, review_one, answer_in_words, answer_with_photo, _decisions])
