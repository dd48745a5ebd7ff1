"""Two weeks of who is on duty at a glance, who can be put there, and every rota in one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from lone_working import ways
from lone_working.rota import duty
from lone_working.rota import rules as rota_rules
from lone_working.rota.duty import scope, shifts
from lone_working.rota.gap_queries import counts_now, gaps_of, hours_of, reached, teams_with_rota
from lone_working.rota.rules import DUTY_WORDS, Duty, Hours, Shift, Span
from people import queries as people
from people.queries import Contact
from people.rules import Role, SignedIn
from pwa.answers import NotFound
from pwa.clock import LONDON
from pwa.direction import apart

COUNCIL = "The whole council"


@dataclass(frozen=True)
class TeamRota:
    """One rota among all: who is on duty now, and the first time that nobody is."""

    href: str
    name: str
    now: str
    gap: str


async def overview(at: datetime) -> list[TeamRota]:
    """Of every team and of the whole council. For administrators."""
    names = await people.team_names()
    found, with_rota = await duty.on_duty(at), await teams_with_rota(at)
    contacts = {one.id: one for one in await people.contacts([one.person for one in found])}
    on = [one for one in found if reached(one, contacts.get(one.person))]
    rows = []
    for team, name in [*names.items(), (None, COUNCIL)]:
        here = ", ".join(apart(contacts[one.person].name) for one in on if one.team == team)
        gaps = await gaps_of(team, at) if team and team in with_rota else []
        gap = f"Nobody is on duty {rota_rules.gap_words(gaps[0], at)}" if gaps else ""
        rows.append(TeamRota(f"/lone-working/rota/{team or 'council'}", name, here, gap))
    return rows


def may_change(me: SignedIn, team: UUID | None) -> bool:
    """An administrator every rota, a manager the one of their own team."""
    return me.role is Role.ADMINISTRATOR or (me.role is Role.MANAGER and team is not None and me.team_id == team)


async def team_named(me: SignedIn, team: UUID | None) -> str:
    """Of a rota that this person may read: their own team's, the whole council's, for an administrator any."""
    if team is None:
        return COUNCIL
    name = (await people.team_names()).get(team)
    if name is None or (me.role is not Role.ADMINISTRATOR and me.team_id != team):
        raise NotFound
    return name


@dataclass(frozen=True)
class ShiftSeen:
    id: UUID
    name: str
    words: str
    """Deputy; empty for a duty manager."""
    note: str
    times: str
    counts: bool
    begins: bool
    """On this day, of those shown, it stands first: here it can be ticked."""
    ours: bool


@dataclass(frozen=True)
class DaySeen:
    day: date
    today: bool
    shifts: tuple[ShiftSeen, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class RotaSeen:
    team: UUID | None
    name: str
    first: date
    days: tuple[DaySeen, ...]
    may_change: bool
    choices: tuple[tuple[str, str], ...]
    hours: Hours | None
    gaps: tuple[str, ...]
    """Of the next week, in words."""
    now: tuple[tuple[str, str], ...]
    """Who would be called first at this moment, and as what."""

    @property
    def href(self) -> str:
        return f"/lone-working/rota/{self.team or 'council'}"

    @property
    def earlier(self) -> date:
        return self.first - timedelta(days=rota_rules.DAYS_SHOWN)

    @property
    def later(self) -> date:
        return self.first + timedelta(days=rota_rules.DAYS_SHOWN)


async def rota_for(me: SignedIn, team: UUID | None, first: date | None, at: datetime) -> RotaSeen:
    """Two weeks from a Monday on: who is on, who is on no more, and when nobody is."""
    name = await team_named(me, team)
    today = at.astimezone(LONDON).date()
    first = first or today - timedelta(days=today.weekday())
    days = [first + timedelta(days=n) for n in range(rota_rules.DAYS_SHOWN)]
    starts, ends = (rota_rules.moment(day, time()) for day in (days[0], days[-1] + timedelta(days=1)))
    found = rota_rules.for_team(await shifts(starts, ends, scope(team)), team)
    contacts = {one.id: one for one in await people.contacts([one.person for one in found])}
    names = await people.people_named([one.person for one in found])
    uses = team is not None and team in await teams_with_rota(at)
    ahead = max(0, (days[-1] - today).days + 1)
    free = await gaps_of(team, at, ahead) if uses and team and ahead else []
    soon = [one for one in free if rota_rules.nearness(one, at)]
    return RotaSeen(
        team=team,
        name=name,
        first=first,
        days=tuple(_day(day, today, team, (found, contacts, names), free) for day in days),
        may_change=may_change(me, team),
        choices=tuple(await choices(team)) if may_change(me, team) else (),
        hours=await hours_of(team) if team else None,
        gaps=tuple(rota_rules.gap_words(one, at) for one in soon),
        now=tuple(await _now(team, at)),
    )


async def _now(team: UUID | None, at: datetime) -> list[tuple[str, str]]:
    on = rota_rules.for_team(await duty.on_duty(at, scope(team)), team)
    contacts = {one.id: one for one in await people.contacts([one.person for one in on])}
    return [
        (contacts[one.person].name, DUTY_WORDS[one.duty]) for one in on if reached(one, contacts.get(one.person))
    ]


def _day(
    day: date,
    today: date,
    team: UUID | None,
    known: tuple[Sequence[Shift], dict[UUID, Contact], dict[UUID, str]],
    free: Sequence[Span],
) -> DaySeen:
    found, contacts, names = known
    seen = [found[place] for place in rota_rules.on_day([one.span for one in found], day)]
    gone = rota_rules.on_day(free, day)
    return DaySeen(
        day=day,
        today=day == today,
        shifts=tuple(
            ShiftSeen(
                id=one.id,
                name=names.get(one.person, ""),
                words=DUTY_WORDS[one.duty] if one.duty is Duty.DEPUTY else "",
                note=_note(one, team, contacts.get(one.person)),
                times=rota_rules.times_on(one.span, day),
                counts=counts_now(one, contacts.get(one.person)),
                begins=one.starts.astimezone(LONDON).date() == day,
                ours=one.team == team,
            )
            for one in sorted(seen, key=lambda one: one.starts)
        ),
        gaps=tuple(rota_rules.times_on(free[place], day) for place in gone),
    )


def _note(shift: Shift, team: UUID | None, contact: Contact | None) -> str:
    if contact is None:
        return "has left: nobody is told"
    if not counts_now(shift, contact):
        return "is no manager here any more: nobody is told"
    if not ways.of(contact):
        return "has no mobile and no e-mail: nobody is told"
    if contact.role is Role.OFFICER:
        return "acts as manager"
    if shift.team is None and team is not None:
        return "whole council"
    return "covers" if team is not None and contact.team_id != team else ""


async def choices(team: UUID | None) -> list[tuple[str, str]]:
    """Who can be put on duty: managers of the team, its officers to act up, and other managers to cover."""
    contacts = await people.contacts(await people.works_in(team) if team else [])
    kinds: dict[int, list[tuple[str, str]]] = {0: [], 1: [], 2: []}
    for one in contacts:
        own = team is not None and one.team_id == team
        if one.role is Role.MANAGER:
            kinds[0 if own or team is None else 2].append(
                (str(one.id), one.name if own or team is None else f"{apart(one.name)} (covers)")
            )
        elif one.role is Role.OFFICER and own:
            kinds[1].append((str(one.id), f"{apart(one.name)} (acts as manager)"))
    return [*kinds[0], *kinds[1], *kinds[2]]
