"""A ladder of a team's own, inside the floors. Run by `once`."""

from uuid import UUID

from lone_working import ways
from lone_working.ladders import audience, floor_rules
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders.rules import Which, Who
from lone_working.ladders.tables import TeamLadder
from lone_working.rota import duty
from people import queries as people
from people.rules import Role, SignedIn
from pwa.answers import NotFound, Refused
from pwa.outbox import Sent


async def set_ladder(sent: Sent, me: SignedIn, team: UUID, which: Which, minutes: dict[str, int]) -> None:
    """For alarms opened from now on: one that is open keeps the ladder it was opened with."""
    if me.role is not Role.ADMINISTRATOR or team not in await people.team_names():
        raise NotFound
    wrong = floor_rules.wrong_with_offsets(which, minutes)
    if not wrong and which is Which.HELP and await _reaches(sent, team) < floor_rules.HELP_REACHES:
        wrong = {"form": floor_rules.FEW}
    if wrong:
        raise Refused(wrong)
    ladder = floor_rules.with_offsets(which, minutes)
    known = (await ladder_queries.in_force([team])).get((team, which))
    if known == ladder:
        sent.note = "the ladder is so already"
        return
    row = TeamLadder(
        team=team,
        ladder=which.value,
        policy=ladder.dumps(),
        made_at=sent.received_at,
        made_by=me.id,
        made_by_name=me.name,
    )
    await TeamLadder.insert(row)
    sent.note = "changed a team’s ladder"


async def _reaches(sent: Sent, team: UUID) -> int:
    reach = await duty.reach([], sent.received_at)
    somebody = {"person": UUID(int=0), "team": team, "buddy": None}
    return len([one for one in audience.of(Who.EVERYBODY, somebody, *reach) if ways.mobile(one)])
