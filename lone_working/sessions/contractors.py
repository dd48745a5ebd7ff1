"""Contractors out alone, where their firm has asked the council to look out for its people.

Their own supervisor is told first, then the council's managers; both must be there, or no session begins. They see
no home of ours here, so no warning either: who comes to help reads that nobody is to go in there alone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.ladders import audience, would_reach
from lone_working.ladders.rules import Who
from lone_working.rota import duty
from lone_working.rota.rules import Shift
from lone_working.rules import SessionKind
from lone_working.sessions import beginning, buddies, known_later
from lone_working.sessions.beginning import Going
from lone_working.sessions.tables import FirmWatch
from lone_working.tables import LoneSession
from messages import queries as sending
from people import queries as people
from people.queries import Contact
from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.direction import apart
from pwa.outbox import Sent

NOT_ASKED = "Your firm has not asked the council to look out for its people."
OWN_SUPERVISOR = "You are your firm’s own supervisor here, and nobody can be told first but you."
NO_COUNCIL = "No manager of the council can be told."


@dataclass(frozen=True)
class Watched:
    """A firm, and whom of its people we tell first. `supervisor` is None where we do not look out for them."""

    firm: UUID
    name: str
    people: tuple[Contact, ...]
    supervisor: UUID | None
    set_by: str = ""
    set_at: datetime | None = None

    @property
    def choices(self) -> list[tuple[UUID, str]]:
        return [(one.id, one.name) for one in self.people if ways.mobile(one)]


async def firms() -> list[Watched]:
    """Every firm, for an administrator."""
    return [await _firm(id, name) for id, name in (await people.firm_names()).items()]


async def _firm(id: UUID, name: str) -> Watched:
    row, them = await buddies.firm_watch(id), tuple(await people.people_of_firm(id))
    return (
        Watched(id, name, them, row["supervisor"], row["set_by_name"], row["set_at"])
        if row
        else Watched(id, name, them, None)
    )


async def look_out(sent: Sent, me: SignedIn, firm: UUID, supervisor: UUID | None) -> None:
    """For the people of this firm, telling this one of them first; for none of them with nobody."""
    if firm not in await people.firm_names():
        raise NotFound
    able = {one.id for one in await people.people_of_firm(firm) if ways.mobile(one)}
    if supervisor is not None and supervisor not in able:
        raise Refused({"supervisor": "Choose somebody of the firm who has a mobile number here."})
    by: dict[str, Any] = {"set_by": me.id, "set_by_name": me.name, "set_at": sent.received_at}
    await FirmWatch.insert(FirmWatch(firm=firm, supervisor=supervisor, **by))
    sent.note = "looks out for a firm" if supervisor else "looks out for a firm no more"


@dataclass(frozen=True)
class Standing:
    """What a contractor is told before they begin: who is told first, or why nobody looks out for them."""

    supervisor: UUID | None
    name: str
    team: UUID | None
    why: str = ""


async def standing(me: SignedIn) -> Standing:
    supervisor = await buddies.supervisor_of(me.firm_id)
    team = await people.looked_after_by(me.id)
    if supervisor is None:
        return Standing(None, "", team, NOT_ASKED)
    contacts, on = await duty.reach([supervisor], datetime.now(UTC))
    found = [one for one in contacts if one.id == supervisor]
    name = found[0].name if found else ""
    return Standing(supervisor, name, team, _why(me, supervisor, team, contacts, on))


def _why(me: SignedIn, supervisor: UUID, team: UUID | None, contacts: list[Contact], on: list[Shift]) -> str:
    found = [one for one in contacts if one.id == supervisor]
    if not sending.ready():
        return beginning.NOT_SET_UP
    if supervisor == me.id:
        return OWN_SUPERVISOR
    if not found or not ways.mobile(found[0]):
        return f"{apart(found[0].name) if found else 'Your supervisor'} cannot be told."
    managers = audience.of(Who.DUTY, {"person": me.id, "team": team, "buddy": supervisor}, contacts, on)
    return "" if any(ways.mobile(one) for one in managers) else NO_COUNCIL


async def _why_later(sent: Sent, me: SignedIn, known: Standing, minutes: int) -> str:
    """As for an officer of the team that looks after them: each step of its ladders when it would come, by who is
    on duty then. For one that no team looks after there is only who is there now."""
    if known.team is None:
        return ""
    theirs = replace(me, team_id=known.team)
    why = await beginning.nobody_for(theirs, sent.received_at, minutes, known.supervisor)
    return why.replace(would_reach.WHY, would_reach.WHY_OUTSIDE)


async def begin(sent: Sent, me: SignedIn, place: str, minutes: int, battery: int | None) -> LoneSession:
    """Run by `once`; the session's id is the command's."""
    known = await standing(me)
    wrong = beginning.wrong_with(place, minutes)
    known = known if known.why or wrong else replace(known, why=await _why_later(sent, me, known, minutes))
    if known.why and not await known_later.called_before(me, sent.id):
        wrong["form"] = f"{known.why} Nobody would be told if you did not come back. Tell somebody yourself."
    if wrong:
        raise Refused(wrong)
    going = Going(SessionKind.OWN, place.strip(), minutes, known.supervisor, battery=battery, team=known.team)
    return await beginning.begin(sent, me, going, sent.id)
