"""Routes of lone working for those who watch: who is out, and alarms."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding, silencing
from lone_working.code_word.handlers import HANDLERS as WORDS
from lone_working.forms import Nothing, OutcomeForm
from lone_working.ladders.handlers import HANDLERS as LADDERS
from lone_working.phone.handlers import HANDLERS as PHONES
from lone_working.phone.safety_handlers import HANDLERS as SAFETY
from lone_working.phone.unwatched_handlers import HANDLERS as UNWATCHED
from lone_working.rota import gap_queries
from lone_working.rota.handlers import HANDLERS as ROTA
from lone_working.sessions import out_page
from lone_working.sessions.buddy_handlers import HANDLERS as BUDDY
from lone_working.sessions.firm_handlers import HANDLERS as FIRMS
from lone_working.sessions.helping_handlers import HANDLERS as HELPING
from lone_working.sessions.home_handlers import HANDLERS as HOME
from lone_working.sessions.pin_handlers import HANDLERS as PINS
from lone_working.sessions.ready_handlers import HANDLERS as READY
from lone_working.wall import boards, live
from lone_working.wall.figures_handlers import HANDLERS as FIGURES
from messages import queries as sending
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, go, page
from pwa.policy import may, polled

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")
# Where a team has nobody else, the ladder calls administrators, and for a contractor the supervisor of their firm.
# Those who were told may look, and take it on.
CALLED = may("officer", "manager", "administrator", "contractor")
MANAGERS = may("manager")


@get("/lone-working", opt=FIELD)
async def wall(request: Asked) -> Response[str]:
    return await _wall(request, "lone_working/wall.html")


@get("/lone-working/now", opt=polled(FIELD))
async def wall_now(request: Asked) -> Response[str]:
    """The part of the wall that asks for itself again, every five seconds."""
    return await _wall(request, "lone_working/wall.html#now")


@get("/lone-working/events", opt=polled(FIELD))
async def wall_events(request: Asked) -> ServerSentEvent:
    """What the wall is told as it happens. Who does not ask for a stream is told once."""
    streams = "text/event-stream" in request.headers.get("accept", "")
    return ServerSentEvent((live.boards.stream if streams else live.boards.once)(request.user))


async def _wall(request: Asked, template: str) -> Response[str]:
    at = datetime.now(UTC)
    gaps = await gap_queries.warnings(request.user, at)
    return page(request, template, wall=await boards.wall(request.user, at), gaps=gaps)


@get("/lone-working/out/{session_id:uuid}", opt=CALLED)
async def show_out(request: Asked, session_id: FromPath[UUID]) -> Response[str]:
    return page(request, "lone_working/out.html", out=await out_page.out_for(request.user, session_id))


@get("/lone-working/limits", opt=CALLED)
async def limits(request: Asked) -> Response[str]:
    return page(request, "lone_working/limits.html", replies_to=sending.replies_to())


@get("/lone-working/alarms/{alarm_id:uuid}", opt=CALLED)
async def show_alarm(request: Asked, alarm_id: FromPath[UUID]) -> Response[str]:
    alarm = await alarm_page.alarm_for(request.user, alarm_id, datetime.now(UTC))
    return page(request, "lone_working/alarm.html", alarm=alarm, reasons={}, typed="")


async def _shown(request: Asked, alarm_id: UUID) -> Response[Any]:
    alarm = await alarm_page.alarm_for(request.user, alarm_id, datetime.now(UTC))
    to = f"/lone-working/alarms/{alarm_id}"
    return answer(request, "lone_working/alarm.html#alarm", to=to, alarm=alarm, reasons={}, typed="")


async def _refused(request: Asked, alarm_id: UUID, reasons: dict[str, str], typed: str) -> Response[str]:
    block = "#alarm" if request.headers.get("hx-request") == "true" else ""
    alarm = await alarm_page.alarm_for(request.user, alarm_id, datetime.now(UTC))
    return page(request, f"lone_working/alarm.html{block}", 422, alarm=alarm, reasons=reasons, typed=typed)


@post("/lone-working/alarms/{alarm_id:uuid}/acknowledge", opt=CALLED, status_code=200)
async def acknowledge(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, responding.acknowledge, request.user, alarm_id)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/calling", opt=CALLED, status_code=200)
async def calling(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """Doorstep never dials: this is for the others to see who does."""
    await form(request, Nothing)
    await once(sent, responding.calling_999, request.user, alarm_id)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/not-the-word", opt=CALLED, status_code=200)
async def not_the_word(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """They answered the telephone with something else: from now on it is duress."""
    await form(request, Nothing)
    await once(sent, responding.not_the_word, request.user, alarm_id)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/outcome", opt=CALLED, status_code=200)
async def outcome(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, OutcomeForm)
    given = (data.words, data.spoken_to, data.close_session, data.said_word)
    try:
        await once(sent, responding.outcome, request.user, alarm_id, *given)
    except Refused as refused:
        return await _refused(request, alarm_id, refused.reasons, data.words)
    return await _shown(request, alarm_id)


@post("/lone-working/alarms/{alarm_id:uuid}/silence", opt=MANAGERS)
async def silence(request: Asked, alarm_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    """The sound of it, on every wall, for some minutes; all see who did."""
    await form(request, Nothing)
    await once(sent, silencing.silence, request.user, alarm_id)
    return go(request, "/lone-working")


router = Router(
    "/",
    route_handlers=[
        wall,
        wall_now,
        wall_events,
        show_out,
        silence,
        *FIGURES,
        limits,
        show_alarm,
        acknowledge,
        calling,
        not_the_word,
        outcome,
        *SAFETY,
        *UNWATCHED,
        *BUDDY,
        *READY,
        *HELPING,
        *HOME,
        *FIRMS,
        *PINS,
        *PHONES,
        *ROTA,
        *LADDERS,
        *WORDS,
    ],
)
