"""Every GET address there is, with somebody's thing in it; and all that is logged while they are asked."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import World
from tests.server.policies import ways
from tests.world_objects import things


async def every_address(world: World) -> list[str]:
    """A new route is in it from its first day."""
    found = [way.path for way in ways(world.app) if way.method == "GET" and not way.parameters]
    for thing in things():
        for owner in {thing.owners[0], thing.owners[-1]}:
            id = await thing.make(world, owner)
            for way in ways(world.app):
                if way.method == "GET" and way.path.startswith(thing.address):
                    found.append(way.address(id))
    return sorted(set(found))


@contextmanager
def all_that_is_logged(lines: logging.Formatter) -> Iterator[io.StringIO]:
    """By anything, as the server would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(lines)
    root, ours = logging.getLogger(), logging.getLogger("doorstep")
    before = ours.level
    ours.setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    ours.setLevel(before)
