"""Tasks for tests: one line raises one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from properties.tables import PersonAlert, Property
from pwa.clock import LONDON
from pwa.ids import uuid7
from tasks.tables import Task, TaskEvent
from tests.conftest import World

HTMX = {"HX-Request": "true"}


def in_days(days: int) -> date:
    return datetime.now(LONDON).date() + timedelta(days=days)


async def raised(world: World, home: Property, owner: str = "asha", days: int = 3, **more: Any) -> UUID:
    task_id, now, person = uuid7(), datetime.now(UTC), world.people[owner]
    by = {"raised_by": person.id, "raised_by_name": person.name, "captured_at": now, "received_at": now}
    what = {"kind": "licence-breach", "what": "Ring the household", **by, **more}
    row = Task(id=task_id, property=home.id, owner=person.id, team=person.team, due=in_days(days), **what)
    await Task.insert(row)
    return task_id


def asked(owner: UUID, **other: Any) -> dict[str, Any]:
    """The form to raise one, without its home."""
    return {
        "id": str(uuid7()), "kind": "welfare", "what": "See whether they are well", "owner": str(owner),
        "due": "three-days", "day": "", **other,
    }  # fmt: skip


async def happened(task_id: UUID) -> list[str]:
    rows = TaskEvent.select(TaskEvent.what).where(TaskEvent.task == task_id).order_by(TaskEvent.received_at)
    return [row["what"] for row in await rows]


async def flag(world: World, home: Property, code: str = "20-70") -> None:
    """The household's address must not get about."""
    now = datetime.now(UTC)
    await PersonAlert.objects().create(
        property=home.id, code=code, text="Fled", owner=world.marek.id, review_on=now.date(), added_at=now
    )


async def late(client: httpx.AsyncClient, task_id: UUID, action: str, **data: str) -> str:
    answer = await client.post(f"/tasks/{task_id}/{action}", data=data, headers=HTMX)
    assert answer.status_code == 200, answer.text
    assert "outcome=held" in answer.headers["receipt"]
    return answer.text
