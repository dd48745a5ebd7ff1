"""Due work: a team that goes out is told each month that nobody has tested who would be called (HSE INDG73)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.ladders.tables import Drill
from lone_working.tables import LoneSession
from messages import commands as messages
from messages import queries as sending
from people import queries as people
from people.rules import Role
from pwa.direction import apart

EVERY = timedelta(days=31)


async def remind(at: datetime) -> int:
    """For each team that goes out: once for each month since its last test, or since it began to go out."""
    if not sending.ready():
        return 0
    done = 0
    for team, since, about in await _untested(at):
        done += await _tell(team, (at - since) // EVERY, about, at)
    return done


async def _untested(at: datetime) -> list[tuple[UUID, datetime, UUID]]:
    """Teams that were out within a month, since when nobody tested, and what that counts from."""
    recent = LoneSession.select(LoneSession.team).where(LoneSession.started_at > at - EVERY)
    teams = {row["team"] for row in await recent.group_by(LoneSession.team) if row["team"]}
    found = []
    for team in sorted(teams):
        last = await Drill.select().where(Drill.team == team).order_by(Drill.begun_at, ascending=False).first()
        of_team = LoneSession.select(LoneSession.started_at).where(LoneSession.team == team)
        first = await of_team.order_by(LoneSession.started_at).first()
        since: Any = last["begun_at"] if last else (first or {"started_at": at})["started_at"]
        if at - since >= EVERY:
            found.append((team, since, last["id"] if last else team))
    return found


async def _tell(team: UUID, months: int, about: UUID, at: datetime) -> int:
    address = f"/lone-working/drills/of/{team}"
    given = {"team": apart((await people.team_names()).get(team, "")), "link": sending.public_address() + address}
    managers = [one for one in await people.contacts([]) if one.role is Role.MANAGER and one.team_id == team]
    wanted = [
        ways.notice(about, str(months), one, ways.of(one)[-1], "drill-due", given, address)
        for one in managers
        if ways.of(one)
    ]
    if set(await sending.standings([one.id for one in wanted])) >= {one.id for one in wanted}:
        return 0
    await messages.put_out_all([(messages.Cause(team, None, "Doorstep", at), one) for one in wanted])
    return 1
