"""Routes of visits: may they, do it once, show what is now true."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from media.forms import PhotoForm
from media.handlers import picture_response
from people.rules import Role
from properties import queries as properties
from pwa.answers import KEPT, NotFound
from pwa.clock import LONDON
from pwa.forms import form
from pwa.outbox import Proof, Sent, once
from pwa.pages import answer, go, is_packing, keep, page
from pwa.policy import may, queued
from tasks.forms import RaiseForm
from tasks.handlers import after_raising
from visits import attempts, commands, forms, occupancy, queries, rules, showing
from visits.card_handlers import HANDLERS as CARDS
from visits.diary import Diary
from visits.occupancy_handlers import HANDLERS as CHECKS
from visits.several_handlers import HANDLERS as SEVERAL
from visits.walk_handlers import plan_again

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")
READERS = may("officer", "manager", "administrator")
DAYS_SHOWN = 8
SIZES = {"400": 400, "1600": 1600}


@get("/visits", opt=FIELD)
async def list_visits(request: Asked) -> Response[str]:
    """A manager's own page is the team's; everybody can see the other."""
    usual = "team" if request.user.role == Role.MANAGER else "mine"
    team = request.query_params.get("whose", usual) == "team"
    today = datetime.now(LONDON).date()
    diary = Diary(
        today,
        await queries.visits_of(request.user, today, DAYS_SHOWN, team),
        await queries.left_over(request.user, today, team),
    )
    kept = KEPT if "kept" in request.query_params else ""
    broken = await queries.photos_not_opened(request.user, today - timedelta(days=queries.LEFT_OVER_DAYS))
    response = page(request, "visits/list.html", diary=diary, team=team, kept=kept, broken=broken)
    return response if diary.names_secret else keep(response)


@get("/visits/new", opt=FIELD)
async def new(request: Asked) -> Response[str]:
    wanted = request.query_params.get("property")
    home = await properties.home_for(request.user, known_id(wanted)) if wanted else None
    tomorrow = datetime.now(LONDON).date() + timedelta(days=1)
    officers = await queries.officers_for(request.user)
    return keep(page(request, "visits/new.html", home=home, officers=officers, tomorrow=tomorrow, rules=rules))


def known_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@post("/visits", opt=queued(FIELD))
async def plan_visit(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, forms.PlanForm)
    proof = await once(sent, commands.plan_visit, request.user, commands.Plan(**msgspec.structs.asdict(data)))
    return go(request, "/visits?kept" if proof.outcome == "held" else f"/visits/{data.id}")


@get("/visits/{visit_id:uuid}", opt=FIELD)
async def show(request: Asked, visit_id: FromPath[UUID]) -> Response[str]:
    visit = await queries.visit_for(request.user, visit_id)
    response = page(request, "visits/show.html", **await showing.context(request.user, visit))
    # What was opened to work on is kept for the day; in a pack a confidential home never is.
    return response if visit.home.confidential and is_packing(request) else keep(response)


async def shown(request: Asked, visit_id: UUID, block: str, proof: Proof) -> Response[Any]:
    """What is now true of the visit. Held news from somebody who lost the visit gets only its sentence."""
    to = f"/visits/{visit_id}"
    if proof.outcome == "held":
        return answer(
            request, "visits/after.html#held", to="/visits?kept", sentence=proof.reason or KEPT, block=block
        )
    try:
        visit = await queries.visit_for(request.user, visit_id)
    except NotFound:  # it was theirs, and the home became confidential: what they sent is received all the same
        return answer(request, "visits/after.html#held", to="/visits?kept", sentence=rules.NO_LONGER, block=block)
    return answer(request, f"visits/after.html#{block}", to=to, **await showing.context(request.user, visit))


@post("/visits/{visit_id:uuid}/start", opt=queued(FIELD), status_code=200)
async def start_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    going = (await form(request, forms.StartForm)).going()
    proof = await commands.arrive(sent, request.user, visit_id, going)
    return await shown(request, visit_id, "act", proof)


@post("/visits/{visit_id:uuid}/finish", opt=queued(FIELD), status_code=200)
async def finish_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.FinishForm)
    ending = rules.Ending(**msgspec.structs.asdict(data))
    proof = await once(sent, commands.finish_visit, request.user, visit_id, ending)
    return await shown(request, visit_id, "state", proof)


@post("/visits/{visit_id:uuid}/cancel", opt=queued(FIELD), status_code=200)
async def cancel_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.CancelForm)
    proof = await once(sent, commands.cancel_visit, request.user, visit_id, data.note)
    return await shown(request, visit_id, "state", proof)


@post("/visits/{visit_id:uuid}/officer", opt=queued(FIELD), status_code=200)
async def give_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.OfficerForm)
    proof = await once(sent, commands.give_visit, request.user, visit_id, data.officer)
    return await shown(request, visit_id, "act", proof)


@post("/visits/{visit_id:uuid}/hand-over", opt=queued(FIELD), status_code=200)
async def hand_over_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.HandOverForm)
    proof = await once(sent, commands.hand_over, request.user, visit_id, data.officer, data.note)
    return await shown(request, visit_id, "act", proof)


@post("/visits/{visit_id:uuid}/photos", opt=queued(FIELD), status_code=200)
async def attach_photo(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, PhotoForm)
    proof = await once(sent, commands.attach_door_photo, request.user, visit_id, data)
    if proof.outcome == "held":
        return await shown(request, visit_id, "photo", proof)
    visit = await queries.visit_from_field(request.user, visit_id)
    tile = {"wanted": data.sha256, **await showing.door(visit)}
    return answer(request, "visits/after.html#photo", to=visit.href, **tile)


@post("/visits/{visit_id:uuid}/tasks", opt=queued(FIELD), status_code=200)
async def raise_task(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, RaiseForm)
    proof = await once(sent, commands.raise_task, request.user, visit_id, msgspec.structs.asdict(data))
    return await after_raising(request, data.id, proof, f"/visits/{visit_id}#tasks")


@get("/visits/{visit_id:uuid}/photos/{sha256:str}", opt=FIELD)
async def photo(request: Asked, visit_id: FromPath[UUID], sha256: FromPath[str]) -> Response[bytes]:
    visit = await queries.visit_for(request.user, visit_id)
    side = SIZES.get(request.query_params.get("size", "1600"))
    if side is None:
        raise NotFound
    await queries.photo_shown(visit, sha256)
    return await picture_response(request, sha256, side)


@get("/properties/{property_id:uuid}/visits", opt=READERS)
async def of_property(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    """For the property's page. Administrators look after properties, not after who goes where."""
    home = await properties.home_for(request.user, property_id)
    goes = request.user.role in (Role.OFFICER, Role.MANAGER)
    visits = await queries.visits_at(request.user, property_id) if goes else []
    rows = await attempts.rows_at(request.user, property_id) if goes else []
    checked = await occupancy.last_of([visit.id for visit in visits])
    block = "#rows" if request.headers.get("hx-request") == "true" else ""
    shown = {"visits": visits, "rows": rows, "checked": checked}
    return page(request, f"visits/property.html{block}", home=home, goes=goes, shown=shown)


router = Router(
    "/",
    route_handlers=[
        list_visits,
        *SEVERAL,
        *CARDS,
        *CHECKS,
        new,
        plan_visit,
        show,
        start_visit,
        finish_visit,
        cancel_visit,
        give_visit,
        hand_over_visit,
        plan_again,
        attach_photo,
        raise_task,
        photo,
        of_property,
    ],
)
