"""Where a phone was, and when that may be kept. Pure: times in, an answer out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SAFE_KEPT = timedelta(hours=24)
"""Of a session that ended well. What belongs to an alarm stays as long as the alarm does."""
MOST_ACCURACY = 100_000
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
