"""What is forgotten of who was on duty and of tests: after a year; and the code word of who left so long ago."""

from datetime import datetime
from typing import Any

from lone_working.ladders.tables import CodeWord, Drill, DrillTold
from lone_working.rota.tables import DutyGap, DutyShift
from pwa.outbox import writing

BATCH = 500


async def erase_older(before: datetime) -> int:
    """Up to BATCH of each, and of how many. It looks first: a quiet second writes nothing."""
    erased = 0
    for table, old in (
        (DutyShift, DutyShift.ends_at < before),
        (DutyGap, DutyGap.ends_at < before),
        (Drill, Drill.begun_at < before),
        (CodeWord, CodeWord.person.disabled_at < before),
    ):
        erased += await _erase(table, old)
    return erased


async def _erase(table: Any, old: Any) -> int:
    ids = [row["id"] for row in await table.select(table.id).where(old).limit(BATCH)]
    if ids:
        async with writing():
            if table is Drill:
                await DrillTold.delete().where(DrillTold.drill.is_in(ids))
            await table.delete().where(table.id.is_in(ids))
    return len(ids)
