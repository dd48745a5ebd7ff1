"""The ladders of a team: those in force, and who changed them when."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working.ladders import audience, floor_rules
from lone_working.ladders import rules as ladder_rules
from lone_working.ladders.rules import Ladder, Which, Who
from lone_working.ladders.tables import TeamLadder
from lone_working.rota import duty
from lone_working.rules import AlarmKind
from people import queries as people
from people.rules import Role, SignedIn
from pwa.answers import NotFound
from pwa.direction import apart

log = logging.getLogger("doorstep.lone_working")
InForce = dict[tuple[UUID | None, Which], Ladder]


async def in_force(teams: Iterable[UUID | None]) -> InForce:
    """The ladders of their own that these teams have. Where there is none it is that of the design."""
    mine = sorted({team for team in teams if team})
    found: InForce = {}
    for row in (
        await TeamLadder.select().where(TeamLadder.team.is_in(mine)).order_by(TeamLadder.id) if mine else []
    ):
        if ladder := _read(row):
            found[row["team"], Which(row["ladder"])] = ladder
    return found


def _read(row: dict[str, Any]) -> Ladder | None:
    """What nobody may use, or nobody can read, is passed over: an alarm is opened whatever stands here."""
    try:
        ladder = Ladder.loads(row["policy"])
        wrong = floor_rules.wrong_with_ladder(ladder, Which(row["ladder"]))
    except (ValueError, KeyError, TypeError) as error:
        wrong = str(error)
    if wrong:
        log.error("a team's ladder is passed over: %s", wrong)
        return None
    return ladder


def of(found: InForce, team: UUID | None, kind: AlarmKind, high_risk: bool) -> Ladder:
    which = ladder_rules.which(kind, high_risk)
    return found.get((team, which)) or ladder_rules.DEFAULT[which]


async def ladder_for(session: dict[str, Any], kind: AlarmKind) -> Ladder:
    team = session["team"]
    return of(await in_force([team]), team, kind, session["high_risk"])


@dataclass(frozen=True)
class Change:
    words: str
    offsets: str
    made_at: datetime
    made_by_name: str


@dataclass(frozen=True)
class LadderSeen:
    which: Which
    words: str
    offsets: dict[str, int]
    own: bool
    reaches: tuple[tuple[str, str], ...]
    """Each step in words, and whom it would tell now."""


@dataclass(frozen=True)
class LaddersSeen:
    team: UUID
    name: str
    ladders: tuple[LadderSeen, ...]
    history: tuple[Change, ...]
    may_change: bool
    few: str


async def ladders_of(me: SignedIn, team: UUID, at: datetime) -> LaddersSeen:
    """For administrators, who may change them, and for the managers of the team."""
    name = (await people.team_names()).get(team)
    if name is None or (me.role is not Role.ADMINISTRATOR and me.team_id != team):
        raise NotFound
    found, reach = await in_force([team]), await duty.reach([], at)
    somebody = {"person": UUID(int=0), "team": team, "buddy": None}
    rows = (
        await TeamLadder.select().where(TeamLadder.team == team).order_by(TeamLadder.id, ascending=False).limit(50)
    )
    return LaddersSeen(
        team=team,
        name=name,
        ladders=tuple(_seen(found, team, which, reach, somebody) for which in Which),
        history=tuple(_change(row) for row in rows),
        may_change=me.role is Role.ADMINISTRATOR,
        few=audience.few(somebody, *reach),
    )


def _seen(found: InForce, team: UUID, which: Which, reach: duty.Reach, somebody: dict[str, Any]) -> LadderSeen:
    ladder = found.get((team, which)) or ladder_rules.DEFAULT[which]
    steps = []
    for rung in ladder.rungs:
        if rung.who in (None, Who.OFFICER):
            continue
        buddy = "the buddy, or " if rung.who is Who.BUDDY else ("the buddy, " if rung.who is Who.EVERYBODY else "")
        names = ", ".join(apart(one.name) for one in audience.of(rung.who, somebody, *reach))
        when, who = floor_rules.after_words(rung), floor_rules.who_words(rung)
        steps.append((f"{when.capitalize()}: {who}", buddy + (names or "nobody")))
    return LadderSeen(
        which=which,
        words=floor_rules.WHICH_WORDS[which],
        offsets=floor_rules.offsets_of(ladder, which),
        own=(team, which) in found,
        reaches=tuple(steps),
    )


def _change(row: dict[str, Any]) -> Change:
    ladder, which = _read(row), Which(row["ladder"])
    offsets = floor_rules.offsets_of(ladder, which) if ladder else {}
    said = ", ".join(f"{floor_rules.OFFSET_WORDS[name].lower()} {minutes}" for name, minutes in offsets.items())
    return Change(floor_rules.WHICH_WORDS[which], said, row["made_at"], row["made_by_name"])
