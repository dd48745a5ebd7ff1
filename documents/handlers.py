"""Routes of documents: the page of one being made, its download, and the page where anybody checks a PDF."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from documents import queries, rules
from documents.looking import verdict_on
from people import limits
from pwa.answers import Turned
from pwa.pages import page
from pwa.policy import anyone, may, polled
from pwa.uploads import uploaded

Asked = Request[Any, Any, Any]
OFFICE = may("officer", "manager")
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}


@get("/documents/{document_id:uuid}", opt=OFFICE)
async def show(request: Asked, document_id: FromPath[UUID]) -> Response[str]:
    made = await queries.document_for(request.user, document_id)
    return page(request, "documents/show.html", made=made)


@get("/documents/{document_id:uuid}/progress", opt=polled(OFFICE))
async def progress(request: Asked, document_id: FromPath[UUID]) -> Response[str]:
    """The part of the page that asks for itself again until the document is there."""
    made = await queries.document_for(request.user, document_id)
    return page(request, "documents/show.html#progress", made=made)


@get("/documents/{document_id:uuid}/file", opt=OFFICE)
async def file(request: Asked, document_id: FromPath[UUID]) -> Response[bytes]:
    made, data = await queries.sealed_file(request.user, document_id)
    named = {"Content-Disposition": rules.disposition(made.title)}
    return Response(data, media_type="application/pdf", headers=FILE_HEADERS | named)


async def not_too_often(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: counted before the file is read, as signing in is."""
    coming = connection.headers.get("content-length", "0")
    if coming.isdigit() and int(coming) > rules.MAX_BYTES + rules.FORM_BYTES:
        raise Turned(413, rules.TOO_BIG)
    address = limits.network(connection.client.host if connection.client else "")
    places = [(rules.CHECKS, ""), (rules.CHECKS_OF_ADDRESS, address)]
    await limits.count_at(places, datetime.now(UTC), rules.TOO_MANY_CHECKS)


# Open: whoever is handed a document, like a court or a household, may check it.
@get("/verify", opt=anyone())
async def ask_for_pdf(request: Asked) -> Response[str]:
    return page(request, "documents/verify.html", verdict=None, wrong="")


# Open for the same reason. Nothing is kept, so there is no receipt.
@post(
    "/verify",
    opt=anyone(),
    guards=[not_too_often],
    request_max_body_size=rules.MAX_BYTES + rules.FORM_BYTES,
    status_code=200,
)
async def verify(request: Asked) -> Response[str]:
    async with uploaded(request) as upload:
        try:
            verdict = await verdict_on(upload.file.read_bytes())
        except Turned as wrong:
            return page(request, "documents/verify.html", wrong.status, verdict=None, wrong=wrong.sentence)
    return page(request, "documents/verify.html", verdict=verdict, wrong="")


router = Router("/", route_handlers=[show, progress, file, ask_for_pdf, verify])
