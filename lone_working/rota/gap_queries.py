"""When somebody of a team must be on duty and nobody is; who counts, and whom the wall warns."""

from datetime import datetime, time, timedelta
from uuid import UUID

from lone_working import ways
from lone_working.rota import duty
from lone_working.rota import rules as rota_rules
from lone_working.rota.duty import STANDS, scope, shifts
from lone_working.rota.rules import Hours, Shift, Span
from lone_working.rota.tables import DutyGap, DutyHours, DutyShift
from people import queries as people
from people.queries import Contact
from people.rules import Role, SignedIn
from pwa.clock import LONDON

USED = timedelta(days=28)
"""A team whose last shift ended so long ago has given its rota up."""


async def hours_of(team: UUID) -> Hours:
    row = await DutyHours.select().where(DutyHours.team == team).order_by(DutyHours.id, ascending=False).first()
    if row is None:
        return Hours()
    opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
    return Hours(tuple(int(day) for day in row["days"]), opens, closes)


async def teams_with_rota(at: datetime) -> list[UUID]:
    """Which keep one. Where nobody ever did, the managers of the team are called, and no gap is one."""
    rows = await DutyShift.select(DutyShift.team).where(
        STANDS & DutyShift.team.is_not_null() & (DutyShift.ends_at > at - USED)
    )
    return sorted({row["team"] for row in rows})


async def gaps_of(team: UUID, at: datetime, days: int = max(rota_rules.NEAR)) -> list[Span]:
    """When nobody who can be told is on duty though somebody must be, of the next days."""
    ends = at + timedelta(days=days)
    first, last = (moment.astimezone(LONDON).date() for moment in (at, ends))
    needed = (await hours_of(team)).spans(first - timedelta(days=1), last)
    found = await shifts(at, ends + timedelta(days=1), scope(team))
    contacts = {one.id: one for one in await people.contacts([one.person for one in found])}
    on = [one.span for one in found if reached(one, contacts.get(one.person))]
    return [gap for gap in rota_rules.gaps(needed, on, at) if gap[0] < ends]


def reached(shift: Shift, contact: Contact | None) -> bool:
    return contact is not None and counts_now(shift, contact) and bool(ways.of(contact))


def counts_now(shift: Shift, contact: Contact | None) -> bool:
    return contact is not None and rota_rules.counts(shift, contact.role, contact.team_id)


async def warnings(me: SignedIn, at: datetime) -> list[tuple[str, str]]:
    """Where a rota leads and that nobody is on duty then, of the teams that a manager leads: for the wall."""
    if me.role is not Role.MANAGER:
        return []
    teams = await duty.led_by(me, at)
    mine = DutyGap.team.is_in(teams) & DutyGap.resolved_at.is_null() & (DutyGap.ends_at > at)
    rows = await DutyGap.select().where(mine).order_by(DutyGap.starts_at) if teams else []
    return [
        (f"/lone-working/rota/{row['team']}", rota_rules.gap_words((row["starts_at"], row["ends_at"]), at))
        for row in rows
    ]
