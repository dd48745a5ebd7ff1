"""Sessions and alarms as things of somebody, for the route × actor matrix."""

from uuid import UUID

from lone_working.tables import Alarm
from tests.conftest import World
from tests.lone_working.going import begun, reachable, sending_works
from tests.world_objects import TEAM, own, register


async def a_session(world: World, owner: str) -> str:
    await reachable(world)
    with sending_works():
        return str(await begun(world, owner))


async def an_alarm(world: World, owner: str) -> str:
    session = await a_session(world, owner)
    client = await world.sign_in(owner)
    assert (await client.post(f"/lone-working/{session}/panic")).status_code == 303
    row = await Alarm.select(Alarm.id).where(Alarm.session == UUID(session)).first()
    assert row is not None
    return str(row["id"])


def leads(actor: str, owner: str) -> bool:
    """A manager of the team, and never whoever it is about. Nobody is a buddy here."""
    return actor in ("dina", "marek") and actor != owner and TEAM[actor] == TEAM.get(owner)


OWNERS = ("asha", "ben", "carol")
register("/lone-working/{session_id:uuid}", a_session, OWNERS, own)
register("/lone-working/alarms/{alarm_id:uuid}", an_alarm, OWNERS, leads)
register("/lone-working/out/{session_id:uuid}", a_session, OWNERS, leads)
