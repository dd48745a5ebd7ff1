"""People out and managers who look: `python -m bench.seed_walls WALLS`. Prints OUT sessions, each with its officer's cookie, and their cookies."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from lone_working.tables import LoneSession
from people.commands import start_session
from people.tables import Person, Team
from pwa.ids import uuid7
from server.piccolo_conf import DB

TEAMS, OUT = 20, 5


async def main(walls: int) -> None:
    await DB.open()
    now, cookies = datetime.now(UTC), []
    # All look at one team, so that every wall is told of each event; the others are out for the statements to leave out.
    teams = [await Team.objects().create(name=f"TA {n}") for n in range(TEAMS)]
    sessions = []
    for n, team in enumerate(teams):
        for place in range(OUT):
            one = await _person(f"Officer {n} {place}", "officer", team.id, now)
            made = await _out(one, team.id, now, place)
            if not n:
                sessions += [str(made), await start_session(one, now, "a benchmark")]
    for n in range(walls):
        manager = await _person(f"Manager {n}", "manager", teams[0].id, now)
        cookies.append(await start_session(manager, now, "a benchmark"))
    await DB.shut()
    print(*sessions, *cookies)


async def _person(name: str, role: str, team: Any, now: datetime) -> Person:
    email = f"{name.lower().replace(' ', '.')}@harrowmere.example"
    return await Person.objects().create(
        name=name, email=email, role=role, team=team, phone="07700900123", created_at=now
    )


async def _out(one: Person, team: Any, now: datetime, place: int) -> Any:
    row = LoneSession(
        id=uuid7(), number=1000 + place, kind="own", place=f"{place} Saltmarsh Road", person=one.id,
        person_name=one.name, team=team, started_at=now, received_at=now, interval_minutes=60,
        due_at=now + timedelta(minutes=60), ends_at=now + timedelta(minutes=60), heard_at=now,
    )  # fmt: skip
    await LoneSession.insert(row)
    return row.id


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
