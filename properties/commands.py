"""What people do to the record of a property. Each runs inside `once`."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from piccolo.columns import Column

from people.rules import Role, SignedIn
from people.tables import Team
from properties import position, rules, wording
from properties.certificates import expiry
from properties.reference import alert_codes, certificate_kinds
from properties.tables import Certificate, PersonAlert, Property, PropertyChange
from pwa.answers import NotFound, Refused, Turned
from pwa.ids import uuid7
from pwa.outbox import Sent

NOT_YOURS = "You cannot do this. Ask your team leader."
OTHER_HOME = "Another property has this UPRN: {address}. Check the number."
INDEXED = ("address", "street", "town", "postcode", "uprn")


@dataclass(frozen=True)
class Facts:
    """What is known of one property, normalised. The fields are the columns of the table."""

    uprn: str | None
    address: str
    street: str
    town: str
    postcode: str
    kind: str = ""
    bedrooms: int | None = None
    use: str = ""
    owner: str = ""
    access_notes: str = ""
    team: UUID | None = None
    latitude: float | None = None
    longitude: float | None = None
    position_source: str = ""
    position_problem: str = ""


async def add_property(sent: Sent, person: SignedIn, property_id: UUID, facts: Facts) -> None:
    """A property under an id the phone may have made. Refused if its UPRN is another property's."""
    if person.role not in (Role.MANAGER, Role.ADMINISTRATOR):
        raise Turned(403, NOT_YOURS)
    await _own_uprn(facts, None)
    await _own_team(person, facts.team)
    if await Property.exists().where(Property.id == property_id):
        raise Refused({"address": "This property was already added."})
    await insert_property(facts, sent.received_at, property_id)
    sent.note = "added a property"


async def change_property(sent: Sent, person: SignedIn, found: Property, facts: Facts) -> None:
    """The fields that differ, each kept before and after. Refused like `add_property`."""
    _may(person, found)
    await _own_uprn(facts, found.id)
    if facts.team != found.team:
        await _own_team(person, facts.team)
    if await update_property(found.to_dict(), facts, sent, person.name):
        sent.note = "changed a property"


async def retire_property(sent: Sent, person: SignedIn, found: Property) -> None:
    """Out of the lists, its history kept."""
    _may_manage(person, found)
    await Property.update({Property.retired_at: sent.received_at}).where(
        (Property.id == found.id) & Property.retired_at.is_null()
    )
    await _changed(found.id, "in use", "yes", "no", sent, person.name)
    sent.note = "took a property out of use"


async def restore_property(sent: Sent, person: SignedIn, found: Property) -> None:
    _may_manage(person, found)
    await Property.update({Property.retired_at: None}).where(Property.id == found.id)
    await _changed(found.id, "in use", "no", "yes", sent, person.name)
    sent.note = "brought a property back into use"


async def insert_property(facts: Facts, at: datetime, property_id: UUID | None = None) -> UUID:
    """The row itself; for `add_property`, the import and the demo council, inside their transaction."""
    columns: dict[str, Any] = {**asdict(facts), **_index(asdict(facts))}
    row = Property(id=property_id or uuid7(), created_at=at, **columns)
    await Property.insert(row)
    return row.id


async def update_property(before: dict[str, Any], facts: Facts, sent: Sent, by_name: str) -> list[str]:
    """Write what differs and keep both; the names of the fields that did."""
    after = asdict(facts)
    moved = (after["latitude"], after["longitude"]) != (before["latitude"], before["longitude"])
    if not moved:
        # An address put right is looked for again; a position somebody gave stays theirs.
        same_place = all(after[name] == before[name] for name in ("address", "street", "town", "postcode"))
        after["position_source"] = before["position_source"]
        after["position_problem"] = before["position_problem"] if same_place or before["latitude"] else ""
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return []
    if "address" in changed or "postcode" in changed:
        changed["position_tried_at"] = None
    changes = [
        await _change(before["id"], name, before[name], changed[name], sent, by_name)
        for name in after
        if name in changed
    ]
    await PropertyChange.insert(*changes)
    columns = cast(dict[Column | str, Any], {**changed, **_index(after)})
    await Property.update(columns).where(Property.id == before["id"])
    return list(changed)


def facts_of(row: dict[str, Any]) -> Facts:
    """The facts of a stored row, to be changed with `dataclasses.replace`."""
    return Facts(**{name: row[name] for name in Facts.__dataclass_fields__})


def placed(facts: Facts, latitude: float, longitude: float, source: rules.PositionSource) -> Facts:
    return replace(
        facts,
        latitude=latitude,
        longitude=longitude,
        position_source=source.value,
        position_problem=position.problem(latitude, longitude),
    )


