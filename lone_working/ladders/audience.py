"""Whom a step of a ladder tells: of those who can be told, who is on duty then."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.ladders.rules import Who
from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import Duty, Shift
from lone_working.ways import mobile
from messages.rules import Channel
from people.queries import Contact
from people.rules import Role
from pwa.direction import apart


def told_by(
    who: Who | None, session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()
) -> list[tuple[Contact, Channel]]:
    """Whom a step tells, by which ways. With nobody to tell yet it is the officer's own phone that speaks."""
    if who is None:
        mine = [one for one in contacts if one.id == session["person"] and one.push]
        return [(one, Channel.PUSH) for one in mine if session["pin_given_at"] is None]
    told = of(who, session, contacts, shifts)
    return [(one, channel) for one in told for channel in ([Channel.SMS] if who is Who.OFFICER else ways.of(one))]


def managers_for(session: dict[str, Any], contacts: Iterable[Contact]) -> list[Contact]:
    """Of the team; without one who can be told, of any team; then administrators. Never the officer."""
    others = [one for one in contacts if one.id != session["person"] and ways.of(one)]
    managers = [one for one in others if one.role is Role.MANAGER]
    return (
        [one for one in managers if session["team"] and one.team_id == session["team"]]
        or managers
        or [one for one in others if one.role is Role.ADMINISTRATOR]
    )


def rostered(
    session: dict[str, Any], contacts: Iterable[Contact], shifts: Iterable[Shift], *kinds: Duty
) -> list[Contact]:
    """Who is on duty in these shifts and can be told, once each. Never the officer, and nobody who left."""
    known = {one.id: one for one in contacts if one.id != session["person"] and ways.of(one)}
    found: dict[UUID, Contact] = {}
    for shift in shifts:
        one = known.get(shift.person)
        if one and (not kinds or shift.duty in kinds) and rota_rules.counts(shift, one.role, one.team_id):
            found[one.id] = one
    return list(found.values())


def of(
    who: Who | None, session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()
) -> list[Contact]:
    """`shifts`: those of every team that are on then; duty.reach gives both. Not who is in there with them
    (beside.with_beside), unless there is nobody else."""
    if who is None:
        return []
    if who is Who.OFFICER:
        return [one for one in contacts if one.id == session["person"] and mobile(one)]
    if beside := session.get("beside"):
        alone, away = {**session, "beside": ()}, [one for one in contacts if one.id not in beside]
        return of(who, alone, away, shifts) or of(who, alone, contacts, shifts)
    is_buddy = [one for one in contacts if one.id == session["buddy"] and one.id != session["person"]]
    buddy = [one for one in is_buddy if ways.of(one)]
    mine = rota_rules.for_team(shifts, session["team"])
    here, managers = rostered(session, contacts, mine), managers_for(session, contacts)
    if who is Who.BUDDY:
        return buddy or here or managers
    if who in (Who.DUTY_MANAGER, Who.DEPUTY):
        kind = Duty.DEPUTY if who is Who.DEPUTY else Duty.MANAGER
        return rostered(session, contacts, mine, kind) or here or managers
    if who is Who.DUTY:
        return here or managers
    if who is Who.MANAGERS:
        return _once_each(here or managers, rostered(session, contacts, shifts))
    return _once_each(buddy, here, managers)


def _once_each(*lists: Sequence[Contact]) -> list[Contact]:
    return list({one.id: one for some in lists for one in some}.values())


def few(session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()) -> str:
    """What whoever is out must know of how many a call for help reaches by text; empty for two or more.
    Who is in there with them comes to nobody's help."""
    inside = session.get("beside", ())
    told = of(Who.EVERYBODY, session, contacts, shifts)
    names = [one.name for one in told if mobile(one) and one.id not in inside]
    if len(names) > 1:
        return ""
    return f"only {apart(names[0])} can be reached" if names else "nobody can be reached"
