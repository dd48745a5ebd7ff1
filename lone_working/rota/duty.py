"""Who is on duty at a moment, and whose sessions and alarms that lets them lead."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import Duty, Shift
from lone_working.rota.tables import DutyShift
from messages import subscriptions
from people import queries as people
from people.queries import Contact
from people.rules import Role, SignedIn

Reach = tuple[list[Contact], list[Shift]]
"""How people can be reached, also by a notification, and who of them is on duty, of every team."""
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
    """These people, every manager and administrator, and who is on duty at that time. For audience.of."""
    duty = await on_duty(at)
    found = await people.contacts([*ids, *(one.person for one in duty)])
    shown = await subscriptions.people_with(one.id for one in found)
    return [replace(one, push=one.id in shown) for one in found], duty


Led = dict[SignedIn, list[UUID]]
"""The teams that each of some people leads."""


async def led_by(me: SignedIn, at: datetime) -> list[UUID]:
    """Whose sessions and alarms somebody leads now: a manager their own team's; on duty, also where they are.

    Whoever is on duty for the whole council leads every team. Nobody else does, a manager's time over or not.
    """
    return (await led_by_each([me], at))[me]


async def led_by_each(many: Iterable[SignedIn], at: datetime) -> Led:
    """The same for several people, in as many statements as for one."""
    led: Led = {me: [me.team_id] if me.role is Role.MANAGER and me.team_id else [] for me in many}
    able = {me.id for me in led if me.role in (Role.OFFICER, Role.MANAGER)}
    shifts = await on_duty(at, DutyShift.person.is_in(list(able))) if able else []
    every = list(await people.team_names()) if any(one.team is None for one in shifts) else []
    for me, teams in led.items():
        for shift in shifts:
            if shift.person == me.id and me.id in able and rota_rules.counts(shift, me.role, me.team_id):
                teams += [shift.team] if shift.team else every
    return led


def scope(team: UUID | None) -> Any:
    of_all = DutyShift.team.is_null()
    return of_all if team is None else of_all | (DutyShift.team == team)
