"""Where a phone was, and when that may be kept. Pure: times in, an answer out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, atan2, cos, degrees, radians, sin, sqrt

SAFE_KEPT = timedelta(hours=24)
"""Of a session that ended well. What belongs to an alarm stays as long as the alarm does."""
MOST_ACCURACY = 100_000
EARTH_METRES = 6_371_000
NEAR_METRES = 30
"""As near as a phone beside a house tells it."""
WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,9})?")
_METRES = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Why(StrEnum):
    START = "start"
    CHECK_IN = "check-in"
    END = "end"
    PANIC = "panic"
    TRAIL = "trail"
    """While an alarm is open, and only then."""


@dataclass(frozen=True)
class Position:
    """Degrees WGS 84; metres, as far as the phone said."""

    latitude: float
    longitude: float
    accuracy: int | None


def position_in(given: Mapping[str, str]) -> Position | None:
    """None for what is no place on earth: nothing is refused because of where it says it is."""
    latitude, longitude = given.get("latitude", ""), given.get("longitude", "")
    if not (_DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude)):
        return None
    if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
        return None
    metres = given.get("accuracy", "")
    accuracy = min(round(float(metres)), MOST_ACCURACY) if _METRES.fullmatch(metres) else None
    return Position(float(latitude), float(longitude), accuracy)


def may_keep(
    why: Why, at: datetime, started: datetime, ended: datetime | None, alarm_open: bool, resolved: datetime | None
) -> bool:
    """Only from the start of a session to its end, or to the end of the last alarm about it (I15).

    `ended`: when its officer said so by PIN, or a responder did. `resolved`: when the last alarm was.
    """
    if at < started or (why is Why.TRAIL and not alarm_open):
        return False
    return alarm_open or ended is None or at <= max(ended, resolved or ended)


def metres_and_bearing(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """From one position to another, each latitude and longitude in degrees: metres, and degrees from north."""
    (north1, east1), (north2, east2) = ((radians(a), radians(b)) for a, b in (start, end))
    half = sin((north2 - north1) / 2) ** 2 + cos(north1) * cos(north2) * sin((east2 - east1) / 2) ** 2
    up = cos(north1) * sin(north2) - sin(north1) * cos(north2) * cos(east2 - east1)
    return 2 * EARTH_METRES * asin(sqrt(half)), degrees(atan2(sin(east2 - east1) * cos(north2), up)) % 360


def from_home(home: tuple[float, float] | None, here: Position) -> str:
    """140 metres north-east of the home. Nothing where nobody knows the home's position."""
    if home is None:
        return ""
    metres, bearing = metres_and_bearing(home, (here.latitude, here.longitude))
    if metres <= max(NEAR_METRES, here.accuracy or 0):
        return "at the home, as near as the phone can tell"
    far = f"{round(metres, -1):.0f} metres" if metres < 1_000 else f"{metres / 1_000:.1f} km"
    return f"{far} {WINDS[round(bearing / 45) % 8]} of the home"


def ago(then: datetime, at: datetime) -> str:
    """In whole minutes or hours, never newer than it is."""
    minutes = max(0, int((at - then).total_seconds() // 60))
    if not minutes:
        return "less than a minute ago"
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    return f"{minutes // 60} hours ago"
