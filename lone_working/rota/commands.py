"""Putting people on duty, taking them off, and saying when somebody must be. Run by `once`."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from lone_working.rota import queries as rota_queries
from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import Duty, Hours, Wish
from lone_working.rota.tables import DutyHours, DutyShift
from people import queries as people
from people.rules import Role, SignedIn
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent

CHOOSE = "Choose somebody from the list."
TICK = "Tick whom to take off first."


async def _allowed(me: SignedIn, team: UUID | None) -> None:
    await rota_queries.team_named(me, team)
    if not rota_queries.may_change(me, team):
        raise NotFound


async def put_on(sent: Sent, me: SignedIn, team: UUID | None, person: UUID, duty: Duty, wish: Wish) -> None:
    """For each of the times that are wished. Those at which they are on already are left as they are."""
    await _allowed(me, team)
    wrong = rota_rules.wrong_with_wish(wish, sent.received_at)
    if str(person) not in dict(await rota_queries.choices(team)):
        wrong["person"] = CHOOSE
    if wrong:
        raise Refused(wrong)
    (contact,) = [one for one in await people.contacts([person]) if one.id == person]
    known = await _known(team, person, duty)
    rows = [
        DutyShift(
            id=uuid7(),
            team=team,
            duty=duty.value,
            person=person,
            acting=contact.role is Role.OFFICER,
            starts_at=starts,
            ends_at=ends,
            made_at=sent.received_at,
            made_by=me.id,
            made_by_name=me.name,
        )
        for starts, ends in rota_rules.spans(wish)
        if (starts, ends) not in known and ends > sent.received_at
    ]
    if rows:
        await DutyShift.insert(*rows)
    sent.note = f"put somebody on duty, {len(rows)} times"


async def _known(team: UUID | None, person: UUID, duty: Duty) -> set[rota_rules.Span]:
    of_all: Any = DutyShift.team.is_null() if team is None else DutyShift.team == team
    mine = of_all & (DutyShift.person == person) & (DutyShift.duty == duty.value) & DutyShift.removed_at.is_null()
    rows = await DutyShift.select(DutyShift.starts_at, DutyShift.ends_at).where(mine)
    return {(row["starts_at"], row["ends_at"]) for row in rows}


async def take_off(sent: Sent, me: SignedIn, team: UUID | None, ids: Collection[UUID]) -> None:
    """What was off already stays as it was; what is another team's is not touched."""
    await _allowed(me, team)
    if not ids:
        raise Refused({"shift": TICK})
    of_all: Any = DutyShift.team.is_null() if team is None else DutyShift.team == team
    mine = DutyShift.id.is_in(list(ids)) & of_all & DutyShift.removed_at.is_null()
    off: dict[Any, Any] = {
        DutyShift.removed_at: sent.received_at,
        DutyShift.removed_by: me.id,
        DutyShift.removed_by_name: me.name,
    }
    gone = await DutyShift.update(off).where(mine).returning(DutyShift.id)
    sent.note = f"took somebody off duty, {len(gone)} times"


async def set_hours(sent: Sent, me: SignedIn, team: UUID, hours: Hours) -> None:
    """When somebody must be on duty: outside of them nobody is missed."""
    await _allowed(me, team)
    if not hours.days:
        raise Refused({"days": "Tick one day or more."})
    row = DutyHours(
        team=team,
        days="".join(str(day) for day in sorted(set(hours.days))),
        opens=f"{hours.opens:%H:%M}",
        closes=f"{hours.closes:%H:%M}",
        made_at=sent.received_at,
        made_by=me.id,
        made_by_name=me.name,
    )
    await DutyHours.insert(row)
    sent.note = "said when somebody must be on duty"
