"""What people do to the record of a property. Each runs inside `once`."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from piccolo.columns import Column

from people.rules import Role, SignedIn
from people.tables import Team
from properties import rules
from properties.clearing import open_to
from properties.facts import PLACE, Facts, columns, facts_of, settled
from properties.tables import Property, PropertyChange
from pwa.answers import Refused, Turned
from pwa.ids import uuid7
from pwa.outbox import Sent

NOT_YOURS = "You cannot do this. Ask your team leader."
OTHER_HOME = "Another property has this UPRN: {address}. Check the number."


@dataclass(frozen=True)
class Act:
    """Whose doing a change was, and when."""

    receipt: UUID | None
    by_name: str
    captured_at: datetime
    received_at: datetime


def act_of(sent: Sent) -> Act:
    return Act(sent.id, sent.person_name, sent.captured_at, sent.received_at)


async def add_property(sent: Sent, person: SignedIn, property_id: UUID, facts: Facts) -> None:
    """A property under an id the phone may have made. Refused if its UPRN is another property's."""
    if person.role not in (Role.MANAGER, Role.ADMINISTRATOR):
        raise Turned(403, NOT_YOURS)
    await _own_uprn(person, facts, None)
    await _own_team(person, facts.team)
    if await Property.exists().where(Property.id == property_id):
        raise Refused({"address": "This property was already added."})
    await insert_property(facts, sent.received_at, property_id)
    sent.note = "added a property"


async def change_property(sent: Sent, person: SignedIn, found: Property, facts: Facts) -> None:
    """The fields that differ, each kept before and after. Refused like `add_property`."""
    may_or_turn(person, found)
    await _own_uprn(person, facts, found.id)
    if facts.team != found.team:
        await _own_team(person, facts.team)
    if await update_property(found.id, facts_of(found.to_dict()), facts, act_of(sent)):
        sent.note = "changed a property"


async def retire_property(sent: Sent, person: SignedIn, found: Property) -> None:
    """Out of the lists, its history kept."""
    await _use_or_not(sent, person, found, in_use=False)
    sent.note = "took a property out of use"


async def restore_property(sent: Sent, person: SignedIn, found: Property) -> None:
    await _use_or_not(sent, person, found, in_use=True)
    sent.note = "brought a property back into use"


async def insert_property(facts: Facts, at: datetime, property_id: UUID | None = None) -> UUID:
    """The row itself; for `add_property`, the import and the demo council, inside their transaction."""
    row = Property(**{"id": property_id or uuid7(), "created_at": at, **columns(facts)})
    await Property.insert(row)
    return row.id


async def insert_properties(many: list[Facts], at: datetime) -> None:
    """Many at once, for an import."""
    rows = [Property(**{"id": uuid7(), "created_at": at, **columns(facts)}) for facts in many]
    await Property.insert(*rows)


async def update_property(property_id: UUID, before: Facts, after: Facts, act: Act) -> dict[str, Any]:
    """Write what differs and keep both; the fields that did, with what they are now."""
    after = settled(before, after)
    old, new = asdict(before), asdict(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    if not changed:
        return {}
    for name, value in changed.items():
        await keep_change(property_id, name, old[name], value, act)
    rows = columns(after)
    if any(name in changed for name in PLACE):
        rows["position_tried_at"] = None
    await Property.update(cast(dict[Column | str, Any], rows)).where(Property.id == property_id)
    return changed


def may_or_turn(person: SignedIn, found: Property) -> None:
    """403 unless this person may change this property."""
    if not rules.may_change(person.role, person.team_id, found.team):
        raise Turned(403, NOT_YOURS)


async def _use_or_not(sent: Sent, person: SignedIn, found: Property, in_use: bool) -> None:
    may_or_turn(person, found)
    if person.role is Role.OFFICER:
        raise Turned(403, NOT_YOURS)
    if in_use is (found.retired_at is None):
        return
    at = None if in_use else sent.received_at
    await Property.update({Property.retired_at: at}).where(Property.id == found.id)
    words = ("no", "yes") if in_use else ("yes", "no")
    await keep_change(found.id, "in use", *words, act_of(sent))


async def _own_uprn(person: SignedIn, facts: Facts, property_id: UUID | None) -> None:
    if facts.uprn is None:
        return
    other = await Property.select(Property.id, Property.address).where(Property.uprn == facts.uprn).first()
    if other and other["id"] != property_id:
        told = await Property.exists().where(Property.id == other["id"], open_to(person, Property.id))
        raise Refused({"uprn": OTHER_HOME.format(address=other["address"] if told else "another property")})


async def _own_team(person: SignedIn, team: UUID | None) -> None:
    """Officers and managers give homes to their own team or to none; an administrator to any."""
    if team is None:
        return
    if not await Team.exists().where(Team.id == team):
        raise Refused({"team": "Choose a team from the list."})
    if person.role is not Role.ADMINISTRATOR and team != person.team_id:
        raise Refused({"team": "Only an administrator gives a property to another team."})


async def keep_change(property_id: UUID, field: str, before: Any, after: Any, act: Act) -> None:
    """One line of the property's history."""
    await PropertyChange.insert(
        PropertyChange(
            property=property_id,
            receipt=act.receipt,
            field=field,
            before=await _said(field, before),
            after=await _said(field, after),
            by_name=act.by_name,
            captured_at=act.captured_at,
            received_at=act.received_at,
        )
    )


async def _said(field: str, value: Any) -> str:
    if value is None:
        return ""
    if field == "team":
        row = await Team.select(Team.name).where(Team.id == value).first()
        return str(row["name"]) if row else ""
    return str(value)
