"""Routes of occupancy and welfare checks."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from pwa.answers import KEPT, NotFound
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer
from pwa.policy import may, queued
from visits import occupancy, queries, rules, showing
from visits.occupancy_rules import Check, Concern, Living, Seen, Sign, Spoken

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")


class CheckForm(msgspec.Struct):
    seen: Seen
    spoken: Spoken
    living: Living
    signs: list[Sign] = []
    adults: int | None = None
    children: int | None = None
    concerns: list[Concern] = []

    def made(self) -> Check:
        return Check(
            self.seen,
            self.spoken,
            self.living,
            tuple(self.signs),
            self.adults,
            self.children,
            tuple(self.concerns),
        )


@post("/visits/{visit_id:uuid}/occupancy", opt=queued(FIELD), status_code=200)
async def record_check(request: Asked, visit_id: FromPath[UUID], sent: NamedDependency[Sent]) -> Response[Any]:
    check = (await form(request, CheckForm)).made()
    proof = await once(sent, occupancy.record_check, request.user, visit_id, check)
    to = f"/visits/{visit_id}#occupancy"
    block = "occupancy-found"
    if proof.outcome == "held":
        sentence = proof.reason or KEPT
        return answer(request, "visits/after.html#held", to="/visits?kept", sentence=sentence, block=block)
    try:
        visit = await queries.visit_for(request.user, visit_id)
    except NotFound:  # it was theirs, and the home became confidential
        return answer(request, "visits/after.html#held", to="/visits?kept", sentence=rules.NO_LONGER, block=block)
    return answer(request, "visits/after.html#occupancy", to=to, **await showing.context(request.user, visit))


HANDLERS = [record_check]
