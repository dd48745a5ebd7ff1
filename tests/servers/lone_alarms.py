"""So many calls for help, one a fifth of a second from soon on, for servers in processes of their own to take up.

Run with the servers' own environment. Each has a deadline still to come and nobody told yet.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from lone_working.ladders.rules import HELP
from lone_working.rules import AlarmKind
from lone_working.tables import Alarm, LoneSession
from people.tables import Person, Team
from pwa.ids import uuid7
from server.piccolo_conf import DB
from server.starting import migrate

SOON, APART = timedelta(seconds=2), timedelta(seconds=0.2)


async def make(many: int) -> None:
    await migrate()
    await DB.open()
    now = datetime.now(UTC)
    team = await Team.objects().create(name="TA lone")
    people = [
        Person(id=uuid7(), name=f"{name} Test", email=f"{name}.lone@harrowmere.example", role=role, team=team.id,
               phone="07700900102", created_at=now)
        for name, role in (("Asha", "officer"), ("Ben", "officer"), ("Dina", "manager"))
    ]  # fmt: skip
    await Person.insert(*people)
    sessions = [
        LoneSession(id=uuid7(), number=1000 + n, kind="own", place="The depot", person=people[0].id,
                    person_name="Asha Test", team=team.id, buddy=people[1].id, buddy_name="Ben Test",
                    started_at=now, received_at=now, heard_at=now, interval_minutes=30, alarmed=True,
                    due_at=now + timedelta(minutes=30), ends_at=now + timedelta(minutes=30))
        for n in range(many)
    ]  # fmt: skip
    await LoneSession.insert(*sessions)
    at = datetime.now(UTC) + SOON
    alarms = [
        Alarm(id=uuid7(), session=one.id, team=team.id, kind=AlarmKind.PANIC.value, opened_at=now,
              origin_at=at + n * APART, next_fire_at=at + n * APART, policy=HELP.dumps())
        for n, one in enumerate(sessions)
    ]  # fmt: skip
    await Alarm.insert(*alarms)
    await DB.shut()


if __name__ == "__main__":
    asyncio.run(make(int(sys.argv[1])))
