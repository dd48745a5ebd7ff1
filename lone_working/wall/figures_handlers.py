"""Routes of a manager's own team: what happened in twelve months, figures, and both as files."""

import re
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from lone_working.wall import figures, figures_rules
from pwa.clock import LONDON
from pwa.outbox import Sent, once
from pwa.pages import page
from pwa.policy import may

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
MANAGERS = may("manager")
PAGE = re.compile(r"[1-9][0-9]{0,2}")


@get("/lone-working/history", opt=MANAGERS)
async def history(request: Asked) -> Response[str]:
    asked = request.query_params.get("page", "1")
    number = int(asked) if PAGE.fullmatch(asked) else 1
    alarms, more = await figures.happened(request.user, datetime.now(UTC), number)
    return page(request, "lone_working/history.html", alarms=alarms, number=number, more=more)


@get("/lone-working/figures", opt=MANAGERS)
async def show_figures(request: Asked) -> Response[str]:
    found = await figures.figures(request.user, datetime.now(UTC))
    return page(request, "lone_working/figures.html", found=found, rules=figures_rules)


# Of the whole team at once; the reading itself has a receipt.
@get("/lone-working/history.csv", opt=MANAGERS)
async def history_csv(request: Asked, sent: Sending) -> Response[bytes]:
    await once(sent, _noted, "saved what happened in lone working as a file")
    return _file("lone-working-history", sent, await figures.history_file(request.user, sent.received_at))


@get("/lone-working/figures.csv", opt=MANAGERS)
async def figures_csv(request: Asked, sent: Sending) -> Response[bytes]:
    await once(sent, _noted, "saved figures of lone working as a file")
    found = await figures.figures(request.user, sent.received_at)
    return _file("lone-working-figures", sent, figures.figures_file(found, sent.received_at))


async def _noted(sent: Sent, note: str) -> None:
    sent.note = note


def _file(name: str, sent: Sent, body: bytes) -> Response[bytes]:
    named = f"{name}-{sent.received_at.astimezone(LONDON):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{named}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


HANDLERS = [history, show_figures, history_csv, figures_csv]
