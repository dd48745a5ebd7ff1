"""The demo council's forty homes, their warnings and certificates.

UPRNs run from 999000000001: a block chosen so that nobody takes one for a real home's. The HW postcodes
are nobody's either, and the town lies on the mudflats of the Wash, where no home can be.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import cos, radians
from pathlib import Path
from uuid import UUID

from properties.changing import CertificateForm, WarningForm
from properties.commands import add_property
from properties.facts import Facts, placed
from properties.queries import property_for
from properties.record_commands import add_certificate, add_warning
from properties.rules import PositionSource, door_number
from pwa.ids import uuid7
from server.demo.council import LEADS, Council
from server.demo.phone import Phone

MIDDLE = (52.945, 0.205)
METRES_A_DEGREE = 111_200
FIRST_UPRN = 999_000_000_000

# Home, code, words for the two roles that may read them, days until it is looked at again.
WARNINGS = (
    (3, "10", "Shouted and blocked the door on two visits in June. Go in pairs.", 40),
    (3, "DOG", "Large dog, friendly but jumps up. Ask for it to be shut away.", 40),
    (6, "40", "Arabic. Telephone interpreter booked through the office.", 90),
    (9, "20-70", "Speak to the duty manager before each visit.", 14),
    (12, "30", "Works nights. Ring after 11.", 60),
    (14, "10-10", "Threats from a neighbour, not from the household.", 21),
    (17, "20-50", "Wheelchair user. Allow time for the door.", 120),
    (20, "DOG", "Dog in the back garden.", 75),
    (37, "20-10", "Use the light bell at the scheme door.", 180),
    (39, "50", "Women visitors only, agreed with the scheme.", -3),
)


@dataclass(frozen=True)
class DemoHome:
    key: int
    id: UUID
    facts: Facts
    team: str

    @property
    def door(self) -> str:
        return door_number(self.facts.address)


@cache
def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "homes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def homes(teams: dict[str, UUID]) -> dict[int, DemoHome]:
    return {int(row["key"]): DemoHome(int(row["key"]), uuid7(), _facts(row, teams), row["team"]) for row in rows()}


def _facts(row: dict[str, str], teams: dict[str, UUID]) -> Facts:
    facts = Facts(
        uprn=str(FIRST_UPRN + int(row["key"])),
        address=row["address"],
        street=row["street"],
        town="Harrowmere",
        postcode=row["postcode"],
        kind=row["kind"],
        bedrooms=int(row["bedrooms"]) if row["bedrooms"] else None,
        use=row["use"],
        owner=row["owner"],
        access_notes=row["notes"],
        team=teams[row["team"]],
    )
    north = int(row["north"]) / METRES_A_DEGREE
    east = int(row["east"]) / METRES_A_DEGREE / cos(radians(MIDDLE[0]))
    return placed(facts, MIDDLE[0] + north, MIDDLE[1] + east, PositionSource.IMPORT)


async def take_on(council: Council, known: dict[int, DemoHome], now: datetime) -> None:
    """Put the homes in, as the administrator did two months ago, with what the teams know of them."""
    at = now - timedelta(days=60)
    office = Phone(council.people["ade"])
    for home in known.values():
        await office.do(at, "/properties", add_property, home.id, home.facts)
    leads = {team: Phone(council.people[lead]) for team, lead in LEADS.items()}
    for home in known.values():
        await _certify(leads[home.team], home, now)
    for key, code, words, days in WARNINGS:
        phone = leads[known[key].team]
        found = await property_for(phone.person, known[key].id)
        form = WarningForm(code=code, review_on=now.date() + timedelta(days=days), text=words, id=uuid7())
        await phone.do(at, f"/properties/{found.id}/warnings", add_warning, found, form=form)


async def _certify(phone: Phone, home: DemoHome, now: datetime) -> None:
    found = await property_for(phone.person, home.id)
    for kind, issued in _certificates(home.key, now.date()):
        form = CertificateForm(kind=kind, issued_on=issued, reference=f"HBC-{kind}-{home.key:03}", id=uuid7())
        at = now - timedelta(days=2)
        await phone.do(at, f"/properties/{found.id}/certificates", add_certificate, found, form=form)


def _certificates(key: int, today: date) -> list[tuple[str, date]]:
    """Mostly in date. Every ninth gas record has lapsed, others lapse this month, one home has no report."""
    gas = {0: 372, 1: 351, 2: 340}.get(key % 9, 20 + key * 7 % 290)
    found = [("EPC", today - timedelta(days=300 + key * 61))]
    if key not in (32, 35):
        found.append(("LGSR", today - timedelta(days=gas)))
    if key != 29:
        electric = 1810 if key % 11 == 4 else 90 + key * 37
        found.append(("EICR", today - timedelta(days=electric)))
    if key <= 20 and key % 3 == 0:
        found.append(("PAT", today - timedelta(days=200 + key * 20)))
    return found
