"""Occupancy and welfare checks: recording one, and reading what the last ones found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from people.rules import SignedIn
from pwa import clock
from pwa.answers import Held, Refused
from pwa.outbox import Sent
from visits import commands, occupancy_rules, queries, rules
from visits.follow_up import Suggestion
from visits.occupancy_rules import Check, Concern, Living, Sign, Spoken
from visits.occupancy_tables import OccupancyCheck
from visits.rules import Happening, Purpose
from visits.seen import Seen

CHECKED = (Purpose.OCCUPANCY_CHECK, Purpose.WELFARE_CHECK)
NOT_ONE = "This visit is for something else. Plan an occupancy check."


@dataclass(frozen=True)
class Checked:
    """What somebody saw, when."""

    visit: UUID
    check: Check
    by: str
    captured_at: datetime
    received_at: datetime
    skew_seconds: int

    @property
    def at(self) -> datetime:
        return clock.happened(self.captured_at, self.received_at, self.skew_seconds)

    @property
    def who(self) -> str:
        """`2 adults, 1 child`; nothing when nobody counted."""
        parts = []
        if self.check.adults is not None:
            parts.append(f"{self.check.adults} adult{'' if self.check.adults == 1 else 's'}")
        if self.check.children is not None:
            parts.append(f"{self.check.children} {'child' if self.check.children == 1 else 'children'}")
        return ", ".join(parts)

    @property
    def suggested(self) -> list[Suggestion]:
        return occupancy_rules.suggested(self.check)


@dataclass(frozen=True)
class Occupancy:
    """For the page of a visit that checks: what was seen now, and what was seen the time before."""

    now: Checked | None
    before: Checked | None


async def record_check(sent: Sent, person: SignedIn, visit_id: UUID, check: Check) -> None:
    """What was seen. Held when somebody else has the visit or it was cancelled; a second one counts instead."""
    if wrong := occupancy_rules.wrong_with_check(check):
        raise Refused(wrong)
    visit = await commands.from_field(person, visit_id)
    if visit.purpose not in CHECKED:
        raise Refused({"form": NOT_ONE})
    if visit.cancelled:
        last = visit.latest
        raise Held(rules.too_late(rules.Last(Happening.CANCELLED, last.by, last.at)))
    await OccupancyCheck.insert(
        OccupancyCheck(
            visit=visit.id,
            seen=check.seen.value,
            spoken=check.spoken.value,
            living=check.living.value,
            signs=" ".join(dict.fromkeys(check.signs)),
            adults=check.adults,
            children=check.children,
            concerns=" ".join(dict.fromkeys(check.concerns)),
            by=person.id,
            by_name=person.name,
            **commands.times(sent),
        )
    )
    sent.note = f"{visit.purpose.words.lower()} recorded"


async def occupancy_of(person: SignedIn, visit: Seen) -> Occupancy | None:
    """None for a visit that does not check. The time before is of any visit to the home this person may see."""
    if visit.purpose not in CHECKED:
        return None
    now = (await last_of([visit.id])).get(visit.id)
    before = (await last_of(await _earlier(person, visit))).values()
    return Occupancy(now, max(before, key=lambda one: one.at, default=None))


async def _earlier(person: SignedIn, visit: Seen) -> list[UUID]:
    checks = OccupancyCheck.select(OccupancyCheck.visit).where(
        OccupancyCheck.visit.property == visit.home.id,
        OccupancyCheck.visit.planned_for < visit.planned_for,
    )
    ids = {row["visit"] for row in await checks}
    return [one.id for one in await queries.visits_named(person, ids)]


async def last_of(visits: Iterable[UUID]) -> dict[UUID, Checked]:
    """Of each of these visits what was recorded last. The caller has found that they may be seen."""
    wanted = list(visits)
    if not wanted:
        return {}
    rows = OccupancyCheck.select().where(OccupancyCheck.visit.is_in(wanted))
    ordered = await rows.order_by(OccupancyCheck.received_at).order_by(OccupancyCheck.id)
    return {row["visit"]: _checked(row) for row in ordered}


def _checked(row: dict[str, Any]) -> Checked:
    check = Check(
        seen=occupancy_rules.Seen(row["seen"]),
        spoken=Spoken(row["spoken"]),
        living=Living(row["living"]),
        signs=tuple(Sign(one) for one in row["signs"].split()),
        adults=row["adults"],
        children=row["children"],
        concerns=tuple(Concern(one) for one in row["concerns"].split()),
    )
    moments = {name: row[name] for name in ("captured_at", "received_at", "skew_seconds")}
    return Checked(row["visit"], check, row["by_name"], **moments)
