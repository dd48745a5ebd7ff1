"""Routes of tasks: may they, do it once, show what is now true.

A task from a visit or an inspection is sent to its address (visits/handlers.py); `after_raising` answers both.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from people.rules import Role
from properties import queries as properties
from pwa.answers import KEPT, NotFound
from pwa.clock import LONDON
from pwa.forms import form
from pwa.outbox import Proof, Sent, once
from pwa.pages import answer, is_packing, keep, page
from pwa.policy import may, queued
from tasks import commands, forms, queries, rules

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
FIELD = may("officer", "manager")


def today() -> date:
    return datetime.now(LONDON).date()


@get("/tasks", opt=FIELD)
async def list_tasks(request: Asked) -> Response[str]:
    """A manager's own page is the team's; everybody can see the other."""
    usual = "team" if request.user.role == Role.MANAGER else "mine"
    team = request.query_params.get("whose", usual) == "team"
    board = await queries.board_of(request.user, today(), team)
    packing = is_packing(request)
    ended = [] if packing else await queries.ended_of(request.user, team)
    kept = KEPT if "kept" in request.query_params else ""
    board = board.packable if packing else board
    response = page(request, "tasks/list.html", kept=kept, board=board, today=today(), team=team, ended=ended)
    secret = any(task.home.confidential for task in [*board.tasks, *ended])
    return response if secret else keep(response)


@get("/tasks/new", opt=FIELD)
async def new(request: Asked) -> Response[str]:
    wanted = request.query_params.get("property")
    home = await properties.home_for(request.user, _known_id(wanted)) if wanted else None
    raising = await queries.raising_for(request.user)
    response = page(request, "tasks/new.html", home=home, raising=raising, today=today())
    return response if home and home.confidential else keep(response)


def _known_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@post("/tasks", opt=queued(FIELD), status_code=200)
async def raise_task(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, forms.NewForm)
    proof = await once(sent, commands.raise_task, request.user, commands.Raise(**msgspec.structs.asdict(data)))
    return await after_raising(request, data.id, proof, f"/tasks/{data.id}")


async def after_raising(request: Asked, task_id: UUID, proof: Proof, to: str) -> Response[Any]:
    """The task as it now stands, for `#tasks-raised`; `to` is where a browser without our script goes."""
    if proof.outcome == "held":
        sentence = proof.reason or KEPT
        return answer(request, "tasks/after.html#kept", to="/tasks?kept", sentence=sentence)
    try:
        task = await queries.task_for(request.user, task_id)
    except NotFound:
        return answer(request, "tasks/after.html#theirs", to="/tasks", sentence=rules.THEIRS)
    return answer(request, "tasks/after.html#raised", to=to, task=task, today=today())


@get("/tasks/{task_id:uuid}", opt=FIELD)
async def show(request: Asked, task_id: FromPath[UUID]) -> Response[str]:
    task = await queries.task_for(request.user, task_id)
    owners = await queries.owners_for(request.user)
    response = page(request, "tasks/show.html", task=task, owners=owners, today=today())
    return response if task.home.confidential else keep(response)


async def _after(request: Asked, task_id: UUID, proof: Proof) -> Response[Any]:
    """What is now true of the task. Held news from somebody who lost it gets only its sentence."""
    if proof.outcome == "held":
        sentence = proof.reason or KEPT
        return answer(request, "tasks/after.html#held", to="/tasks?kept", sentence=sentence)
    try:
        task = await queries.task_for(request.user, task_id)
    except NotFound:
        return answer(request, "tasks/after.html#given", to="/tasks", sentence=rules.THEIRS)
    owners = await queries.owners_for(request.user)
    return answer(request, "tasks/show.html#task", to=task.href, task=task, owners=owners, today=today())


@post("/tasks/{task_id:uuid}/done", opt=queued(FIELD), status_code=200)
async def finish_task(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.DoneForm)
    proof = await once(sent, commands.finish_task, request.user, task_id, data.note)
    return await _after(request, task_id, proof)


@post("/tasks/{task_id:uuid}/owner", opt=queued(FIELD), status_code=200)
async def give_task(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.GiveForm)
    proof = await once(sent, commands.give_task, request.user, task_id, data.owner, data.note)
    return await _after(request, task_id, proof)


@post("/tasks/{task_id:uuid}/due", opt=queued(FIELD), status_code=200)
async def move_task(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.MoveForm)
    proof = await once(sent, commands.move_task, request.user, task_id, data.day, data.note)
    return await _after(request, task_id, proof)


@post("/tasks/{task_id:uuid}/cancel", opt=queued(FIELD), status_code=200)
async def drop_task(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.DropForm)
    proof = await once(sent, commands.drop_task, request.user, task_id, data.note)
    return await _after(request, task_id, proof)


@post("/tasks/{task_id:uuid}/reopen", opt=queued(FIELD), status_code=200)
async def reopen_task(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.NoteForm)
    proof = await once(sent, commands.reopen_task, request.user, task_id, data.note)
    return await _after(request, task_id, proof)


@post("/tasks/{task_id:uuid}/notes", opt=queued(FIELD), status_code=200)
async def add_note(request: Asked, task_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    data = await form(request, forms.NoteForm)
    proof = await once(sent, commands.note_on_task, request.user, task_id, data.note)
    return await _after(request, task_id, proof)


@get("/properties/{property_id:uuid}/tasks", opt=FIELD)
async def of_property(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    """For the property's page."""
    home = await properties.home_for(request.user, property_id)
    tasks = await queries.tasks_at(request.user, property_id)
    block = "#rows" if request.headers.get("hx-request") == "true" else ""
    return page(request, f"tasks/property.html{block}", home=home, tasks=tasks, today=today())


router = Router(
    "/",
    route_handlers=[
        list_tasks,
        new,
        raise_task,
        show,
        finish_task,
        give_task,
        move_task,
        drop_task,
        reopen_task,
        add_note,
        of_property,
    ],
)
