"""A document of each person, for the matrix."""

from datetime import UTC, datetime

from documents.rules import State, key_of
from documents.tables import Document
from media.store import store
from pwa.ids import uuid7
from tests.conftest import World
from tests.world_objects import register, same_team


async def a_document(world: World, owner: str) -> str:
    officer, now, id = world.people[owner], datetime.now(UTC), uuid7()
    await store().put(key_of(id), b"%PDF-1.7 for the matrix")
    await Document.insert(
        Document(
            id=id,
            kind="inspection-report",
            subject=uuid7(),
            edition="1",
            title="Inspection report 22 Saltmarsh Road",
            record="/inspections",
            person=officer.id,
            team=officer.team,
            state=State.ready.value,
            asked_at=now,
            made_at=now,
            try_after=now,
            sha256="0" * 64,
            size=24,
        )
    )
    return str(id)


register("/documents/{document_id:uuid}", a_document, owners=("asha", "ben", "carol"), sees=same_team)
