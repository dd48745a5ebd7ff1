"""Who is on duty at a moment, and whose sessions and alarms that lets them lead."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import rota_rules
from lone_working.rota_rules import Duty, Shift
from lone_working.rota_tables import DutyShift
from people import queries as people
from people.queries import Contact
from people.rules import Role, SignedIn

Reach = tuple[list[Contact], list[Shift]]
"""How people can be reached, and who of them is on duty, of every team."""
STANDS = DutyShift.removed_at.is_null() & DutyShift.duty.is_in([one.value for one in Duty])
"""Not taken off, and of a kind that is known here: what nobody can read keeps no alarm from being raised."""


async def shifts(starts: datetime, ends: datetime, where: Any = None) -> list[Shift]:
    """All that are on for any part of this time, in order."""
    query = DutyShift.select().where(STANDS & (DutyShift.starts_at < ends) & (DutyShift.ends_at > starts))
    rows = await (query if where is None else query.where(where)).order_by(DutyShift.starts_at, DutyShift.id)
    return [
        Shift(
            row["id"],
            row["team"],
            Duty(row["duty"]),
            row["person"],
            row["acting"],
            row["starts_at"],
            row["ends_at"],
        )
        for row in rows
    ]


async def on_duty(at: datetime, where: Any = None) -> list[Shift]:
    return await shifts(at, at + timedelta(microseconds=1), where)


async def reach(ids: Iterable[UUID], at: datetime) -> Reach:
    """These people, every manager and administrator, and who is on duty at that time. For telling.audience."""
    duty = await on_duty(at)
    return await people.contacts([*ids, *(one.person for one in duty)]), duty


async def led_by(me: SignedIn, at: datetime) -> list[UUID]:
    """Whose sessions and alarms somebody leads now: a manager their own team's; on duty, also where they are.

    Whoever is on duty for the whole council leads every team. Nobody else does, a manager's time over or not.
    """
    if me.role not in (Role.OFFICER, Role.MANAGER):
        return []
    mine: list[UUID] = [me.team_id] if me.role is Role.MANAGER and me.team_id else []
    for shift in await on_duty(at, DutyShift.person == me.id):
        if not rota_rules.counts(shift, me.role, me.team_id):
            continue
        if shift.team is None:
            return list(await people.team_names())
        mine.append(shift.team)
    return mine


def scope(team: UUID | None) -> Any:
    of_all = DutyShift.team.is_null()
    return of_all if team is None else of_all | (DutyShift.team == team)
