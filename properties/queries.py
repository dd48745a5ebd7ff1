"""Reads about properties, each for the person asking. What they may not see is NotFound."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from people.rules import Role, SignedIn
from people.tables import Team
from properties import certificates, rules
from properties.cards import Home, home_of, homes, warning_codes
from properties.clearing import closed_to, open_for, open_to, secret, secret_homes, sent_since
from properties.commands import may_or_turn
from properties.reference import AlertCode, alert_codes, certificate_kinds
from properties.search import Found, Show, nearest, point_of_postcode, search
from properties.tables import Certificate, PersonAlert, Property, PropertyChange
from pwa.answers import Held, NotFound
from pwa.clock import LONDON
from pwa.direction import apart

__all__ = [
    "Found",
    "Home",
    "HomeWarning",
    "Property",
    "Show",
    "certificates_of",
    "changes_of",
    "closed_among",
    "closed_to",
    "home_for",
    "home_of_property",
    "homes",
    "may_change",
    "nearest",
    "open_for",
    "open_to",
    "point_of_postcode",
    "positions",
    "property_for",
    "property_from_field",
    "property_to_change",
    "search",
    "secret_among",
    "secret_homes",
    "sent_since",
    "team_name",
    "teams",
    "teams_to_give",
    "today",
    "told_of_home",
    "warnings_for",
]


@dataclass(frozen=True)
class HomeWarning:
    """One warning in force. `text` is empty unless `readable`."""

    id: UUID
    code: AlertCode
    readable: bool
    text: str
    owner_name: str
    review_on: date
    added_at: datetime
    mine: bool

    def overdue(self, day: date) -> bool:
        return self.review_on < day


async def property_for(person: SignedIn, property_id: UUID) -> Property:
    """The property with this id. NotFound for contractors, for an id that is not there, and for a confidential
    household's for whoever is not cleared for it."""
    found: Property | None = None
    if rules.sees_properties(person.role):
        query = Property.objects().where(Property.id == property_id, open_to(person, Property.id))
        found = await query.first()
    if found is None:
        raise NotFound
    return found


async def property_from_field(person: SignedIn, property_id: UUID, begins: UUID) -> Property:
    """The same for what was begun there, with the id of that. Held when the home became confidential meanwhile:
    whoever has its id had it while they could see it, and what they did there is not thrown away."""
    try:
        return await property_for(person, property_id)
    except NotFound:
        if not rules.sees_warnings(person.role) or not await is_confidential(property_id):
            raise
    raise Held(rules.NO_LONGER, property_id, begins)


async def told_of_home(property_id: UUID | None) -> list[tuple[str, str]]:
    """The address of a home, for whoever reviews what was held there. Who may is decided by the list of that."""
    if property_id is None:
        return []
    row = await Property.select(Property.address).where(Property.id == property_id).first()
    return [("Home", apart(row["address"]))] if row else []


@dataclass(frozen=True)
class SaidTo999:
    """What the police ask for of a home: it is for whoever is called, and only while an alarm is open."""

    uprn: str
    getting_in: list[str]
    warnings: list[str]
    """What each is called, never why."""


async def said_to_999(person: SignedIn, property_id: UUID) -> SaidTo999 | None:
    """Not scoped: the caller knows who may know of the home. Warnings only for who reads them elsewhere too."""
    row = await Property.select(Property.uprn, Property.access_notes).where(Property.id == property_id).first()
    if row is None:
        return None
    in_force = (PersonAlert.property == property_id) & PersonAlert.ended_at.is_null()
    codes = {one["code"] for one in await PersonAlert.select(PersonAlert.code).where(in_force)}
    shown = codes - rules.CONFIDENTIAL if rules.sees_warnings(person.role) else set()
    labels = [one.label for code, one in alert_codes().items() if code in shown]
    lines = [line.strip() for line in row["access_notes"].splitlines() if line.strip()]
    return SaidTo999(row["uprn"] or "", lines, labels)


async def home_for(person: SignedIn, property_id: UUID) -> Home:
    """The same, as a heading shows it."""
    return await home_of_property(person, await property_for(person, property_id))


async def home_of_property(person: SignedIn, found: Property) -> Home:
    codes = await warning_codes(person, [found.id])
    return home_of(found.to_dict(), codes.get(found.id, ()))


async def is_confidential(property_id: UUID) -> bool:
    """Whether its address goes nowhere outside, whoever asks."""
    in_force = (PersonAlert.property == property_id) & PersonAlert.ended_at.is_null()
    return await PersonAlert.exists().where(in_force & secret())


async def secret_among(homes: Collection[UUID]) -> set[UUID]:
    """Which of these homes are confidential, whoever asks."""
    if not homes:
        return set()
    found = secret_homes().where(PersonAlert.property.is_in(list(homes)))
    return {row["property"] for row in await found}


