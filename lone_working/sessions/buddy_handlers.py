"""Routes of who looks out for somebody: chosen before they go, and while they are out."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from lone_working.forms import BuddyForm
from lone_working.sessions import buddies, queries
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, keep, page
from pwa.policy import may, queued

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")


async def _shown(me: SignedIn) -> dict[str, Any]:
    chosen = await buddies.buddy_of(me)
    current = await queries.current(me, datetime.now(UTC))
    return {"buddies": await buddies.buddies_for(me), "chosen": chosen, "current": current, "reasons": {}}


@get("/lone-working/buddy", opt=FIELD)
async def buddy_page(request: Asked) -> Response[str]:
    return keep(page(request, "lone_working/buddy.html", saved=False, **await _shown(request.user)))


@post("/lone-working/buddy", opt=queued(FIELD), status_code=200)
async def choose(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    data = await form(request, BuddyForm)
    try:
        await once(sent, buddies.choose, request.user, data.buddy)
    except Refused as refused:
        shown = {**await _shown(request.user), "reasons": refused.reasons}
        return page(request, "lone_working/buddy.html#buddy", 422, saved=False, **shown)
    shown = await _shown(request.user)
    return answer(request, "lone_working/buddy.html#buddy", to="/lone-working/buddy", saved=True, **shown)


HANDLERS = [buddy_page, choose]
