import pytest

from properties.tables import Property
from tests.conftest import World
from tests.properties import homes


@pytest.fixture
async def home(world: World) -> Property:
    return await homes.home("22 Saltmarsh Road", team=world.teams["north"].id)
