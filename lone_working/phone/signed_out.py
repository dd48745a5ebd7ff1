"""A phone that shows a session's token, or brings a PIN sealed on it: what it may still do, and is told."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response

from lone_working.forms import ExtendForm, PinForm
from lone_working.phone import sealing
from lone_working.sessions import queries
from people import passwords
from people.tokens import Standing
from pwa.answers import Turned
from pwa.outbox import Sent

Asked = Request[Any, Any, Any]
HEADER = "Safety"
OVER = "over"
SIGN_IN = "Sign in to continue. Nothing is lost."
DOUBTS = {
    Standing.UNTRUSTED: "Not verified: the phone was marked lost, or its holder has left.",
    Standing.OVER: "From a phone that is signed out, after their session.",
}


def still_good(request: Asked, or_over: bool = False) -> None:
    """Turned(401) for a token that has died; `or_over`: not if only what it was for has ended. A phone whose
    session is over is told so, by whichever PIN."""
    standing = request.scope.get("token", Standing.GOOD)
    if standing is Standing.GOOD or (or_over and standing is Standing.OVER):
        return
    raise Turned(401, SIGN_IN, {HEADER: OVER} if standing is Standing.OVER else {})


def doubt_of(request: Asked) -> str:
    standing: Any = request.scope.get("token")
    return DOUBTS.get(standing, "")


async def as_shown(request: Asked) -> Response[Any]:
    """How the session stands, in a header: the page a token was used on is nobody's, and shows nothing."""
    now = datetime.now(UTC)
    session = await queries.own_session(request.user, request.path_params["session_id"], now)
    stands = f"due={session.due_at.isoformat()}; heard={session.last_confirmed_at.isoformat()}"
    headers = {HEADER: f"{stands}; now={now.isoformat()}" if session.active else OVER, "HX-Reswap": "none"}
    return Response("", status_code=201, headers=headers, media_type="text/html")


async def pin_of(sent: Sent, act: str, session_id: UUID, data: PinForm | ExtendForm) -> str:
    """The PIN that came with an act, typed or sealed; empty for none. Refused for a seal that does not open."""
    if data.sealed:
        return await sealing.opened(sent, act, session_id, data.sealed)
    return passwords.take(sent, "pin")[0] if data.pin else ""
