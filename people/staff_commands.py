"""What administrators and managers do about other people: invite, change, switch off; teams, firms."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from people import rules
from people.commands import end_all_sessions, end_calendar_address
from people.rules import Role, SignedIn
from people.session_queries import hashed
from people.tables import Firm, Invitation, Person, Team
from pwa.answers import Refused
from pwa.commands import call_lost
from pwa.ids import uuid7
from pwa.outbox import Sent
from pwa.queries import Phone

_EMAIL = re.compile(r"[^@\s<>()\"',;:\\\[\]]+@[^@\s<>()\"',;:\\\[\]]+\.[^@\s.<>()\"',;:\\\[\]]+")
_PHONE = re.compile(r"\+?[0-9 ()-]{7,20}")
TAKEN_EMAIL = "Somebody with this e-mail address is here already."
TAKEN_NAME = "There is one with this name already."
NOT_YOURS = "You cannot invite somebody with this role."
OWN_ROLE = "You cannot change your own role. Ask another administrator."


@dataclass(frozen=True)
class Details:
    """A person as the form gives it."""

    name: str
    email: str
    phone: str
    role: Role
    team: UUID | None
    firm: UUID | None

    def columns(self) -> dict[Any, Any]:
        """Only what the role has: a contractor's team is the one that looks after them."""
        in_team, contractor = self.role in rules.IN_A_TEAM, self.role == Role.CONTRACTOR
        return {
            Person.name: self.name,
            Person.email: self.email.lower(),
            Person.phone: self.phone,
            Person.role: self.role.value,
            Person.team: self.team if in_team else None,
            Person.firm: self.firm if contractor else None,
            Person.looked_after_by: self.team if contractor else None,
        }


async def invite_person(sent: Sent, me: SignedIn, details: Details, made: list[tuple[UUID, str]]) -> None:
    """A new account without a password, its id and the invitation's secret in `made`, once."""
    person_id = uuid7()
    if not rules.may_invite(me, details.role):
        raise Refused({"role": NOT_YOURS})
    await _check(details, None)
    values = {column._meta.name: value for column, value in details.columns().items()}
    await _add(Person(id=person_id, created_at=sent.received_at, **values), Person.email, {"email": TAKEN_EMAIL})
    sent.note = f"invited a new {details.role.value}"
    made.append((person_id, await _invitation(sent, person_id)))


async def change_person(sent: Sent, me: SignedIn, person: dict[str, Any], details: Details) -> None:
    """Another role, team or firm means other rights: the person signs in again."""
    own = person["id"] == me.id
    if own and details.role != person["role"]:
        raise Refused({"role": OWN_ROLE})
    await _check(details, person["id"])
    await Person.update(details.columns()).where(Person.id == person["id"])
    before = (person["role"], person["team_id"], person["firm_id"])
    after = details.columns()
    if before != (details.role, after[Person.team], after[Person.firm]) and not own:
        await end_calendar_address(sent, person["id"])
        await end_all_sessions(person["id"], sent.received_at)
    sent.note = "changed a person"


async def _check(details: Details, person_id: UUID | None) -> None:
    wrong = rules.placing(details.role, details.team, details.firm)
    if not details.name:
        wrong["name"] = "Give their first and last name."
    if not _EMAIL.fullmatch(details.email):
        wrong["email"] = "Enter an e-mail address, like name@council.gov.uk."
    elif await _taken(details.email, person_id):
        wrong["email"] = TAKEN_EMAIL
    if details.phone and not _PHONE.fullmatch(details.phone):
        wrong["phone"] = "Enter a phone number, like 020 7946 0018."
    if details.team and not await Team.exists().where(Team.id == details.team):
        wrong["team"] = "Choose a team from the list."
    if details.firm and not await Firm.exists().where(Firm.id == details.firm):
        wrong["firm"] = "Choose a firm from the list."
    if wrong:
        raise Refused(wrong)


async def _taken(email: str, person_id: UUID | None) -> bool:
    row = await Person.select(Person.id).where(Person.email == email.lower()).first()
    return row is not None and row["id"] != person_id


async def invite_again(sent: Sent, me: SignedIn, person: dict[str, Any], links: list[str]) -> None:
    """A new link for somebody who lost theirs or forgot the password. The password they have works on."""
    if person["disabled_at"] is not None or not rules.may_reinvite(me, person["id"], person["role"]):
        raise Refused({"form": "You cannot make an invitation for this person."})
    sent.note = "made a new invitation"
    links.append(await _invitation(sent, person["id"]))


