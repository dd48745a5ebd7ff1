"""Reads of tasks, each for the person asking: their own and their team's. Anything else is NotFound.

A task about a household whose address must not get about is only for the team that looks after the home, and
for its owner: for anybody else it is in no list and no count.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from people import queries as people
from people.rules import Role, SignedIn
from properties import queries as properties
from pwa.answers import KEPT, Held, NotFound
from pwa.outbox import begun_too_late
from tasks import rules, seen
from tasks.seen import Board, Counts, Event
from tasks.tables import Task, TaskEvent

MOST = 500
MOST_ENDED = 20

COLUMNS = (
    *Task.all_columns(),
    Task.owner.name.as_alias("owner_name"),
    Task.owner.role.as_alias("owner_role"),
    Task.owner.team.as_alias("owner_team"),
    Task.owner.disabled_at.as_alias("owner_left"),
)


def _own(person: SignedIn) -> Any:
    if person.role not in (Role.OFFICER, Role.MANAGER):
        raise NotFound
    return Task.owner == person.id


async def _theirs(person: SignedIn) -> Any:
    """Own or team's. Nobody else's, whatever the role."""
    own = _own(person)
    if not person.team_id:
        return own
    return own | ((Task.team == person.team_id) & properties.open_to(person, Task.property))


async def _scope(person: SignedIn, team: bool) -> Any:
    return await _theirs(person) if team else _own(person)


async def tasks_of(person: SignedIn, team: bool = False, most: int = MOST) -> list[seen.Task]:
    """Open tasks, the person's own or their whole team's: what is due first stands first."""
    query = Task.select(*COLUMNS).where(await _scope(person, team), Task.ended_at.is_null())
    return await _seen(person, await query.order_by(Task.due).order_by(Task.id).limit(most))


async def board_of(person: SignedIn, today: date, team: bool = False) -> Board:
    return Board(today, await tasks_of(person, team))


async def ended_of(person: SignedIn, team: bool = False) -> list[seen.Task]:
    """The last ones that were done or cancelled."""
    query = Task.select(*COLUMNS).where(await _scope(person, team), Task.ended_at.is_not_null())
    return await _seen(person, await query.order_by(Task.ended_at, ascending=False).limit(MOST_ENDED))


async def counts_for(person: SignedIn, today: date, team: bool = False) -> Counts:
    mine = (await _scope(person, team)) & Task.ended_at.is_null()
    rows = await Task.select(
        Task.due,
        Task.team,
        Task.owner.role.as_alias("role"),
        Task.owner.team.as_alias("owner_team"),
        Task.owner.disabled_at.as_alias("left"),
    ).where(mine)
    nobodys = [
        row
        for row in rows
        if rules.is_nobodys(row["left"] is not None, row["role"], row["owner_team"], row["team"])
    ]
    return Counts(
        open=len(rows),
        overdue=sum(row["due"] < today for row in rows),
        today=sum(row["due"] == today for row in rows),
        nobodys=len(nobodys),
    )


async def task_for(person: SignedIn, task_id: UUID) -> seen.Task:
    """NotFound also for a task of another team."""
    rows = await Task.select(*COLUMNS).where(await _theirs(person), Task.id == task_id)
    if not rows:
        raise NotFound
    return (await _seen(person, rows))[0]


async def task_from_field(person: SignedIn, task_id: UUID) -> seen.Task:
    """As `task_for`, and also a task that was this person's: what a phone sends late is not turned away.

    Inside a command: one that was held when it was raised is Held."""
    scope = await _theirs(person)
    if await TaskEvent.exists().where(TaskEvent.task == task_id, TaskEvent.given_from == person.id):
        scope = Task.id == task_id
    rows = await Task.select(*COLUMNS).where(scope, Task.id == task_id)
    if not rows:
        raise await _gone(person, task_id)
    return (await _seen(person, rows))[0]


async def _gone(person: SignedIn, task_id: UUID) -> Exception:
    """What is done with a task that could not be raised any more is held as that was."""
    home = await begun_too_late(person.id, task_id)
    return Held(KEPT, home) if home else NotFound()


async def raised_from(
    person: SignedIn, visit: UUID | None = None, inspection: UUID | None = None
) -> list[seen.Task]:
    """What was raised from a visit or an inspection, of what this person may see, in order."""
    which = Task.visit == visit if visit else Task.inspection == inspection
    query = Task.select(*COLUMNS).where(await _theirs(person), which)
    return await _seen(person, await query.order_by(Task.received_at).order_by(Task.id).limit(MOST))


async def visits_with_tasks(person: SignedIn, visits: Iterable[UUID]) -> set[UUID]:
    """Those of some visits from which something was raised."""
    wanted = list(visits)
    if not wanted:
        return set()
    rows = await Task.select(Task.visit).where(await _theirs(person), Task.visit.is_in(wanted))
    return {row["visit"] for row in rows}


async def tasks_at(person: SignedIn, property_id: UUID, most: int = 20) -> list[seen.Task]:
    """The tasks about one home that this person may see: open ones by their day, then the last ended."""
    query = Task.select(*COLUMNS).where(await _theirs(person), Task.property == property_id)
    open_now = await query.where(Task.ended_at.is_null()).order_by(Task.due).limit(most)
    again = Task.select(*COLUMNS).where(await _theirs(person), Task.property == property_id)
    ended = again.where(Task.ended_at.is_not_null()).order_by(Task.ended_at, ascending=False)
    return await _seen(person, [*open_now, *await ended.limit(most)])


async def owners_for(person: SignedIn) -> list[tuple[UUID, str]]:
    """Whom this person may give a task: themselves first, then the officers and managers of their team."""
    return await people.officers_of(person) or [(person.id, person.name)]


async def raising_for(person: SignedIn) -> seen.Raising:
    """What the form to raise a task offers this person (tasks/parts.html, `raise_form`)."""
    return seen.Raising(await owners_for(person), rules.choices(rules.Kind), rules.choices(rules.Due))


async def _seen(person: SignedIn, rows: list[dict[str, Any]]) -> list[seen.Task]:
    homes = await properties.homes(person, {row["property"] for row in rows})
    events = await _events([row["id"] for row in rows])
    return [
        seen.Task(
            home=homes[row["property"]],
            kind=rules.Kind(row["kind"]),
            owner_id=row["owner"],
            owner=row["owner_name"],
            mine=row["owner"] == person.id,
            nobodys=row["ended_at"] is None
            and rules.is_nobodys(row["owner_left"] is not None, row["owner_role"], row["owner_team"], row["team"]),
            raised_by=row["raised_by_name"],
            events=events[row["id"]],
            **{name: row[name] for name in SAME},
        )
        for row in rows
    ]


SAME = ("id", "what", "due", "visit", "inspection", "captured_at", "received_at", "skew_seconds")


async def _events(tasks: list[UUID]) -> dict[UUID, tuple[Event, ...]]:
    """What happened to each, in the order it was received, which is the order it took effect in."""
    found: dict[UUID, tuple[Event, ...]] = defaultdict(tuple)
    if not tasks:
        return found
    rows = await (
        TaskEvent.select()
        .where(TaskEvent.task.is_in(tasks))
        .order_by(TaskEvent.received_at)
        .order_by(TaskEvent.id)
    )
    for row in rows:
        found[row["task"]] += (_event(row),)
    return found


def _event(row: dict[str, Any]) -> Event:
    return Event(
        what=rules.Happening(row["what"]),
        note=row["note"],
        by=row["by_name"],
        given_to=row["given_to_name"],
        due_before=row["due_before"],
        due_after=row["due_after"],
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
    )
