"""Who has gone in, for those who look out for them: not scoped to who asks, unlike the reads of the diary."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pwa import clock
from visits.queries import LEFT_OVER_DAYS, OVER
from visits.rules import Happening
from visits.tables import Visit, VisitEvent


async def started_since(team: UUID | None, since: datetime) -> int:
    """How many visits of a team were started. A number alone, of nobody."""
    of_team: Any = VisitEvent.visit.team == team
    began = (VisitEvent.what == Happening.STARTED.value) & (VisitEvent.received_at >= since)
    return int(await VisitEvent.count(distinct=[VisitEvent.visit]).where(began & of_team))


async def under_way(teams: Collection[UUID], since: datetime, at: datetime) -> list[dict[str, Any]]:
    """Who went in since then, of these teams, and has not ended it: a row for each, with who is in there too.

    The wall of lone working asks for everybody, and shows each home to whoever may know of it.
    """
    near = (Visit.planned_for > at - timedelta(days=LEFT_OVER_DAYS)) & (Visit.planned_for < at + timedelta(days=7))
    theirs = Visit.select(Visit.id).where(near & Visit.team.is_in(list(teams)))
    wanted = VisitEvent.visit.is_in(theirs) & (VisitEvent.received_at > since)
    columns = (VisitEvent.visit, VisitEvent.by, VisitEvent.by_name, VisitEvent.company, VisitEvent.company_name)
    times = (VisitEvent.captured_at, VisitEvent.received_at, VisitEvent.skew_seconds)
    of = (VisitEvent.visit.team.as_alias("team"), VisitEvent.visit.property.as_alias("property"))
    started = VisitEvent.select(*columns, *times, *of).where(wanted & (VisitEvent.what == Happening.STARTED.value))
    rows = await started.order_by(VisitEvent.received_at)
    over = VisitEvent.select(VisitEvent.visit).where(wanted & VisitEvent.what.is_in(list(OVER)))
    ended = {row["visit"] for row in await over} if rows else set()
    return [one for row in rows if row["visit"] not in ended for one in _inside(row)]


def _inside(row: dict[str, Any]) -> list[dict[str, Any]]:
    pressed = clock.happened(row["captured_at"], row["received_at"], row["skew_seconds"])
    same = {name: row[name] for name in ("visit", "team", "property", "received_at")} | {"started_at": pressed}
    one = {**same, "person": row["by"], "person_name": row["by_name"], "other": row["company"]}
    two = {**same, "person": row["company"], "person_name": row["company_name"], "other": row["by"]}
    return [one, two] if row["company"] else [one]
