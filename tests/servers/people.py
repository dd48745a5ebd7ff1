"""Officers for a server in a process of its own. Prints who they are and their session cookies."""

import asyncio
import json
import sys
from datetime import UTC, datetime

from people.commands import start_session
from people.tables import Person, Team
from server.piccolo_conf import DB
from server.starting import migrate


async def main(names: list[str]) -> dict[str, dict[str, str]]:
    await migrate()
    await DB.open()
    team = await Team.objects().create(name="TA north")
    made = {}
    for name in names:
        person = await Person.objects().create(
            name=f"{name.title()} Test",
            email=f"{name}@harrowmere.example",
            role="officer",
            team=team.id,
            created_at=datetime.now(UTC),
        )
        token = await start_session(person, datetime.now(UTC), "a test")
        made[name] = {"id": str(person.id), "token": token, "team": str(team.id)}
    await DB.shut()
    return made


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1:]))))
