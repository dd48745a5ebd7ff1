"""Days for tests: homes in a row east of the office, and visits to them at times of today."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from people.tables import Team
from properties.tables import Property
from pwa.clock import LONDON
from pwa.ids import uuid7
from tests.conftest import World
from tests.properties import homes
from visits.rules import planned_moment
from visits.tables import Visit

OFFICE = (52.945, 0.205)
TODAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def office(world: World) -> None:
    place = {Team.latitude: OFFICE[0], Team.longitude: OFFICE[1]}
    await Team.update(place).where(Team.id == world.teams["north"].id)


async def home(world: World, address: str, east: float | None = 0.0, **more: Any) -> Property:
    """`east` of the office, in degrees."""
    made = await homes.home(address, team=world.teams["north"].id, **more)
    if east is not None:
        place = {Property.latitude: OFFICE[0], Property.longitude: OFFICE[1] + east}
        await Property.update(place).where(Property.id == made.id)
    return made


async def visit(
    world: World, to: Property, clock: str = "10:00", officer: str = "asha", days: int = 0, **more: Any
) -> UUID:
    visit_id, now, person = uuid7(), datetime.now(UTC), world.people[officer]
    day = now.astimezone(LONDON).date() + timedelta(days=days)
    values = {"purpose": "welfare-check", "expected_minutes": 30, **more}
    await Visit.objects().create(
        id=visit_id, property=to.id, officer=person.id, team=person.team, planned_for=planned_moment(day, clock),
        created_by=person.id, captured_at=now, received_at=now, **values,
    )  # fmt: skip
    return visit_id


def before(page: str, *words: str) -> bool:
    """These stand on the page in this order."""
    places = [page.index(word) for word in words]
    return places == sorted(places)