async def closed_among(person: SignedIn, homes: Collection[UUID]) -> set[UUID]:
    """Which of these homes this person may not know of."""
    if not homes:
        return set()
    found = Property.select(Property.id).where(Property.id.is_in(list(homes)), closed_to(person, Property.id))
    return {row["id"] for row in await found}


async def positions(homes: Collection[UUID]) -> dict[UUID, tuple[float, float]]:
    """Latitude and longitude (WGS 84) of those that have them. Not scoped: the caller knows who may see them."""
    if not homes:
        return {}
    query = Property.select(Property.id, Property.latitude, Property.longitude)
    known = query.where(Property.id.is_in(list(homes)), Property.latitude.is_not_null())
    return {row["id"]: (row["latitude"], row["longitude"]) for row in await known}


def may_change(person: SignedIn, found: Property) -> bool:
    return rules.may_change(person.role, person.team_id, found.team)


async def warnings_for(person: SignedIn, found: Property) -> list[HomeWarning]:
    """Warnings in force. The words only for the two roles that may read them; no rows for other roles."""
    if not rules.sees_warnings(person.role):
        return []
    rows = await (
        PersonAlert.select(
            PersonAlert.id,
            PersonAlert.code,
            PersonAlert.text,
            PersonAlert.owner,
            PersonAlert.owner.name.as_alias("owner_name"),
            PersonAlert.review_on,
            PersonAlert.added_at,
        )
        .where(PersonAlert.property == found.id)
        .where(PersonAlert.ended_at.is_null())
        .order_by(PersonAlert.added_at)
    )
    order = list(alert_codes())
    rows.sort(key=lambda row: order.index(row["code"]) if row["code"] in order else len(order))
    return [_warning(person, found, row) for row in rows]


def _warning(person: SignedIn, found: Property, row: dict[str, Any]) -> HomeWarning:
    readable = rules.reads_warning_text(person.role, person.id, person.team_id, row["owner"], found.team)
    return HomeWarning(
        id=row["id"],
        code=alert_codes().get(row["code"], alert_codes()["0"]),
        readable=readable,
        text=row["text"] if readable else "",
        owner_name=row["owner_name"],
        review_on=row["review_on"],
        added_at=row["added_at"],
        mine=row["owner"] == person.id,
    )


async def certificates_of(person: SignedIn, found: Property, day: date) -> list[certificates.Standing]:
    """The newest certificate of each kind as it stands on `day`, and what every home needs but lacks."""
    if not rules.sees_properties(person.role):
        raise NotFound
    rows = (
        await Certificate.select()
        .where(Certificate.property == found.id)
        .order_by(Certificate.issued_on, Certificate.added_at)
    )
    newest = {row["kind"]: row for row in rows}
    return [
        _standing(kind.code, kind.name, newest.get(kind.code), day)
        for kind in certificate_kinds().values()
        if kind.code in newest or kind.always_shown
    ]


def _standing(kind: str, name: str, row: dict[str, Any] | None, day: date) -> certificates.Standing:
    if row is None:
        return certificates.Standing(kind, name, certificates.State.NONE)
    expires = row["expires_on"]
    return certificates.Standing(
        kind,
        name,
        certificates.state_at(expires, day),
        row["issued_on"],
        expires,
        row["reference"],
        (expires - day).days if expires else 0,
    )


async def changes_of(person: SignedIn, found: Property, most: int = 50) -> list[dict[str, Any]]:
    """What was changed about it, the newest first, as {field, before, after, by_name, received_at}."""
    if not rules.sees_properties(person.role):
        raise NotFound
    rows: list[dict[str, Any]] = await (
        PropertyChange.select()
        .where(PropertyChange.property == found.id)
        .order_by(PropertyChange.received_at, ascending=False)
        .limit(most)
    )
    return rows


async def property_to_change(person: SignedIn, property_id: UUID) -> Property:
    """The property, if this person may change it: NotFound when they may not see it, else 403."""
    found = await property_for(person, property_id)
    may_or_turn(person, found)
    return found


async def teams_to_give(person: SignedIn, found: Property | None) -> list[tuple[str, str]]:
    """The teams this person may give the property to, and the one that has it."""
    mine = {str(person.team_id), str(found.team if found else None)}
    return [team for team in await teams() if person.role is Role.ADMINISTRATOR or team[0] in mine]


def today() -> date:
    """The day in this country."""
    return datetime.now(LONDON).date()


async def teams() -> list[tuple[str, str]]:
    """Every team as (id, name), for a list to choose from."""
    return [(str(row["id"]), row["name"]) for row in await Team.select(Team.id, Team.name).order_by(Team.name)]


async def team_name(found: Property) -> str:
    row = await Team.select(Team.name).where(Team.id == found.team).first() if found.team else None
    return str(row["name"]) if row else ""
