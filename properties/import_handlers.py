"""Bringing in the council's list: choose a file, see what it would do, do it, watch it. And the list as a file."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from properties import importing, queries, record_commands
from properties.change_handlers import OFFICE
from properties.changing import Nothing
from properties.exporting import every_property
from properties.sheet import MOST_BYTES
from pwa.answers import Refused, Turned, Unreadable
from pwa.forms import form
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
ROOM_FOR_FORM = 64 * 1024


async def file_of(request: Asked) -> bytes:
    """The CSV file: the `file` of a form, or the body itself when it says it is text/csv."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "text/csv":
        return await request.body()
    if kind != "multipart/form-data":
        raise Turned(415, "Send a CSV file.")
    fields = await request.form()
    given = fields.getall("file", [])
    if len(given) != 1 or set(fields) - {"file"}:
        raise Unreadable
    if not isinstance(given[0], UploadFile) or not given[0].filename:
        raise Refused({"file": "Choose a CSV file."})
    return await given[0].read()


@get("/properties/import", opt=OFFICE)
async def choose_file(request: Asked) -> Response[str]:
    return page(request, "properties/import.html", errors={}, runs=await importing.runs_of(request.user))


@post("/properties/import", opt=OFFICE, request_max_body_size=MOST_BYTES + ROOM_FOR_FORM)
async def preview(request: Asked, sent: NamedDependency[Sent]) -> Response[Any]:
    run_id = uuid7()
    try:
        read = await importing.prepare(request.user, await file_of(request))
        await once(sent, importing.store_preview, request.user, run_id, read)
    except Refused as refused:
        runs = await importing.runs_of(request.user)
        return page(request, "properties/import.html", status=422, errors=refused.reasons, runs=runs)
    to = f"/properties/import/{run_id}"
    if not read.count("wrong"):
        return answer(request, "properties/import-run.html#run", to=to, **await about_run(request, run_id))
    # The good rows are kept and can be imported; the answer still says that not everything was right.
    return page(request, "properties/import-run.html", status=422, **await about_run(request, run_id))


async def about_run(request: Asked, run_id: UUID) -> dict[str, Any]:
    run = await importing.run_for(request.user, run_id)
    return {"run": run, "shown": importing.shown(run), "todo": run.new + run.changed}


@get("/properties/import/{run_id:uuid}", opt=OFFICE)
async def show_run(request: Asked, run_id: FromPath[UUID]) -> Response[str]:
    block = "#run" if request.headers.get("hx-target") == "div#run" else ""
    return page(request, f"properties/import-run.html{block}", **await about_run(request, run_id))


@post("/properties/import/{run_id:uuid}/apply", opt=OFFICE)
async def apply(request: Asked, sent: NamedDependency[Sent], run_id: FromPath[UUID]) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, importing.start_import, request.user, run_id)
    to = f"/properties/import/{run_id}"
    return answer(request, "properties/import-run.html#run", to=to, **await about_run(request, run_id))


# The matrix gives the list as a file to managers only: it is every address at once.
@get("/properties/export.csv", opt=may("manager"))
async def export(request: Asked, sent: NamedDependency[Sent]) -> Response[bytes]:
    await once(sent, record_commands.note_reading, "saved the list of properties as a file")
    name = f"properties-{queries.today():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await every_property(request.user), media_type="text/csv; charset=utf-8", headers=headers)


handlers = [choose_file, preview, show_run, apply, export]
