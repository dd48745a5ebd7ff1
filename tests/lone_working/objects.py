"""Sessions and alarms as things of somebody, for the route × actor matrix."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lone_working.ladders.tables import Drill
from lone_working.sessions.tables import HelpPhoto, Unwatched
from lone_working.tables import Alarm
from pwa.ids import uuid7
from tests.conftest import World
from tests.lone_working.going import begun, reachable, sending_works
from tests.visits.objects import a_visit
from tests.world_objects import TEAM, own, register, register_photo, same_team, same_team_or_administrator


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


async def a_red_bar(world: World, owner: str) -> str:
    now = datetime.now(UTC)
    row = Unwatched(id=uuid7(), person=world.people[owner].id, started_at=now, received_at=now)
    await Unwatched.insert(row)
    return str(row.id)


async def a_photo(world: World, owner: str) -> str:
    row = HelpPhoto(id=uuid7(), person=world.people[owner].id, said_at=datetime.now(UTC))
    await HelpPhoto.insert(row)
    return str(row.id)


async def name_photo(world: World, owner: str, id: str, sha: str) -> None:
    """The one they are known by now."""
    now: dict[Any, Any] = {HelpPhoto.sha256: sha, HelpPhoto.said_at: datetime.now(UTC)}
    await HelpPhoto.update(now).where(HelpPhoto.id == UUID(id))


async def attach(world: World, owner: str, id: str, sha: str) -> None:
    """What somebody is known by, while an alarm of theirs is open."""
    await name_photo(world, owner, await a_photo(world, owner), sha)


async def a_team(world: World, owner: str) -> str:
    """The rota of their team."""
    return str(world.people[owner].team)


async def a_drill(world: World, owner: str) -> str:
    """A test of the ladder of their team, begun by its manager: everybody of the team is told."""
    await reachable(world)
    north = world.people[owner].team == world.teams["north"].id
    client = await world.sign_in("dina" if north else "marek")
    with sending_works():
        answer = await client.post(f"/lone-working/drills/of/{world.people[owner].team}")
    assert answer.status_code in (303, 422), answer.text
    row = await Drill.select(Drill.id).where(Drill.team == world.people[owner].team).first()
    assert row is not None
    return str(row["id"])


OWNERS = ("asha", "ben", "carol")
register("/lone-working/{session_id:uuid}", a_session, OWNERS, own)
register("/lone-working/alarms/{alarm_id:uuid}", an_alarm, OWNERS, leads)
register("/lone-working/unwatched/{unwatched_id:uuid}", a_red_bar, OWNERS, own)
register("/lone-working/visits/{visit_id:uuid}", a_visit, OWNERS, same_team)
register("/lone-working/helpers/{photo_id:uuid}", a_photo, OWNERS, own)
register_photo("/lone-working/alarms/{alarm_id:uuid}/photos/{sha256:str}", attach)
register_photo("/lone-working/helpers/{photo_id:uuid}/photos/{sha256:str}", name_photo)
register("/lone-working/rota/{team_id:uuid}", a_team, OWNERS, same_team_or_administrator)
register("/lone-working/ladders/{team_id:uuid}", a_team, OWNERS, same_team_or_administrator)
register("/lone-working/drills/of/{team_id:uuid}", a_team, OWNERS, same_team_or_administrator)
register("/lone-working/drills/{drill_id:uuid}", a_drill, OWNERS, same_team_or_administrator)
register("/lone-working/out/{session_id:uuid}", a_session, OWNERS, leads)