async def _invitation(sent: Sent, person_id: UUID) -> str:
    """Ends the earlier ones: one person, one open link. Returns its secret, 256 bits."""
    await _end_invitations(sent, person_id)
    token = secrets.token_urlsafe(32)
    await Invitation.insert(
        Invitation(
            id=uuid7(),
            token_sha256=hashed(token),
            person=person_id,
            invited_by=sent.person_id,
            made_at=sent.received_at,
        )
    )
    return token


async def _end_invitations(sent: Sent, person_id: UUID) -> None:
    await (
        Invitation.update({Invitation.ended_at: sent.received_at})
        .where(Invitation.person == person_id)
        .where(Invitation.ended_at.is_null())
    )


async def switch_off(sent: Sent, me: SignedIn, person: dict[str, Any]) -> None:
    """They are out at their next request. What still waits on their phone stays there, under their name."""
    if not rules.may_switch_off(me, person["id"], person["role"]):
        raise Refused({"form": "You cannot switch off this account. Ask an administrator."})
    await (
        Person.update({Person.disabled_at: sent.received_at})
        .where(Person.id == person["id"])
        .where(Person.disabled_at.is_null())
    )
    await end_all_sessions(person["id"], sent.received_at)
    await end_calendar_address(sent, person["id"])
    await _end_invitations(sent, person["id"])
    sent.note = "switched off an account"


async def switch_on(sent: Sent, me: SignedIn, person: dict[str, Any]) -> None:
    if not rules.may_switch_off(me, person["id"], person["role"]):
        raise Refused({"form": "You cannot switch on this account. Ask an administrator."})
    await Person.update({Person.disabled_at: None}).where(Person.id == person["id"])
    sent.note = "switched an account on again"


async def sign_out_everywhere(sent: Sent, me: SignedIn, person: dict[str, Any]) -> None:
    if not rules.may_switch_off(me, person["id"], person["role"]):
        raise Refused({"form": "You cannot sign this person out. Ask an administrator."})
    await end_all_sessions(person["id"], sent.received_at)
    sent.note = "signed somebody out everywhere"


async def add_team(sent: Sent, name: str) -> None:
    await _refuse_taken(Team, name, None)
    await _add(Team(name=name), Team.name, {"name": TAKEN_NAME})
    sent.note = "added a team"


async def rename_team(sent: Sent, team: Team, name: str) -> None:
    await _refuse_taken(Team, name, team.id)
    await Team.update({Team.name: name}).where(Team.id == team.id)
    sent.note = "renamed a team"


async def place_office(sent: Sent, team: Team, text: str) -> None:
    """Where the team's day begins. Nothing written takes it away again."""
    try:
        latitude, longitude = rules.office_position(text)
    except ValueError as error:
        raise Refused({"office": str(error)}) from error
    await Team.update({Team.latitude: latitude, Team.longitude: longitude}).where(Team.id == team.id)
    sent.note = "said where a team's office is"


async def add_firm(sent: Sent, name: str) -> None:
    await _refuse_taken(Firm, name, None)
    await _add(Firm(name=name), Firm.name, {"name": TAKEN_NAME})
    sent.note = "added a firm"


async def rename_firm(sent: Sent, firm: Firm, name: str) -> None:
    await _refuse_taken(Firm, name, firm.id)
    await Firm.update({Firm.name: name}).where(Firm.id == firm.id)
    sent.note = "renamed a firm"


async def _refuse_taken(kind: Any, name: str, own: UUID | None) -> None:
    if not name:
        raise Refused({"name": "Give it a name."})
    every = await kind.select(kind.id, kind.name)  # a council has tens of these
    if any(row["name"].casefold() == name.casefold() and row["id"] != own for row in every):
        raise Refused({"name": TAKEN_NAME})


async def _add(row: Any, unique: Any, taken: dict[str, str]) -> None:
    """Insert, or say that somebody else has just taken the name or address."""
    kind = type(row)
    added = await kind.insert(row).on_conflict(target=unique, action="DO NOTHING").returning(kind.id)
    if not added:
        raise Refused(taken)


async def mark_lost(sent: Sent, phone: Phone, reason: str, here: UUID | None) -> None:
    """Whoever used it last is signed out everywhere: no session on it is left. Refused for the one in use."""
    if phone.id == here:
        raise Refused({"reason": "This is the phone or computer you are using now."})
    await call_lost(sent, phone, reason)
    if phone.person_id:
        await end_all_sessions(phone.person_id, sent.received_at)
