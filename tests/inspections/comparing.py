"""What the tests of comparisons do: a home that was inspected at move-in and again at move-out."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from properties.tables import Property
from tests.conftest import World
from tests.inspections.doing import post, start

HOB, WALLS, KEYS = "kitchen_hob", "living-room_walls", "meters_keys"
HOB_COST = {"item": HOB, "work": "replace", "cost": "189", "years": "3", "months": "0", "liability": "household"}
PROPOSAL = {"exemptions": "none", "put_right_by": "", "appeal": "Write to us within 21 days."}


async def move_in(client: httpx.AsyncClient, home: Property) -> UUID:
    """As good as new, with three keys."""
    id = await start(client, home, "move-in")
    for room in ("kitchen", "living-room"):
        await post(client, id, "rooms/satisfactory", room=room)
    await post(client, id, "readings", item=KEYS, value="3")
    await post(client, id, "complete", reason="Enough for a test")
    return id


async def move_out(client: httpx.AsyncClient, home: Property, kind: str = "move-out") -> UUID:
    """The hob is cracked, the walls are dirty, a key is gone; the rest of the kitchen is as it was."""
    id = await start(client, home, kind)
    await post(client, id, "readings", item=HOB, condition="V", cleanliness="clean")
    await post(client, id, "readings", item=WALLS, condition="G", cleanliness="dirty")
    await post(client, id, "rooms/satisfactory", room="kitchen")
    await post(client, id, "readings", item=KEYS, value="2")
    await post(client, id, "complete", reason="Enough for a test")
    return id


@dataclass
class Ended:
    """A move-out of Asha's, compared with her move-in."""

    asha: httpx.AsyncClient
    before: UUID
    id: UUID

    @property
    def page(self) -> str:
        return f"/inspections/{self.id}/comparison"


async def ended(world: World, home: Property) -> Ended:
    asha = await world.sign_in("asha")
    before = await move_in(asha, home)
    return Ended(asha, before, await move_out(asha, home))


async def proposed(world: World, home: Property, day: str, **more: str) -> tuple[Ended, str]:
    """Asha proposes the hob; the proposal's id."""
    made = await ended(world, home)
    answer = await post(made.asha, made.id, "recharge/costs", **HOB_COST)
    assert answer.status_code == 200, answer.text
    answer = await post(made.asha, made.id, "recharge", **PROPOSAL | {"put_right_by": day} | more)
    assert answer.status_code == 200, answer.text
    return made, answer.headers["receipt"].split("id=")[1][:36]
