"""A property of each team, for the matrix. Officers see all of them, whichever team has it."""

from tests.conftest import World
from tests.properties.homes import home
from tests.world_objects import register, whoever_may


async def a_property(world: World, owner: str) -> str:
    return str((await home(team=world.people[owner].team)).id)


register("/properties/{property_id:uuid}", a_property, owners=("asha", "carol"), sees=whoever_may)
