"""Due work of the rota: that nobody will be on duty is told days before, once as it comes nearer, and resolved.

What is asked is a state: the gaps of the next week as they are now, beside those that were told of.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.rota import gap_queries
from lone_working.rota import rules as rota_rules
from lone_working.rota.rules import NEAR, Span
from lone_working.rota.tables import DutyGap
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel
from people import queries as people
from people.queries import Contact
from people.rules import Role
from people.tables import Team
from pwa.direction import apart
from pwa.ids import uuid7
from pwa.outbox import lock_row, writing

OPEN = DutyGap.resolved_at.is_null()
Row = dict[str, Any]


async def look(at: datetime) -> int:
    """How many gaps were found or filled."""
    teams = {*await gap_queries.teams_with_rota(at)}
    teams |= {row["team"] for row in await DutyGap.select(DutyGap.team).where(OPEN)}
    done: int = 0
    for team in sorted(teams):
        done += await _one_team(team, at)
    return done


async def _one_team(team: UUID, at: datetime) -> int:
    """Looks before it writes, so that a quiet minute writes nothing; then again, alone with the team."""
    if not any(await _changes(team, at)):
        return 0
    async with writing():
        await lock_row(Team, team)
        filled, nearer, new = await _changes(team, at)
        if filled:
            await DutyGap.update({DutyGap.resolved_at: at}).where(DutyGap.id.is_in(filled))
        for row, near in nearer:
            await DutyGap.update({DutyGap.near: near, DutyGap.told_at: at}).where(DutyGap.id == row["id"])
        rows = [
            DutyGap(id=uuid7(), team=team, starts_at=gap[0], ends_at=gap[1], near=near, told_at=at)
            for gap, near in new
        ]
        if rows:
            await DutyGap.insert(*rows)
        tell = [(row["id"], (row["starts_at"], row["ends_at"]), near) for row, near in nearer]
        tell += [(row.id, (row.starts_at, row.ends_at), row.near) for row in rows]
        await _tell(team, sorted(tell, key=lambda one: one[1]), at)
    return len(filled) + len(nearer) + len(new)


async def _changes(team: UUID, at: datetime) -> tuple[list[UUID], list[tuple[Row, int]], list[tuple[Span, int]]]:
    """Those that are filled or over, those that came nearer, and those that nobody was told of."""
    uses = team in await gap_queries.teams_with_rota(at)
    gaps = await gap_queries.gaps_of(team, at, max(NEAR)) if uses else []
    known: list[Row] = await DutyGap.select().where(OPEN & (DutyGap.team == team)).order_by(DutyGap.starts_at)
    spans = {row["id"]: (row["starts_at"], row["ends_at"]) for row in known}
    filled = [id for id, span in spans.items() if not any(rota_rules.overlap(span, gap) for gap in gaps)]
    nearer: dict[UUID, tuple[Row, int]] = {}
    new: list[tuple[Span, int]] = []
    for gap in gaps:
        near, mine = (
            rota_rules.nearness(gap, at),
            [row for row in known if rota_rules.overlap(spans[row["id"]], gap)],
        )
        if near is None:
            continue
        if not mine:
            new.append((gap, near))
        nearer |= {row["id"]: (row, near) for row in mine if near < row["near"]}
    return filled, list(nearer.values()), new


async def _tell(team: UUID, gaps: Sequence[tuple[UUID, Span, int]], at: datetime) -> None:
    """One message to each manager of the team and each administrator, of the first and how many more there are."""
    if not gaps or not sending.ready():
        return
    id, span, near = gaps[0]
    name = (await people.team_names()).get(team, "")
    given = {
        "team": apart(name),
        "when": rota_rules.gap_words(span, at),
        "more": f"Nor at {len(gaps) - 1} more times. " if len(gaps) > 1 else "",
        "link": f"{sending.public_address()}/lone-working/rota/{team}",
    }
    out = []
    for one in await people.contacts([]):
        if one.role is Role.ADMINISTRATOR or (one.role is Role.MANAGER and one.team_id == team):
            out += [
                (
                    messages.Cause(team, None, "Doorstep", at),
                    ways.notice(id, str(near), one, channel, "rota-gap", given, f"/lone-working/rota/{team}"),
                )
                for channel in _ways(one, near)
            ]
    await messages.put_out_all(out)


def _ways(one: Contact, near: int) -> list[Channel]:
    """A week before an e-mail is enough; the day before it is everything."""
    able = ways.of(one)
    return able if near == min(NEAR) else able[-1:]
