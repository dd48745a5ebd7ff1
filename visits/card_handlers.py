"""Routes of the card left at a door: for one visit, and a sheet of blank ones to take along."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from documents.building import pressed
from documents.children import Failed
from documents.kinds import Content
from pwa.answers import NotFound, Turned
from pwa.policy import may
from visits import card, queries, showing
from visits.card import Card
from visits.council import council
from visits.rules import Outcome
from visits.seen import Seen

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")
TEMPLATE = Path(__file__).parent / "documents" / "card.typ"
# As a document's, and a name that says nothing of the home.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
    "Content-Disposition": 'attachment; filename="card.pdf"',
}
BUSY = "The card could not be made just now. Copy its words by hand, or try again in a minute."
ON_A_SHEET = 4
# Each is a process of its own; the others wait their turn.
_turn = asyncio.Semaphore(2)


async def _pdf(cards: list[Card], paper: str) -> Response[bytes]:
    shown = [{"title": card.TITLE, "rows": card.rows(one), "help": card.HELP} for one in cards]
    data = {"paper": paper, "cards": shown, "title": card.TITLE, "council": council().name}
    try:
        async with _turn:
            made = await pressed(Content(data), TEMPLATE, {})
    except Failed as wrong:
        raise Turned(503, BUSY, {"Retry-After": "30"}) from wrong
    return Response(made, media_type="application/pdf", headers=HEADERS)


@get("/visits/{visit_id:uuid}/card.pdf", opt=FIELD)
async def card_of_visit(request: Asked, visit_id: FromPath[UUID]) -> Response[bytes]:
    """After no access, or before it to take along: then the time is written by hand.

    None for a confidential home: whoever reads it at that door may be whom they fled.
    """
    visit = await queries.visit_for(request.user, visit_id)
    if visit.home.confidential or (visit.over and not _got_no_access(visit)):
        raise NotFound
    return await _pdf([await showing.card_of(request.user, visit)], "a6")


def _got_no_access(visit: Seen) -> bool:
    return visit.finished is not None and visit.finished.outcome is Outcome.NO_ACCESS


@get("/visits/cards.pdf", opt=FIELD)
async def blank_cards(request: Asked) -> Response[bytes]:
    """To print at the office and take along: the number is on them, the rest is written at the door."""
    return await _pdf([Card(council().name, phone=council().phone)] * ON_A_SHEET, "a4")


HANDLERS = [card_of_visit, blank_cards]
