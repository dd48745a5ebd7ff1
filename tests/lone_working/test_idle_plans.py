"""Whatever the engine asks when nothing is due is answered from an index, with a hundred thousand out."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from lone_working.alarms import due, responding
from lone_working.sessions import commands
from lone_working.tables import Alarm, LoneSession
from lone_working.watch import clock
from pwa.ids import uuid7
from server.piccolo_conf import DB
from tests.conftest import ON_POSTGRES
from tests.lone_working.conftest import Alone
from tests.lone_working.test_watching import many_more

OUT, OVER = 100_000, 20_000
BIG = ("lone_session", "alarm", "alarm_told", "message")
WHOLE = re.compile(r"(?:Seq Scan on|SCAN) (\w+)(?! USING)")
Question = tuple[str, list[Any]]


@asynccontextmanager
async def heard() -> AsyncIterator[list[Question]]:
    """What is asked of the database meanwhile."""
    kind, asked = type(DB), list[Question]()
    query, prepared = kind.run_querystring, kind.run_prepared

    async def run_querystring(self: Any, said: Any, *more: Any, **how: Any) -> Any:
        asked.append(said.compile_string(engine_type=DB.engine_type))
        return await query(self, said, *more, **how)

    async def run_prepared(self: Any, sql: str, args: list[Any]) -> Any:
        asked.append((sql, args))
        return await prepared(self, sql, args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "run_querystring", run_querystring)
        patch.setattr(kind, "run_prepared", run_prepared)
        yield asked


async def plans(sql: str, args: list[Any]) -> list[str]:
    """As it is asked; and on PostgreSQL as it is kept after five times, without looking at what is asked for."""
    explain = f"EXPLAIN {'' if ON_POSTGRES else 'QUERY PLAN '}{sql}"
    async with DB.transaction():
        found = [await DB.run_prepared(explain, args)]
        if ON_POSTGRES:
            await LoneSession.raw("SET LOCAL plan_cache_mode = force_generic_plan")
            await LoneSession.raw(f"PREPARE idle AS {sql}")
            given = ", ".join(f"'{one.isoformat() if isinstance(one, datetime) else one}'" for one in args)
            found.append(await LoneSession.raw(f"EXPLAIN EXECUTE idle{f' ({given})' if args else ''}"))
            await LoneSession.raw("DEALLOCATE idle")
    return [" ".join(str(value) for row in rows for value in row.values()) for rows in found]


async def many_are_over(alone: Alone) -> None:
    """So many alarms of before, each resolved."""
    id = await alone.begin("ben", minutes=5, buddy=None)
    await alone.turn(6 * 60)
    await commands.call_for_help(alone.sent("ben"), alone.who("ben"), id)
    await alone.turn(3 * 60)
    await alone.do("dina", responding.outcome, (await alone.alarm())["id"], "With them", True, True)
    names = [column._meta.db_column_name for column in Alarm._meta.columns]
    fresh = "gen_random_uuid()" if ON_POSTGRES else "lower(hex(randomblob(16)))"
    taken = ", ".join(fresh if name == "id" else f'a."{name}"' for name in names)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {OVER}) "
    await DB.run_ddl(f"INSERT INTO alarm ({', '.join(names)}) {numbers} SELECT {taken} FROM alarm a, numbers")
    await DB.run_ddl("ANALYZE alarm")


async def test_an_idle_scan_reads_no_table_from_end_to_end(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def now() -> datetime:
        return alone.now

    monkeypatch.setattr(clock, "read", now)
    await many_are_over(alone)
    await many_more(alone, OUT)
    assert await idle(alone) >= {"lone_session_due", "alarm_next_fire_at", "alarm_check", "alarm_open"}
    await alone.do("asha", commands.panic, uuid7())
    await alone.turn()
    await idle(alone)  # with a call for help that waits for its next step


async def idle(alone: Alone) -> set[str]:
    """The words of all its plans."""
    engine, used = uuid7(), set[str]()
    await due.scan(alone.now, engine)
    async with heard() as asked:
        assert await due.scan(alone.now, engine) == 0
    assert 4 <= len(asked) <= 8, "its own heartbeat, alarms, who is overdue, who was not reached, whom to remind"
    for sql, args in asked:
        for one in await plans(sql, args):
            assert not set(WHOLE.findall(one)) & set(BIG), f"{sql}\n{one}"
            used |= set(re.findall(r"\w+", one))
    return used
