"""Things that belong to somebody, for the route × actor matrix of tests/server/test_policies.py.

A package tells of its own in `tests/<package>/objects.py`:

    async def a_visit(world: World, owner: str) -> str:
        "A visit of this person, and the id that its address carries."
        ...

    register("/visits/{visit_id:uuid}", a_visit, owners=("asha", "ben", "carol"), sees=same_team)

Then every route under that address is asked by everybody, for every owner's thing: who does not see it
gets the same bytes as for an id that does not exist.

A package that gives out photographs tells how one comes to hang on such a thing:

    register_photo("/visits/{visit_id:uuid}/photos/{sha256:str}", attach)

Then tests/server/test_photos_of_others.py asks for photographs that are attached and were sent by others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.conftest import World

TEAM = {"asha": "north", "ben": "north", "dina": "north", "carol": "south", "marek": "south"}
FIRM = {"callum": "pennard", "fred": "fuller"}
ACTORS = ("nobody", "asha", "ben", "carol", "dina", "marek", "ade", "callum", "fred")

Make = Callable[[World, str], Awaitable[str]]
Sees = Callable[[str, str], bool]
Attach = Callable[[World, str, str, str], Awaitable[None]]


@dataclass(frozen=True)
class Thing:
    address: str
    make: Make
    owners: tuple[str, ...]
    sees: Sees


THINGS: list[Thing] = []
# By the address of a picture: how its owner says that a hash belongs to their thing.
PHOTOS: dict[str, Attach] = {}


def register(address: str, make: Make, owners: tuple[str, ...], sees: Sees) -> None:
    """`sees(actor, owner)`: may this actor, if their role may use the route at all, see that owner's thing?"""
    THINGS.append(Thing(address, make, owners, sees))


def register_photo(address: str, attach: Attach) -> None:
    """`attach(world, owner, id, sha256)` names a photograph as belonging to that owner's thing."""
    PHOTOS[address] = attach


def own(actor: str, owner: str) -> bool:
    return actor == owner


def same_team(actor: str, owner: str) -> bool:
    return actor == owner or (actor in TEAM and TEAM[actor] == TEAM.get(owner))


def same_team_or_administrator(actor: str, owner: str) -> bool:
    return actor == "ade" or same_team(actor, owner)


def same_firm(actor: str, owner: str) -> bool:
    return actor in FIRM and FIRM[actor] == FIRM.get(owner)


def whoever_may(actor: str, owner: str) -> bool:
    """The whole council's: the role alone decides."""
    return True


def things() -> list[Thing]:
    """All of them, from every package's objects.py."""
    here = Path(__file__).parent
    for file in sorted(here.glob("*/objects.py")):
        import_module(f"tests.{file.parent.name}.objects")
    return THINGS
