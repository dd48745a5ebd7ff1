"""What came too late for a task, or twice: in words for the office, and as a note when it says so."""

from typing import Any

from people import queries as people
from properties import queries as properties
from pwa import plain
from pwa.direction import apart
from pwa.owners import Came, Given, Owner, Said
from pwa.pages import day
from pwa.sent import Sent
from tasks import rules
from tasks.commands import times
from tasks.tables import Task, TaskEvent

KINDS = {
    "": "Task",
    "done": "Task done",
    "owner": "Task given to somebody else",
    "due": "Task moved to another day",
    "cancel": "Task cancelled",
    "reopen": "Task taken up again",
    "notes": "Note on a task",
}
WORDS: dict[str, plain.Words] = {
    "kind": ("About", plain.chosen(rules.Kind, {one: one.words for one in rules.Kind})),
    "what": ("To do", str),
    "due": ("By when", plain.chosen(rules.Due, {one: one.words for one in rules.Due})),
    "day": ("Day", str),
    "note": ("Note", str),
}


PEOPLE = {"owner": "Who does it"}


async def say(came: Came) -> Said:
    kind = KINDS.get(came.action, "Something else")
    told = plain.told(came.given, WORDS) + await people.told_of(came.given, PEOPLE)
    columns = (Task.kind, Task.due, Task.property.address.as_alias("address"))
    row = await Task.select(*columns).where(Task.id == came.record).first() if came.record else None
    if row is None:
        return Said(kind, [*await properties.told_of_home(came.home), *told])
    words = f"{rules.Kind(row['kind']).words}, {apart(row['address'])}, by {day(row['due'])}"
    return Said(kind, [("Task", words), *told], notable=True)


async def note(sent: Sent, came: Came, words: str) -> None:
    """On the task's history, by who decides, in whose words it says who recorded it."""
    by: Any = {"by": sent.person_id, "by_name": sent.person_name}
    await TaskEvent.insert(
        TaskEvent(task=came.record, what=rules.Happening.NOTED.value, note=words, **by, **times(sent))
    )


async def stored(came: Came) -> Given:
    table: Any = TaskEvent if came.action else Task
    who = table.by if came.action else table.raised_by
    then = (table.captured_at == came.captured_at) & (table.received_at == came.received_at)
    row = await table.select().where(then & (who == came.person)).first()
    return [(name, str(value)) for name, value in (row or {}).items() if value not in (None, "", False)]


OWNER = Owner(KINDS, say, note, stored)
