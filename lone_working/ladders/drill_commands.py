"""A test of a team's ladder: real messages, marked as a test, to everybody at once. Run by `once`. No alarm."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from lone_working import ways
from lone_working.ladders import audience, floor_rules
from lone_working.ladders import queries as ladder_queries
from lone_working.ladders import rules as ladder_rules
from lone_working.ladders.rules import Which, Who
from lone_working.ladders.tables import Drill, DrillTold
from lone_working.rota import duty
from lone_working.rota import queries as rota_queries
from messages import commands as messages
from messages import queries as sending
from people import queries as people
from people.queries import Contact
from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.direction import apart
from pwa.outbox import Sent
from pwa.pages import time

AGAIN_AFTER = timedelta(minutes=10)
NOT_SET_UP = "Doorstep cannot send messages at this council yet."


async def begin(sent: Sent, me: SignedIn, team: UUID) -> None:
    """Its id is the command's. Each person hears once by each way, of all the steps that would tell them."""
    name = await rota_queries.team_named(me, team)
    if not rota_queries.may_change(me, team):
        raise NotFound
    if not sending.ready():
        raise Refused({"form": NOT_SET_UP})
    newest = Drill.select(Drill.begun_at).where(Drill.team == team).order_by(Drill.begun_at, ascending=False)
    last = await newest.first()
    if last and sent.received_at - last["begun_at"] < AGAIN_AFTER:
        raise Refused({"form": f"A test was begun at {time(last['begun_at'])}. Wait ten minutes for its answers."})
    told, empty = await _steps(team, sent)
    row = Drill(
        id=sent.id,
        team=team,
        begun_at=sent.received_at,
        begun_by=me.id,
        begun_by_name=me.name,
        empty="\n".join(empty),
    )
    await Drill.insert(row)
    await _put_out(sent, me, team, name, told)
    sent.note = "tested a ladder"


async def _steps(team: UUID, sent: Sent) -> tuple[list[tuple[Contact, list[int]]], list[str]]:
    """Everybody with the minutes after which they would be told, and the steps that reach nobody."""
    contacts, shifts = await duty.reach(await people.works_in(team), sent.received_at)
    somebody = {"person": UUID(int=0), "team": team, "buddy": None}
    ladder = (await ladder_queries.in_force([team])).get((team, Which.NORMAL)) or ladder_rules.NORMAL
    minutes: dict[UUID, list[int]] = defaultdict(list)
    empty = []
    for rung in ladder.rungs:
        if rung.who in (None, Who.OFFICER):
            continue
        told = audience.of(rung.who, somebody, contacts, shifts)
        if rung.who in (Who.BUDDY, Who.EVERYBODY):
            # Anybody of the team may be somebody's buddy.
            colleagues = [one for one in contacts if one.team_id == team and ways.of(one)]
            told = list({one.id: one for one in [*colleagues, *told]}.values())
        for one in told:
            minutes[one.id].append(rung.after // 60)
        if not told:
            empty.append(f"{floor_rules.step_words(rung)} reaches nobody.")
    return [(one, minutes[one.id]) for one in contacts if one.id in minutes], empty


async def _put_out(sent: Sent, me: SignedIn, team: UUID, name: str, told: list[tuple[Contact, list[int]]]) -> None:
    record = f"/lone-working/drills/{sent.id}"
    rows, out = [], []
    for one, minutes in told:
        steps = floor_rules.minutes_words(minutes)
        given = {"team": apart(name), "steps": steps, "link": sending.public_address() + record}
        for channel in ways.of(one):
            wanted = ways.notice(sent.id, "test", one, channel, "drill", given, record)
            out.append((messages.Cause(team, None, me.name, sent.received_at), wanted))
            rows.append(
                DrillTold(
                    id=wanted.id,
                    drill=sent.id,
                    person=one.id,
                    person_name=one.name,
                    channel=channel.value,
                    steps=steps,
                    told_at=sent.received_at,
                )
            )
    if rows:
        await DrillTold.insert(*rows)
        await messages.put_out_all(out)


async def heard(sent: Sent, me: SignedIn, drill: UUID, way: str = "") -> None:
    """It came, by this way; by all of them for a page from before ways were asked. The first time counts."""
    mine = (DrillTold.drill == drill) & (DrillTold.person == me.id)
    if way:
        mine = mine & (DrillTold.channel == way)
    if not await DrillTold.exists().where(mine):
        raise NotFound
    now: dict[Any, Any] = {DrillTold.heard_at: sent.received_at}
    await DrillTold.update(now).where(mine & DrillTold.heard_at.is_null())
    sent.note = "a test of a ladder reached them"
