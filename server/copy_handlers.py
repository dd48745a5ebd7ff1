"""The page on which the office takes in a saved copy of a phone's queue."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get, post

from pwa.outbox import once
from pwa.pages import page
from pwa.policy import may
from pwa.sent import Sent, id_of, sent_with
from pwa.uploads import uploaded
from server import saved_copy, taking_in

Asked = Request[Any, Any, Any]
MOST_UPLOAD_BYTES = 200 * 1024 * 1024
OFFICE = may("manager", "administrator")


@get("/outbox/import", opt=OFFICE)
async def ask_for_copy(request: Asked) -> Response[str]:
    return page(request, "pwa/import.html", results=None, counts={}, originals=0)


@post("/outbox/import", opt=OFFICE, request_max_body_size=MOST_UPLOAD_BYTES, status_code=200)
async def take_in_copy(request: Asked) -> Response[str]:
    """First every command with a receipt of its own, then the receipt of having brought them in."""
    async with uploaded(request) as upload:
        sent = sent_with(request, b"", upload.sha256)
        sent.id = id_of(upload.command_id) or sent.id
        copy = await asyncio.to_thread(saved_copy.opened, upload.file)
        results = await taking_in.take_in(request.app, request.headers["host"], copy, request.user)
    counts = {state: sum(one.state == state for one in results) for state in STATES}
    await once(sent, note_import, counts)
    request.scope["sent"] = sent  # type: ignore[typeddict-unknown-key]
    return page(request, "pwa/import.html", results=results, counts=counts, originals=copy.originals)


STATES = ("received", "held", "here", "refused", "later")


async def note_import(sent: Sent, counts: dict[str, int]) -> None:
    sent.note = "took in a saved copy: " + ", ".join(
        f"{count} {state}" for state, count in counts.items() if count
    )


router = Router("/", route_handlers=[ask_for_copy, take_in_copy])
