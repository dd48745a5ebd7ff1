"""Who went in and whom nobody looks out for, for those who lead their team: a start that was only kept for the
office, and a visit under way whose officer has no session. Only what is known: when it was pressed, and came.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from lone_working import party, rules
from lone_working.alarms.queries import KEPT, Row, Unmonitored
from lone_working.events import ACTIVE
from lone_working.rota import duty
from lone_working.sessions.tables import Unwatched
from lone_working.tables import LoneSession
from people import queries as contacts
from people.rules import SignedIn
from properties import queries as properties
from visits import started_queries as visits


async def in_teams(led: duty.Led, at: datetime) -> list[Row]:
    """Of all the teams that these people lead, the earliest first, each with where it is and whom to ring."""
    teams = {team for theirs in led.values() for team in theirs}
    if not teams:
        return []
    rows = sorted(await _held(teams, at) + await _visits(teams, at), key=lambda row: row["started_at"])
    if not rows:
        return []
    homes = await properties.homes(next(iter(led)), {row["property"] for row in rows if row["property"]})
    phones = {one.id: one.phone for one in await contacts.contacts({row["person"] for row in rows})}
    silent = await party.not_to_ring()
    return [
        {
            **row,
            "place": f"{home.label}, {home.where}" if (home := homes.get(row["property"])) else "",
            "phone": "" if silent & {row["person"], row["other"]} else phones.get(row["person"], ""),
        }
        for row in rows
    ]


def seen(
    me: SignedIn, teams: Collection[UUID], rows: Sequence[Row], kept: Collection[UUID]
) -> tuple[Unmonitored, ...]:
    """What this person is shown of them: never what is about themselves, nor about who is in there with them."""
    return tuple(
        Unmonitored(
            id=row["id"],
            person_name=row["person_name"],
            phone=row["phone"],
            place=KEPT if row["id"] in kept else row["place"],
            started_at=row["started_at"],
            received_at=row["received_at"],
            held=row["held"],
        )
        for row in rows
        if row["team"] in teams and me.id not in (row["person"], row["other"])
    )


async def _held(teams: Collection[UUID], at: datetime) -> list[Row]:
    """The newest of each person that they have not dealt with: neither said so, nor begun a session since."""
    who = (Unwatched.person.name.as_alias("person_name"), Unwatched.person.team.as_alias("team"))
    query = Unwatched.select(Unwatched.id, Unwatched.person, *who, Unwatched.started_at, Unwatched.received_at)
    mine = Unwatched.person.team.is_in(list(teams)) & Unwatched.told_at.is_null()
    rows = await query.where(mine & (Unwatched.started_at > at - rules.UNWATCHED_FOR)).order_by(
        Unwatched.received_at
    )
    newest = {row["person"]: row for row in rows}
    if not newest:
        return []
    sessions = LoneSession.select(LoneSession.person, LoneSession.started_at)
    since = [
        (row["person"], row["started_at"]) for row in await sessions.where(LoneSession.person.is_in(list(newest)))
    ]
    return [
        {**row, "property": None, "other": None, "held": True}
        for row in newest.values()
        if not any(person == row["person"] and began >= row["started_at"] for person, began in since)
    ]


async def _visits(teams: Collection[UUID], at: datetime) -> list[Row]:
    """Visits under way, each officer of them who has had no session of it and has none at all now."""
    going = await visits.under_way(teams, at - rules.UNWATCHED_FOR, at)
    if not going:
        return []
    mine = LoneSession.visit.is_in(list({row["visit"] for row in going}))
    had = {
        (row["visit"], row["person"])
        for row in await LoneSession.select(LoneSession.visit, LoneSession.person).where(mine)
    }
    people = list({row["person"] for row in going})
    now = {
        row["person"]
        for row in await LoneSession.select(LoneSession.person).where(ACTIVE & LoneSession.person.is_in(people))
    }
    return [
        {**row, "id": row["visit"], "held": False}
        for row in going
        if (row["visit"], row["person"]) not in had and row["person"] not in now
    ]
