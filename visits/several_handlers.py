"""Several visits at once, on a page of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from people.rules import SignedIn
from pwa.clock import LONDON
from pwa.forms import Text, form
from pwa.outbox import Sent, once
from pwa.pages import keep, page
from pwa.policy import may, queued
from visits import queries, rules
from visits.seen import Seen
from visits.several_commands import Act, Several, as_wanted, change_several, chosen

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")
DAYS = 14


class SeveralForm(msgspec.Struct):
    visit: list[UUID]
    act: Act
    officer: UUID | None = None
    note: Text = ""

    def wanted(self) -> Several:
        return Several(tuple(dict.fromkeys(self.visit)), self.act, self.officer, self.note)


async def _open_visits(me: SignedIn) -> list[Seen]:
    """What can still be changed: what nobody has begun, of the next two weeks and left from the last two."""
    today = datetime.now(LONDON).date()
    visits = [*await queries.left_over(me, today, team=True), *await queries.visits_of(me, today, DAYS, team=True)]
    return [visit for visit in visits if visit.state is rules.State.PLANNED]


async def _shown(request: Asked, visits: list[Seen], block: str = "", **more: Any) -> Response[Any]:
    return page(
        request,
        f"visits/several.html{block}",
        visits=visits,
        officers=await queries.officers_for(request.user),
        whose=request.query_params.get("officer", ""),
        **{"changed": None, "stayed": [], "wanted": None, **more},
    )


@get("/visits/several", opt=FIELD)
async def several(request: Asked) -> Response[Any]:
    visits = await _open_visits(request.user)
    response = await _shown(request, visits)
    return response if any(visit.home.confidential for visit in visits) else keep(response)


@post("/visits/several", opt=queued(FIELD), status_code=200)
async def change(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    """Said from what is now true of each, so that an answer given twice says the same."""
    wanted = (await form(request, SeveralForm)).wanted()
    await once(sent, change_several, request.user, wanted)
    now = await chosen(request.user, wanted)
    stayed = [visit for visit in now if not as_wanted(visit, wanted)]
    block = "#several" if request.headers.get("hx-request") == "true" else ""
    visits = await _open_visits(request.user)
    return await _shown(request, visits, block, changed=len(now) - len(stayed), stayed=stayed, wanted=wanted)


HANDLERS = [several, change]
