"""The little world for a server in a process of its own: people who sign in by the form, and three homes.

Prints the ids as JSON. Run with the server's own environment, before it starts.
"""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from inspections.commands import seed_reference
from people.passwords import hashed
from people.tables import Firm, Person, Team
from properties.commands import insert_property
from properties.facts import Facts
from server.piccolo_conf import DB
from server.starting import migrate

PASSWORD = "seven boats on the mud"
HOMES = {
    "saltmarsh": ("22 Saltmarsh Road", "HW2 7LT", "house", 2, "temporary", "100000000022"),
    "linden": ("Flat 3, 14 Linden Court", "HW4 2QD", "flat", 1, "temporary", "100000000314"),
    "quay": ("7 Quay Street", "HW1 1AA", "house", 3, "general", "100000000007"),
}


async def people(now: datetime) -> dict[str, str]:
    teams = {name: await Team.objects().create(name=f"TA {name}") for name in ("north", "south")}
    firm = await Firm.objects().create(name="Pennard")
    north, south = {"team": teams["north"].id}, {"team": teams["south"].id}
    who: list[tuple[str, str, dict[str, Any]]] = [
        ("asha", "officer", north),
        ("ben", "officer", north),
        ("carol", "officer", south),
        ("dina", "manager", north),
        ("ade", "administrator", {}),
        ("callum", "contractor", {"firm": firm.id}),
    ]
    password = await hashed(PASSWORD)  # the same for all: one hash costs as much as a page
    found = {}
    for name, role, where in who:
        made = await Person.objects().create(
            name=f"{name.title()} Test",
            email=f"{name}@harrowmere.example",
            role=role,
            password_hash=password,
            password_set_at=now,
            created_at=now,
            **where,
        )
        found[name] = str(made.id)
    return {**found, "north": str(teams["north"].id)}


async def homes(now: datetime) -> dict[str, str]:
    found = {}
    for name, (address, postcode, kind, bedrooms, use, uprn) in HOMES.items():
        facts = Facts(
            uprn=uprn, address=address, street="", town="Harrowmere", postcode=postcode, kind=kind,
            bedrooms=bedrooms, use=use,
        )  # fmt: skip
        found[name] = str(await insert_property(facts, now))
    return found


async def main() -> dict[str, str]:
    await migrate()
    await DB.open()
    now = datetime.now(UTC)
    await seed_reference()
    found = {**await people(now), **await homes(now)}
    await DB.shut()
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