async def add_warning(
    sent: Sent, person: SignedIn, found: Property, code: str, text: str, review_on: date, warning_id: UUID
) -> None:
    """A coded warning owned by whoever adds it, to be looked at again on `review_on`."""
    _may(person, found)
    reasons = {}
    if code not in alert_codes():
        reasons["code"] = "Choose what to warn about."
    if review_on <= sent.captured_at.date():
        reasons["review_on"] = "Choose a day after today, when you will look at this again."
    if code in ("0", "1") and not text:
        reasons["text"] = "Write what an officer must know."
    if reasons:
        raise Refused(reasons)
    await PersonAlert.insert(
        PersonAlert(
            id=warning_id,
            property=found.id,
            code=code,
            text=text,
            owner=person.id,
            review_on=review_on,
            added_at=sent.captured_at,
        )
    )
    sent.note = f"added a warning, code {code}"


async def end_warning(sent: Sent, person: SignedIn, found: Property, warning_id: UUID) -> None:
    """The warning no longer holds. It is kept with who ended it."""
    row = await PersonAlert.objects().get((PersonAlert.id == warning_id) & (PersonAlert.property == found.id))
    if row is None:
        raise NotFound
    if row.owner != person.id:
        _may(person, found)
    await PersonAlert.update({PersonAlert.ended_at: sent.captured_at, PersonAlert.ended_by: person.id}).where(
        (PersonAlert.id == warning_id) & PersonAlert.ended_at.is_null()
    )
    sent.note = f"ended a warning, code {row.code}"


async def add_certificate(
    sent: Sent,
    person: SignedIn,
    found: Property,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    reference: str,
    certificate_id: UUID,
) -> None:
    """One more certificate. Without an end it lasts as long as the rule for its kind says, if there is one."""
    _may(person, found)
    reasons = {}
    known = certificate_kinds().get(kind)
    if known is None:
        reasons["kind"] = "Choose the certificate."
    if issued_on > sent.captured_at.date():
        reasons["issued_on"] = "It cannot be issued after today."
    if expires_on and expires_on < issued_on:
        reasons["expires_on"] = "Its last day is before the day it was issued."
    if reasons or known is None:
        raise Refused(reasons)
    if expires_on is None and known.months:
        expires_on = expiry(issued_on, known.months)
    await Certificate.insert(
        Certificate(
            id=certificate_id,
            property=found.id,
            kind=kind,
            issued_on=issued_on,
            expires_on=expires_on,
            reference=reference,
            added_at=sent.received_at,
            added_by=person.id,
        )
    )
    sent.note = f"added a certificate, {kind}"


def _may(person: SignedIn, found: Property) -> None:
    if not rules.may_change(person.role, person.team_id, found.team):
        raise Turned(403, NOT_YOURS)


def _may_manage(person: SignedIn, found: Property) -> None:
    _may(person, found)
    if person.role is Role.OFFICER:
        raise Turned(403, NOT_YOURS)


async def _own_uprn(facts: Facts, property_id: UUID | None) -> None:
    if facts.uprn is None:
        return
    other = await Property.select(Property.id, Property.address).where(Property.uprn == facts.uprn).first()
    if other and other["id"] != property_id:
        raise Refused({"uprn": OTHER_HOME.format(address=other["address"])})


async def _own_team(person: SignedIn, team: UUID | None) -> None:
    """A manager gives homes to their own team or to none; an administrator to any."""
    if team is None:
        return
    if not await Team.exists().where(Team.id == team):
        raise Refused({"team": "Choose a team from the list."})
    if person.role is not Role.ADMINISTRATOR and team != person.team_id:
        raise Refused({"team": "Only an administrator gives a property to another team."})


def _index(facts: dict[str, Any]) -> dict[str, str]:
    address, street, town, postcode, uprn = (facts[name] for name in INDEXED)
    return {
        "search_text": wording.search_text(address, street, town, postcode, uprn),
        "place_words": wording.place_words(address, street, town),
        "sort_key": wording.sort_key(address, street),
    }


async def _changed(property_id: UUID, field: str, before: Any, after: Any, sent: Sent, by_name: str) -> None:
    await PropertyChange.insert(await _change(property_id, field, before, after, sent, by_name))


async def _change(
    property_id: UUID, field: str, before: Any, after: Any, sent: Sent, by_name: str
) -> PropertyChange:
    return PropertyChange(
        property=property_id,
        receipt=sent.id,
        field=field,
        before=await _said(field, before),
        after=await _said(field, after),
        by_name=by_name,
        captured_at=sent.captured_at,
        received_at=sent.received_at,
    )


async def _said(field: str, value: Any) -> str:
    if value is None:
        return ""
    if field == "team":
        row = await Team.select(Team.name).where(Team.id == value).first()
        return str(row["name"]) if row else ""
    return str(value)
