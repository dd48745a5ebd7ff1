"""The due work of lone working in processes to be killed. `make N`: N are overdue; else an engine a line."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

from lone_working import due
from lone_working.tables import LoneSession
from messages import sending
from people.tables import Person, Team
from pwa.ids import uuid7
from server.piccolo_conf import DB
from server.settings import settings
from server.starting import migrate

OVERDUE = timedelta(minutes=16)  # five steps of the ladder, all at once


async def make(many: int) -> None:
    await migrate()
    await DB.open()
    now = datetime.now(UTC)
    team = await Team.objects().create(name="TA north")
    people = [
        Person(id=uuid7(), name=f"{name} Test", email=f"{name}@harrowmere.example", role=role, team=team.id,
               phone=phone, created_at=now)
        for name, role, phone in (("Asha", "officer", ""), ("Ben", "officer", "07700900102"),
                                  ("Dina", "manager", "07700900103"))
    ]  # fmt: skip
    await Person.insert(*people)
    came = now - OVERDUE - timedelta(minutes=30)
    sessions = [
        LoneSession(id=uuid7(), number=1000 + n, kind="own", place="The depot", person=people[0].id,
                    person_name="Asha Test", team=team.id, buddy=people[1].id, buddy_name="Ben Test",
                    started_at=came, received_at=came, heard_at=came, interval_minutes=30, due_at=now - OVERDUE,
                    ends_at=now - OVERDUE)
        for n in range(many)
    ]  # fmt: skip
    await LoneSession.insert(*sessions)
    await DB.shut()


async def work() -> None:
    """Until nothing is left to do."""
    sending.use(settings.sending)
    due.BATCH = 3
    await DB.open()
    while await due.run_due(datetime.now(UTC)):
        pass
    await DB.shut()


def nursery() -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            due.HERE = uuid7()
            asyncio.run(work())
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("done" if status == 0 else "killed", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        asyncio.run(make(int(sys.argv[2])))
    else:
        nursery()
