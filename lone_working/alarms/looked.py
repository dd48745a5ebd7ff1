"""What those see who have looked where a phone was, for as long as the alarm is open. Whoever has not pressed it
is given none of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import grid_rules, point_rules
from lone_working.phone_tables import LoneLook, LonePoint
from lone_working.places import Point
from lone_working.point_rules import Position
from lone_working.rules import AlarmState

Row = dict[str, Any]
MOST_TRAIL = 240
"""Two hours of it, when the page stays open."""

WITH_IT = timedelta(minutes=1)
"""What came with a call for help is a moment older than the call."""


@dataclass(frozen=True)
class Phone:
    """Where it was last. Degrees WGS 84, metres, and when by our clock."""

    latitude: float
    longitude: float
    accuracy: int | None
    at: datetime
    from_home: str
    trail: tuple[tuple[float, float], ...]
    """Since the alarm, the oldest first, where there is more than one."""

    @property
    def grid(self) -> str:
        return grid_rules.reference(self.latitude, self.longitude)

    def ago(self, at: datetime) -> str:
        return point_rules.ago(self.at, at)


@dataclass(frozen=True)
class Looked:
    """Who has looked for which alarm, and where the phones are of those alarms."""

    pairs: frozenset[tuple[UUID, UUID]] = frozenset()
    phones: dict[UUID, Phone | None] = field(default_factory=dict)

    def of(self, person: UUID, alarm: UUID, may_know: bool) -> dict[str, Any]:
        """For wall.alarm_seen. `may_know`: not those to whom its place is kept."""
        if not may_know or (person, alarm) not in self.pairs:
            return {"may_look": may_know}
        return {"may_look": may_know, "looked": True, "phone": self.phones.get(alarm)}


async def at_alarms(people: Collection[UUID], alarms: Sequence[Row], homes: dict[UUID, Point]) -> Looked:
    """`homes`: by session, as places.last_points gives them."""
    about = {row["id"]: row for row in alarms if row["state"] != AlarmState.RESOLVED}
    if not about or not people:
        return Looked()
    theirs = LoneLook.alarm.is_in(list(about)) & LoneLook.person.is_in(list(people))
    looks = await LoneLook.select(LoneLook.person, LoneLook.alarm).where(theirs)
    phones = {id: await _phone(about[id], homes) for id in {row["alarm"] for row in looks}}
    return Looked(frozenset((row["person"], row["alarm"]) for row in looks), phones)


async def _phone(alarm: Row, homes: dict[UUID, Point]) -> Phone | None:
    mine = LonePoint.select().where(LonePoint.session == alarm["session"])
    rows = await mine.order_by(LonePoint.at, LonePoint.received_at, ascending=False).limit(MOST_TRAIL)
    if not rows:
        return None
    last, home = rows[0], homes.get(alarm["session"])
    since = alarm["origin_at"] - WITH_IT
    trail = [(row["latitude"], row["longitude"]) for row in reversed(rows) if row["at"] >= since]
    here = Position(last["latitude"], last["longitude"], last["accuracy"])
    away = point_rules.from_home((home.latitude, home.longitude) if home else None, here)
    line = tuple(trail) if len(trail) > 1 else ()
    return Phone(here.latitude, here.longitude, here.accuracy, last["at"], away, line)
