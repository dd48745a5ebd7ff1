"""Officers, and a home each, for a server in a process of its own. Prints who and what they are."""

import asyncio
import json
import sys
from datetime import UTC, datetime

from inspections.commands import seed_reference
from people.commands import start_session
from people.tables import Person, Team
from properties.tables import Property
from server.piccolo_conf import DB
from server.starting import migrate


async def main(names: list[str]) -> dict[str, dict[str, str]]:
    await migrate()
    await DB.open()
    await seed_reference()
    now = datetime.now(UTC)
    team = await Team.objects().create(name="TA north")
    made = {}
    for n, name in enumerate(names):
        person = await Person.objects().create(
            name=f"{name.title()} Test",
            email=f"{name}@harrowmere.example",
            role="officer",
            team=team.id,
            created_at=now,
        )
        home = await Property.objects().create(
            uprn=f"90000000000{n}",
            address=f"{n + 1} Saltmarsh Road",
            postcode="HW2 7LT",
            kind="house",
            bedrooms=2,
            use="temporary",
            team=team.id,
            created_at=now,
        )
        token = await start_session(person, now, "a test")
        made[name] = {"id": str(person.id), "token": token, "home": str(home.id)}
    await DB.shut()
    return made


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1:]))))
