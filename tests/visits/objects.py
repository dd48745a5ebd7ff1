"""A visit of each officer, for the matrix."""

from datetime import UTC, datetime, timedelta

from pwa.ids import uuid7
from tests.conftest import World
from tests.properties.homes import home
from tests.world_objects import register, register_photo, same_team
from visits.tables import Visit, VisitPhoto


async def a_visit(world: World, owner: str) -> str:
    officer, now = world.people[owner], datetime.now(UTC)
    visit = await Visit.objects().create(
        id=uuid7(),
        property=(await home()).id,
        purpose="void-inspection",
        officer=officer.id,
        team=officer.team,
        planned_for=now + timedelta(hours=1),
        expected_minutes=45,
        created_by=officer.id,
        captured_at=now,
        received_at=now,
    )
    return str(visit.id)


register("/visits/{visit_id:uuid}", a_visit, owners=("asha", "ben", "carol"), sees=same_team)


async def attach(world: World, owner: str, visit: str, sha: str) -> None:
    now = datetime.now(UTC)
    photo = VisitPhoto(visit=visit, sha256=sha, by=world.people[owner].id, captured_at=now, received_at=now)
    await VisitPhoto.insert(photo)


register_photo("/visits/{visit_id:uuid}/photos/{sha256:str}", attach)
