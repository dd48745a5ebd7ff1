"""Harrowmere Borough Council, which does not exist: who works there and for it.

Every name is made up. E-mail addresses end in `.example`, which can never be registered, and telephone
numbers come from the ranges Ofcom keeps for drama.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from people.commands import add_person
from people.demo import DEMO_PASSWORD
from people.rules import ROLE_WORDS, Role, SignedIn
from people.tables import Firm, Person, Team
from pwa.ids import uuid7

TEAMS = {"ta": "Temporary accommodation", "empty": "Empty homes and lettings", "supported": "Supported housing"}
# Degrees, on the mudflats where the whole town lies (server.demo.homes).
OFFICES = {"ta": (52.9441, 0.2061), "empty": (52.9441, 0.2061), "supported": (52.9472, 0.2046)}
FIRMS = {"pennard": "Pennard Property Repairs", "fuller": "Fuller and Daughters, Locksmiths"}


@dataclass(frozen=True)
class One:
    key: str
    name: str
    role: Role
    place: str = ""


PEOPLE = (
    One("asha", "Asha Verma", Role.OFFICER, "ta"),
    One("tom", "Tom Ridley", Role.OFFICER, "ta"),
    One("grace", "Grace Adeyemi", Role.OFFICER, "ta"),
    One("kieran", "Kieran Walsh", Role.OFFICER, "ta"),
    One("ben", "Ben Calloway", Role.OFFICER, "empty"),
    One("mei", "Mei Hartono", Role.OFFICER, "empty"),
    One("lowri", "Lowri Price", Role.OFFICER, "empty"),
    One("joan", "Joan Whitfield", Role.OFFICER, "supported"),
    One("dina", "Dina Okafor", Role.MANAGER, "ta"),
    One("marek", "Marek Nowak", Role.MANAGER, "empty"),
    One("ade", "Ade Bankole", Role.ADMINISTRATOR),
    One("callum", "Callum Reid", Role.CONTRACTOR, "pennard"),
    One("sadie", "Sadie Marsh", Role.CONTRACTOR, "pennard"),
    One("fred", "Fred Fuller", Role.CONTRACTOR, "fuller"),
    One("ivy", "Ivy Fuller", Role.CONTRACTOR, "fuller"),
)
LOOKED_AFTER_BY = {"pennard": "empty", "fuller": "ta"}
# Who speaks for a team: its manager, or its one officer.
LEADS = {"ta": "dina", "empty": "marek", "supported": "joan"}


class Account(NamedTuple):
    """Who can sign in, for the terminal."""

    name: str
    role: str
    email: str
    password: str

    def __str__(self) -> str:
        return f"{self.name:<18}{self.role:<15}{self.email:<34}{self.password}"


@dataclass(frozen=True)
class Council:
    teams: dict[str, UUID]
    people: dict[str, SignedIn]


def email_of(one: One) -> str:
    where = "harrowmere" if one.role is not Role.CONTRACTOR else one.place
    return f"{one.key}@{where}.example"


def accounts() -> list[Account]:
    return [Account(one.name, ROLE_WORDS[one.role], email_of(one), DEMO_PASSWORD) for one in PEOPLE]


async def found_council(teams: dict[str, UUID]) -> Council:
    """The teams, the firms and their people."""
    for key, name in TEAMS.items():
        latitude, longitude = OFFICES[key]
        await Team.objects().create(id=teams[key], name=name, latitude=latitude, longitude=longitude)
    firms = {key: (await Firm.objects().create(name=name)).id for key, name in FIRMS.items()}
    people = {one.key: await _employ(number, one, teams, firms) for number, one in enumerate(PEOPLE)}
    return Council(teams, people)


async def _employ(number: int, one: One, teams: dict[str, UUID], firms: dict[str, UUID]) -> SignedIn:
    where: dict[str, Any] = {"phone": f"07700 9001{number:02}"}
    if one.role is Role.CONTRACTOR:
        where |= {"firm": firms[one.place], "looked_after_by": teams[LOOKED_AFTER_BY[one.place]]}
    elif one.place:
        where |= {"team": teams[one.place]}
    return signed_in(await add_person(one.name, email_of(one), one.role.value, DEMO_PASSWORD, **where))


def signed_in(person: Person) -> SignedIn:
    """As somebody at work, to put their day through the same commands as everybody's."""
    return SignedIn(
        id=person.id,
        name=person.name,
        role=Role(person.role),
        team_id=person.team,
        firm_id=person.firm,
        session_id=uuid7(),
        last_used_at=person.created_at,
    )
