"""People as things somebody looks after, for the route × actor matrix."""

from datetime import UTC, datetime

from people.commands import start_session
from people.tables import Person, Session
from tests.conftest import World
from tests.world_objects import own, register, same_team_or_administrator, whoever_may


async def a_person(world: World, owner: str) -> str:
    return str(world.people[owner].id)


async def a_contractor_looked_after(world: World, owner: str) -> str:
    """One that the owner's team looks after."""
    person = await Person.objects().create(
        name="Cara Test",
        email=f"cara-of-{owner}@harrowmere.example",
        role="contractor",
        firm=world.firms["fuller"].id,
        looked_after_by=world.people[owner].team,
        created_at=datetime.now(UTC),
    )
    return str(person.id)


async def a_session(world: World, owner: str) -> str:
    await start_session(world.people[owner], datetime.now(UTC), "another browser")
    row = await Session.select(Session.id).where(Session.person == world.people[owner].id).first()
    assert row is not None
    return str(row["id"])


async def a_team(world: World, owner: str) -> str:
    return str(world.people[owner].team)


async def a_firm(world: World, owner: str) -> str:
    return str(world.people[owner].firm)


PEOPLE = ("asha", "ben", "carol", "dina", "marek", "ade", "callum", "fred")
register("/people/{person_id:uuid}", a_person, PEOPLE, same_team_or_administrator)
register("/people/{person_id:uuid}", a_contractor_looked_after, ("dina", "marek"), same_team_or_administrator)
register("/you/sessions/{session_id:uuid}", a_session, PEOPLE, own)
register("/teams/{team_id:uuid}", a_team, ("asha", "carol"), whoever_may)
register("/firms/{firm_id:uuid}", a_firm, ("callum", "fred"), whoever_may)
