"""Every five minutes a session of nobody's runs out, and its alarm must come as far as the call to a provider.

It goes the whole way of a real one: a deadline, an alarm, a step, a message. That goes to nobody.
It belongs to no team, person or home, so that no page and no figure has it; answered, it is deleted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from lone_working.alarms.telling import Telling, step_id
from lone_working.ladders.rules import Ladder, Rung, Step, Who
from lone_working.rota.duty import Reach as Reached
from lone_working.rules import SessionKind, Told
from lone_working.tables import Alarm, AlarmStep, AlarmTold, Canary, LoneSession
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel, Rank, Reach
from people.queries import Contact
from people.rules import Role
from pwa.outbox import writing

Row = dict[str, Any]
EVERY = timedelta(minutes=5)
WITHIN = timedelta(seconds=60)
KEPT = timedelta(days=1)
LADDER = Ladder((Rung(0, Who.EVERYBODY),), 300)
NOBODY = Contact(UUID(int=0), "", "", "", Role.OFFICER, None)


async def run_due(at: datetime) -> int:
    """Send one out when it is time, and see whether the last has been answered."""
    last = await Canary.select().order_by(Canary.begun_at, ascending=False).first()
    if sending.ready() and (last is None or at - last["begun_at"] >= EVERY):
        await _begin(at)
        return 1
    answered = 0
    for row in await Canary.select(Canary.id).where(Canary.answered_at.is_null()):
        answered += await _answered(row["id"], at)
    return answered


async def failing(at: datetime) -> bool:
    """One has not been answered for a minute. It can still be, and then all is well again."""
    return await Canary.exists().where(Canary.answered_at.is_null() & (Canary.begun_at < at - WITHIN))


async def _begin(at: datetime) -> None:
    """Two engines that do it in the same five minutes make the same one."""
    id = uuid5(NAMESPACE_OID, f"canary {int(at.timestamp() // EVERY.total_seconds())}")
    async with writing():
        for old in await Canary.select(Canary.id).where(Canary.begun_at < at - KEPT):
            await _gone(old["id"])
            await Canary.delete().where(Canary.id == old["id"])
        row = Canary(id=id, begun_at=at)
        new = await Canary.insert(row).on_conflict(target=Canary.id, action="DO NOTHING").returning(Canary.id)
        if new:
            when: dict[str, Any] = dict.fromkeys(
                ("started_at", "received_at", "heard_at", "due_at", "ends_at"), at
            )
            await LoneSession.insert(
                LoneSession(
                    id=id, number=0, kind=SessionKind.CANARY.value, person_name="", interval_minutes=5, **when
                )
            )


async def none_to_come(at: datetime) -> None:
    """Inside a transaction, after the clock was put back: no more would be sent out until it comes there again."""
    for row in await Canary.select(Canary.id).where(Canary.begun_at > at):
        await _gone(row["id"])
        await Canary.delete().where(Canary.id == row["id"])


async def _answered(id: UUID, at: datetime) -> int:
    told = await AlarmTold.select(AlarmTold.id).where(AlarmTold.alarm.session == id)
    reached = await sending.reached([row["id"] for row in told], at)
    if not any(how is Reach.TAKEN for how, _ in reached.values()):
        return 0
    async with writing():
        await _gone(id)
        await Canary.update({Canary.answered_at: at}).where(Canary.id == id)
    return 1


async def _gone(id: UUID) -> None:
    """Inside a transaction. No person says how it ended: there is none."""
    mine = Alarm.select(Alarm.id).where(Alarm.session == id)
    told = await AlarmTold.delete().where(AlarmTold.alarm.is_in(mine)).returning(AlarmTold.id)
    await messages.drop([row["id"] for row in told])
    await AlarmStep.delete().where(AlarmStep.alarm.is_in(mine))
    await Alarm.delete().where(Alarm.session == id)
    await LoneSession.delete().where((LoneSession.id == id) & (LoneSession.kind == SessionKind.CANARY.value))


def use_ladder(sessions: Sequence[Row], new: Sequence[Row]) -> None:
    """Its alarm climbs a ladder of its own, on which there is nobody."""
    for row, alarm in zip(sessions, new, strict=True):
        if row["kind"] == SessionKind.CANARY:
            alarm["policy"] = LADDER.dumps()


def tellings(row: Row, session: Row, reach: Reached, steps: Sequence[Step]) -> list[Telling]:
    """First among calls for help, and tried though a channel is shut: what is asked is whether ours works."""
    return [
        Telling(row["id"], step_id(row["id"], one), Told.STEP, NOBODY, Channel.SMS, "canary", rank=Rank.HELP)
        for one in steps
    ]
