"""What people do with tasks. Each runs inside `once`: one transaction, one receipt.

All of them may come from a phone hours later, so what the task cannot take any more is Held, never refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from people import queries as people
from people.rules import SignedIn
from properties import queries as properties
from pwa.answers import Held, NotFound, Refused
from pwa.outbox import Sent
from tasks import queries, rules, seen
from tasks.rules import Happening
from tasks.tables import Task, TaskEvent

TAKEN = "Another task already has this one's number, so this is kept for the office."
NOT_YOUR_TEAM = "Choose somebody of your team."
NO_WORDS = "Say in a few words what is to be done."
NOT_SAID = "Say in a few words what was done."
NO_REASON = "Say why, in a few words."


@dataclass(frozen=True)
class Raise:
    """A task as it is asked for: about a home, for somebody of the asker's team, by a day.

    `due` is one of the quick choices, counted from the day it was asked for, or `day` a day of the calendar.
    The caller has found that the asker may see the visit or the inspection it comes from.
    """

    id: UUID
    property: UUID
    kind: rules.Kind
    what: str
    owner: UUID
    due: rules.Due | None = None
    day: date | None = None
    visit: UUID | None = None
    inspection: UUID | None = None


async def raise_task(sent: Sent, person: SignedIn, wanted: Raise) -> None:
    """Give somebody something to do. Refused with what is wrong by field; the same one twice is one."""
    home = await properties.property_from_field(person, wanted.property, wanted.id)
    due = await _whole(sent, person, wanted)
    task = Task(
        id=wanted.id,
        property=home.id,
        kind=wanted.kind.value,
        what=wanted.what,
        owner=wanted.owner,
        team=person.team_id,
        due=due,
        visit=wanted.visit,
        inspection=wanted.inspection,
        raised_by=person.id,
        raised_by_name=person.name,
        **times(sent),
    )
    if not await _already_raised(task):
        await Task.insert(task)
        sent.note = f"task raised: {wanted.kind.value}"


async def _whole(sent: Sent, person: SignedIn, wanted: Raise) -> date:
    """Its day. Refused unless everything about it can be."""
    said = rules.day_of(sent.happened_at)
    due = rules.due_day(wanted.due, wanted.day, said)
    wrong = {"due": sentence} if (sentence := rules.wrong_with_due(due, said)) else {}
    if not wanted.what:
        wrong["what"] = NO_WORDS
    if not await _may_own(person, wanted.owner):
        wrong["owner"] = NOT_YOUR_TEAM
    if wrong or due is None:
        raise Refused(wrong)
    return due


async def _may_own(person: SignedIn, owner: UUID) -> bool:
    """Also somebody who has left since the phone had its list: the manager is shown it as nobody's."""
    if owner == person.id:
        return True
    return person.team_id is not None and await people.team_of(owner) == person.team_id


SAME = (Task.raised_by, Task.property, Task.kind, Task.visit, Task.inspection)


async def _already_raised(task: Task) -> bool:
    """A second tap may send the same task under another command id. Held if it is not the same task."""
    known = await Task.select(*SAME).where(Task.id == task.id).first()
    if known is None:
        return False
    if known != {column._meta.name: getattr(task, column._meta.name) for column in SAME}:
        raise Held(TAKEN)
    return True


async def finish_task(sent: Sent, person: SignedIn, task_id: UUID, note: str) -> None:
    """It is done, whoever's it was."""
    _need(note, NOT_SAID)
    task = await _open(person, task_id)
    await _happen(sent, person, task, Happening.DONE, note=note)
    await _end(sent, task)


async def drop_task(sent: Sent, person: SignedIn, task_id: UUID, note: str) -> None:
    """It is not to be done after all."""
    _need(note, NO_REASON)
    task = await _open(person, task_id)
    await _happen(sent, person, task, Happening.DROPPED, note=note)
    await _end(sent, task)


async def give_task(sent: Sent, person: SignedIn, task_id: UUID, owner: UUID, note: str = "") -> None:
    """To somebody of the team, or to oneself."""
    known = dict(await queries.owners_for(person))
    if owner not in known:
        raise Refused({"owner": NOT_YOUR_TEAM})
    task = await _open(person, task_id)
    if task.owner_id == owner and not task.nobodys:
        return
    given = {"given_from": task.owner_id, "given_to": owner, "given_to_name": known[owner]}
    await _happen(sent, person, task, Happening.GIVEN, note=note, **given)
    now: dict[Any, Any] = {Task.owner: owner, Task.team: person.team_id}
    await Task.update(now).where(Task.id == task.id)


async def move_task(sent: Sent, person: SignedIn, task_id: UUID, day: date, note: str) -> None:
    """To another day, with why."""
    wrong = {"day": sentence} if (sentence := rules.wrong_with_due(day, rules.day_of(sent.happened_at))) else {}
    if not note:
        wrong["note"] = NO_REASON
    if wrong:
        raise Refused(wrong)
    task = await _open(person, task_id)
    if task.due == day:
        return
    await _happen(sent, person, task, Happening.MOVED, note=note, due_before=task.due, due_after=day)
    await Task.update({Task.due: day}).where(Task.id == task.id)


async def reopen_task(sent: Sent, person: SignedIn, task_id: UUID, note: str) -> None:
    """It was not done, or is needed, after all. One that is open already stays as it is."""
    _need(note, NO_REASON)
    task = await _theirs(person, task_id)
    if task.end:
        await _happen(sent, person, task, Happening.REOPENED, note=note)
        await Task.update({Task.ended_at: None}).where(Task.id == task.id)


async def note_on_task(sent: Sent, person: SignedIn, task_id: UUID, note: str) -> None:
    """A line in its history, also once it has ended."""
    _need(note, "Write the note first.")
    task = await queries.task_from_field(person, task_id)
    await _happen(sent, person, task, Happening.NOTED, note=note)


def _need(words: str, sentence: str) -> None:
    if not words:
        raise Refused({"note": sentence})


async def _open(person: SignedIn, task_id: UUID) -> seen.Task:
    """The task, ours alone until the end of the transaction. Held if it has ended, or is not theirs any more."""
    task = await _theirs(person, task_id)
    if task.end:
        raise Held(rules.too_late(rules.Last(task.end.what, task.end.by, task.end.at)))
    return task


async def _theirs(person: SignedIn, task_id: UUID) -> seen.Task:
    await queries.task_from_field(person, task_id)
    await lock(task_id)
    try:
        return await queries.task_for(person, task_id)
    except NotFound as gone:
        raise Held(rules.NOT_YOURS) from gone


async def lock(task_id: UUID) -> None:
    """Let one writer at a time decide about a task: on PostgreSQL this row is theirs until they are done."""
    await Task.update({Task.received_at: Task.received_at}).where(Task.id == task_id)


async def _happen(sent: Sent, person: SignedIn, task: seen.Task, what: Happening, **more: Any) -> None:
    event = TaskEvent(task=task.id, what=what.value, by=person.id, by_name=person.name, **times(sent), **more)
    await TaskEvent.insert(event)
    sent.note = f"task {what.value}"


async def _end(sent: Sent, task: seen.Task) -> None:
    await Task.update({Task.ended_at: sent.received_at}).where(Task.id == task.id)


async def let_go_of(inspection: UUID) -> None:
    """In the transaction that erases an inspection: its tasks stay, and name nothing that is gone."""
    await Task.update({Task.inspection: None}).where(Task.inspection == inspection)


def times(sent: Sent) -> dict[str, Any]:
    return {
        "captured_at": sent.captured_at,
        "received_at": sent.received_at,
        "skew_seconds": sent.skew_seconds,
    }
