"""Reads of recharges, each scoped by the inspection they belong to: the person's own and their team's."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from inspections.queries import Opened, visible
from inspections.recharge_rules import Outcome
from inspections.recharge_tables import CostLine, HouseholdComment, Recharge, RechargeDecision, RegisterDecision
from inspections.tables import Inspection
from people.rules import SignedIn
from pwa.answers import NotFound

MOST = 100


@dataclass
class Proposed:
    """A proposal, what it stands on, and what was decided about it."""

    row: dict[str, Any]
    lines: list[dict[str, Any]]
    decision: dict[str, Any] | None

    @property
    def id(self) -> UUID:
        return UUID(str(self.row["id"]))

    @property
    def exemptions(self) -> list[str]:
        return [line for line in self.row["exemptions"].split("\n") if line]

    @property
    def put_right_by(self) -> date | None:
        found: date | None = self.row["put_right_by"]
        return found


@dataclass(frozen=True)
class Base:
    """The earlier inspection that a proposal was made beside."""

    id: UUID
    words: str


async def stands_on(inspection: Opened) -> Base | None:
    """What the last proposal was made beside. None where there is none, or it went back to be made anew."""
    row = await (
        Recharge.select(Recharge.id, Recharge.compared_with, Recharge.compared_words)
        .where(Recharge.inspection == inspection.id)
        .order_by(Recharge.received_at, ascending=False)
        .first()
    )
    if row is None or row["compared_with"] is None:
        return None
    back: Any = (RechargeDecision.recharge == row["id"]) & (RechargeDecision.outcome == Outcome.BACK)
    if await RechargeDecision.exists().where(back):
        return None
    return Base(row["compared_with"], row["compared_words"])


async def costs_of(inspection: Opened) -> dict[str, dict[str, Any]]:
    """The last line of each item, by item."""
    rows = await (
        CostLine.select(*CostLine.all_columns(), CostLine.person.name.as_alias("officer"))
        .where(CostLine.inspection == inspection.id)
        .order_by(CostLine.received_at)
    )
    return {row["item"]: row for row in rows}


async def comments_of(inspection: Opened) -> list[dict[str, Any]]:
    """What the household has said, in the order it was written down."""
    table = HouseholdComment
    return await (
        table.select(*table.all_columns(), table.person.name.as_alias("officer"))
        .where(table.inspection == inspection.id)
        .order_by(table.received_at)
    )


async def proposals_of(inspection: Opened) -> list[Proposed]:
    """Every proposal with its decision, the newest first. The first one counts."""
    rows = await (
        Recharge.select(*Recharge.all_columns(), Recharge.person.name.as_alias("officer"))
        .where(Recharge.inspection == inspection.id)
        .order_by(Recharge.received_at, ascending=False)
    )
    return [await _whole(row) for row in rows]


async def proposal_for(inspection: Opened, recharge: UUID) -> Proposed:
    """NotFound unless it is one of this inspection."""
    found = next((one for one in await proposals_of(inspection) if one.id == recharge), None)
    if found is None:
        raise NotFound
    return found


async def _whole(row: dict[str, Any]) -> Proposed:
    ids = [UUID(line) for line in row["lines"].split()]
    lines = await CostLine.select().where(CostLine.id.is_in(ids)).order_by(CostLine.place)
    decision = await (
        RechargeDecision.select(*RechargeDecision.all_columns(), RechargeDecision.person.name.as_alias("manager"))
        .where(RechargeDecision.recharge == row["id"])
        .first()
    )
    return Proposed(row, lines, decision)


async def register_of(inspection: Opened) -> list[dict[str, Any]]:
    """Every decision about the housing register, the newest first. The first one counts."""
    table = RegisterDecision
    return await (
        table.select(*table.all_columns(), table.person.name.as_alias("manager"))
        .where(table.inspection == inspection.id)
        .order_by(table.received_at, ascending=False)
    )


async def recharges_of(person: SignedIn) -> list[dict[str, Any]]:
    """The last proposal of each inspection the person may see: those that wait first, then the newest."""
    place = Recharge.inspection
    mine = visible(person, place)
    newest = Recharge.select(Recharge.inspection).where(mine)
    open_still = Recharge.select(Recharge.inspection).where(mine)
    # Asked for by themselves: what waits must not leave the list because so much else was decided since.
    open_still = open_still.where(Recharge.id.not_in(RechargeDecision.select(RechargeDecision.recharge)))
    shown = {
        row["inspection"]
        for query in (newest, open_still)
        for row in await query.order_by(Recharge.received_at, ascending=False).limit(MOST)
    }
    rows = await (
        Recharge.select(
            Recharge.id,
            Recharge.inspection,
            Recharge.total,
            Recharge.received_at,
            Recharge.person.name.as_alias("officer"),
            place.property.address.as_alias("address"),  # type: ignore[union-attr]
        )
        .where(Recharge.inspection.is_in(list(shown) or [None]))
        .order_by(Recharge.received_at, ascending=False)
    )
    last: dict[Any, dict[str, Any]] = {}
    for row in rows:
        last.setdefault(row["inspection"], row)
    decided = await RechargeDecision.select(RechargeDecision.recharge, RechargeDecision.outcome).where(
        RechargeDecision.recharge.is_in([row["id"] for row in last.values()] or [None])
    )
    outcomes = {row["recharge"]: row["outcome"] for row in decided}
    found = [{**row, "outcome": outcomes.get(row["id"], "")} for row in last.values()]
    return sorted(found, key=lambda row: bool(row["outcome"]))


async def register_rows(person: SignedIn) -> list[dict[str, Any]]:
    """Every decision about the register of the person's team, the oldest first, for the allocations system."""
    if person.team_id is None:
        return []
    table = RegisterDecision
    of_team = Inspection.select(Inspection.id).where(Inspection.team == person.team_id, visible(person))
    return await (
        table.select(
            table.id,
            table.reference,
            table.consequence,
            table.words,
            table.reasons,
            table.received_at,
            table.inspection,
            table.person.name.as_alias("manager"),
            table.inspection.property.uprn.as_alias("uprn"),  # type: ignore[union-attr]
        )
        .where(table.inspection.is_in(of_team))
        .order_by(table.received_at)
    )
