"""What is forgotten of what something newer has replaced. The newest of each counts, and stays.

PINs at once: an old hash proves nothing. Hours on duty after a year, as the rota. Ladders and whom we look out for
after three, as alarms; and a ladder for as long as there is an alarm from the time it was in force.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working.ladders.tables import TeamLadder
from lone_working.rota.tables import DutyHours
from lone_working.sessions.tables import FirmWatch
from lone_working.tables import Alarm, SafePin
from pwa.outbox import writing

HOURS_KEPT = timedelta(days=366)
ALARMS_KEPT = timedelta(days=3 * 366)
NONE = timedelta(0)
BATCH = 500

Row = dict[str, Any]
Replaced = tuple[Row, datetime]
"""A row, and when the next one took its place."""


async def erase_older(at: datetime) -> int:
    """Up to BATCH of each, and of how many. It looks first: a quiet second writes nothing."""
    done = 0
    for table, of, made, kept in (
        (SafePin, ("person",), "made_at", NONE),
        (DutyHours, ("team",), "made_at", HOURS_KEPT),
        (FirmWatch, ("firm",), "set_at", ALARMS_KEPT),
        (TeamLadder, ("team", "ladder"), "made_at", ALARMS_KEPT),
    ):
        old = [(row, until) for row, until in await _replaced(table, of, made) if until <= at - kept]
        if table is TeamLadder:
            old = [(row, until) for row, until in old if not await _wanted(row, until)]
        done += await _erase(table, [row["id"] for row, _ in old[:BATCH]])
    return done


async def _replaced(table: Any, of: tuple[str, ...], made: str) -> list[Replaced]:
    """In the order in which each was made; the last of each is not among them."""
    name, columns = table._meta.tablename, ", ".join(of)
    many = await table.raw(f"SELECT {columns} FROM {name} GROUP BY {columns} HAVING COUNT(*) > 1")  # noqa: S608
    if not many:
        return []
    first = table._meta.get_column_by_name(of[0])
    mine = first.is_in(list({_id(row[of[0]]) for row in many}))
    columns_wanted = [table._meta.get_column_by_name(one) for one in ("id", *of, made)]
    rows = await table.select(*columns_wanted).where(mine).order_by(columns_wanted[-1], table.id)
    next_of: dict[tuple[Any, ...], Row] = {}
    found: list[Replaced] = []
    for row in reversed(rows):
        key = tuple(row[one] for one in of)
        if key in next_of:
            found.append((row, next_of[key][made]))
        next_of[key] = row
    return found


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


async def _wanted(ladder: Row, until: datetime) -> bool:
    """There is an alarm of its team from when it was in force: it says who ought to have been told."""
    then = (Alarm.team == ladder["team"]) & (Alarm.opened_at >= ladder["made_at"]) & (Alarm.opened_at <= until)
    return await Alarm.exists().where(then)


async def _erase(table: Any, ids: list[UUID]) -> int:
    if not ids:
        return 0
    async with writing():
        return len(await table.delete().where(table.id.is_in(ids)).returning(table.id))
