"""Whether anything was missed: asked of what is there, by questions of its own and not the engine's."""

from datetime import datetime
from typing import Any

from piccolo.columns.combination import WhereRaw

from lone_working.alarms.alarms import UNRESOLVED
from lone_working.rules import LATE
from lone_working.tables import Alarm, LoneSession

# As the indexes say it: a database uses a partial one only for a question that says the same.
_ACTIVE = (
    WhereRaw("lone_session.state = 'active' AND lone_session.alarmed = false"),
    WhereRaw("lone_session.state = 'active' AND lone_session.alarmed = true"),
)


async def missed(at: datetime) -> int:
    """Sessions ten seconds late that no alarm is open for, and alarms whose step is as late. Zero is well."""
    late = at - LATE
    table: Any = LoneSession
    # One that says it has an alarm may have none: so the alarms are asked.
    silent = (LoneSession.due_at < late) & table.id.not_in(Alarm.select(Alarm.session).where(UNRESOLVED))
    stuck = UNRESOLVED & ((Alarm.next_fire_at < late) | Alarm.next_fire_at.is_null())
    found = await Alarm.count().where(stuck)
    for active in _ACTIVE:
        found += await LoneSession.count().where(active & silent)
    return int(found)
