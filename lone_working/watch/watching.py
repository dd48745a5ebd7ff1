"""Whether anything looks for what is overdue, and for how long nothing did."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from lone_working import rules, ways
from lone_working.events import ACTIVE
from lone_working.ladders import rules as ladder_rules
from lone_working.tables import EngineHeartbeat, LoneSession
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel
from people import queries as people
from people.rules import Role
from pwa.outbox import writing
from pwa.pages import time

EVERY = timedelta(seconds=5)
"""So often it is written down: a quiet second writes nothing."""
KEPT = timedelta(days=1)
BEGAN: dict[UUID, datetime] = {}
"""When each engine of this process began, as it wrote it down; put_back.py holds its row against that."""


@dataclass(frozen=True)
class Grace:
    """What fell due before `resumed` is told to others from `until` on: what waits on phones may land first."""

    resumed: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return at < self.until


async def beat(engine: UUID, at: datetime, jumped: bool = False) -> Grace:
    """This engine looks now. If nobody had for a minute, the managers of everybody who is out are told.

    `jumped`: it is only the clock that went on.
    """
    rows = await EngineHeartbeat.select().order_by(EngineHeartbeat.last_scan_at, ascending=False)
    mine = next((row for row in rows if row["id"] == engine), None)
    last = rows[0]["last_scan_at"] if rows else at
    down = at - last > ladder_rules.OUTAGE and not jumped
    if mine is None or down or jumped or at - mine["last_scan_at"] >= EVERY:
        async with writing():
            await _write(engine, at, mine is None, last if down else None)
            if down:
                await _tell_of_outage(last, at)
    graces = [grace for row in rows if (grace := _grace(row["resumed_at"], row["down_from"]))]
    if down and (own := _grace(at, last)):
        graces.append(own)
    return max(graces, key=lambda one: one.until, default=Grace(at, at))


def _grace(resumed: datetime | None, down_from: datetime | None) -> Grace | None:
    until = ladder_rules.grace_until(resumed, down_from)
    return Grace(resumed, until) if resumed and until else None


async def _write(engine: UUID, at: datetime, new: bool, down_from: datetime | None) -> None:
    resumed: dict[Any, Any] = {}
    if down_from is not None:
        resumed = {EngineHeartbeat.resumed_at: at, EngineHeartbeat.down_from: down_from}
    if new:
        await EngineHeartbeat.delete().where(EngineHeartbeat.last_scan_at < at - KEPT)
        await EngineHeartbeat.insert(EngineHeartbeat(id=engine, started_at=at, last_scan_at=at))
        BEGAN[engine] = at
    await EngineHeartbeat.update({EngineHeartbeat.last_scan_at: at, **resumed}).where(EngineHeartbeat.id == engine)


async def _tell_of_outage(since: datetime, at: datetime) -> None:
    """One message each way to every manager of a team that has somebody out. Two engines make the same ones."""
    people_out = ACTIVE & (LoneSession.kind != rules.SessionKind.CANARY.value)
    rows = await LoneSession.select(LoneSession.team).where(people_out)
    teams = [row["team"] for row in rows]
    gap = f"from {time(since)} to {time(at)}"
    out = []
    for one in await people.contacts([]) if teams else []:
        if one.role is not Role.MANAGER or one.team_id not in teams:
            continue
        given = {"gap": gap, "visits": f"{teams.count(one.team_id)} out", "link": _wall()}
        for channel in ways.of(one):
            id = uuid5(NAMESPACE_OID, f"outage {since.isoformat()} {one.id} {channel}")
            to = ways.mobile(one) if channel is Channel.SMS else ways.email(one)
            wanted = messages.Wanted(id, channel, f"alarm-outage-{channel.value}", to, given, rules.WALL)
            out.append((messages.Cause(one.team_id, None, "Doorstep", at), wanted))
    await messages.put_out_all(out)


def _wall() -> str:
    return sending.public_address() + rules.WALL
