"""A task of each officer, for the matrix."""

from tests.conftest import World
from tests.properties.homes import home
from tests.tasks.making import raised
from tests.world_objects import register, same_team


async def a_task(world: World, owner: str) -> str:
    return str(await raised(world, await home(), owner))


register("/tasks/{task_id:uuid}", a_task, owners=("asha", "ben", "carol"), sees=same_team)
