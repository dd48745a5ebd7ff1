"""Routes of the day: may they, do it once, show what is now true."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from inspections import review_queries, walk_queries
from lone_working.sessions import home
from lone_working.wall import boards
from people import limits, session_queries
from people.rules import Role
from properties import position
from pwa import queries as office
from pwa.answers import KEPT, NotFound
from pwa.clock import LONDON
from pwa.forms import form
from pwa.outbox import Proof, Sent, once
from pwa.pages import answer, is_packing, keep, page
from pwa.policy import anyone, may, queued
from tasks import queries as tasks
from today import commands, packing, queries, rules, walk
from today.calendar import AHEAD, BACK, calendar
from visits import commands as visits
from visits import queries as diary

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")


class OrderForm(msgspec.Struct):
    """The order as the page has it. Without our script also which button was pressed: "<id> -1" is one earlier."""

    day: date
    order: str
    move: str = ""

    def made(self) -> list[UUID]:
        order = [_id(text) for text in self.order.split()]
        which, _, steps = self.move.partition(" ")
        return rules.moved(order, _id(which), -1 if steps == "-1" else 1) if which else order


class StartForm(msgspec.Struct):
    day: date


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _today() -> date:
    return datetime.now(LONDON).date()


def _here(request: Asked) -> rules.Point | None:
    """Where the phone says it is. What cannot be is as if it had said nothing."""
    try:
        point = float(request.query_params["latitude"]), float(request.query_params["longitude"])
    except (KeyError, ValueError):
        return None
    return point if position.in_range(*point) else None


@get("/today", opt=FIELD)
async def show_today(request: Asked) -> Response[str]:
    return await _shown(request, _today())


@get("/today/tomorrow", opt=FIELD)
async def show_tomorrow(request: Asked) -> Response[str]:
    return await _shown(request, _today() + timedelta(days=1))


async def _shown(request: Asked, day: date) -> Response[str]:
    """A manager's own page is the team's; everybody can see the other."""
    me, now = request.user, datetime.now(UTC)
    usual = "team" if me.role == Role.MANAGER else "mine"
    frame = _frame(request, day)
    frame["to_do"] = await tasks.counts_for(me, _today(), team=frame["whose"] == "team")
    # It names homes whatever their warnings say, so that it stays out of a pack.
    since = _today() - timedelta(days=diary.LEFT_OVER_DAYS)
    frame["broken"] = [] if is_packing(request) else await diary.photos_not_opened(me, since)
    frame["sent_back"] = await _sent_back(request)
    if request.query_params.get("whose", usual) == "team":
        news = await office.news_for(me) if me.role == Role.MANAGER else None
        officers = await queries.team_day(me, day, now)
        secret = any(one.day.names_secret for one in officers) or _names_secret(frame)
        out = None if is_packing(request) else await boards.out_now(me, now)
        response = page(request, "today/team.html", officers=officers, out=out, news=news, **frame)
        return response if secret else keep(response)
    here = _here(request)
    shown = await queries.my_day(me, day, now, here)
    frame["handed"] = await _handed(request)
    # What is true for half an hour is in no pack.
    frame["home"] = day == _today() and not is_packing(request) and await home.offered(me, now)
    secret = shown.names_secret or _names_secret(frame)
    if is_packing(request):
        shown = shown.packable
    # The page asks for its list alone once what waited on the phone has been received.
    block = "#list" if request.headers.get("hx-request") == "true" else ""
    more = {"asked_here": "latitude" in request.query_params, **frame}
    response = page(request, f"today/show.html{block}", shown=shown, **more)
    if here:
        return response  # where somebody was is kept nowhere
    return keep(response, as_packed=secret)


def _names_secret(frame: dict[str, Any]) -> bool:
    """Whether what stands beside the visits names a household that no phone keeps."""
    return any(one.home.confidential for one in frame["sent_back"]) or any(
        one.secret for one in frame.get("handed", ())
    )


async def _handed(request: Asked) -> list[walk_queries.Work]:
    """What colleagues handed over; as what was sent back."""
    found = await walk_queries.handed_here(request.user)
    return [one for one in found if not (is_packing(request) and one.secret)]


async def _sent_back(request: Asked) -> list[review_queries.SentBack]:
    """Inspections that wait for the person's answers. Some homes go into no pack, and into none of its pages."""
    found = await review_queries.sent_back_to(request.user)
    return [one for one in found if not (is_packing(request) and one.home.confidential)]


@get("/today/pack", opt=FIELD)
async def show_pack(request: Asked) -> packing.Pack | Response[None]:
    """The list; 204 for a phone that has one from which nothing has changed."""
    now = datetime.now(UTC)
    mark = request.query_params.get("mark")
    if mark and mark == await packing.mark_of(_today()):
        return Response(None, status_code=204)
    return await packing.pack_of(request, _today(), now)


def _frame(request: Asked, day: date) -> dict[str, Any]:
    usual = "team" if request.user.role == Role.MANAGER else "mine"
    asked = request.query_params
    return {
        "day": day,
        "today": _today(),
        "whose": asked.get("whose", usual),
        "usual": usual,
        "kept": KEPT if "kept" in asked else "",
    }


async def _after(request: Asked, day: date, proof: Proof, **more: Any) -> Response[Any]:
    """What is now true of the day, and what became of news that came too late."""
    shown = await queries.my_day(request.user, day, datetime.now(UTC))
    kept = (proof.reason or KEPT) if proof.outcome == "held" else ""
    to = f"/today{'/tomorrow' if day > _today() else ''}?whose=mine{'&kept' if kept else ''}"
    frame = _frame(request, day) | {"kept": kept}
    return answer(request, "today/show.html#list", to=to, shown=shown, asked_here=False, **frame, **more)


@post("/today/order", opt=queued(FIELD), status_code=200)
async def put_in_order(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, OrderForm)
    proof = await once(sent, commands.put_in_order, request.user, data.day, data.made())
    return await _after(request, data.day, proof)


@post("/visits/{visit_id:uuid}/start/today", opt=queued(FIELD), status_code=200)
async def start_visit(request: Asked, visit_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, StartForm)
    proof = await visits.arrive(sent, request.user, visit_id)
    return await _after(request, data.day, proof, safety_now=await walk.safety_after_start(request.user, visit_id))


# Open before sign-in: a calendar app has no session. The address is the secret: 256 bits, kept only as a hash. It
# ends when its owner ends it, makes another, changes team or leaves; what is wrong looks like what never was.
@get("/calendar/{name:str}", opt=anyone())
async def feed(request: Asked, name: FromPath[str]) -> Response[bytes]:
    token, now = name.removesuffix(".ics"), datetime.now(UTC)
    owner = await session_queries.calendar_owner(token, now) if name.endswith(".ics") else None
    if owner is None:
        raise NotFound
    await limits.count_reading(token, now)
    found = await diary.visits_of(owner, _today() - timedelta(days=BACK), BACK + AHEAD)
    headers = {"Content-Disposition": 'inline; filename="visits.ics"', "Cache-Control": "private, no-store"}
    return Response(calendar(found, now), media_type="text/calendar", headers=headers)


router = Router("/", route_handlers=[show_today, show_tomorrow, show_pack, put_in_order, start_visit, feed])
