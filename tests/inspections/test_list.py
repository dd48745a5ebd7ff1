"""The list of inspections: the newest thirty of a person and their team, however many there are."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inspections import list_queries
from inspections.tables import Inspection
from people.rules import Role
from pwa.ids import uuid7
from pwa.prepared import _Place
from tests.conftest import World
from tests.inspections.objects import an_inspection

LINK = re.compile(r'href="/inspections/([0-9a-f]{8}-[0-9a-f-]{27})"')


async def listed(world: World, name: str, page: int = 1) -> list[str]:
    answer = await (await world.sign_in(name)).get(f"/inspections?page={page}")
    return list(dict.fromkeys(LINK.findall(answer.text)))


async def made(world: World, owners: str) -> list[str]:
    """One of each, a minute apart. Gives them newest first."""
    ids = [await an_inspection(world, owner) for owner in owners.split()]
    for minutes, id in enumerate(reversed(ids)):
        row = await Inspection.objects().get(Inspection.id == id)
        assert row is not None
        row.received_at -= timedelta(minutes=minutes)
        await row.save()
    return ids[::-1]


async def test_what_is_both_hers_and_her_teams_stands_once_and_in_its_place(world: World) -> None:
    ids = await made(world, "asha ben asha ben")
    assert await listed(world, "asha") == ids


async def test_what_she_did_in_another_team_stays_in_her_list_and_in_theirs(world: World) -> None:
    ids = await made(world, "ben asha carol")
    await Inspection.update({Inspection.team: world.people["carol"].team}).where(Inspection.id == ids[1])
    assert await listed(world, "asha") == ids[1:]
    assert await listed(world, "ben") == [ids[2]]
    assert await listed(world, "carol") == ids[:2]


async def test_the_second_page_goes_on_where_the_first_ends(world: World) -> None:
    ids = await made(world, "asha ben " * 16)
    assert await listed(world, "asha") + await listed(world, "asha", 2) == ids


async def planned_for_many(engine: Any, sql: str, places: list[Any]) -> str:
    """PostgreSQL chooses by how much there is, and would read these few rows all: it is told that this is dear."""
    asked = (uuid7(), uuid7(), datetime.now(UTC))
    connection = await engine.get_new_connection()
    try:
        async with connection.transaction():
            for way in ("seqscan", "bitmapscan", "sort"):
                await connection.execute(f"SET LOCAL enable_{way} = off")
            values = [asked[one.number] if isinstance(one, _Place) else one for one in places]
            return " / ".join(row[0] for row in await connection.fetch(f"EXPLAIN {sql}", *values))
    finally:
        await connection.close()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
@pytest.mark.parametrize("of_team", [False, True], ids=["own", "team"])
async def test_the_first_page_is_read_from_an_index_in_its_order(world: World, of_team: bool, role: Role) -> None:
    engine, sql, places = list_queries._newest(of_team, role, False)._make()
    if engine.engine_type == "sqlite":
        rows = await engine.run_prepared(f"EXPLAIN QUERY PLAN {sql}", ["a"] * len(places))
        said, sorts = " / ".join(row["detail"] for row in rows), "TEMP B-TREE"
    else:
        said, sorts = await planned_for_many(engine, sql, places), "Sort"
    assert f"inspection_of_{'team' if of_team else 'person'}" in said and sorts not in said, said
