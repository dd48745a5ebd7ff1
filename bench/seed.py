"""Fill an empty database for a measurement: `python -m bench.seed HOMES INSPECTIONS READINGS`. Prints a cookie and a home."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from piccolo.apps.migrations.commands.forwards import run_forwards

from inspections.commands import seed_reference
from inspections.tables import Completion, Inspection, Reading, Room, Template
from people.commands import start_session
from people.tables import Person, Team
from properties.tables import Property
from pwa.ids import uuid7
from server.piccolo_conf import DB

ITEMS = [
    f"kitchen_{key}" for key in ("walls", "ceiling", "floor", "windows", "cupboards", "worktop", "sink", "hob")
]


async def main(homes: int, inspections: int, readings: int) -> None:
    await run_forwards(app_name="all")
    await DB.open()
    await seed_reference()
    now = datetime.now(UTC)
    team = await Team.objects().create(name="TA north")
    asha = await Person.objects().create(
        name="Asha Rahman", email="asha@harrowmere.example", role="officer", team=team.id, created_at=now
    )
    made = await _homes(homes, team.id, now)
    ids = await _inspections(max(inspections, 1 if readings else 0), made, asha, team.id, now)
    await _readings(readings, ids, asha, now)
    cookie = await start_session(asha, now, "a benchmark")
    await DB.shut()
    print(cookie, made[0])


async def _homes(count: int, team: Any, now: datetime) -> list[Any]:
    rows = [
        Property(
            uprn=str(900_000_000_000 + n),
            address=f"{n + 1} Saltmarsh Road",
            postcode=f"HW{n % 9 + 1} {n % 9}LT",
            kind="house",
            bedrooms=2,
            use="temporary",
            team=team,
            created_at=now,
        )
        for n in range(count)
    ]
    for start in range(0, count, 500):
        await Property.insert(*rows[start : start + 500])
    return [row.id for row in rows]


async def _inspections(count: int, homes: list[Any], asha: Person, team: Any, now: datetime) -> list[Any]:
    template = await Template.objects().get(Template.kind == "void")
    assert template is not None
    ids = [uuid7() for _ in range(count)]
    for start in range(0, count, 200):
        some = ids[start : start + 200]
        times = [now - timedelta(minutes=start + n) for n in range(len(some))]
        await Inspection.insert(
            *(
                Inspection(
                    id=id,
                    kind="void",
                    template=template.id,
                    property=homes[(start + n) % len(homes)],
                    team=team,
                    started_by=asha.id,
                    bedrooms=2,
                    furnished=True,
                    captured_at=times[n],
                    received_at=times[n],
                )
                for n, id in enumerate(some)
            )
        )
        await Room.insert(
            *(Room(inspection=id, key="kitchen", kind="kitchen", label="Kitchen", position=0) for id in some)
        )
        await Completion.insert(
            *(
                Completion(inspection=id, person=asha.id, captured_at=times[n], received_at=times[n])
                for n, id in enumerate(some)
                if n % 2
            )
        )
    return ids


async def _readings(count: int, ids: list[Any], asha: Person, now: datetime) -> None:
    for start in range(0, count, 1000):
        await Reading.insert(
            *(
                Reading(
                    inspection=ids[n % len(ids)],
                    item=ITEMS[n // len(ids) % len(ITEMS)],
                    person=asha.id,
                    condition="G",
                    captured_at=now,
                    received_at=now,
                )
                for n in range(start, min(start + 1000, count))
            )
        )


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:4])))
