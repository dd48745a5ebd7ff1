"""Putting a message out, taking it back, what became of it, and forgetting what it said."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from messages import rules, sending, template_rules
from messages.rules import Channel, Rank, State
from messages.tables import ChannelState, Message
from pwa.adding import AddingMany
from pwa.outbox import Sent, writing

EMPTY: dict[Any, Any] = {Message.recipient: "", Message.personalisation: ""}
AT_ONCE = 1000
_ADD = AddingMany(Message, Message.id)
# As the index says it: a database uses a partial one only for a question that says the same.
_WAITING = WhereRaw("message.urgent = true AND message.state = 'waiting'")
NOT_READY = "Messages are not set up at this council yet. Ask your administrator."


@dataclass(frozen=True)
class Wanted:
    """A message to somebody. `personalisation` fills the template's places; `record` is what it is about.

    `rank` counts only for a template that is urgent.
    """

    id: UUID
    channel: Channel
    template: str
    recipient: str
    personalisation: Mapping[str, str]
    record: str
    rank: Rank = Rank.OTHER


@dataclass(frozen=True)
class Cause:
    """Whose doing a message is, and when: of a command, or of due work that no command brought."""

    team: UUID | None
    person: UUID | None
    person_name: str
    at: datetime


async def put_out(sent: Sent, wanted: Wanted) -> None:
    """Have it sent. Inside the transaction of what causes it, so that neither is there without the other."""
    await put_out_all([(Cause(sent.team_id, sent.person_id, sent.person_name, sent.received_at), wanted)])


async def put_out_all(many: Sequence[tuple[Cause, Wanted]], instead: bool = False) -> None:
    """The same for any number, in one statement. One whose id is known already is left as it is.

    `instead`: of what about the same still waits for the same number or address, which is taken back. So a
    provider that was away for an hour is handed the last word for each, and not twelve.
    """
    if many and instead:
        await stop_waiting(await _replaced([wanted for _, wanted in many]))
    if many:
        await _ADD([_row(cause, wanted) for cause, wanted in many])


async def _replaced(wanted: Sequence[Wanted]) -> list[UUID]:
    about = sorted({one.record for one in wanted})
    query = Message.select(Message.id, Message.record, Message.channel, Message.recipient)
    rows = await query.where(_WAITING & Message.record.is_in(about))
    theirs = {(one.record, one.channel.value, one.recipient): one.id for one in wanted}
    found = [(row["id"], theirs.get((row["record"], row["channel"], row["recipient"]))) for row in rows]
    return [id for id, by in found if by is not None and by != id]


def _row(cause: Cause, wanted: Wanted) -> dict[str, Any]:
    template = template_rules.template(wanted.template)
    assert template.channel is wanted.channel
    return {
        "id": wanted.id,
        "channel": wanted.channel.value,
        "template": wanted.template,
        "recipient": wanted.recipient,
        "personalisation": json.dumps({"council": sending.settings().council, **wanted.personalisation}),
        "record": wanted.record,
        "team": cause.team,
        "person": cause.person,
        "person_name": cause.person_name,
        "made_at": cause.at,
        "next_try_at": cause.at,
        "urgent": template.urgent,
        "rank": wanted.rank.value,
    }


async def stop(ids: Collection[UUID]) -> None:
    """Take back what was not handed over yet, and forget what all of them said. Part of a transaction."""
    if ids:
        mine = Message.id.is_in(list(ids))
        waiting = mine & (Message.state == State.WAITING.value)
        await Message.update({Message.state: State.STOPPED.value, Message.next_try_at: None}).where(waiting)
        await Message.update({Message.personalisation: ""}).where(mine)


async def stop_waiting(ids: Sequence[UUID]) -> None:
    """Take back what was not handed over yet; what was stays as it is. Part of a transaction.

    In parts: what an alarm of days has put out is more than one statement takes.
    """
    stopped: dict[Any, Any] = {Message.state: State.STOPPED.value, Message.next_try_at: None}
    for first in range(0, len(ids), AT_ONCE):
        mine = Message.id.is_in(list(ids[first : first + AT_ONCE]))
        waiting = mine & (Message.state == State.WAITING.value)
        await Message.update({**stopped, Message.personalisation: ""}).where(waiting)


async def none_far_off(at: datetime) -> None:
    """Part of a transaction, after the clock was put back. What is urgent is tried again within a lease, and a
    channel with it: nothing waits until the clock comes there again."""
    far = at + rules.LEASE
    await Message.update({Message.next_try_at: at}).where(_WAITING & (Message.next_try_at > far))
    await ChannelState.update({ChannelState.shut_until: at}).where(ChannelState.shut_until > far)


async def show(id: UUID, at: datetime) -> None:
    """In the demo: it would have been sent now. What it says stays, to be looked at."""
    shown: dict[Any, Any] = {Message.state: State.SHOWN.value, Message.sent_at: at, Message.next_try_at: None}
    await Message.update(shown).where((Message.id == id) & (Message.state == State.WAITING.value))


_followers: list[Callable[[UUID, datetime], Awaitable[None]]] = []


def follow_refused(*followers: Callable[[UUID, datetime], Awaitable[None]]) -> None:
    """Who does something about a message that was taken and did not arrive, in the transaction in which that is
    known: its id, and when. Said at the start."""
    _followers[:] = followers


async def became(reference: UUID, provider_id: str, status: str, at: datetime) -> bool:
    """What the provider says became of a message; whether it changed anything. A last word is never changed."""
    if status not in rules.FATES:
        return False
    state, said = rules.FATES[status]
    values: dict[Any, Any] = {
        Message.state: state.value,
        Message.said: said,
        Message.next_try_at: None,
        Message.personalisation: "",
        Message.provider_id: provider_id[:60],
    }
    if state is State.DELIVERED:
        values[Message.delivered_at] = at
    async with writing():
        mine = Message.id == reference
        # Its word may come before we have marked that it was handed over.
        early = mine & (Message.state == State.WAITING.value)
        await Message.update({Message.sent_at: at}).where(early & Message.sent_at.is_null())
        open_still = mine & Message.state.is_in([State.WAITING.value, State.SENT.value])
        changed = await Message.update(values).where(open_still).returning(Message.id)
        for follow in _followers if changed and state is State.FAILED else ():
            await follow(reference, at)
    return bool(changed)


async def forget(ids: Collection[UUID]) -> None:
    """Empty all they said, to whom and what about; none is sent. In the transaction that erases their record."""
    if ids:
        await stop(ids)
        await Message.update({**EMPTY, Message.record: ""}).where(Message.id.is_in(list(ids)))


async def drop(ids: Sequence[UUID]) -> None:
    """As if they had never been. For what went to nobody; part of a transaction."""
    if ids:
        await Message.delete().where(Message.id.is_in(list(ids)) & (Message.template == template_rules.CANARY))


async def erase_older(before: datetime) -> int:
    """Empty numbers, addresses and words of what was put out before that; of how many. What waits still waits."""
    old = (Message.made_at < before) & (Message.recipient != "") & (Message.state != State.WAITING.value)
    if not await Message.exists().where(old):
        return 0
    async with writing():
        return len(await Message.update(EMPTY).where(old).returning(Message.id))
