"""Routes of inspections on a visit's walk: what is seen in passing, and handing over what is half done."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import commands, forms, handing, passing, queries, view, walk_queries
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
OFFICE = may("officer", "manager")


@post("/inspections/{inspection_id:uuid}/seen", opt=queued(OFFICE))
async def see(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.SeenForm)
    passing.of_visit(inspection_id, data.visit)
    await once(sent, passing.see, request.user, data)
    return await shown(request, data.visit, "seen", data.id)


@post("/inspections/{inspection_id:uuid}/seen/photos", opt=queued(OFFICE))
async def photograph(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.SeenPhotoForm)
    passing.of_visit(inspection_id, data.visit)
    await once(sent, passing.photograph, request.user, data)
    return await shown(request, data.visit, "photo", data.id)


@post("/inspections/{inspection_id:uuid}/hand-over", opt=queued(OFFICE))
async def hand_over(request: Asked, inspection_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.HandOverForm)
    inspection = await queries.inspection_from_field(request.user, inspection_id)
    proof = await once(sent, handing.hand_over, request.user, inspection, data)
    to = f"/inspections/{inspection_id}"
    if inspection.gone or proof.outcome == "held":
        sentence = proof.reason or commands.GONE
        return answer(request, "inspections/after.html#held", to="/inspections", sentence=sentence)
    return answer(
        request, "inspections/walk-after.html#handed", to=to, **await view.handing(request.user, inspection)
    )


async def shown(request: Asked, visit: UUID, block: str, wanted: UUID) -> Response[Any]:
    """What is now true of what was seen in passing. Nothing, of a visit that is out of this person's sight."""
    found = await walk_queries.in_passing(request.user, visit)
    context = {"passing": found, "visit": visit, "view": view.VIEW, **view.hazard_choices(), "wanted": wanted}
    return answer(request, f"inspections/walk-after.html#{block}", to=f"/visits/{visit}#else", **context)


router = Router("/", route_handlers=[see, photograph, hand_over])
