"""Who somebody is and how long they stay signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    CONTRACTOR = "contractor"


@dataclass(frozen=True)
class SignedIn:
    """The person asking, read afresh from the database on every request."""

    id: UUID
    name: str
    role: Role
    team_id: UUID | None
    firm_id: UUID | None
    session_id: UUID
    last_used_at: datetime


@dataclass(frozen=True)
class Life:
    idle: timedelta
    whole: timedelta


# security.md §1, "Sessions end".
LIVES = {
    Role.OFFICER: Life(timedelta(hours=4), timedelta(hours=12)),
    Role.CONTRACTOR: Life(timedelta(minutes=60), timedelta(hours=12)),
    Role.MANAGER: Life(timedelta(minutes=60), timedelta(hours=12)),
    Role.ADMINISTRATOR: Life(timedelta(minutes=30), timedelta(hours=8)),
}


def session_ends(role: Role, started: datetime, last_used: datetime) -> datetime:
    """The moment from which a session no longer counts: idle too long or too old."""
    life = LIVES[role]
    return min(last_used + life.idle, started + life.whole)
