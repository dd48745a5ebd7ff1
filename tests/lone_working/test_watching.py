"""Looking costs nothing when nothing is due, and that nobody looks is seen."""

from datetime import timedelta
from typing import Any

import pytest
from piccolo.query.base import Query

from lone_working.alarms import due
from lone_working.tables import Alarm, EngineHeartbeat, LoneSession
from pwa.ids import uuid7
from server.engine import DUE, Due, Engine
from server.piccolo_conf import DB
from tests.conftest import ON_POSTGRES
from tests.lone_working.conftest import NOW, Alone


async def plan(query: Query[Any, Any], as_it_is: bool = False) -> str:
    (question,) = query.querystrings
    sql, args = question.compile_string(engine_type=DB.engine_type)
    async with DB.transaction():
        if ON_POSTGRES and not as_it_is:
            await LoneSession.raw("SET LOCAL enable_seqscan = off")
        rows = await DB.run_prepared(f"EXPLAIN {'' if ON_POSTGRES else 'QUERY PLAN '}{sql}", args)
    return " ".join(str(value) for row in rows for value in row.values())


async def test_what_is_due_is_found_by_the_indexes_of_what_is_open(alone: Alone) -> None:
    overdue = LoneSession.select().where(due.QUIET & (LoneSession.due_at <= NOW)).order_by(LoneSession.due_at)
    assert "lone_session_due" in await plan(overdue.limit(due.BATCH))
    assert "alarm_next_fire_at" in await plan(Alarm.select().where(Alarm.next_fire_at <= NOW).limit(due.BATCH))


AT_ONCE = 5_000


async def many_more(alone: Alone, many: int) -> None:
    """So many who are out, each like the first one but for their ids and deadlines."""
    await alone.begin()
    names = [column._meta.db_column_name for column in LoneSession._meta.columns]
    id = "gen_random_uuid()" if ON_POSTGRES else "lower(hex(randomblob(16)))"
    due_at = "s.due_at + n * interval '1 second'" if ON_POSTGRES else "s.due_at"
    taken = ", ".join({"id": id, "due_at": due_at}.get(name, f's."{name}"') for name in names)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {AT_ONCE}) "
    into = f"INSERT INTO lone_session ({', '.join(names)}) "
    first = (await LoneSession.select(LoneSession.id).first() or {})["id"]
    for _ in range(0, many, AT_ONCE):
        await DB.run_ddl(f"{into} {numbers} SELECT {taken} FROM lone_session s, numbers WHERE s.id = '{first}'")
    await DB.run_ddl("ANALYZE lone_session")


async def test_with_a_hundred_thousand_out_what_is_due_is_still_found_by_the_index(alone: Alone) -> None:
    """On PostgreSQL as its planner chooses, with its statistics and nothing forbidden."""
    await many_more(alone, 100_000)
    overdue = LoneSession.select().where(due.QUIET & (LoneSession.due_at <= NOW)).order_by(LoneSession.due_at)
    assert "lone_session_due" in await plan(overdue.limit(due.BATCH), as_it_is=True)
    assert "lone_session_due" in await plan(due.first_overdue(NOW), as_it_is=True)
    if ON_POSTGRES:
        assert "lone_session_due" in await for_any_time(due.first_overdue(NOW))


async def for_any_time(query: Query[Any, Any]) -> str:
    """PostgreSQL's plan once it has answered a question five times: made without looking at what is asked for."""
    (question,) = query.querystrings
    sql, args = question.compile_string(engine_type=DB.engine_type)
    assert len(args) == 1
    async with DB.transaction():
        await LoneSession.raw("SET LOCAL plan_cache_mode = force_generic_plan")
        await LoneSession.raw(f"PREPARE anybody (timestamptz) AS {sql}")
        rows = await LoneSession.raw(f"EXPLAIN EXECUTE anybody ('{args[0].isoformat()}')")
        await LoneSession.raw("DEALLOCATE anybody")
    return " ".join(str(value) for row in rows for value in row.values())


async def test_a_heartbeat_is_written_every_five_seconds_and_old_engines_are_forgotten(alone: Alone) -> None:
    engine = uuid7()
    await due.scan(alone.now, engine)
    for seconds in (1, 4, 6):
        await due.scan(alone.now + timedelta(seconds=seconds), engine)
    (row,) = await EngineHeartbeat.select()
    assert row["last_scan_at"] == alone.now + timedelta(seconds=6)
    await due.scan(alone.now + timedelta(days=2), uuid7())
    assert await EngineHeartbeat.count() == 1


async def test_one_of_two_engines_going_is_no_outage(alone: Alone) -> None:
    first, second = uuid7(), uuid7()
    await alone.begin()
    await due.scan(alone.now, first)
    await alone.turn(600, second)
    await due.scan(alone.now, first)
    assert await EngineHeartbeat.count().where(EngineHeartbeat.resumed_at.is_not_null()) == 0


async def test_a_scan_that_always_fails_leaves_readiness(monkeypatch: pytest.MonkeyPatch) -> None:
    (lone,) = [one for one in DUE if one.name == "lone working"]
    assert lone.vital and lone.patience == timedelta(seconds=15)

    async def fails(at: object) -> int:
        raise OSError("the database is away")

    engine, broken = Engine(), Due("lone working", fails, vital=True)
    engine.due = (broken,)
    engine.last_turn["lone working"] = NOW
    await engine.turn(broken, NOW)
    assert engine.stuck(NOW + timedelta(seconds=14)) == []
    assert engine.stuck(NOW + timedelta(seconds=16)) == ["lone working"]
