"""Tests of a team's ladder: those that were run, and who was not reached."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working.ladders.tables import Drill, DrillTold
from lone_working.rota import queries as rota_queries
from messages import queries as messages
from messages.rules import CHANNEL_WORDS, Channel
from people import queries as people
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.pages import time

MOST = 24


@dataclass(frozen=True)
class Way:
    """One message of a test. Handed over, even delivered, is not yet come: only its reader says that."""

    channel: Channel
    became: str
    heard_at: datetime | None

    @property
    def words(self) -> str:
        return CHANNEL_WORDS[self.channel]

    @property
    def said(self) -> str:
        return f"{self.words}: {f'came, said {time(self.heard_at)}' if self.heard_at else self.became}"


@dataclass(frozen=True)
class Told:
    name: str
    steps: str
    ways: tuple[Way, ...]

    @property
    def heard_at(self) -> datetime | None:
        return min((one.heard_at for one in self.ways if one.heard_at), default=None)

    @property
    def missing(self) -> tuple[Way, ...]:
        return tuple(one for one in self.ways if one.heard_at is None)


@dataclass(frozen=True)
class DrillSeen:
    id: UUID
    team: UUID
    team_name: str
    begun_at: datetime
    begun_by_name: str
    mine: Told | None
    """What whoever asks was told; None for who was not."""
    told: tuple[Told, ...]
    """For the managers of the team and administrators: everybody."""
    empty: tuple[str, ...]
    leads: bool

    @property
    def unreached(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.heard_at is None)

    @property
    def channels(self) -> tuple[tuple[str, int, int], ...]:
        """Each way in words, how many said that it came to them by it, and to how many it was sent."""
        ways = [way for one in self.told for way in one.ways]
        counts = [(kind, [way for way in ways if way.channel is kind]) for kind in Channel]
        return tuple((CHANNEL_WORDS[k], sum(bool(way.heard_at) for way in of), len(of)) for k, of in counts if of)


async def drill_for(me: SignedIn, id: UUID) -> DrillSeen:
    """For whoever was told, and for who may run one."""
    row = await Drill.select().where(Drill.id == id).first()
    if row is None:
        raise NotFound
    told = await DrillTold.select().where(DrillTold.drill == id).order_by(DrillTold.person_name, DrillTold.id)
    leads = rota_queries.may_change(me, row["team"])
    mine = [one for one in told if one["person"] == me.id]
    if not leads and not mine:
        raise NotFound
    became = {id: one.words for id, one in (await messages.standings([one["id"] for one in told])).items()}
    everybody: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in told if leads else []:
        everybody[one["person"]].append(one)
    return DrillSeen(
        id=id,
        team=row["team"],
        team_name=(await people.team_names()).get(row["team"], ""),
        begun_at=row["begun_at"],
        begun_by_name=row["begun_by_name"],
        mine=_told(mine, became) if mine else None,
        told=tuple(_told(rows, became) for rows in everybody.values()),
        empty=tuple(row["empty"].split("\n")) if row["empty"] and leads else (),
        leads=leads,
    )


def _told(rows: list[dict[str, Any]], became: dict[UUID, str]) -> Told:
    ways = tuple(
        Way(Channel(one["channel"]), became.get(one["id"], "").lower(), one["heard_at"])
        for one in sorted(rows, key=lambda one: list(Channel).index(Channel(one["channel"])))
    )
    return Told(rows[0]["person_name"], rows[0]["steps"], ways)


@dataclass(frozen=True)
class Run:
    """One test in a list of them."""

    id: UUID
    begun_at: datetime
    begun_by_name: str
    people: int
    heard: int


@dataclass(frozen=True)
class Runs:
    team: UUID
    team_name: str
    runs: tuple[Run, ...]


async def drills_of(me: SignedIn, team: UUID) -> Runs:
    """The newest first. For who may run one."""
    name = await rota_queries.team_named(me, team)
    if not rota_queries.may_change(me, team):
        raise NotFound
    rows = await Drill.select().where(Drill.team == team).order_by(Drill.begun_at, ascending=False).limit(MOST)
    told = await DrillTold.select().where(DrillTold.drill.is_in([row["id"] for row in rows])) if rows else []
    found = []
    for row in rows:
        mine = [one for one in told if one["drill"] == row["id"]]
        asked = {one["person"] for one in mine}
        heard = {one["person"] for one in mine if one["heard_at"]}
        found.append(Run(row["id"], row["begun_at"], row["begun_by_name"], len(asked), len(heard)))
    return Runs(team, name, tuple(found))
