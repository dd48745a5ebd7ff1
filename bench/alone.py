"""Measurements of lone working, each in a process of its own: `python -m bench.alone WHICH`. Prints JSON.

The database is that of the environment (SQLite in DOORSTEP_DATA, or DOORSTEP_DATABASE_URL), empty to begin with.
"""

import asyncio
import json
import logging
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.apps.migrations.commands.forwards import run_forwards

from lone_working.alarms import due
from lone_working.sessions import commands
from lone_working.tables import AlarmStep, LoneSession, SafePin
from messages import due as messages_due
from messages import rules as message_rules
from messages import sending
from messages.tables import Message
from people.passwords import hasher
from people.rules import Role, SignedIn
from people.tables import Person, Team
from pwa.ids import uuid7
from server.engine import Due, Engine
from server.piccolo_conf import DB
from server.settings import settings

ACTIVE = int(os.environ.get("ACTIVE", "100000"))
RUNS = int(os.environ.get("RUNS", "1000"))
STORM = 1_000
SAFE, DURESS = "2741", "8053"
# So late that each has its buddy told by one text: a thousand overdue are a thousand messages.
LATE = timedelta(minutes=5, seconds=1)


async def people() -> tuple[Any, Person, Person]:
    """Asha, who has no mobile, Ben, her buddy, who has one, and Dina, who leads them."""
    team = await Team.objects().create(name="TA north")
    who = [("asha", "officer", ""), ("ben", "officer", "07700900102"), ("dina", "manager", "07700900103")]
    made = [
        Person(id=uuid7(), name=f"{name.title()} Test", email=f"{name}@harrowmere.example", role=role,
               team=team.id, phone=phone, created_at=datetime.now(UTC))
        for name, role, phone in who
    ]  # fmt: skip
    await Person.insert(*made)
    return team.id, made[0], made[1]


async def go_out(many: int, team: Any, asha: Any, buddy: Any, dues: list[datetime]) -> None:
    now = datetime.now(UTC) - timedelta(hours=2)
    rows = [
        LoneSession(id=uuid7(), number=1000 + n % 9000, kind="own", place="The depot", person=asha,
                    person_name="Asha Test", team=team, buddy=buddy, buddy_name="Ben Test", started_at=now,
                    received_at=now, heard_at=now, interval_minutes=30, due_at=dues[n % len(dues)], ends_at=dues[0])
        for n in range(many)
    ]  # fmt: skip
    for first in range(0, many, 500):
        async with DB.transaction():
            await LoneSession.insert(*rows[first : first + 500])


