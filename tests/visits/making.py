"""Visits for tests: one line plans one."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from properties.tables import Property
from pwa.clock import LONDON
from pwa.ids import uuid7
from tests.conftest import World
from visits.tables import Visit, VisitEvent

SHA = hashlib.sha256(b"a door").hexdigest()


async def planned(world: World, home: Property, officer: str = "asha", hours: float = 1, **more: Any) -> UUID:
    visit_id, now = uuid7(), datetime.now(UTC)
    person = world.people[officer]
    values = {"purpose": "void-inspection", **more}
    await Visit.objects().create(
        id=visit_id, property=home.id, officer=person.id, team=person.team, expected_minutes=45,
        planned_for=now + timedelta(hours=hours), created_by=person.id, captured_at=now, received_at=now, **values,
    )  # fmt: skip
    return visit_id


def plan(home: Property, by: UUID, **other: Any) -> dict[str, Any]:
    tomorrow = datetime.now(LONDON).date() + timedelta(days=1)
    return {
        "id": str(uuid7()), "property": str(home.id), "purpose": "void-inspection", "officer": str(by),
        "day": tomorrow.isoformat(), "time": "10:30", "minutes": "45", "note": "", **other,
    }  # fmt: skip


async def happened(visit_id: UUID) -> list[str]:
    rows = (
        await VisitEvent.select(VisitEvent.what)
        .where(VisitEvent.visit == visit_id)
        .order_by(VisitEvent.received_at)
    )
    return [row["what"] for row in rows]


async def late(client: httpx.AsyncClient, visit_id: UUID, action: str, **data: str) -> str:
    answer = await client.post(f"/visits/{visit_id}/{action}", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "outcome=held" in answer.headers["receipt"]
    return answer.text


async def no_access(
    client: httpx.AsyncClient, visit_id: UUID, reason: str = "nobody-in", note: str = "Dark"
) -> None:
    data = {"outcome": "no-access", "reason": reason, "door": "none", "note": note}
    assert (await client.post(f"/visits/{visit_id}/finish", data=data)).status_code == 303
