"""One home as a row or a heading shows it, for a page of any package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from people.rules import SignedIn
from properties import rules
from properties.position import distance_words
from properties.reference import AlertCode, alert_codes
from properties.tables import PersonAlert, Property
from pwa.prepared import PreparedFor

COLUMNS = (
    Property.id,
    Property.uprn,
    Property.address,
    Property.street,
    Property.town,
    Property.postcode,
    Property.latitude,
    Property.longitude,
    Property.position_problem,
    Property.kind,
    Property.bedrooms,
    Property.use,
    Property.team,
    Property.retired_at,
)
_HOMES = PreparedFor(lambda ids: Property.select(*COLUMNS).where(Property.id.is_in(ids)))
_CODES = PreparedFor(
    lambda homes: (
        PersonAlert.select(PersonAlert.property, PersonAlert.code)
        .where(PersonAlert.property.is_in(homes))
        .where(PersonAlert.ended_at.is_null())
    )
)


@dataclass(frozen=True)
class Home:
    id: UUID
    label: str
    where: str
    door: str
    size: str
    use: str
    uprn: str | None
    postcode: str
    latitude: float | None
    longitude: float | None
    position_problem: str
    team_id: UUID | None
    retired: bool
    warnings: tuple[AlertCode, ...] = ()
    metres: float | None = None

    @property
    def href(self) -> str:
        return f"/properties/{self.id}"

    @property
    def point(self) -> tuple[float, float] | None:
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def confidential(self) -> bool:
        """Its address goes into no calendar, message or other place outside. Needs the warnings to be known."""
        return any(one.code in rules.CONFIDENTIAL for one in self.warnings)

    @property
    def two_people(self) -> bool:
        """Nobody goes in alone. Needs the warnings to be known."""
        return any(one.code in rules.TWO_PEOPLE for one in self.warnings)

    @property
    def distance(self) -> str:
        return "" if self.metres is None else distance_words(self.metres)


def home_of(row: Mapping[str, Any], warnings: Iterable[str] = (), metres: float | None = None) -> Home:
    return Home(
        id=row["id"],
        label=rules.label(row["address"]),
        where=rules.where(row["street"] or row["town"], row["postcode"]),
        door=rules.door_number(row["address"]),
        size=rules.size_words(row["kind"], row["bedrooms"]),
        use=rules.USE_WORDS.get(row["use"], ""),
        uprn=row["uprn"],
        postcode=row["postcode"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        position_problem=row["position_problem"],
        team_id=row["team"],
        retired=row["retired_at"] is not None,
        warnings=tags(warnings),
        metres=metres,
    )


def tags(codes: Iterable[str]) -> tuple[AlertCode, ...]:
    """The warnings in their order, each tag once. A code the list has lost is shown as "ask the office"."""
    known = alert_codes()
    wanted = {code if code in known else "0" for code in codes}
    found: dict[str, AlertCode] = {}
    for code, alert in known.items():
        if code in wanted:
            found.setdefault(alert.tag, alert)
    return tuple(found.values())


async def warning_codes(person: SignedIn, ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Codes of the warnings in force, for those who may see the coded tags; nothing for anybody else."""
    if not rules.sees_warnings(person.role):
        return {}
    found: dict[UUID, list[str]] = {}
    for row in await _CODES(ids):
        found.setdefault(row["property"], []).append(row["code"])
    return found


async def homes(person: SignedIn, ids: Iterable[UUID]) -> dict[UUID, Home]:
    """The homes with these ids that `person` may see, each with its warning tags, in two queries."""
    wanted = list(ids)
    if not wanted or not rules.sees_properties(person.role):
        return {}
    rows = await _HOMES(wanted)
    codes = await warning_codes(person, wanted)
    return {row["id"]: home_of(row, codes.get(row["id"], ())) for row in rows}
