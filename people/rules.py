"""Who somebody is, how long they stay signed in, whom they look after, and how fast one may guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    CONTRACTOR = "contractor"


ROLE_WORDS = {
    Role.OFFICER: "Officer",
    Role.MANAGER: "Manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.CONTRACTOR: "Contractor",
}
IN_A_TEAM = frozenset({Role.OFFICER, Role.MANAGER})


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
    device_id: UUID | None = None
    """The phone this session is on, once it has said so."""


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
INVITATION_LASTS = timedelta(hours=48)


def session_ends(role: Role, started: datetime, last_used: datetime) -> datetime:
    """The moment from which a session no longer counts: idle too long or too old."""
    life = LIVES[role]
    return min(last_used + life.idle, started + life.whole)


def invitation_is_open(made: datetime, ended: datetime | None, at: datetime) -> bool:
    return ended is None and made <= at < made + INVITATION_LASTS


@dataclass(frozen=True)
class Limit:
    """So many attempts in any `WINDOW`, however they fall in it."""

    what: str
    most: int


# PyPI's limits, but 200 for an address: a whole council may be behind one.
EVERYBODY = Limit("everybody", 1000)
ADDRESS = Limit("address", 200)
ACCOUNT = Limit("account", 10)
CALENDAR = Limit("calendar", 60)  # apps ask a few times an hour
WINDOW = timedelta(minutes=5)


def recent(tries: Sequence[int], at: int) -> list[int]:
    """The attempts (in milliseconds) that still count at `at`.

    Those of a clock that was a little ahead count too; those of one that was far ahead would lock
    somebody out until then, so they do not.
    """
    window = WINDOW // timedelta(milliseconds=1)
    return [one for one in tries if abs(at - one) < window]


def wait(tries: Sequence[int], limit: Limit, at: int) -> int:
    """Whole seconds until another attempt is allowed; 0 is now. `tries` are the recent ones, in order."""
    if len(tries) < limit.most:
        return 0
    # When enough of the oldest have left the window for one more to fit.
    frees = sorted(tries)[len(tries) - limit.most] + WINDOW // timedelta(milliseconds=1)
    return max(1, -(-(frees - at) // 1000))


def may_invite(me: SignedIn, role: Role) -> bool:
    """An administrator invites anybody; a manager only contractors, for the own team."""
    return me.role == Role.ADMINISTRATOR or (me.role == Role.MANAGER and role == Role.CONTRACTOR)


def may_switch_off(me: SignedIn, person_id: UUID, role: Role) -> bool:
    """Of those whom `me` can see at all. Nobody themselves, and a manager no other manager."""
    if me.id == person_id:
        return False
    return me.role == Role.ADMINISTRATOR or (me.role == Role.MANAGER and role in (Role.OFFICER, Role.CONTRACTOR))


def may_reinvite(me: SignedIn, person_id: UUID, role: Role) -> bool:
    """A new invitation opens the account to whoever holds the link."""
    return me.id != person_id and may_invite(me, role)


OFFICE = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,9})?)\s*[, ]\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)")
NO_POSITION = "Enter the position as a map app gives it, like 52.9450, 0.2050."
OUTSIDE = "This position is outside the United Kingdom. Check it: the latitude comes first."


def office_position(text: str) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude in degrees (WGS 84); none of nothing. ValueError carries the sentence."""
    if not text:
        return None, None
    found = OFFICE.fullmatch(text)
    if found is None:
        raise ValueError(NO_POSITION)
    latitude, longitude = float(found[1]), float(found[2])
    # The edges that properties.position has too; an office is always at home.
    if not (49.8 <= latitude <= 60.95 and -8.7 <= longitude <= 1.85):
        raise ValueError(OUTSIDE)
    return latitude, longitude


def placing(role: Role, team: object | None, firm: object | None) -> dict[str, str]:
    """What is missing for this role to know whose work it may see: field to sentence."""
    if role in IN_A_TEAM and team is None:
        return {"team": "Choose the team they work in."}
    if role == Role.CONTRACTOR and firm is None:
        return {"firm": "Choose the firm they work for."}
    return {}
