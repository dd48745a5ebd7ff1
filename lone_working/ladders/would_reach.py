"""Whether every step of the ladder would reach somebody, before anybody goes in."""

from datetime import datetime, timedelta
from uuid import UUID

from lone_working import ways
from lone_working.ladders import audience, floor_rules
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Ladder, Which, Who
from lone_working.rota import duty
from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import Shift
from lone_working.rules import AlarmKind
from people import queries as people
from people.queries import Contact
from people.rules import Role, SignedIn

NO_TEAM = "You are in no team, so that no manager would be told."
WHY = "no manager of your team is on duty or has a mobile number in Doorstep."
WHY_OUTSIDE = "no manager of the team that looks after you is on duty or has a mobile number in Doorstep."


async def unreached(
    me: SignedIn,
    at: datetime,
    due: datetime,
    buddy: UUID | None = None,
    high_risk: bool = False,
    beside: UUID | None = None,
) -> str:
    """The first step that reaches nobody, and why, in words; empty when each reaches somebody by a text message.

    `due`: the deadline that the steps would count from. What an alarm falls back on when everybody has left since,
    managers of other teams and administrators, does not count: they are for an accident, not for a plan.
    Nor does `beside`, who goes in with them.
    """
    if me.team_id is None:
        return NO_TEAM
    found = await ladder_queries.in_force([me.team_id])
    overdue = ladder_queries.of(found, me.team_id, AlarmKind.OVERDUE, high_risk)
    calls = found.get((me.team_id, Which.HELP)) or ladder_queries.of({}, None, AlarmKind.PANIC, False)
    last = max(rung.after for rung in (*overdue.rungs, *calls.rungs))
    shifts = await duty.shifts(min(at, due), max(at, due) + timedelta(seconds=last + 1))
    named = [one.person for one in shifts] + ([buddy] if buddy else [])
    contacts = [one for one in await people.contacts(named) if one.id != beside]
    session = {"person": me.id, "team": me.team_id, "buddy": buddy}
    for ladder, since in ((overdue, due), (calls, at)):
        if words := _first_empty(ladder, since, session, contacts, shifts):
            return words
    return ""


def _first_empty(
    ladder: Ladder, since: datetime, session: dict[str, UUID | None], contacts: list[Contact], shifts: list[Shift]
) -> str:
    for rung in ladder.rungs:
        when = since + timedelta(seconds=rung.after)
        then = [one for one in shifts if one.starts <= when < one.ends]
        able = _of_theirs(session, contacts, then)
        if rung.who in (None, Who.OFFICER) or any(
            ways.mobile(one) for one in audience.of(rung.who, session, able, then)
        ):
            continue
        return f"{floor_rules.step_words(rung)} reaches nobody: {WHY}"
    return ""


def _of_theirs(session: dict[str, UUID | None], contacts: list[Contact], then: list[Shift]) -> list[Contact]:
    """The buddy, the managers of the team, and who is on duty for it then."""
    on = {one.person for one in rota_rules.for_team(then, session["team"])}
    return [
        one
        for one in contacts
        if one.id in (session["buddy"], *on) or (one.role is Role.MANAGER and one.team_id == session["team"])
    ]
