"""Where somebody who is out was known to be last, for the map and for whoever rings 999."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lone_working import grid_rules
from properties import queries as properties

NOWHERE = "Not known: no visit was running"
"""The place of a session that began with a call for help: they went in nowhere that we know of."""


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float
    words: str
    """What it is a position of."""

    @property
    def grid(self) -> str:
        return grid_rules.reference(self.latitude, self.longitude)


async def last_points(sessions: Sequence[dict[str, Any]]) -> dict[UUID, Point]:
    """By session, for those of which one is known. Not scoped: who may not know of a home is given none of it."""
    homes = {row["property"] for row in sessions if row["property"]}
    known = await properties.positions(homes)
    return {
        row["id"]: Point(*known[row["property"]], "the home’s own position")
        for row in sessions
        if row["property"] in known
    }