def shares(took: list[float]) -> dict[str, float]:
    """In milliseconds."""
    found = sorted(took)
    return {"p50": found[len(found) // 2] * 1000, "p99": found[int(len(found) * 0.99)] * 1000,
            "max": found[-1] * 1000}  # fmt: skip


async def with_many_out() -> tuple[Any, Person, Person]:
    team, asha, ben = await people()
    now = datetime.now(UTC)
    await go_out(ACTIVE, team, asha.id, ben.id, [now + timedelta(hours=2 + n / 1000) for n in range(1000)])
    await DB._run("ANALYZE", []) if settings.database_url is None else await DB._run_in_pool("ANALYZE")
    return team, asha, ben


async def idle() -> dict[str, float]:
    await with_many_out()
    took = []
    for _ in range(600):
        began = time.perf_counter()
        await due.run_due(datetime.now(UTC))
        took.append(time.perf_counter() - began)
    return shares(took)


async def steady() -> dict[str, float]:
    """A hundred deadlines in twenty seconds, as the engine's own loop finds them."""
    team, asha, ben = await with_many_out()
    begin = datetime.now(UTC) + timedelta(seconds=2)
    await go_out(100, team, asha.id, ben.id, [begin + timedelta(seconds=n / 5) for n in range(100)])
    took: list[float] = []

    async def work(at: datetime) -> int:
        done = await due.run_due(at)
        if done:
            committed = datetime.now(UTC)
            for row in await AlarmStep.select(AlarmStep.due_at).where(AlarmStep.fired_at >= at):
                took.append((committed - row["due_at"]).total_seconds())
        return done

    engine = Engine((Due("lone working", work),))
    engine.start()
    await asyncio.sleep(25)
    await engine.stop()
    return shares(took)


async def storm() -> dict[str, float]:
    """A thousand overdue at once, by the engine's own loops; and their thousand texts to the provider."""
    team, asha, ben = await people()
    await due.run_due(datetime.now(UTC))
    await go_out(STORM, team, asha.id, ben.id, [datetime.now(UTC) - LATE])
    sending.use(settings.sending)
    told: dict[str, float] = {}
    began = time.perf_counter()

    async def work(at: datetime) -> int:
        done = await due.run_due(at)
        if "committed" not in told and await Message.count() >= STORM:
            told["committed"] = time.perf_counter() - began
        return done

    loops = (
        Due("lone working", work),
        Due(message_rules.HELP, messages_due.run_help),
        Due(message_rules.URGENT, messages_due.run_urgent),
    )
    engine = Engine(loops)
    engine.start()
    while await Message.count().where(Message.sent_at.is_not_null()) < STORM:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    told["handed"] = time.perf_counter() - began
    await engine.stop()
    return told


async def nobody() -> dict[str, float]:
    """Only those who can be told, for a server that runs already."""
    await overdue(0)
    return {}


async def overdue(many: int = STORM) -> dict[str, float]:
    """And a thousand who are overdue."""
    asha = await Person.objects().where(Person.email.like("asha@%")).first()
    assert asha is not None
    await Person.insert(
        *(
            Person(id=uuid7(), name=f"{name} Test", email=f"{name}@harrowmere.example", role=role, team=asha.team,
                   phone=phone, created_at=datetime.now(UTC))
            for name, role, phone in (("ben", "officer", "07700900102"), ("dina", "manager", "07700900103"))
        )
    )  # fmt: skip
    ben = await Person.select(Person.id).where(Person.email.like("ben@%")).first()
    await go_out(many, asha.team, asha.id, (ben or {})["id"], [datetime.now(UTC) - LATE])
    return {}


async def alike() -> dict[str, float]:
    """Ending with either PIN, in turn, each in a session of its own: what its officer waits."""
    from tests.pwa.test_once import sent as made

    team, asha, ben = await people()
    await SafePin.insert(
        SafePin(id=uuid7(), person=asha.id, safe_hash=hasher.hash(SAFE), duress_hash=hasher.hash(DURESS),
                made_at=datetime.now(UTC))
    )  # fmt: skip
    me = SignedIn(asha.id, asha.name, Role.OFFICER, team, None, asha.id, datetime.now(UTC))
    await go_out(RUNS * 2, team, asha.id, ben.id, [datetime.now(UTC) + timedelta(hours=1)])
    ids: list[UUID] = [row["id"] for row in await LoneSession.select(LoneSession.id)]
    took: dict[str, list[float]] = {SAFE: [], DURESS: []}
    order = [SAFE, DURESS] * RUNS
    random.Random(1).shuffle(order)
    for id, pin in zip(ids, order, strict=True):
        from dataclasses import replace

        now = datetime.now(UTC)
        sent = replace(made(person=asha.id), person_name=me.name, team_id=team, captured_at=now, received_at=now)
        began = time.perf_counter()
        await commands.end(sent, me, id, pin)
        took[pin].append(time.perf_counter() - began)
    safe, duress = shares(took[SAFE])["p50"], shares(took[DURESS])["p50"]
    return {"safe": safe, "duress": duress, "differ": abs(safe - duress)}


async def main(which: str) -> None:
    logging.disable(logging.ERROR)
    if which not in ("overdue", "nobody"):
        await run_forwards(app_name="all")
    await DB.open()
    said = await globals()[which]()
    sending.close()
    await DB.shut()
    print(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
